//! The small words of the domain: addresses of people, times, ids, tokens, rows.

use domain::email::NormalizedEmail;
use domain::ids::{is_valid, Id, UserId, MAX_LENGTH};
use domain::rows::{OkrItem, OrgInvite, Organization, PersonalAccessToken, Row, ScrapeJob};
use domain::time::Timestamp;
use domain::token::Secret;
use domain::token::{invite_hash, personal_hash};
use fastrand::Rng;
use serde_json::Value;

use super::proposal::organization_text;
use super::{alike, must, text, Target};
use crate::mutate::{self, Matter};
use crate::seeds::{texts, JSON};

/// Text to a person's address.
pub(super) const EMAIL: Target = Target {
    name: "email",
    cases: 4_000,
    share: 1,
    input: |random| {
        text(
            random,
            &[
                "ada@example.com",
                " Ada.L@BU\u{308}CHER.example\t",
                "李@例子.example",
                "\"a b\"@xn--bcher-kva.example",
            ],
            &[&[
                "@",
                ".",
                "。",
                "xn--",
                "\u{308}",
                "\u{130}",
                "\u{212a}",
                "ß",
                "ς",
                "\u{200d}",
                "\u{ad}",
                "\u{3000}",
                "\u{2024}",
                "+tag",
                "A",
                "\0",
                " ",
                "\u{fdfa}",
                "\u{1d2c}",
                "example.com",
            ]],
            1_500,
        )
    },
    check: check_email,
};

/// Text to a point in time.
pub(super) const TIME: Target = Target {
    name: "time",
    cases: 4_000,
    share: 1,
    input: |random| {
        text(
            random,
            &[
                "2026-01-02T03:04:05.678+00:00",
                "1969-12-31T23:59:59.9999Z",
                "9999-12-31t23:59:60-23:59",
                "0000-01-01 00:00:00+00:00",
            ],
            &[&[
                "-",
                ":",
                "T",
                "Z",
                "+",
                ".",
                "00",
                "99",
                "24:00:00",
                "-00:00",
                "+24:00",
                "2016-12-31T23:59:60Z",
            ]],
            64,
        )
    },
    check: check_time,
};

/// Text to an id or the hash of a token.
pub(super) const IDS: Target = Target {
    name: "ids",
    cases: 4_000,
    share: 1,
    input: |random| {
        text(
            random,
            &[
                "0b8f1c1e-8d6a-5f43-9b1e-3b1d7f1a2c3d",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "vyr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "https://app.example.com/join#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n",
            ],
            &[&[
                "vyr_", "-", "_", ".", "A", " ", "\n", "=", "#", "\u{feff}", "é",
            ]],
            256,
        )
    },
    check: check_ids,
};

/// Stored JSON to typed rows.
pub(super) const ROWS: Target = Target {
    name: "rows",
    cases: 3_000,
    share: 1,
    input: |random| {
        let mut seeds = texts(&[
            r#"{"organizationId":"o1","workspaceId":"w1","type":"action","title":"T","description":null,"ownerUserId":"u1","assigneeUserIds":["u1"],"parentId":null,"dueDate":"2026-01-02T03:04:05.678+00:00","actionStatus":"done","storyPoints":"∞","progressComputed":100,"sortOrder":1.5,"positionX":null,"positionY":-1e300,"deletedAt":null,"deletedByUserId":null}"#,
            r#"{"organizationId":"o1","email":"ada@example.com","normalizedEmail":"ada@example.com","inviteTokenHash":"00","status":"pending","workspaceRole":"user","workspaceId":"w1","invitedByUserId":"u1","expiresAt":"2026-01-02T03:04:05.678+00:00","acceptedByUserId":null,"acceptedAt":null}"#,
            r#"{"userId":"u1","patHash":"00","scopes":["read","write"],"description":"d","expiresAt":"2026-01-02T03:04:05.678+00:00","lastUsedAt":null,"revokedAt":null}"#,
            r#"{"organizationId":"o1","requestedByUserId":"u1","sourceUrl":"https://acme.de/","status":"done","inputJson":null,"prefillJson":"{}","errorMessage":null,"functionExecutionId":"e1","modelUsed":null,"provider":"rules","promptVersion":null,"startedAt":null,"finishedAt":null}"#,
        ]);
        seeds.push(organization_text());
        let matter = Matter {
            seeds: &seeds,
            words: &[
                JSON,
                &[
                    "pending",
                    "action",
                    "read",
                    "\u{0}",
                    "2026-01-02",
                    "u1",
                    "-",
                ],
            ],
            longest: 8 * 1024,
        };
        let seed = &seeds[random.usize(..seeds.len())];
        match serde_json::from_slice::<Value>(seed) {
            Ok(mut row) if random.u8(..4) != 0 => {
                mutate::json(random, &mut row, matter);
                row.to_string().into_bytes()
            }
            _ => mutate::input(random, matter),
        }
    },
    check: check_rows,
};

fn check_email(_: &mut Rng, input: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(input);
    let Some(email) = NormalizedEmail::parse(&text) else {
        return Ok(());
    };
    let written: &str = email.as_ref();
    must(
        NormalizedEmail::parse(written).as_ref() == Some(&email),
        "an address that is another one when normalised again",
    )?;
    let (name, domain) = written
        .rsplit_once('@')
        .ok_or("an address without a domain")?;
    must(!name.is_empty() && domain.is_ascii(), "half an address")?;
    must(
        !written.contains(char::is_whitespace) && !written.contains(char::is_control),
        "an address with blanks",
    )
}

fn check_time(random: &mut Rng, input: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(input);
    let Some(time) = Timestamp::parse(&text) else {
        return Ok(());
    };
    let written = time.to_string();
    must(
        Timestamp::parse(&written) == Some(time),
        "a time that is another one when read again",
    )?;
    let span = std::time::Duration::from_millis(random.u64(..400 * 24 * 3_600_000));
    must(
        time.plus(span).since(time) == span,
        "a time that does not add up",
    )?;
    must(
        time.minus(span).plus(span) == time,
        "a time that does not come back",
    )?;
    must(time.hour() < 24, "an hour that no day has")
}

fn check_ids(_: &mut Rng, input: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(input);
    let id = UserId::parse(&text);
    must(
        id.is_some() == is_valid(&text),
        "an id that is one and is none",
    )?;
    must(
        id.is_none_or(|id| id.as_ref() == text && text.len() <= MAX_LENGTH && text.is_ascii()),
        "an id that no row takes",
    )?;
    let secret = Secret::new(text.as_ref());
    must(
        !format!("{secret:?}").contains("AAAA"),
        "a secret that shows itself",
    )?;
    for hash in [invite_hash(&secret), personal_hash(&secret)]
        .into_iter()
        .flatten()
    {
        must(
            hash.len() == 64
                && hash
                    .bytes()
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
            "a hash that is none",
        )?;
    }
    Ok(())
}

fn check_rows(_: &mut Rng, input: &[u8]) -> Result<(), String> {
    let Ok(value) = serde_json::from_slice::<Value>(input) else {
        return Ok(());
    };
    check_row::<Organization>(&value)?;
    check_row::<OrgInvite>(&value)?;
    check_row::<OkrItem>(&value)?;
    check_row::<ScrapeJob>(&value)?;
    check_row::<PersonalAccessToken>(&value)
}

fn check_row<R: Row>(value: &Value) -> Result<(), String> {
    let Ok(row) = serde_json::from_value::<R>(value.clone()) else {
        return Ok(());
    };
    let written = serde_json::to_string(&row).map_err(|error| error.to_string())?;
    let read: R = serde_json::from_str(&written).map_err(|error| error.to_string())?;
    must(
        alike(&read, &row)?,
        "a row that is another one when read again",
    )
}
