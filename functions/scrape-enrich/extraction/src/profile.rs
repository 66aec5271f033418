//! What the fields of a profile are made of: a value, where it stands, or why there is none. Data only; which fields there
//! are is told where they are filled, in [`extract`](crate::extract).

use serde::{Deserialize, Serialize};
use url::Url;

/// A value with its evidence, or the reason why there is none. There is no third case: no evidence, no value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Field<T> {
    Stated(Stated<T>),
    Blank(Blank),
}

/// A value that follows from verbatim text of a fetched page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stated<T> {
    pub value: T,
    /// 0 to 1: how sure the rule is that the value is this company's.
    pub confidence: f64,
    pub method: Method,
    /// Never empty.
    pub evidence: Vec<Evidence>,
}

/// A field without a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Blank {
    pub blank: Reason,
}

/// Why a field is blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The pages do not say it.
    NotStated,
    /// The pages say several things that cannot all be true of this company.
    Ambiguous,
    /// The page has next to no text without running its scripts.
    JsOnly,
    /// robots.txt asks us not to read the page.
    Robots,
    /// The domain shows a placeholder of its registrar or host.
    Parked,
    /// No page could be fetched.
    FetchFailed,
}

/// How a value was found, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    JsonLd,
    Microdata,
    Meta,
    Imprint,
    Text,
    Model,
}

/// Verbatim text of a page from which a value follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The page, absent only for a file whose address is unknown.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<Url>,
    pub quote: String,
    /// First character of the quote in the page's text (see [`Page::text`](crate::page::Page::text)), in characters.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

impl Evidence {
    /// True when the quote stands in the page's text where it says it does.
    pub fn stands_in(&self, text: &str) -> bool {
        self.start < self.end
            && self
                .quote
                .chars()
                .eq(text.chars().skip(self.start).take(self.end - self.start))
    }
}

/// Turnover that a page states of this company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revenue {
    /// In whole currency units.
    pub amount: f64,
    /// ISO 4217.
    pub currency: String,
    pub period: Period,
}

/// What span an amount covers; the values of organizations.revenuePeriod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    Year,
    Quarter,
    Month,
}

/// Head count; at least one end is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployeeCount {
    pub min: Option<u32>,
    pub max: Option<u32>,
}

/// A postal address; at least street or city is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
}
