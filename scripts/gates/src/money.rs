//! Amounts and currencies in sentences of the news, against Microsoft's specification of them.

use std::path::Path;

use anyhow::{ensure, Context};
use extraction::extract::money::amounts;
use serde::Deserialize;

use crate::data::lines;
use crate::floors::MONEY;

#[derive(Deserialize)]
struct Case {
    id: String,
    lang: String,
    text: String,
    expected: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    value: String,
    iso: Option<String>,
}

pub(super) fn run(folder: &Path) -> anyhow::Result<()> {
    for (file, floor) in MONEY {
        let cases: Vec<Case> = lines(&folder.join(file))?;
        let (mut both, mut value_only, mut guessed) = (0, 0, 0);
        let mut wrong = Vec::new();
        for case in &cases {
            let expected = case
                .expected
                .iter()
                .map(|expected| {
                    let value: f64 = expected
                        .value
                        .replace(',', ".")
                        .parse()
                        .with_context(|| format!("{}: {}", case.id, expected.value))?;
                    Ok((value, expected.iso.as_deref()))
                })
                .collect::<anyhow::Result<Vec<_>>>()?;
            let found: Vec<_> = amounts(&case.text)
                .into_iter()
                .map(|amount| (amount.value, amount.currency))
                .collect();
            let same_values = found.len() == expected.len()
                && found
                    .iter()
                    .zip(&expected)
                    .all(|(one, other)| (one.0 - other.0).abs() < 0.005);
            let same_currencies = found.iter().zip(&expected).all(|(one, other)| {
                one.1 == other.1
                    || other.1.is_none() && one.1 == Some("GBP") && case.text.contains('£')
            });
            value_only += usize::from(same_values);
            both += usize::from(same_values && same_currencies);
            guessed += usize::from(same_values && !same_currencies);
            if !(same_values && same_currencies) {
                let text: String = case.text.chars().take(110).collect();
                wrong.push(format!(
                    "  {} ({}): {found:?} for {expected:?}: {text}",
                    case.id, case.lang
                ));
            }
        }
        println!(
            "{file}: {} sentences; every amount right in {value_only}, amount and currency in {both}; wrong currency in {guessed}",
            cases.len()
        );
        println!("{}", wrong.join("\n"));
        ensure!(
            both * 100 >= floor * cases.len(),
            "{file}: {both} of {} are right, {floor} of a hundred are promised",
            cases.len()
        );
        // Bare `$`, pound and franc: a currency would be a guess; only a bare `£` may be sterling.
        if file == "money_ambiguous.jsonl" {
            ensure!(
                guessed == 0,
                "{guessed} currencies are guessed, none may be"
            );
        }
    }
    Ok(())
}
