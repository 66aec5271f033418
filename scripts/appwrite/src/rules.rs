//! Domains of functions, by rule. Every function also has `<function>.functions.localhost` without one, as an operator
//! would set it up.

use rusqlite::Connection;
use serde_json::{json, Value};

use crate::storage::listing::{self, Queries};
use crate::storage::records::{self, Kind};
use crate::wire::{id, parameters, Answer, Call, Error, Reply};
use crate::{clock, functions, App};

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

pub(crate) fn route(app: &App, call: &Call) -> Option<Reply> {
    Some(match (call.method.as_str(), call.segments().as_slice()) {
        ("GET", ["proxy", "rules"]) => list(app, call),
        ("POST", ["proxy", "rules", "function"]) => create(app, call),
        ("GET", ["proxy", "rules", id]) => get(app, call, id),
        ("DELETE", ["proxy", "rules", id]) => delete(app, call, id),
        _ => return None,
    })
}

/// The function that a domain leads to.
pub(crate) fn function_of(app: &App, domain: &str) -> Option<String> {
    let rule = app
        .store
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

fn create(app: &App, call: &Call) -> Reply {
    call.actor.manage(&["rules.write"])?;
    let body = call.json()?;
    let domain = parameters::text(&body, "domain", 256)?.to_lowercase();
    let function = parameters::id(&body, "functionId")?;
    let (id, now) = (id::unique(), clock::now_text());
    app.store.write(|transaction| {
        let function = functions::known(transaction, &function)?;
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

fn list(app: &App, call: &Call) -> Reply {
    call.actor.manage(&["rules.read"])?;
    app.store.read(|connection| {
        let rules = records::all(connection, Kind::Rule)?;
        listing::answer(call, "rules", QUERIES, rules)
    })
}

fn get(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["rules.read"])?;
    app.store.read(|connection| {
        let rule = records::find(connection, Kind::Rule, id)?;
        Ok(Answer::json(200, rule.ok_or_else(not_found)?))
    })
}

fn delete(app: &App, call: &Call, id: &str) -> Reply {
    call.actor.manage(&["rules.write"])?;
    app.store.write(|transaction| {
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
