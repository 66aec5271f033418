//! Profiles that were stored: reading them, and deciding what goes to the organisation.

use domain::document::{read, Envelope};
use domain::rows::Organization;
use domain::time::Timestamp;
use extraction::proposal::Proposal;
use fastrand::Rng;
use scrape_enrich::apply::{apply, FieldName, Kept};
use serde_json::{json, Value};

use super::{alike, must, Target};
use crate::mutate::{self, Matter};
use crate::seeds::{self, FACTS, JSON, MONEY, POSTAL};

/// Stored text to a profile.
pub(super) const DOCUMENT: Target = Target {
    name: "document",
    cases: 1_000,
    share: 1,
    input: |random| {
        let document = stored().to_string();
        if random.bool() {
            let mut value = stored();
            mutate::json(random, &mut value, matter(&[]));
            return value.to_string().into_bytes();
        }
        let seeds = [document.into_bytes()];
        mutate::input(random, matter(&seeds))
    },
    check: check_document,
};

/// A profile and an organisation to what is copied.
pub(super) const APPLY: Target = Target {
    name: "apply",
    cases: 1_000,
    share: 1,
    input: |random| {
        let mut both = json!({"document": stored(), "organization": organization()});
        mutate::json(random, &mut both, matter(&[]));
        both.to_string().into_bytes()
    },
    check: check_apply,
};

const WORDS: &[&[&str]] = &[
    JSON,
    MONEY,
    FACTS,
    POSTAL,
    &[
        "valyourise/profile@1",
        "valyourise/profile@2",
        "blank",
        "value",
        "text",
        "json-ld",
        "year",
        "robots",
    ],
];

fn matter(seeds: &[Vec<u8>]) -> Matter<'_> {
    Matter {
        seeds,
        words: WORDS,
        longest: 16 * 1024,
    }
}

fn stored() -> Value {
    let stated = |value: Value, quote: &str| {
        json!({"value": value, "confidence": 0.8, "method": "text",
               "evidence": [{"url": "https://acme.de/", "quote": quote, "start": 3, "end": 9}]})
    };
    json!({"schema": "valyourise/profile@1",
    "meta": {"functionExecutionId": "e1", "startedAt": "2026-01-02T03:04:05.678+00:00", "attempt": 1},
    "source": "https://acme.de/",
    "pages": [{"url": "https://acme.de/", "sha256": "00"}],
    "profile": {
        "name": stated(json!("Acme GmbH"), "Acme GmbH"),
        "industry": stated(json!("Maschinenbau"), "Maschinenbau"),
        "website": stated(json!("https://acme.de/"), "acme.de"),
        "customerNames": stated(json!(["Stadtwerke Süd"]), "Stadtwerke Süd"),
        "revenue": stated(json!({"amount": 12.5e6, "currency": "EUR", "period": "year"}), "12,5 Mio. €"),
        "employeeCount": stated(json!({"min": 84, "max": null}), "84"),
        "address": stated(json!({"street": "Hauptstr. 5a", "postalCode": "10623", "city": "Berlin", "country": "DE"}), "10623 Berlin")
    }})
}

fn organization() -> Value {
    json!({"name": "Acme", "slug": "acme", "teamId": "t1", "createdByUserId": "u1", "defaultPrivacyMode": "option_1",
        "industry": null, "website": "https://acme.de", "customerNames": null, "revenueAmount": null,
        "revenueCurrency": null, "revenuePeriod": null, "employeeCountMin": 10, "employeeCountMax": null,
        "addressStreet": null, "addressPostalCode": null, "addressCity": null, "addressCountry": null,
        "aiEnrichmentOptIn": false, "lastEnrichedAt": null, "lastEnrichmentSource": null, "archivedAt": null})
}

fn check_document(_: &mut Rng, input: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(input);
    let Ok(proposal) = read::<Proposal>(&text) else {
        return Ok(());
    };
    let again = Envelope::new(&proposal).read();
    let again: Proposal = again.map_err(|why| format!("written and not read: {why:?}"))?;
    must(
        alike(&again, &proposal)?,
        "a document that is another one when read again",
    )
}

fn check_apply(random: &mut Rng, input: &[u8]) -> Result<(), String> {
    let both: Value = serde_json::from_slice(input).map_err(|error| error.to_string())?;
    let Ok(proposal) = read::<Proposal>(&both["document"].to_string()) else {
        return Ok(());
    };
    let Ok(before) = serde_json::from_value::<Organization>(both["organization"].clone()) else {
        return Ok(());
    };
    let some = |random: &mut Rng| -> Vec<FieldName> {
        let all = FieldName::ALL.iter().copied();
        all.filter(|_| random.bool()).collect()
    };
    let (fields, overwrite) = (some(random), some(random));
    let now = Timestamp::parse("2026-11-27T00:00:00Z").ok_or("a time that is none")?;
    let first = apply(&proposal.profile, &before, &fields, &overwrite, now);
    for field in FieldName::ALL.iter().copied() {
        let chosen = fields.contains(&field) || overwrite.contains(&field);
        let told = usize::from(first.applied.contains(&field))
            + first.kept.iter().filter(|(kept, _)| *kept == field).count();
        must(told == usize::from(chosen), "a field told not just once")?;
    }
    must(
        !first.applied.is_empty() || first.wanted == before,
        "nothing applied and something changed",
    )?;
    let lengths = [
        (&first.wanted.industry, &before.industry),
        (&first.wanted.address_city, &before.address_city),
    ];
    must(
        lengths.iter().all(|(now, before)| {
            now == before || now.as_ref().is_none_or(|text| text.chars().count() <= 255)
        }),
        "a text longer than its column",
    )?;
    let second = apply(&proposal.profile, &first.wanted, &fields, &overwrite, now);
    must(
        second.wanted == first.wanted,
        "another organisation the second time",
    )?;
    let same = |field| second.kept.contains(&(field, Kept::Same));
    must(
        first.applied.iter().all(|field| same(*field)),
        "a field applied twice",
    )?;
    let written = serde_json::to_string(&first.wanted).map_err(|error| error.to_string())?;
    let read: Organization = serde_json::from_str(&written).map_err(|error| error.to_string())?;
    must(
        alike(&read, &first.wanted)?,
        "an organisation that cannot be stored",
    )
}

/// One seed more for whoever mutates stored rows.
pub(super) fn organization_text() -> Vec<u8> {
    seeds::texts(&[&organization().to_string()]).concat()
}
