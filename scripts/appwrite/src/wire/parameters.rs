//! Reading the parameters of a body, with Appwrite's words for what is wrong with them.

use serde_json::{Map, Value};

use crate::wire::{id, value, Error};

/// What an id or a key of at most so many characters is told that is none.
fn key_rule(longest: usize) -> String {
    format!(
        "Parameter must contain at most {longest} chars. Valid chars are a-z, A-Z, 0-9, period, hyphen, and \
         underscore. Can't start with a special char"
    )
}

/// The JSON object of one body.
pub(crate) type Body = Map<String, Value>;

/// 400 `general_argument_invalid` that names the parameter.
pub(crate) fn invalid(name: &str, rule: &str) -> Error {
    Error::argument(format!("Invalid `{name}` param: {rule}"))
}

pub(crate) fn missing(name: &str) -> Error {
    Error::argument(format!("Param \"{name}\" is not optional."))
}

/// A parameter that was sent and is not null.
pub(crate) fn sent<'a>(body: &'a Body, name: &str) -> Option<&'a Value> {
    body.get(name).filter(|value| !value.is_null())
}

/// An id or a key of the caller's choice; `unique()` is kept as it is.
pub(crate) fn id(body: &Body, name: &str) -> Result<String, Error> {
    let value = sent(body, name).ok_or_else(|| missing(name))?;
    let id = value.as_str().unwrap_or_default();
    if id == "unique()" || id::is_valid(id) {
        Ok(id.to_owned())
    } else {
        Err(invalid(name, &key_rule(id::LENGTH)))
    }
}

/// Like [`id()`], with `unique()` replaced by a new one.
pub(crate) fn new_id(body: &Body, name: &str) -> Result<String, Error> {
    let id = id(body, name)?;
    Ok(if id == "unique()" { id::unique() } else { id })
}

/// Text of 1 to `longest` characters.
pub(crate) fn text(body: &Body, name: &str, longest: usize) -> Result<String, Error> {
    let value = sent(body, name).ok_or_else(|| missing(name))?;
    match value.as_str() {
        Some(text) if !text.is_empty() && text.chars().count() <= longest => Ok(text.to_owned()),
        Some(_) | None => Err(invalid(
            name,
            &format!("Value must be a valid string and at least 1 chars and no longer than {longest} chars"),
        )),
    }
}

pub(crate) fn optional_text(
    body: &Body,
    name: &str,
    longest: usize,
) -> Result<Option<String>, Error> {
    sent(body, name)
        .map(|_| text(body, name, longest))
        .transpose()
}

pub(crate) fn boolean(body: &Body, name: &str, default: bool) -> Result<bool, Error> {
    match sent(body, name) {
        None => Ok(default),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => Err(invalid(name, "Value must be a valid boolean")),
    }
}

pub(crate) fn required_boolean(body: &Body, name: &str) -> Result<bool, Error> {
    sent(body, name).ok_or_else(|| missing(name))?;
    boolean(body, name, false)
}

/// A whole number within bounds.
pub(crate) fn integer(
    body: &Body,
    name: &str,
    least: i64,
    most: i64,
) -> Result<Option<i64>, Error> {
    let Some(value) = sent(body, name) else {
        return Ok(None);
    };
    value
        .as_i64()
        .filter(|number| (least..=most).contains(number))
        .map(Some)
        .ok_or_else(|| {
            let (least, most) = (grouped(least), grouped(most));
            invalid(
                name,
                &format!("Value must be a valid range between {least} and {most}"),
            )
        })
}

pub(crate) fn required_integer(
    body: &Body,
    name: &str,
    least: i64,
    most: i64,
) -> Result<i64, Error> {
    integer(body, name, least, most)?.ok_or_else(|| missing(name))
}

pub(crate) fn number(body: &Body, name: &str) -> Result<Option<f64>, Error> {
    sent(body, name)
        .map(|value| {
            value
                .as_f64()
                .ok_or_else(|| invalid(name, "Value must be a valid float"))
        })
        .transpose()
}

/// A list of texts, each of `shortest` to `longest` characters; empty when not sent.
pub(crate) fn texts(
    body: &Body,
    name: &str,
    most: usize,
    shortest: usize,
    longest: usize,
) -> Result<Vec<String>, Error> {
    let Some(value) = sent(body, name) else {
        return Ok(Vec::new());
    };
    let texts: Option<Vec<String>> =
        value
            .as_array()
            .filter(|list| list.len() <= most)
            .and_then(|list| {
                list.iter()
                    .map(|one| one.as_str().map(str::to_owned))
                    .collect()
            });
    texts
        .filter(|texts| {
            texts.iter().all(|text| {
                let length = text.chars().count();
                (shortest..=longest).contains(&length)
            })
        })
        .ok_or_else(|| {
            invalid(
                name,
                &format!(
                    "Value must a valid array no longer than {most} items and Value must be a valid string and at \
                     least {shortest} chars and no longer than {longest} chars"
                ),
            )
        })
}

/// A list of texts that could each be a key, of at most `longest` characters; empty when not sent.
pub(crate) fn keys(
    body: &Body,
    name: &str,
    most: usize,
    longest: usize,
) -> Result<Vec<String>, Error> {
    let texts = texts(body, name, most, 0, longest);
    let keys = texts.ok().filter(|texts| {
        let mut texts = texts.iter();
        texts.all(|text| id::is_key(text, longest))
    });
    keys.ok_or_else(|| {
        invalid(
            name,
            &format!(
                "Value must a valid array no longer than {most} items and {}",
                key_rule(longest)
            ),
        )
    })
}

/// An e-mail address in lower case.
pub(crate) fn email(body: &Body, name: &str) -> Result<Option<String>, Error> {
    let Some(value) = sent(body, name) else {
        return Ok(None);
    };
    let text = value.as_str().filter(|text| value::is_email(text));
    let text = text.ok_or_else(|| invalid(name, "Value must be a valid email address"))?;
    Ok(Some(text.to_lowercase()))
}

/// Like [`boolean`], of what is sent as text too.
pub(crate) fn loose_boolean(body: &Body, name: &str) -> Result<Option<bool>, Error> {
    let Some(value) = sent(body, name) else {
        return Ok(None);
    };
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) => match text.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        Value::Number(number) => match number.as_i64() {
            Some(1) => Some(true),
            Some(0) => Some(false),
            _ => None,
        },
        _ => None,
    }
    .map(Some)
    .ok_or_else(|| invalid(name, "Value must be a valid boolean"))
}

/// `null` in PATCH requests of columns must be written out.
pub(crate) fn default(body: &Body, asked: bool) -> Result<Value, Error> {
    match body.get("default") {
        Some(value) => Ok(value.clone()),
        None if asked => Err(missing("default")),
        None => Ok(Value::Null),
    }
}

/// What permissions of a table may be about.
pub(crate) const TABLE: &[&str] = &["read", "create", "update", "delete"];

/// What permissions of a row may be about, which is there already.
pub(crate) const ROW: &[&str] = &["read", "update", "delete"];

/// Permissions about these deeds; `None` when not sent.
pub(crate) fn permissions(
    body: &Body,
    name: &str,
    deeds: &[&str],
) -> Result<Option<Vec<String>>, Error> {
    let Some(value) = sent(body, name) else {
        return Ok(None);
    };
    let list = value
        .as_array()
        .ok_or_else(|| invalid(name, "Permissions must be an array of strings. or null"))?;
    let mut permissions: Vec<String> = Vec::new();
    for one in list {
        let text = one
            .as_str()
            .ok_or_else(|| invalid(name, "Every permission must be of type string. or null"))?;
        for permission in
            expanded(text, deeds).map_err(|rule| invalid(name, &format!("{rule} or null")))?
        {
            if !permissions.contains(&permission) {
                permissions.push(permission);
            }
        }
    }
    Ok(Some(permissions))
}

/// Checks one permission; `write` stands for all deeds but reading.
fn expanded(permission: &str, deeds: &[&str]) -> Result<Vec<String>, String> {
    let (action, role) = permission
        .strip_suffix("\")")
        .and_then(|rest| rest.split_once("(\""))
        .ok_or_else(|| format!("Permission \"{permission}\" is not valid."))?;
    self::role(role)?;
    match action {
        action if deeds.contains(&action) => Ok(vec![permission.to_owned()]),
        "write" => Ok(deeds
            .iter()
            .filter(|deed| **deed != "read")
            .map(|deed| format!("{deed}(\"{role}\")"))
            .collect()),
        _ => Err(format!(
            "Permission \"{action}\" is not allowed. Must be one of: {}, write.",
            deeds.join(", ")
        )),
    }
}

/// Refuses a role of a kind that there is not.
pub(crate) fn role(role: &str) -> Result<(), String> {
    let kind = role.split([':', '/']).next().unwrap_or_default();
    match kind {
        "any" | "guests" | "users" | "user" | "team" | "member" | "label" => Ok(()),
        _ => Err(format!(
            "Role \"{kind}\" is not allowed. Must be one of: any, guests, users, user, team, member, label."
        )),
    }
}

/// `9223372036854775807` as `9,223,372,036,854,775,807`.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 {
        text.insert(0, '-');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{expanded, grouped, ROW, TABLE};

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(grouped(100), "100");
        assert_eq!(grouped(3_600), "3,600");
        assert_eq!(grouped(i64::MIN), "-9,223,372,036,854,775,808");
    }

    #[test]
    fn writing_is_creating_changing_and_removing() {
        assert_eq!(
            expanded("write(\"any\")", TABLE),
            Ok(["create", "update", "delete"]
                .map(|deed| format!("{deed}(\"any\")"))
                .to_vec())
        );
        assert_eq!(
            expanded("write(\"any\")", ROW),
            Ok(["update", "delete"]
                .map(|deed| format!("{deed}(\"any\")"))
                .to_vec())
        );
        assert!(expanded("create(\"any\")", ROW).is_err());
        for wrong in ["read(\"everyone\")", "own(\"any\")", "read"] {
            assert!(expanded(wrong, TABLE).is_err(), "{wrong}");
        }
    }
}
