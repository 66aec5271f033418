//! What the process of a function finds in its environment.

use rusqlite::Connection;
use serde_json::Value;

use crate::functions::state::Functions;
use crate::functions::{project, variables};
use crate::storage::records;
use crate::wire::Error;

/// The environment of the function's process: the project's variables, its own, then what the platform sets; of two,
/// the later wins.
pub(crate) fn of(
    state: &Functions,
    connection: &Connection,
    function: &Value,
) -> Result<Vec<(String, String)>, Error> {
    let id = records::id(function);
    let mut environment = state.options.environment.clone();
    environment.extend(variables::environment(connection, project::PROJECT)?);
    environment.extend(variables::environment(connection, id)?);
    let deployment = records::text(function, "deploymentId");
    let platform = [
        ("APPWRITE_FUNCTION_API_ENDPOINT", state.endpoint.as_str()),
        ("APPWRITE_FUNCTION_ID", id),
        ("APPWRITE_FUNCTION_NAME", records::text(function, "name")),
        ("APPWRITE_FUNCTION_DEPLOYMENT", deployment),
        ("APPWRITE_FUNCTION_PROJECT_ID", &state.access.project),
        ("APPWRITE_FUNCTION_RUNTIME_NAME", "Rust"),
        ("APPWRITE_FUNCTION_RUNTIME_VERSION", "1.83"),
        ("APPWRITE_FUNCTION_CPUS", "1"),
        ("APPWRITE_FUNCTION_MEMORY", "512"),
        ("APPWRITE_VERSION", state.options.edition.line.version()),
        ("APPWRITE_REGION", "default"),
        ("APPWRITE_DEPLOYMENT_TYPE", "native"),
        (
            "OPEN_RUNTIMES_ENTRYPOINT",
            records::text(function, "entrypoint"),
        ),
        ("OPEN_RUNTIMES_HOSTNAME", "localhost"),
        ("OPEN_RUNTIMES_CPUS", "1"),
        ("OPEN_RUNTIMES_MEMORY", "512"),
    ];
    let empty = VCS.map(|name| (name, ""));
    environment.extend(
        platform
            .into_iter()
            .chain(empty)
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    Ok(environment)
}

/// Set for every function, and empty unless it was deployed from a repository.
const VCS: [&str; 12] = [
    "APPWRITE_VCS_REPOSITORY_ID",
    "APPWRITE_VCS_REPOSITORY_NAME",
    "APPWRITE_VCS_REPOSITORY_OWNER",
    "APPWRITE_VCS_REPOSITORY_URL",
    "APPWRITE_VCS_REPOSITORY_BRANCH",
    "APPWRITE_VCS_REPOSITORY_BRANCH_URL",
    "APPWRITE_VCS_COMMIT_HASH",
    "APPWRITE_VCS_COMMIT_MESSAGE",
    "APPWRITE_VCS_COMMIT_URL",
    "APPWRITE_VCS_COMMIT_AUTHOR_NAME",
    "APPWRITE_VCS_COMMIT_AUTHOR_URL",
    "APPWRITE_VCS_ROOT_DIRECTORY",
];
