//! What a function may subscribe to.

use crate::options::Line;

/// Whether a function may subscribe to a pattern. Like the real one's, the check takes more than can ever happen
/// (`….rows.create`, which never fires) and less (`….rows.*.upsert`, which does): Event/Validator/Event.php.
///
/// Line 2 takes patterns that begin with `tablesdb`, too; nothing is announced under that name.
pub(crate) fn is_valid(pattern: &str, line: Line) -> bool {
    let parts: Vec<&str> = pattern.split('.').collect();
    if !(2..=7).contains(&parts.len()) || parts.iter().take(2).any(|part| part.is_empty()) {
        return false;
    }
    let name = match (parts[0], line) {
        ("tablesdb", Line::V2) => "databases",
        (name, _) => name,
    };
    // A function that hears of functions would hear of itself.
    let Some(root) = find(EVENTS, name).filter(|root| root.name != "functions") else {
        return false;
    };
    let part = |position: usize| parts.get(position).copied();
    let child = |within: &Node, position: usize, least: usize| {
        let name = part(position).filter(|_| parts.len() > least)?;
        find(within.keys, name).filter(|node| node.is_resource)
    };
    let second = child(root, 2, 3);
    let third = second.and_then(|second| child(second, 4, 5));
    let (within, action, attribute) = match (second, third) {
        (None, _) => (root, part(2), part(3).filter(|_| parts.len() == 4)),
        (Some(second), None) => (second, part(4), part(5).filter(|_| parts.len() == 6)),
        (Some(second), Some(_)) => (second, part(6), None),
    };
    let Some(action) = action.filter(|action| !action.is_empty()) else {
        return true;
    };
    find(within.keys, action)
        .is_some_and(|found| attribute.is_none_or(|name| find(found.keys, name).is_some()))
}

struct Node {
    name: &'static str,
    is_resource: bool,
    keys: &'static [Node],
}

fn find<'a>(nodes: &'a [Node], name: &str) -> Option<&'a Node> {
    nodes.iter().find(|node| node.name == name)
}

const fn resource(name: &'static str, keys: &'static [Node]) -> Node {
    Node {
        name,
        is_resource: true,
        keys,
    }
}

const fn action(name: &'static str, keys: &'static [Node]) -> Node {
    Node {
        name,
        is_resource: false,
        keys,
    }
}

const CREATE: Node = action("create", &[]);
const UPDATE: Node = action("update", &[]);
const DELETE: Node = action("delete", &[]);

/// What there is to hear of: app/config/events.php.
const EVENTS: &[Node] = &[
    resource(
        "users",
        &[
            resource("sessions", &[CREATE, DELETE]),
            resource("recovery", &[CREATE, UPDATE]),
            resource("verification", &[CREATE, UPDATE]),
            resource("targets", &[CREATE, UPDATE, DELETE]),
            resource("tokens", &[CREATE]),
            CREATE,
            DELETE,
            action(
                "update",
                &[
                    action("email", &[]),
                    action("name", &[]),
                    action("password", &[]),
                    action("status", &[]),
                    action("prefs", &[]),
                ],
            ),
        ],
    ),
    resource(
        "databases",
        &[
            resource(
                "tables",
                &[
                    resource("rows", &[CREATE, DELETE, UPDATE]),
                    resource("indexes", &[CREATE, DELETE]),
                    resource("columns", &[CREATE, DELETE]),
                    CREATE,
                    DELETE,
                    UPDATE,
                ],
            ),
            resource(
                "collections",
                &[
                    resource("documents", &[CREATE, DELETE, UPDATE]),
                    resource("indexes", &[CREATE, DELETE]),
                    resource("attributes", &[CREATE, DELETE]),
                    CREATE,
                    DELETE,
                    UPDATE,
                ],
            ),
            CREATE,
            DELETE,
            UPDATE,
        ],
    ),
    resource(
        "buckets",
        &[
            resource("files", &[CREATE, DELETE, UPDATE]),
            CREATE,
            DELETE,
            UPDATE,
        ],
    ),
    resource(
        "teams",
        &[
            resource(
                "memberships",
                &[CREATE, DELETE, action("update", &[action("status", &[])])],
            ),
            CREATE,
            DELETE,
            action("update", &[action("prefs", &[])]),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::{is_valid, Line};

    #[track_caller]
    fn check_pattern(pattern: &str, expect: bool) {
        assert_eq!(is_valid(pattern, Line::V1_9), expect, "{pattern}");
    }

    #[test]
    fn line_2_takes_the_name_of_tables_databases_as_well() {
        for pattern in [
            "tablesdb.*.tables.okr_items.rows.*.create",
            "databases.*.tables.okr_items.rows.*.create",
        ] {
            assert!(is_valid(pattern, Line::V2), "{pattern}");
        }
        assert!(!is_valid("tablesdb.*.tables.t.rows.*.upsert", Line::V2));
    }

    #[test]
    fn patterns_are_checked_as_the_real_one_does_it() {
        check_pattern("databases.*.tables.okr_items.rows.*", true);
        check_pattern("databases.*.tables.okr_items.rows.*.create", true);
        check_pattern("databases.main_dev.collections.*.documents.*.delete", true);
        check_pattern("databases.*.tables.okr_items.rows.create", true);
        check_pattern("users.*.update.email", true);
        check_pattern("teams.*.memberships.*.update.status", true);
        check_pattern("databases.*.tables.okr_items.rows.*.upsert", false);
        check_pattern("tablesdb.*.tables.okr_items.rows.*.create", false);
        check_pattern("functions.*.executions.*.update", false);
        check_pattern("users.*.update.shoe", false);
        check_pattern("databases", false);
        check_pattern("", false);
    }
}
