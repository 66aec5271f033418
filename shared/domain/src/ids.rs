//! Ids, each kind a type of its own, so that two of them cannot be swapped.
//!
//! Appwrite compares ids without regard to case and accents; the UUIDs made here are lower-case.

use uuid::Uuid;

/// Longest id that Appwrite takes on every engine (`appwrite-contract` 3.6).
pub const MAX_LENGTH: usize = 36;

/// Appwrite's rule for ids: letters, digits, `.`, `-`, `_`, not starting with a mark, at most 36 characters.
pub fn is_valid(id: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    id.len() <= MAX_LENGTH
        && id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.chars().all(allowed)
}

/// The same id for the same thing, so that doing a thing twice cannot make two rows: UUIDv5 over `what` and its parts.
pub fn derived(what: &str, parts: &[&str]) -> Uuid {
    let namespace = Uuid::new_v5(&Uuid::NAMESPACE_DNS, b"ids.valyourise.com");
    let name = std::iter::once(what)
        .chain(parts.iter().copied())
        .collect::<Vec<_>>()
        .join("\n");
    Uuid::new_v5(&namespace, name.as_bytes())
}

/// An id that names a row or an Appwrite resource.
pub trait Id: AsRef<str> + Clone + std::fmt::Debug + PartialEq + Send + Sync + Sized {
    /// Takes an id that follows Appwrite's rule, nothing else.
    fn parse(text: &str) -> Option<Self>;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl Id for $name {
            fn parse(text: &str) -> Option<Self> {
                is_valid(text).then(|| Self(text.to_owned()))
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid.to_string())
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                Self::parse(&text).ok_or_else(|| {
                    "an id has 1 to 36 letters, digits, dots, dashes or underscores".to_owned()
                })
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    OrganizationId,
    InviteId,
    WorkspaceId,
    MembershipId,
    ItemId,
    LinkId,
    LogId,
    ScrapeJobId,
    ReportId,
    MemberSkillsId,
    TokenId,
    /// An Appwrite user.
    UserId,
    /// An Appwrite team.
    TeamId,
    /// A user's membership of an Appwrite team; one made anew has another.
    TeamMembershipId,
    /// One run of a function, `x-appwrite-execution-id`.
    ExecutionId,
}

/// For columns of rows that count whatever is written there: what is no id is left out.
pub mod lenient {
    use serde::{Deserialize, Deserializer};

    use super::Id;

    /// An id, or none for a text that is none.
    ///
    /// # Errors
    /// For what is neither text nor null.
    pub fn id<'de, I: Id, D: Deserializer<'de>>(deserializer: D) -> Result<Option<I>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(text.and_then(|text| I::parse(&text)))
    }

    /// What of a list are ids.
    ///
    /// # Errors
    /// For what is neither a list of texts nor null.
    pub fn ids<'de, I: Id, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<I>, D::Error> {
        let texts = Option::<Vec<Option<String>>>::deserialize(deserializer)?;
        let texts = texts.into_iter().flatten().flatten();
        Ok(texts.filter_map(|text| I::parse(&text)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_follows_appwrites_rule() {
        for good in [
            "a",
            "org1",
            "0b8f1c1e-8d6a-5f43-9b1e-3b1d7f1a2c3d",
            "A.b_c-d",
        ] {
            assert!(is_valid(good), "{good}");
        }
        for bad in ["", "-a", ".a", "_a", "a b", "é", "a/b", &"x".repeat(37)] {
            assert!(!is_valid(bad), "{bad}");
        }
    }

    #[test]
    fn the_same_thing_has_the_same_id_and_another_thing_another() {
        assert_eq!(derived("log", &["a", "b"]), derived("log", &["a", "b"]));
        assert_ne!(derived("log", &["a", "b"]), derived("log", &["ab"]));
        assert_ne!(derived("log", &["a"]), derived("job", &["a"]));
    }
}
