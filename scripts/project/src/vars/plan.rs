//! What is to be set, from the list of variables, the values of the file and what was found. Pure: it asks no server
//! and changes nothing. No value of a secret goes into words, nor one of a name that is not in the list.

use std::fmt;

use anyhow::bail;
use domain::token::Secret;
use platform::config::{is_set, Variable, DATABASE};
use serde_json::Value;

use super::file::Values;
use crate::description::{Description, Function};

/// Longest value that Appwrite takes.
const LONGEST: usize = 8_192;

/// What to set, and what is to be known.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    pub functions: Vec<Steps<'a>>,
    /// What is set on the server and left as it is, and what is in the file and set nowhere.
    pub notes: Vec<String>,
}

/// What one function lacks.
#[derive(Debug)]
pub struct Steps<'a> {
    pub function: &'a Function,
    /// It is not on the server yet.
    pub create: bool,
    /// It has code that may be running.
    pub is_deployed: bool,
    pub variables: Vec<Step<'a>>,
}

/// A variable to write.
#[derive(Debug)]
pub struct Step<'a> {
    pub variable: &'a Variable,
    pub(super) value: &'a Secret,
    pub(super) deed: Deed,
}

#[derive(Debug, PartialEq)]
pub(super) enum Deed {
    Create,
    Change {
        variable: String,
        from: String,
    },
    /// It is to be secret and is not.
    Hide {
        variable: String,
    },
    /// It is secret: the server does not show it, so it is written whether it differs or not.
    Rewrite {
        variable: String,
    },
}

/// A function of the server.
#[derive(Debug)]
pub struct Found {
    pub settings: Value,
    pub variables: Vec<FoundVariable>,
}

#[derive(Debug)]
pub struct FoundVariable {
    pub(super) id: String,
    pub name: String,
    /// Nothing where it is secret.
    pub value: Option<String>,
}

/// Names everything that is missing, misspelt or not to be stored in the values at once.
pub fn refuse(
    description: &Description,
    variables: &[Variable],
    values: &Values,
) -> anyhow::Result<()> {
    let mut whys = Vec::new();
    for variable in variables {
        let name = variable.name;
        let mut functions = description.functions.iter();
        let is_needed = functions.any(|function| variable.is_needed_by(&function.id));
        let value = values.get(name).map_or("", Secret::expose);
        if is_needed && variable.is_required() && !is_set(value) {
            whys.push(format!(
                "{name} is missing: {} (needed by {})",
                variable.meaning, variable.needed_by
            ));
        }
        if value.chars().count() > LONGEST {
            whys.push(format!(
                "{name} is longer than {LONGEST} characters, which Appwrite does not take"
            ));
        }
        if is_set(value) && value.trim() != value {
            whys.push(format!(
                "{name} begins or ends with a blank, which the functions take for part of it"
            ));
        } else if name == DATABASE.name && is_set(value) {
            whys.extend(unknown_database(description, value));
        }
    }
    for name in values.keys() {
        if let Some(meant) = misspelt(name, variables) {
            whys.push(format!("{name} is no variable of the functions; {meant}"));
        }
    }
    if whys.is_empty() {
        return Ok(());
    }
    bail!(whys.join("; "))
}

fn unknown_database(description: &Description, database: &str) -> Option<String> {
    let described: Vec<&str> = (description.databases.iter())
        .map(|described| described.id.as_str())
        .collect();
    (!described.contains(&database)).then(|| {
        format!(
            "{} is {database:?}, and appwrite.json describes only {}",
            DATABASE.name,
            described.join(" and ")
        )
    })
}

/// What to do about a name that looks like one of ours and is none.
fn misspelt(name: &str, variables: &[Variable]) -> Option<String> {
    const OURS: &str = "VALYOURISE_";
    /// So many letters may be wrong, missing, too many or swapped.
    const SLIPS: usize = 2;

    if variables.iter().any(|variable| variable.name == name) {
        return None;
    }
    let slips =
        |variable: &&Variable| strsim::damerau_levenshtein(variable.name, &name.to_uppercase());
    let nearest = variables.iter().min_by_key(slips);
    match nearest {
        Some(near) if slips(&near) <= SLIPS => Some(format!("did you mean {}?", near.name)),
        _ if name.starts_with(OURS) => Some("take it out".to_owned()),
        _ => None,
    }
}

pub(super) fn plan<'a>(
    variables: &'a [Variable],
    values: &'a Values,
    founds: &[(&'a Function, Option<Found>)],
) -> Plan<'a> {
    let mut plan = Plan::default();
    for (function, found) in founds {
        let id = &function.id;
        let there = found.as_ref().map_or(&[][..], |found| &found.variables);
        let needed = variables
            .iter()
            .filter(|variable| variable.is_needed_by(id));
        let steps = needed.clone().filter_map(|variable| {
            let value = values.get(variable.name)?;
            let found = there.iter().find(|found| found.name == variable.name);
            let deed = deed(variable, value.expose(), found)?;
            Some(Step {
                variable,
                value,
                deed,
            })
        });
        let steps = Steps {
            function,
            create: found.is_none(),
            is_deployed: (found.as_ref())
                .and_then(|found| found.settings["deploymentId"].as_str())
                .is_some_and(|deployment| !deployment.is_empty()),
            variables: steps.collect(),
        };
        for FoundVariable { name, .. } in there {
            let why = if needed.clone().any(|variable| variable.name == name) {
                if values.contains_key(name) {
                    continue;
                }
                "is not in the file"
            } else if variables.iter().any(|variable| variable.name == name) {
                "is not needed by this function"
            } else {
                "is none of its variables"
            };
            plan.notes.push(format!(
                "{id}: {name} is set on the server and {why}; left as it is"
            ));
        }
        if steps.create || !steps.variables.is_empty() {
            plan.functions.push(steps);
        }
    }
    let is_ours = |name: &str| variables.iter().any(|variable| variable.name == name);
    let others: Vec<&str> = (values.keys().map(String::as_str))
        .filter(|name| !is_ours(name))
        .collect();
    if !others.is_empty() {
        let others = others.join(", ");
        plan.notes
            .push(format!("the functions have no variable {others}; not set"));
    }
    plan
}

pub(super) fn deed(
    variable: &Variable,
    value: &str,
    found: Option<&FoundVariable>,
) -> Option<Deed> {
    let Some(found) = found else {
        return Some(Deed::Create);
    };
    let id = found.id.clone();
    match &found.value {
        None => Some(Deed::Rewrite { variable: id }),
        Some(_) if variable.secret => Some(Deed::Hide { variable: id }),
        Some(from) if from != value => Some(Deed::Change {
            variable: id,
            from: from.clone(),
        }),
        Some(_) => None,
    }
}

impl Plan<'_> {
    /// Every variable of the file is set on the functions that need it, as far as anybody can tell.
    pub fn is_as_in_the_file(&self) -> bool {
        let mut steps = self.functions.iter().flat_map(|steps| &steps.variables);
        self.functions.iter().all(|steps| !steps.create)
            && steps.all(|step| matches!(step.deed, Deed::Rewrite { .. }))
    }

    /// What is left to do after this was done: a started container keeps the environment that it was started with.
    pub fn deploy_again(&self) -> String {
        let stale = self
            .functions
            .iter()
            .filter(|steps| steps.is_deployed && !steps.variables.is_empty());
        let stale: Vec<&str> = stale.map(|steps| steps.function.id.as_str()).collect();
        if stale.is_empty() {
            return String::new();
        }
        format!(
            "{}: what runs keeps the old values until it has been idle for long, and what a cron calls often never is: \
             deploy again with `appwrite push functions`\n",
            stale.join(", ")
        )
    }
}

impl fmt::Display for Plan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.functions.is_empty() {
            writeln!(f, "nothing to do")?;
        }
        for steps in &self.functions {
            let id = &steps.function.id;
            if steps.create {
                writeln!(f, "create the function {id} without code")?;
            }
            for step in &steps.variables {
                writeln!(f, "{id}: {step}")?;
            }
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Variable { name, secret, .. } = self.variable;
        let value = self.value.expose();
        match &self.deed {
            Deed::Create if *secret => write!(f, "set {name}, secret"),
            Deed::Create => write!(f, "set {name} to {value:?}"),
            Deed::Change { from, .. } => write!(f, "change {name}: {from:?} → {value:?}"),
            Deed::Hide { .. } => write!(
                f,
                "set {name} and make it secret: everybody with access to the project could read it"
            ),
            Deed::Rewrite { .. } => write!(
                f,
                "write {name} again: it is secret, so nobody can tell whether it differs"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::token::Secret;
    use platform::config::{NeededBy, Variable, DATABASE};
    use serde_json::json;

    use super::{plan, refuse, Found, FoundVariable};
    use crate::description::Description;
    use crate::vars::file::Values;

    const DESCRIBED: &str = r#"{"projectId": "p", "tablesDB": [], "tables": [], "functions": [{
        "$id": "one", "name": "one", "path": ".", "ignore": "", "runtime": "rust-1.83", "entrypoint": "e",
        "commands": "", "enabled": true, "logging": true, "execute": [], "events": [], "schedule": "", "timeout": 9,
        "scopes": [], "buildSpecification": "s", "runtimeSpecification": "s"}]}"#;

    const fn variable(name: &'static str, default: Option<&'static str>, secret: bool) -> Variable {
        Variable {
            name,
            needed_by: NeededBy::All,
            default,
            secret,
            meaning: "what it is",
            example: "",
        }
    }

    const VARIABLES: [Variable; 4] = [
        variable("PLAIN_VALUE", None, false),
        variable("SECRET_VALUE", None, true),
        variable("OPTIONAL_VALUE", Some(""), false),
        Variable {
            needed_by: NeededBy::Only(&["two"]),
            ..variable("FOREIGN_VALUE", Some(""), false)
        },
    ];

    fn values(values: &[(&str, &str)]) -> Values {
        let secret = |(name, value): &(&str, &str)| ((*name).to_owned(), Secret::new(*value));
        values.iter().map(secret).collect()
    }

    /// The plan for a server whose function has these variables, None being the value of a secret; no function at all
    /// where `found` is None.
    #[track_caller]
    fn check(found: Option<&[(&str, Option<&str>)]>, sent: &[(&str, &str)], expect: &str) {
        let description = Description::parse(DESCRIBED).unwrap();
        let values = values(sent);
        let found = found.map(|found| Found {
            settings: json!({"deploymentId": "d"}),
            variables: (found.iter())
                .map(|(name, value)| FoundVariable {
                    id: (*name).to_owned(),
                    name: (*name).to_owned(),
                    value: value.map(str::to_owned),
                })
                .collect(),
        });
        let founds = [(&description.functions[0], found)];
        let plan = plan(&VARIABLES, &values, &founds);
        assert_eq!(plan.to_string(), expect);
        assert!(!format!("{plan:?}").contains("very secret"), "{plan:?}");
    }

    const BOTH: [(&str, &str); 2] = [("PLAIN_VALUE", "a"), ("SECRET_VALUE", "very secret")];

    #[test]
    fn only_what_differs_is_written() {
        check(
            None,
            &BOTH,
            "create the function one without code\none: set PLAIN_VALUE to \"a\"\none: set SECRET_VALUE, secret\n",
        );
        check(
            Some(&[]),
            &BOTH,
            "one: set PLAIN_VALUE to \"a\"\none: set SECRET_VALUE, secret\n",
        );
        check(
            Some(&[("PLAIN_VALUE", Some("b")), ("SECRET_VALUE", Some("very secret"))]),
            &BOTH,
            "one: change PLAIN_VALUE: \"b\" → \"a\"\n\
             one: set SECRET_VALUE and make it secret: everybody with access to the project could read it\n",
        );
        check(
            Some(&[("PLAIN_VALUE", Some("a")), ("SECRET_VALUE", None)]),
            &BOTH,
            "one: write SECRET_VALUE again: it is secret, so nobody can tell whether it differs\n",
        );
        check(
            Some(&[("PLAIN_VALUE", Some("a"))]),
            &[("PLAIN_VALUE", "a"), ("OTHER", "x"), ("UNRELATED", "x")],
            "nothing to do\nnote: the functions have no variable OTHER, UNRELATED; not set\n",
        );
    }

    #[test]
    fn what_is_left_alone_is_told() {
        check(
            Some(&[
                ("PLAIN_VALUE", Some("a")),
                ("OPTIONAL_VALUE", Some("very secret")),
                ("FOREIGN_VALUE", Some("very secret")),
                ("OTHER", Some("very secret")),
            ]),
            &[("PLAIN_VALUE", "a")],
            "nothing to do\n\
             note: one: OPTIONAL_VALUE is set on the server and is not in the file; left as it is\n\
             note: one: FOREIGN_VALUE is set on the server and is not needed by this function; left as it is\n\
             note: one: OTHER is set on the server and is none of its variables; left as it is\n",
        );
    }

    #[test]
    fn a_database_that_is_not_described_and_blanks_around_a_value_are_refused() {
        let mut description = Description::parse(DESCRIBED).unwrap();
        for id in ["main_database", "main_dev"] {
            let database = format!(r#"{{"$id": "{id}", "name": "{id}", "enabled": true}}"#);
            let database = serde_json::from_str(&database).unwrap();
            description.databases.push(database);
        }
        let told = |value: &str| {
            let values = values(&[("APPWRITE_DATABASE_ID", value)]);
            let refused = refuse(&description, &[DATABASE], &values);
            refused.map_err(|error| error.to_string())
        };
        assert_eq!(told("main_dev"), Ok(()));
        let blank = "APPWRITE_DATABASE_ID begins or ends with a blank, which the functions take for part of it";
        for value in ["main_dev ", "\u{a0}main_dev"] {
            assert_eq!(told(value), Err(blank.to_owned()));
        }
        for value in ["main_Dev", "\"main_dev\""] {
            let unknown = format!(
                "APPWRITE_DATABASE_ID is {value:?}, and appwrite.json describes only main_database and main_dev"
            );
            assert_eq!(told(value), Err(unknown));
        }
    }

    #[track_caller]
    fn check_refused(sent: &[(&str, &str)], expect: &[&str]) {
        let description = Description::parse(DESCRIBED).unwrap();
        let told = match refuse(&description, &VARIABLES, &values(sent)) {
            Ok(()) => Vec::new(),
            Err(error) => {
                let told = error.to_string();
                told.split("; ").map(str::to_owned).collect()
            }
        };
        assert_eq!(told, expect);
    }

    #[test]
    fn all_that_is_wrong_in_the_file_is_named_at_once() {
        check_refused(&BOTH, &[]);
        check_refused(
            &[("PLAIN_VALUE", " "), ("SECRET_VALEU", "very secret")],
            &[
                "PLAIN_VALUE is missing: what it is (needed by all functions)",
                "SECRET_VALUE is missing: what it is (needed by all functions)",
                "SECRET_VALEU is no variable of the functions",
                "did you mean SECRET_VALUE?",
            ],
        );
        let long = "x".repeat(8_193);
        check_refused(
            &[
                ("PLAIN_VALUE", &long),
                ("SECRET_VALUE", "very secret"),
                ("VALYOURISE_OLD", "x"),
                ("plain_value", "x"),
                ("APPWRITE_API_KEY", "x"),
            ],
            &[
                "PLAIN_VALUE is longer than 8192 characters, which Appwrite does not take",
                "VALYOURISE_OLD is no variable of the functions",
                "take it out",
                "plain_value is no variable of the functions",
                "did you mean PLAIN_VALUE?",
            ],
        );
    }
}
