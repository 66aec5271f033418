//! What Appwrite has and this server has not: refused as such, so that nobody takes it for a wrong path.

use crate::options::Line;
use crate::wire::{Call, Error};

/// First parts of Appwrite's paths of which little or nothing is known here: <https://appwrite.io/docs/references>, and
/// what its console asks.
const SERVICES: &[&str] = &[
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
    "tokens",
    "vcs",
];

/// How paths begin that are missing from the services of which most is known here; `*` stands for any one part.
const PARTS: &[&str] = &[
    "tablesdb/usage",
    "tablesdb/*/usage",
    "tablesdb/*/tables/*/usage",
    "tablesdb/*/tables/*/logs",
    "tablesdb/*/tables/*/rows/*/logs",
    "tablesdb/*/tables/*/columns/line",
    "tablesdb/*/tables/*/columns/point",
    "tablesdb/*/tables/*/columns/polygon",
    "tablesdb/*/tables/*/columns/relationship",
    "tablesdb/*/tables/*/columns/*/relationship",
    "teams/*/logs",
    "teams/*/prefs",
    "teams/*/memberships/*/status",
    "users/argon2",
    "users/bcrypt",
    "users/identities",
    "users/md5",
    "users/phpass",
    "users/scrypt",
    "users/scrypt-modified",
    "users/sha",
    "users/usage",
    "users/*/impersonator",
    "users/*/logs",
    "users/*/mfa",
    "users/*/password",
    "users/*/phone",
    "users/*/prefs",
    "users/*/targets",
    "users/*/tokens",
    "users/*/verification/phone",
];

/// What line 2 has no more.
const GONE: &[&str] = &[
    "health/queue/builds",
    "health/queue/databases",
    "health/queue/functions",
];

/// The refusal of a path that nobody here knows: a page that says so where Appwrite does not have it either.
pub(crate) fn refusal(call: &Call) -> Error {
    let (method, path) = (&call.method, call.path.join("/"));
    let is_gone = call.edition.line == Line::V2 && GONE.contains(&path.as_str());
    if is_gone || !is_outside(&call.path) {
        return Error::no_route();
    }
    Error::not_here(format!(
        "The embedded Appwrite does not know {method} /v1/{path}. On a real server it may be there."
    ))
}

fn is_outside(path: &[String]) -> bool {
    let service = path.first().map_or("", String::as_str);
    let begins = |pattern: &&str| {
        let parts: Vec<&str> = pattern.split('/').collect();
        parts.len() <= path.len()
            && parts
                .iter()
                .zip(path)
                .all(|(part, given)| *part == "*" || part == given)
    };
    SERVICES.contains(&service) || PARTS.iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::is_outside;

    #[track_caller]
    fn check(path: &str, expect: bool) {
        let path: Vec<String> = path.split('/').map(str::to_owned).collect();
        assert_eq!(is_outside(&path), expect, "{path:?}");
    }

    #[test]
    fn what_appwrite_has_is_told_from_what_nobody_has() {
        check("storage/buckets", true);
        check("account/mfa/authenticators/totp", true);
        check("users/ada/prefs", true);
        check("users/ada/mfa/factors", true);
        check("tablesdb/main/tables/t/columns/relationship", true);
        check("tablesdb/main/nope", false);
        check("tablesdb", false);
        check("users/ada/nope", false);
        check("nope", false);
        check("", false);
    }
}
