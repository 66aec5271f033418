//! Domains of functions, by rule. Every function also has `<function>.functions.localhost` without one, as an operator
//! would set it up.

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::clock;
use crate::functions::function;
use crate::storage::{listing, records, Kind, Queries, Store};
use crate::wire::{id, parameters, Answer, Call, Error, Reply};

/// What a list may be asked for by.
const QUERIES: Queries = Queries::of(&[
    "domain",
    "type",
    "trigger",
    "deploymentResourceType",
    "deploymentResourceId",
    "deploymentId",
    "deploymentVcsProviderBranch",
]);

/// The domain that every function has.
const SUFFIX: &str = ".functions.localhost";

pub(crate) fn route(store: &Store, call: &Call, rest: &[&str]) -> Option<Reply> {
    Some(match (call.method.as_str(), rest) {
        ("GET", []) => list(store, call),
        ("POST", ["function"]) => create(store, call),
        ("GET", [id]) => get(store, call, id),
        ("DELETE", [id]) => delete(store, call, id),
        _ => return None,
    })
}

/// The function that a domain leads to.
pub(crate) fn function_of(store: &Store, domain: &str) -> Option<String> {
    let rule = store
        .read(|connection| of_domain(connection, domain))
        .ok()
        .flatten();
    match rule {
        Some(rule) => Some(records::text(&rule, "deploymentResourceId").to_owned()),
        None => domain.strip_suffix(SUFFIX).map(str::to_owned),
    }
}

fn of_domain(connection: &Connection, domain: &str) -> Result<Option<Value>, Error> {
    let rules = records::all(connection, Kind::Rule)?;
    Ok(rules
        .into_iter()
        .find(|rule| records::text(rule, "domain") == domain))
}

fn create(store: &Store, call: &Call) -> Reply {
    call.actor.manage(&["rules.write"])?;
    let body = call.json()?;
    let domain = parameters::text(&body, "domain", 256)?.to_lowercase();
    let function = parameters::id(&body, "functionId")?;
    let (id, now) = (id::unique(), clock::now_text());
    store.write(|transaction| {
        let function = function::known(transaction, &function)?;
        if of_domain(transaction, &domain)?.is_some() {
            return Err(Error::new(
                409,
                "rule_already_exists",
                "Domain is already used. Please try again with a different domain.",
            ));
        }
        let rule = json!({
            "$id": id, "$createdAt": now, "$updatedAt": now, "domain": domain, "type": "deployment",
            "trigger": "manual", "redirectUrl": "", "redirectStatusCode": 301,
            "deploymentId": function["deploymentId"], "deploymentResourceType": "function",
            "deploymentResourceId": function["$id"], "deploymentVcsProviderBranch": "",
            "status": "verified", "logs": "",
            // The word itself, as the real server has it of a domain that needs no certificate.
            "renewAt": "datetime",
        });
        records::insert(transaction, Kind::Rule, records::id(&function), &rule)?;
        Ok(Answer::json(201, rule))
    })
}

fn list(store: &Store, call: &Call) -> Reply {
    call.actor.manage(&["rules.read"])?;
    store.read(|connection| {
        let rules = records::all(connection, Kind::Rule)?;
        listing::answer(call, "rules", QUERIES, rules)
    })
}

fn get(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["rules.read"])?;
    store.read(|connection| {
        let rule = records::find(connection, Kind::Rule, id)?;
        Ok(Answer::json(200, rule.ok_or_else(not_found)?))
    })
}

fn delete(store: &Store, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["rules.write"])?;
    store.write(|transaction| {
        if !records::delete(transaction, Kind::Rule, id)? {
            return Err(not_found());
        }
        Ok(Answer::empty())
    })
}

fn not_found() -> Error {
    Error::new(
        404,
        "rule_not_found",
        "Rule with the requested ID could not be found. Please check if the ID provided is correct or if the rule \
         actually exists.",
    )
}
