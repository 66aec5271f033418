//! The permission to ask.

use domain::rows::Organization;

/// An organisation has said that a model may be asked for it. There is no other way to one than its row.
#[derive(Debug)]
pub struct Consent(());

impl Consent {
    /// The organisation's consent, if its `aiEnrichmentOptIn` is set.
    pub fn of(organization: &Organization) -> Option<Self> {
        organization.ai_enrichment_opt_in.then_some(Self(()))
    }
}
