//! The file with the values. What two readers of such files would read differently is refused, so that it means the same
//! to everybody: lines, `$`, `#`, `\` and quotes are where they part. Its lines may hold secrets, so no error repeats one.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{bail, ensure, Context};
use domain::token::Secret;

/// Values by the names of their variables.
pub type Values = BTreeMap<String, Secret>;

/// What may stand in a value without quotes beside letters and digits.
const PLAIN: &str = "_-.,:/@%+=";

/// What may stand before an entry and behind it.
const BLANKS: [char; 2] = [' ', '\t'];

/// What means something between double quotes.
const SPECIAL: [char; 3] = ['$', '\\', '`'];

/// Reads the file with the values.
///
/// # Errors
/// Names the lines that two readers would take differently, and never what stands in them.
pub fn read(file: &Path) -> anyhow::Result<Values> {
    let name = file.display();
    let bytes = std::fs::read(file)
        .with_context(|| format!("cannot read {name}; copy .env.example to it and fill it in"))?;
    let text = std::str::from_utf8(&bytes)
        .ok()
        .with_context(|| format!("{name} is not text in UTF-8; save it as that"))?;
    parse(text).with_context(|| name.to_string())
}

fn parse(text: &str) -> anyhow::Result<Values> {
    let mut values = Values::new();
    // Some editors begin a file with a mark that nobody sees.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (line, number) in text.lines().zip(1..) {
        let place = || format!("line {number}");
        let line = line.trim_matches(BLANKS);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = entry(line).with_context(place)?;
        let twice = values.insert(name.to_owned(), Secret::new(value)).is_some();
        ensure!(!twice, "line {number}: {name} stands there twice");
    }
    Ok(values)
}

/// `NAME=value`, perhaps with `export` before it and a comment behind it.
fn entry(line: &str) -> anyhow::Result<(&str, &str)> {
    let exported = line
        .strip_prefix("export")
        .map(|rest| rest.trim_start_matches(BLANKS));
    let named = exported.filter(|rest| rest.len() + "export".len() < line.len());
    let named = named.unwrap_or(line).split_once('=');
    let Some((name, value)) = named.filter(|(name, _)| is_name(name)) else {
        bail!("it is not NAME=value without blanks around the =");
    };
    let (value, behind) = match value.chars().next() {
        Some(quote @ ('\'' | '"')) => {
            let Some((value, behind)) = value[1..].split_once(quote) else {
                bail!("its quote does not end where the line does, and no value has two lines");
            };
            ensure!(
                quote == '\'' || !value.contains(SPECIAL),
                "between double quotes a $, \\ or ` means something else; put the value between single quotes"
            );
            (value, behind)
        }
        _ => {
            let end = value.find(BLANKS).unwrap_or(value.len());
            let (value, behind) = value.split_at(end);
            let is_plain = |letter: char| letter.is_alphanumeric() || PLAIN.contains(letter);
            ensure!(
                value.chars().all(is_plain),
                "a value with more in it than letters, digits and {PLAIN} stands between single quotes"
            );
            (value, behind)
        }
    };
    let comment = behind.trim_start_matches(BLANKS);
    ensure!(
        behind.is_empty() || comment.starts_with('#') && comment.len() < behind.len(),
        "only a comment may stand behind a value; one with blanks or quotes in it stands between single quotes"
    );
    ensure!(
        !value.contains(char::is_control),
        "its value holds a character that cannot be seen"
    );
    Ok((name, value))
}

fn is_name(name: &str) -> bool {
    let is_in_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    name.chars().all(is_in_name) && name.starts_with(|first: char| !first.is_ascii_digit())
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
            "# A=$x\nexport B=1\n\nC='a $b #c \\ \"`'\r\nD=\"e f's\"\nG=\n",
            Ok(&[
                ("B", "1"),
                ("C", "a $b #c \\ \"`"),
                ("D", "e f's"),
                ("G", ""),
            ]),
        );
        check(
            "\u{feff}A=https://example.com:80/x,y@z%20+=\r\n  B=é  # why\r\nC='' # none\r\nD= # none\r\nexport_E=1",
            Ok(&[
                ("A", "https://example.com:80/x,y@z%20+="),
                ("B", "é"),
                ("C", ""),
                ("D", ""),
                ("export_E", "1"),
            ]),
        );
        check("", Ok(&[]));
    }

    #[test]
    fn what_readers_take_differently_is_refused_without_repeating_it() {
        const NAMED: &str = "it is not NAME=value without blanks around the =";
        const PLAIN: &str =
            "a value with more in it than letters, digits and _-.,:/@%+= stands between single quotes";
        const DOUBLE: &str =
            "between double quotes a $, \\ or ` means something else; put the value between single quotes";
        const BEHIND: &str =
            "only a comment may stand behind a value; one with blanks or quotes in it stands between single quotes";
        const OPEN: &str = "its quote does not end where the line does, and no value has two lines";
        const UNSEEN: &str = "its value holds a character that cannot be seen";
        let cases = [
            ("very-secret", NAMED),
            ("very-secret=x", NAMED),
            ("B = hush", NAMED),
            ("B: hush", NAMED),
            ("1B=hush", NAMED),
            ("=hush", NAMED),
            ("export", NAMED),
            ("export hush", NAMED),
            ("B=very secret words", BEHIND),
            ("B='very'secret", BEHIND),
            ("B='very'#secret", BEHIND),
            ("B='it's'", BEHIND),
            ("B=\"very\"$ecret", BEHIND),
            ("B= hush", BEHIND),
            ("B=very$ecret", PLAIN),
            ("B=${HUSH}", PLAIN),
            ("B=very\\$ecret", PLAIN),
            ("B=hush#hush", PLAIN),
            ("B=#hush", PLAIN),
            ("B=it's", PLAIN),
            ("B=“hush”", PLAIN),
            ("B=hush\u{a0}", PLAIN),
            ("B=hush;C=hush", PLAIN),
            ("B=`hush`", PLAIN),
            ("B=\"very$ecret\"", DOUBLE),
            ("B=\"${HUSH:-x}\"", DOUBLE),
            ("B=\"hush\\nhush\"", DOUBLE),
            ("B='hush", OPEN),
            ("B=\"very\n$ecret\"", OPEN),
            // Else the rest of the file would be the value.
            ("B='hush\nC='", OPEN),
            ("B='hu\u{0}sh'", UNSEEN),
            ("B='hush'\rC=1", BEHIND),
            ("B='hu\rsh'", UNSEEN),
        ];
        for (text, why) in cases {
            let text = format!("A=1\n\n{text}\nD=2\n");
            check(&text, Err(&format!("line 3: {why}")));
        }
        check("A=1\nB=2\nA=3\n", Err("line 3: A stands there twice"));
    }
}
