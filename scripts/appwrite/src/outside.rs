//! What Appwrite has and this server has not: refused as such, so that nobody takes it for a wrong path.

use crate::error::Error;
use crate::http::{Call, Reply};
use crate::App;

/// First parts of Appwrite's paths: <https://appwrite.io/docs/references>, and what its console asks.
const SERVICES: [&str; 17] = [
    "account",
    "assistant",
    "avatars",
    "console",
    "databases",
    "functions",
    "graphql",
    "health",
    "locale",
    "messaging",
    "migrations",
    "project",
    "projects",
    "proxy",
    "sites",
    "storage",
    "vcs",
];

/// Asked last. Paths that Appwrite does not have either stay pages that say so.
pub(crate) fn route(_app: &App, call: &Call) -> Option<Reply> {
    let service = call.path.first()?;
    SERVICES.contains(&service.as_str()).then(|| {
        let (method, path) = (&call.method, call.path.join("/"));
        Err(Error::not_here(format!(
            "The embedded Appwrite does not know {method} /v1/{path}."
        )))
    })
}
