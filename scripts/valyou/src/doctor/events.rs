//! Which patterns of events a function can be called by. Appwrite takes more than it ever announces.

use super::version::Version;

/// What happens to these rows calls the function.
#[derive(Debug, PartialEq)]
pub(super) struct Heard<'a> {
    database: &'a str,
    table: &'a str,
}

impl<'a> Heard<'a> {
    pub(super) fn table(&self) -> &'a str {
        self.table
    }

    pub(super) fn includes(&self, database: &str, table: &str) -> bool {
        [(self.database, database), (self.table, table)]
            .iter()
            .all(|(heard, wanted)| *heard == "*" || heard == wanted)
    }

    pub(super) fn told(&self) -> String {
        format!("{} in {}", self.table, self.database)
    }
}

/// What a pattern hears of on a server of this version, or why it hears of nothing. Nobody knows the version of a server that
/// does not tell it.
pub(super) fn heard(pattern: &str, version: Option<Version>) -> Result<Heard<'_>, String> {
    const DEEDS: [&str; 3] = ["create", "update", "delete"];

    let parts: Vec<&str> = pattern.split('.').collect();
    let deaf = |why: &str| Err(format!("the event {pattern} never comes: {why}"));
    if let ["tablesdb", ..] = parts[..] {
        let write = pattern.replacen("tablesdb", "databases", 1);
        return match version.is_some_and(Version::is_second) {
            true => Err(format!(
                "the event {pattern} may never come: 2.x takes names that begin with tablesdb, and its sources of August \
                 2026 announced nothing under them; write {write}, which comes on every version"
            )),
            false => deaf(&format!(
                "Appwrite 1.9 knows no names that begin with tablesdb; write {write}"
            )),
        };
    }
    let (database, table) = match parts[..] {
        ["databases", database] => (database, "*"),
        ["databases", database, "tables" | "collections", table] => (database, table),
        ["databases", database, "tables", table, "rows", ..]
        | ["databases", database, "collections", table, "documents", ..] => (database, table),
        _ => return deaf("it is none of rows, which are databases.DATABASE.tables.TABLE.rows.*"),
    };
    match parts[..] {
        [.., _, _, "rows" | "documents"] if parts.len() == 5 => {
            deaf("it ends before the row; write .* behind it")
        }
        [_, _, _, _, _, deed] if DEEDS.contains(&deed) => {
            let (before, _) = pattern.rsplit_once('.').unwrap_or_default();
            deaf(&format!(
                "{deed} stands where a row's id does; write {before}.*.{deed}"
            ))
        }
        [_, _, _, _, _, _, deed, ..] if !DEEDS.contains(&deed) || parts.len() > 7 => deaf(
            "only create, update and delete can stand at its end; rows.* hears all that happens",
        ),
        _ => Ok(Heard { database, table }),
    }
}

#[cfg(test)]
mod tests {
    use super::{heard, Version};

    #[track_caller]
    fn check(pattern: &str, expect: &str) {
        let told = match heard(pattern, Version::read("1.9.6")) {
            Ok(heard) => heard.told(),
            Err(why) => {
                let before = format!("the event {pattern} never comes: ");
                why.strip_prefix(&before).unwrap().to_owned()
            }
        };
        assert_eq!(told, expect, "{pattern}");
    }

    #[test]
    fn patterns_that_fire_say_of_what() {
        for pattern in [
            "databases.d.tables.t.rows.*.create",
            "databases.d.collections.t.documents.*.update",
            "databases.d.tables.t.rows.*",
            "databases.d.tables.t.rows.r1.delete",
            "databases.d.tables.t",
        ] {
            check(pattern, "t in d");
        }
        check("databases.*.tables.*.rows.*", "* in *");
        check("databases.d", "* in d");
    }

    #[test]
    fn patterns_that_never_fire_say_why() {
        check(
            "databases.d.tables.t.rows.create",
            "create stands where a row's id does; write databases.d.tables.t.rows.*.create",
        );
        let only =
            "only create, update and delete can stand at its end; rows.* hears all that happens";
        check("databases.d.tables.t.rows.*.upsert", only);
        check("databases.d.tables.t.rows.*.update.title", only);
        check(
            "databases.d.tables.t.rows",
            "it ends before the row; write .* behind it",
        );
        let none = "it is none of rows, which are databases.DATABASE.tables.TABLE.rows.*";
        for pattern in [
            "databases.d.tables.t.documents.*",
            "databases.d.create",
            "databases.d.tables.t.create",
            "users.*.create",
            "",
        ] {
            check(pattern, none);
        }
    }

    #[test]
    fn the_newer_name_of_databases_is_none_of_events() {
        let pattern = "tablesdb.d.tables.t.rows.*";
        check(
            pattern,
            "Appwrite 1.9 knows no names that begin with tablesdb; write databases.d.tables.t.rows.*",
        );
        let newer = heard(pattern, Version::read("2.7.1")).unwrap_err();
        let expect = "the event tablesdb.d.tables.t.rows.* may never come: 2.x takes names that begin with tablesdb";
        assert!(newer.starts_with(expect), "{newer}");
    }

    #[test]
    fn a_star_includes_every_id() {
        let heard = heard("databases.*.tables.t.rows.*", None).unwrap();
        assert!(heard.includes("d", "t") && !heard.includes("d", "u"));
    }
}
