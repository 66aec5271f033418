//! What Appwrite can change of a column in place: what no row minds, what is harmless only while no row is hurt, and
//! what cannot be, with the way out. Pure.

use std::cmp::Ordering;
use std::mem::discriminant;

use serde_json::{json, Value};

use crate::description::{Column, Kind};

/// The way out where a column has to be another one.
const ANOTHER: &str =
    "make another column instead: describe one under another key, apply, copy the values, let the \
                       program use it, then delete this one by hand";

/// Longest query in characters, less what stands around its values: `Queries` validator of Appwrite, 4096.
const QUERY: usize = 3_500;

/// One respect in which a column is not as described.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Difference {
    /// Nothing that is stored minds: from → to.
    Free(String),
    /// From → to, if no row is hurt.
    Guarded { told: String, hurts: Vec<Hurt> },
    /// What differs, why it stays and what to do instead.
    Refused(String),
}

/// Rows that a change would hurt. Appwrite asks hardly any of them: they stay readable, but every update of them is
/// refused from then on, whatever it is about.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Hurt {
    /// The column is new and required: no row has a value in it.
    Unset,
    /// Without a value, or with an element that is none.
    Empty,
    Longer(u32),
    Element(Vec<String>),
    Below(Value),
    Above(Value),
}

/// Everything in which `from`, of the server, is not `to`, as described.
pub(super) fn differences(from: &Column, to: &Column) -> Vec<Difference> {
    if discriminant(&from.kind) != discriminant(&to.kind) || from.array != to.array {
        return vec![Difference::Refused(other_type(&from.to_string(), to))];
    }
    let mut differences = Vec::new();
    differences.extend(kind(&from.kind, &to.kind));
    if from.required != to.required {
        let told = format!("{} → {}", required(from.required), required(to.required));
        differences.push(if to.required {
            guarded(told, vec![Hurt::Empty])
        } else {
            Difference::Free(told)
        });
    }
    if !same_default(from, to) {
        let told = format!("default {} → {}", from.default, to.default);
        differences.push(match (from.default.is_null(), to.default.is_null()) {
            // The library below Appwrite takes null for "as before" unless the column becomes required: see
            // `updateAttribute` of utopia-php/database 6.0.0.
            (false, true) if !to.required => Difference::Refused(format!(
                "{told}: Appwrite would show no default and go on giving the old one to new rows; describe the column \
                 as required and apply, then as optional and apply again"
            )),
            // Same library, `encode` in `updateDocument`.
            (true, false) => Difference::Free(format!(
                "{told}, which rows without a value get when they are next changed"
            )),
            _ => Difference::Free(told),
        });
    }
    differences
}

/// What to do about a column whose type is another one.
pub(super) fn other_type(found: &str, described: &Column) -> String {
    format!(
        "is {found}, described as {described}: Appwrite cannot change a column's type in place; {ANOTHER}"
    )
}

/// Both are of one type.
fn kind(from: &Kind, to: &Kind) -> Option<Difference> {
    let told = format!("{from} → {to}");
    let hurts = match (from, to) {
        (Kind::Varchar { size: from }, Kind::Varchar { size: to }) => match to.cmp(from) {
            Ordering::Equal => return None,
            Ordering::Greater => Vec::new(),
            Ordering::Less => vec![Hurt::Longer(*to)],
        },
        (Kind::Enum { elements: from }, Kind::Enum { elements: to }) => {
            // The order of the elements means nothing.
            let without = |all: &[String], others: &[String]| {
                let rest = all.iter().filter(|one| !others.contains(one));
                rest.cloned().collect::<Vec<_>>()
            };
            let removed = without(from, to);
            match (removed.is_empty(), without(to, from).is_empty()) {
                (true, true) => return None,
                (true, false) => Vec::new(),
                (false, _) => vec![Hurt::Element(removed)],
            }
        }
        (
            Kind::Integer {
                min: least,
                max: most,
            },
            Kind::Integer { min, max },
        ) => {
            let is_small = |max: &Option<i64>| max.is_some_and(|max| max <= i64::from(i32::MAX));
            if is_small(most) && !is_small(max) {
                return Some(Difference::Refused(format!(
                    "{told}: a column made for numbers up to {} has 4 bytes, and Appwrite does not widen it; {ANOTHER}",
                    i32::MAX
                )));
            }
            bounds((*least, *most), (*min, *max))?
        }
        (
            Kind::Double {
                min: least,
                max: most,
            },
            Kind::Double { min, max },
        ) => bounds((*least, *most), (*min, *max))?,
        _ => return None,
    };
    Some(if hurts.is_empty() {
        Difference::Free(told)
    } else {
        guarded(told, hurts)
    })
}

/// Which numbers fall out between one pair of bounds and the next; nothing when the pairs are equal.
fn bounds<T>(from: (Option<T>, Option<T>), to: (Option<T>, Option<T>)) -> Option<Vec<Hurt>>
where
    T: Copy + PartialOrd + Into<Value>,
{
    if from == to {
        return None;
    }
    let below =
        to.0.filter(|min| from.0.is_none_or(|least| least < *min))
            .map(|min| Hurt::Below(min.into()));
    let above =
        to.1.filter(|max| from.1.is_none_or(|most| most > *max))
            .map(|max| Hurt::Above(max.into()));
    Some(below.into_iter().chain(above).collect())
}

fn guarded(told: String, hurts: Vec<Hurt>) -> Difference {
    Difference::Guarded { told, hurts }
}

/// Appwrite answers 5 where a double's default is 5.0.
fn same_default(one: &Column, other: &Column) -> bool {
    match (&one.kind, one.default.as_f64(), other.default.as_f64()) {
        (Kind::Double { .. }, Some(one), Some(other)) => one == other,
        _ => one.default == other.default,
    }
}

fn required(required: bool) -> &'static str {
    if required {
        "required"
    } else {
        "optional"
    }
}

impl Hurt {
    /// Filters that between them find every row that is hurt, and perhaps others.
    pub(super) fn queries(&self, column: &Column) -> Vec<Vec<Value>> {
        let query = |method: &str, values: Value| {
            vec![json!({"method": method, "attribute": column.key, "values": values})]
        };
        match self {
            Self::Unset => vec![Vec::new()],
            // Appwrite cannot be asked for lengths, nor for the elements of arrays in this way.
            Self::Longer(_) => vec![query("isNotNull", json!([]))],
            _ if column.array => vec![query("isNotNull", json!([]))],
            Self::Empty => vec![query("isNull", json!([]))],
            Self::Element(removed) => {
                let mut queries = Vec::new();
                let (mut some, mut length) = (Vec::new(), 0);
                for element in removed {
                    if length + element.len() > QUERY {
                        queries.push(query("equal", json!(some)));
                        (some, length) = (Vec::new(), 0);
                    }
                    length += json!(element).to_string().len() + 1;
                    some.push(element);
                }
                queries.push(query("equal", json!(some)));
                queries
            }
            Self::Below(min) => vec![query("lessThan", json!([min]))],
            Self::Above(max) => vec![query("greaterThan", json!([max]))],
        }
    }

    /// Whether a row with this value is hurt.
    pub(super) fn is_by(&self, value: &Value) -> bool {
        if let Value::Array(elements) = value {
            return elements.iter().any(|element| self.is_by(element));
        }
        match self {
            Self::Unset => true,
            Self::Empty => value.is_null(),
            Self::Longer(size) => value
                .as_str()
                .is_some_and(|text| text.chars().count() > *size as usize),
            Self::Element(removed) => value
                .as_str()
                .is_some_and(|text| removed.iter().any(|element| element == text)),
            Self::Below(min) => compare(value, min) == Some(Ordering::Less),
            Self::Above(max) => compare(value, max) == Some(Ordering::Greater),
        }
    }

    /// Why the change is refused when this row is hurt, and what to do.
    pub(super) fn refusal(&self, row: &str) -> String {
        let (holds, instead) = match self {
            Self::Unset => {
                return format!(
                    "row {row} would have no value and could no longer be updated; describe the column as optional and \
                     apply, give every row a value, then describe it as required and apply again"
                );
            }
            Self::Empty => ("has no value".to_owned(), "give such rows one"),
            Self::Longer(size) => (
                format!("holds more than {size} characters"),
                "shorten such values or describe a size that holds them",
            ),
            Self::Element(removed) => (
                format!("holds one of {}", removed.join("|")),
                "change such rows or go on describing the element",
            ),
            Self::Below(min) => (
                format!("holds a number below {min}"),
                "change such rows or describe bounds that hold them",
            ),
            Self::Above(max) => (
                format!("holds a number above {max}"),
                "change such rows or describe bounds that hold them",
            ),
        };
        format!("row {row} {holds} and could no longer be updated; {instead}, then run this again")
    }
}

/// The way out where nobody can tell whether a row is hurt.
pub(super) fn unknown(reason: &str) -> String {
    format!("cannot tell whether a row would be hurt: {reason}")
}

/// The reason where there are too many rows to look at each.
pub(super) fn too_many(rows: usize) -> String {
    format!("more than {rows} rows would have to be looked through; {ANOTHER}")
}

fn compare(one: &Value, other: &Value) -> Option<Ordering> {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{json, Value};

    use super::{differences, Difference, Hurt};
    use crate::description::{Column, Description};

    fn column(fields: &str) -> Column {
        let text = format!(
            r#"{{"projectId": "p", "tablesDB": [{{"$id": "d", "name": "d", "enabled": true}}], "tables": [
                {{"$id": "t", "$permissions": [], "databaseId": "d", "name": "t", "enabled": true,
                  "rowSecurity": false, "indexes": [], "columns": [{{"key": "c", {fields}}}]}}]}}"#
        );
        let mut description = Description::parse(&text).unwrap();
        description.tables[0].columns.remove(0)
    }

    /// One line for each difference: `free`, `if no row` or `refused`, then the words it begins with.
    #[track_caller]
    fn check(from: &str, to: &str, expect: &[&str]) {
        const REST: &str = r#""required": false, "array": false, "default": null"#;
        let column = |fields: &str| {
            if fields.contains("required") {
                column(fields)
            } else {
                column(&format!("{fields}, {REST}"))
            }
        };
        let told: Vec<String> = differences(&column(from), &column(to))
            .into_iter()
            .map(|difference| match difference {
                Difference::Free(told) => format!("free {told}"),
                Difference::Guarded { told, hurts } => format!("{hurts:?} {told}"),
                Difference::Refused(told) => format!("refused {told}"),
            })
            .collect();
        assert_eq!(told.len(), expect.len(), "{told:?}");
        for (told, expect) in told.iter().zip(expect) {
            assert!(told.starts_with(expect), "{told}\nwanted: {expect}");
        }
    }

    #[test]
    fn a_size_grows_freely_and_shrinks_if_no_row_is_longer() {
        let (short, long) = (
            r#""type": "varchar", "size": 36"#,
            r#""type": "varchar", "size": 64"#,
        );
        check(short, short, &[]);
        check(short, long, &["free varchar(36) → varchar(64)"]);
        check(long, short, &["[Longer(36)] varchar(64) → varchar(36)"]);
    }

    #[test]
    fn an_enum_gains_elements_freely_and_loses_those_that_no_row_holds() {
        let (ab, ba, abc) = (
            r#""type": "string", "format": "enum", "elements": ["a", "b"]"#,
            r#""type": "string", "format": "enum", "elements": ["b", "a"]"#,
            r#""type": "string", "format": "enum", "elements": ["a", "b", "c"]"#,
        );
        check(ab, ba, &[]);
        check(ab, abc, &["free enum(a|b) → enum(a|b|c)"]);
        check(abc, ab, &[r#"[Element(["c"])] enum(a|b|c) → enum(a|b)"#]);
    }

    #[test]
    fn bounds_widen_freely_and_narrow_if_no_number_falls_out() {
        let whole = r#""type": "integer""#;
        let (narrow, wide) = (
            r#""type": "integer", "min": 1, "max": 9"#,
            r#""type": "integer", "min": 0, "max": 9"#,
        );
        check(narrow, wide, &["free integer(1..9) → integer(0..9)"]);
        check(
            wide,
            narrow,
            &["[Below(Number(1))] integer(0..9) → integer(1..9)"],
        );
        check(
            whole,
            wide,
            &["[Below(Number(0)), Above(Number(9))] integer → integer(0..9)"],
        );
        check(
            wide,
            whole,
            &["refused integer(0..9) → integer: a column made for numbers up to 2147483647 has 4 bytes"],
        );
        check(
            r#""type": "double", "min": 0"#,
            r#""type": "double""#,
            &["free double(0..) → double"],
        );
    }

    #[test]
    fn a_type_stays() {
        check(
            r#""type": "integer""#,
            r#""type": "double""#,
            &["refused is integer, optional, described as double, optional: Appwrite cannot change a column's type"],
        );
        check(
            r#""type": "text", "required": false, "array": true, "default": null"#,
            r#""type": "text""#,
            &["refused is text[], optional, described as text, optional: Appwrite cannot"],
        );
        check(
            r#""type": "string", "format": "email""#,
            r#""type": "string", "format": "url""#,
            &["refused is email, optional, described as url, optional: Appwrite cannot"],
        );
    }

    #[test]
    fn a_default_can_be_set_and_changed_but_taken_away_only_with_optional() {
        let with = |required: bool, default: &str| {
            format!(
                r#""type": "double", "required": {required}, "array": false, "default": {default}"#
            )
        };
        check(&with(false, "5"), &with(false, "5.0"), &[]);
        check(
            &with(false, "null"),
            &with(false, "5"),
            &["free default null → 5, which rows without a value get"],
        );
        check(
            &with(false, "5"),
            &with(false, "6"),
            &["free default 5 → 6"],
        );
        check(
            &with(false, "5"),
            &with(false, "null"),
            &["refused default 5 → null: Appwrite would show no default and go on"],
        );
        check(
            &with(false, "5"),
            &with(true, "null"),
            &["[Empty] optional → required", "free default 5 → null"],
        );
        check(
            &with(true, "null"),
            &with(false, "null"),
            &["free required → optional"],
        );
    }

    #[test]
    fn a_row_is_hurt_by_what_it_holds() {
        let cases: [(Hurt, Value, bool); 11] = [
            (Hurt::Empty, Value::Null, true),
            (Hurt::Empty, json!(""), false),
            (Hurt::Empty, json!(["a", null]), true),
            (Hurt::Empty, json!([]), false),
            (Hurt::Longer(2), json!("éé"), false),
            (Hurt::Longer(2), json!("ééé"), true),
            (Hurt::Longer(2), json!(["a", "abc"]), true),
            (Hurt::Element(vec!["a".to_owned()]), json!("A"), false),
            (Hurt::Element(vec!["a".to_owned()]), json!(["b", "a"]), true),
            (Hurt::Below(json!(i64::MAX)), json!(i64::MAX - 1), true),
            (Hurt::Above(json!(0.5)), json!(1), true),
        ];
        for (hurt, value, expect) in cases {
            assert_eq!(hurt.is_by(&value), expect, "{hurt:?} {value}");
        }
    }

    #[test]
    fn a_query_stays_short_enough_for_appwrite() {
        let column = column(
            r#""type": "string", "format": "enum", "elements": ["x"], "required": false, "array": false, "default": null"#,
        );
        let removed: Vec<String> = (0..100).map(|n| format!("{n:0>255}")).collect();
        let queries = Hurt::Element(removed.clone()).queries(&column);
        let values: Vec<Value> = (queries.iter().flatten())
            .flat_map(|query| query["values"].as_array().cloned().unwrap())
            .collect();
        assert_eq!(values, removed);
        let mut queries = queries.iter().flatten();
        assert!(queries.all(|query| query.to_string().len() <= 4096));
    }
}
