//! The document that `scrape_jobs.prefillJson` holds: a profile, and the pages that it was made from.

use domain::document::Document;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::extract::Profile;
use crate::page::Page;

/// A profile with the pages that it was made from: what `scrape_jobs.prefillJson` holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// The address that was asked about; unknown for a file without one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<Url>,
    pub pages: Vec<PageRecord>,
    pub profile: Profile,
}

impl Document for Proposal {
    const NAME: &'static str = "profile";
    const VERSION: u32 = 1;
}

/// A page that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRecord {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<Url>,
    /// Lower-case hex SHA-256 of the body as it was received.
    pub sha256: String,
}

impl Proposal {
    pub fn new(source: Option<Url>, pages: &[Page], profile: Profile) -> Self {
        Self {
            source,
            pages: pages
                .iter()
                .map(|page| PageRecord {
                    url: page.url.clone(),
                    sha256: page.sha256.clone(),
                })
                .collect(),
            profile,
        }
    }
}
