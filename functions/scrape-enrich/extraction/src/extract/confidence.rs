//! How sure the rules are of what they state, in one table.
//!
//! A confidence is a share of values that are right. `valyou gate profiles` counts them on the open company pages by
//! field, method and confidence, and fails where one is higher than the sample allows. What those pages say too rarely to
//! be counted (turnover, head count in a sentence) is set lower than what the gates of sentences found.

/// Of the organisation's name.
pub(super) mod name {
    /// A structured node that is proven to be the organisation.
    pub(crate) const NODE_OWN: f64 = 0.95;
    pub(crate) const NODE_UNPROVEN: f64 = 0.6;
    pub(crate) const META: f64 = 0.8;
    /// Several places of the text agree, or one fits the site's domain.
    pub(crate) const TEXT_AGREED: f64 = 0.9;
    pub(crate) const TEXT_SINGLE: f64 = 0.7;
}

pub(super) const WEBSITE: f64 = 0.95;

/// Of its trade.
pub(super) mod industry {
    pub(crate) const NODE: f64 = 0.9;
    pub(crate) const SENTENCE: f64 = 0.75;
    /// A title or a description that names the trade.
    pub(crate) const TITLE: f64 = 0.8;
}

/// Of its customers.
pub(super) mod customers {
    pub(crate) const INTRODUCED: f64 = 0.85;
    pub(crate) const QUOTED: f64 = 0.8;
}

/// Of its address.
pub(super) mod address {
    pub(crate) const NODE: f64 = 0.9;
    pub(crate) const IMPRINT: f64 = 0.9;
    /// Where pages show their own, or below the name.
    pub(crate) const PLACED: f64 = 0.85;
    /// One of several, taken because the page calls it the seat.
    pub(crate) const SEAT: f64 = 0.7;
}

/// Of its head count.
pub(super) mod head_count {
    /// Structured data is often old.
    pub(crate) const NODE: f64 = 0.7;
    pub(crate) const EXACT: f64 = 0.85;
    /// A rounded number is right only roughly.
    pub(crate) const ROUNDED: f64 = 0.6;
}

/// Of its turnover.
pub(super) mod revenue {
    pub(crate) const STATED: f64 = 0.8;
    /// The currency of a bare `$` comes from the country of the address.
    pub(crate) const LOCAL: f64 = 0.6;
}

/// Most of what only a model pointed at.
pub(super) const POINTED: f64 = 0.5;
