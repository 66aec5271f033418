//! The file with the values. Its lines may hold secrets, so no error repeats one.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{bail, ensure, Context};
use shared::config::Secret;

/// Values by the names of their variables.
pub type Values = BTreeMap<String, Secret>;

pub(super) fn read(file: &Path) -> anyhow::Result<Values> {
    let name = file.display();
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read {name}; copy .env.example to it and fill it in"))?;
    parse(&text).with_context(|| name.to_string())
}

/// Stands for a `$` where the parser shall not put something else for what is behind it.
const HIDDEN: &str = "\u{e000}";

fn parse(text: &str) -> anyhow::Result<Values> {
    let hidden = text.replace('$', HIDDEN);
    let mut replaced = dotenvy::from_read_iter(text.as_bytes());
    let mut values = Values::new();
    let mut place = "at its beginning".to_owned();
    for entry in dotenvy::from_read_iter(hidden.as_bytes()) {
        // The parser's own error repeats what it cannot read.
        let Ok((name, value)) = entry else {
            bail!(
                "{place} it is not NAME=value; a value with blanks or a $ stands between single quotes"
            );
        };
        let value = value.replace(HIDDEN, "$");
        // A file means the same to everybody who reads it.
        ensure!(
            matches!(replaced.next(), Some(Ok((_, other))) if other == value),
            "{name}: a $ would be taken for the name of a variable; put the value between single quotes"
        );
        place = format!("behind {name}");
        let twice = values.insert(name.clone(), Secret::new(value)).is_some();
        ensure!(!twice, "{name} stands there twice");
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[track_caller]
    fn check(text: &str, expect: Result<&[(&str, &str)], &str>) {
        let read = parse(text);
        let read: Result<Vec<(&str, &str)>, String> = match &read {
            Ok(values) => Ok(values
                .iter()
                .map(|(name, value)| (name.as_str(), value.expose()))
                .collect()),
            Err(error) => Err(format!("{error:#}")),
        };
        assert_eq!(read, expect.map(<[_]>::to_vec).map_err(str::to_owned));
    }

    #[test]
    fn values_are_read_as_they_stand() {
        check(
            "# A=$x\nexport B=1\n\nC='a $b #c'\r\nD=\"e f\"\nG=\n",
            Ok(&[("B", "1"), ("C", "a $b #c"), ("D", "e f"), ("G", "")]),
        );
        check("", Ok(&[]));
    }

    #[test]
    fn what_cannot_be_read_is_told_without_repeating_it() {
        let not = "it is not NAME=value; a value with blanks or a $ stands between single quotes";
        let after = format!("behind A {not}");
        check("A=1\nB=very secret words\n", Err(&after));
        check("A=1\nvery-secret\n", Err(&after));
        check("very-secret\n", Err(&format!("at its beginning {not}")));
        let dollar =
            "B: a $ would be taken for the name of a variable; put the value between single quotes";
        check("A=1\nB=very$ecret\n", Err(dollar));
        check("A=1\nB=\"very$ecret\"\n", Err(dollar));
        check("A=1\nB='very'$ecret\n", Err(dollar));
        check("A=1\nB=\"very\n$ecret\"\n", Err(dollar));
        check("A=1\nB=very\\$ecret\n", Err(&after));
        check("A=1\nB=2\nA=3\n", Err("A stands there twice"));
    }
}
