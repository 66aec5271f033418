//! From a personal access token to the user whose it is. Nothing is remembered between two requests, so revocation and
//! expiry take effect at the next one.

use std::time::Duration;

use domain::failure::{Code, Failure};
use domain::rows::PersonalAccessToken;
use domain::time::Timestamp;
use domain::token;
use domain::token::Secret;

use crate::appwrite::{Account, Appwrite, Query, RowPage, StoredRow};
use crate::caller::Caller;

/// pat.lastUsedAt moves no more often than this: it is for people to read, not a count.
const USE_NOTED_EVERY: Duration = Duration::from_secs(60);

/// The caller that the token stands for.
///
/// # Errors
/// `token_refused`, without saying whether it is unknown, ambiguous, expired, revoked or its user's who is blocked or
/// gone.
pub(crate) async fn by_token(rows: &Appwrite, token: &Secret) -> Result<Caller, Failure> {
    let hash = token::personal_hash(token).ok_or_else(refused)?;
    let found: RowPage<PersonalAccessToken> = rows
        .list(&[Query::equal("patHash", [hash.as_str()]), Query::limit(2)])
        .await?;
    let now = rows.now();
    let listed = the_one(found, &hash)
        .filter(|listed| is_usable(&listed.row, now))
        .ok_or_else(refused)?;
    let account = rows.account(&listed.row.user_id).await?;
    account.filter(is_open).ok_or_else(refused)?;
    // Also where the call then is a dry run: what is noted is that somebody has used the token.
    if is_worth_noting(&listed.row, now) {
        let mut wanted = listed.row.clone();
        wanted.last_used_at = Some(now);
        match rows.patch(&listed, &wanted).await {
            // Another request may have noted its use first: as good as ours.
            Ok(_) => {}
            // A row that nobody can write is a token all the same.
            Err(error) if error.is_of_row() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Caller::Token {
        user: listed.row.user_id,
        scopes: listed.row.scopes.unwrap_or_default(),
    })
}

/// The column is not unique and the server compares without regard to case: only one row with exactly this hash counts.
fn the_one(
    mut found: RowPage<PersonalAccessToken>,
    hash: &str,
) -> Option<StoredRow<PersonalAccessToken>> {
    if found.size() != 1 {
        return None;
    }
    found
        .rows
        .pop()
        .filter(|listed| listed.row.pat_hash == hash)
}

fn is_usable(token: &PersonalAccessToken, now: Timestamp) -> bool {
    token.revoked_at.is_none() && token.expires_at > now
}

fn is_open(account: &Account) -> bool {
    account.status
}

fn is_worth_noting(token: &PersonalAccessToken, now: Timestamp) -> bool {
    token
        .last_used_at
        .is_none_or(|last| now.since(last) >= USE_NOTED_EVERY)
}

fn refused() -> Failure {
    Failure::new(
        Code::TokenRefused,
        "The personal access token is unknown, expired or revoked, or its user is blocked. Make a new one.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appwrite::Version;
    use domain::ids::Id;
    use domain::rows::TokenScope;

    fn at(seconds: u64) -> Timestamp {
        let base = Timestamp::parse("2026-01-01T12:00:00Z").unwrap();
        base.plus(Duration::from_secs(seconds))
    }

    fn token() -> PersonalAccessToken {
        PersonalAccessToken {
            user_id: Id::parse("ada").unwrap(),
            pat_hash: "abc".to_owned(),
            scopes: Some(vec![TokenScope::Read]),
            description: "laptop".to_owned(),
            expires_at: at(100),
            last_used_at: None,
            revoked_at: None,
        }
    }

    fn page(hashes: &[&str], malformed: usize) -> RowPage<PersonalAccessToken> {
        let rows = hashes.iter().map(|hash| StoredRow {
            id: Id::parse("t1").unwrap(),
            created_at: at(0),
            version: Version::listed(at(0)),
            row: PersonalAccessToken {
                pat_hash: (*hash).to_owned(),
                ..token()
            },
        });
        let malformed = vec![("t2".to_owned(), String::new()); malformed];
        RowPage {
            total: hashes.len() + malformed.len(),
            rows: rows.collect(),
            malformed,
            last: None,
        }
    }

    #[test]
    fn two_rows_of_one_hash_open_nothing() {
        assert!(the_one(page(&["abc"], 0), "abc").is_some());
        assert!(the_one(page(&[], 0), "abc").is_none());
        assert!(the_one(page(&["abc", "abc"], 0), "abc").is_none());
        assert!(the_one(page(&["abc"], 1), "abc").is_none());
        assert!(the_one(page(&["ABC"], 0), "abc").is_none());
    }

    #[test]
    fn a_token_opens_until_it_expires_or_is_revoked() {
        assert!(is_usable(&token(), at(99)));
        assert!(!is_usable(&token(), at(100)));
        let mut revoked = token();
        revoked.revoked_at = Some(at(1000));
        assert!(!is_usable(&revoked, at(0)), "whenever it was revoked");
    }

    #[test]
    fn its_use_is_noted_once_a_minute() {
        assert!(is_worth_noting(&token(), at(0)));
        let mut used = token();
        used.last_used_at = Some(at(10));
        assert!(!is_worth_noting(&used, at(69)));
        assert!(is_worth_noting(&used, at(70)));
        used.last_used_at = Some(at(1000));
        assert!(!is_worth_noting(&used, at(70)));
    }
}
