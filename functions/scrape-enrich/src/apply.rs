//! Decides which proposed values go to the organisation: chosen fields, into empty columns unless told to overwrite.

use domain::document::may_be_operator;
use domain::rows::{size, EnrichmentSource, Organization, RevenuePeriod};
use domain::time::Timestamp;
use extraction::extract::Profile;
use extraction::profile::{Field, Period};
use serde::{Deserialize, Serialize};

macro_rules! fields {
    ($($field:ident),+ $(,)?) => {
        /// A field of the profile as requests name it. Revenue, head count and address are units: all of their columns
        /// change or none.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum FieldName { $($field),+ }

        impl FieldName {
            pub const ALL: &'static [Self] = &[$(Self::$field),+];
        }
    };
}

fields! { Name, Industry, Website, CustomerNames, Revenue, EmployeeCount, Address }

/// Why a chosen field was left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// The profile has no value for it.
    Blank,
    /// The organisation has a value and `overwrite` does not name the field.
    AlreadyFilled,
    /// The organisation has this very value.
    Same,
    /// A text is longer than its column.
    TooLong,
    /// A text begins with a brace: the server might run it instead of storing it.
    Unusable,
}

/// The organisation as it should be, and what became of each chosen field.
#[derive(Debug)]
pub struct Applied {
    pub wanted: Organization,
    pub applied: Vec<FieldName>,
    pub kept: Vec<(FieldName, Kept)>,
}

/// Copies the chosen fields of the profile. A field named in `overwrite` counts as chosen. Nothing to copy: the
/// organisation comes back unchanged, lastEnrichedAt included.
pub fn apply(
    profile: &Profile,
    organization: &Organization,
    fields: &[FieldName],
    overwrite: &[FieldName],
    now: Timestamp,
) -> Applied {
    let mut wanted = organization.clone();
    let mut applied = Vec::new();
    let mut kept = Vec::new();
    for field in FieldName::ALL
        .iter()
        .copied()
        .filter(|field| fields.contains(field) || overwrite.contains(field))
    {
        match copy(field, profile, &mut wanted, overwrite.contains(&field)) {
            Ok(()) => applied.push(field),
            Err(reason) => kept.push((field, reason)),
        }
    }
    if !applied.is_empty() {
        wanted.last_enriched_at = Some(now);
        wanted.last_enrichment_source = Some(EnrichmentSource::Ai);
    }
    Applied {
        wanted,
        applied,
        kept,
    }
}

fn copy(
    field: FieldName,
    profile: &Profile,
    organization: &mut Organization,
    overwrite: bool,
) -> Result<(), Kept> {
    match field {
        FieldName::Name => {
            let name = fits(stated(&profile.name)?, size::ORGANIZATION_NAME)?;
            fill(&mut organization.name, name, false, overwrite)
        }
        FieldName::Industry => text(
            &mut organization.industry,
            &profile.industry,
            size::INDUSTRY,
            overwrite,
        ),
        FieldName::Website => text(
            &mut organization.website,
            &profile.website,
            size::WEBSITE,
            overwrite,
        ),
        FieldName::CustomerNames => {
            let names = stated(&profile.customer_names)?;
            names
                .iter()
                .try_for_each(|name| fits(name.clone(), size::CUSTOMER_NAME).map(drop))?;
            let empty = organization
                .customer_names
                .as_ref()
                .is_none_or(Vec::is_empty);
            fill(
                &mut organization.customer_names,
                Some(names),
                empty,
                overwrite,
            )
        }
        FieldName::Revenue => {
            let revenue = stated(&profile.revenue)?;
            let there = (
                organization.revenue_amount,
                organization.revenue_currency.clone(),
                organization.revenue_period,
            );
            let period = match revenue.period {
                Period::Year => RevenuePeriod::Year,
                Period::Quarter => RevenuePeriod::Quarter,
                Period::Month => RevenuePeriod::Month,
            };
            let value = (
                Some(revenue.amount),
                Some(fits(revenue.currency, size::REVENUE_CURRENCY)?),
                Some(period),
            );
            let empty = there == (None, None, None);
            let mut unit = there;
            fill(&mut unit, value, empty, overwrite)?;
            (
                organization.revenue_amount,
                organization.revenue_currency,
                organization.revenue_period,
            ) = unit;
            Ok(())
        }
        FieldName::EmployeeCount => {
            let count = stated(&profile.employee_count)?;
            let mut unit = (
                organization.employee_count_min,
                organization.employee_count_max,
            );
            let empty = unit == (None, None);
            fill(
                &mut unit,
                (count.min.map(i64::from), count.max.map(i64::from)),
                empty,
                overwrite,
            )?;
            (
                organization.employee_count_min,
                organization.employee_count_max,
            ) = unit;
            Ok(())
        }
        FieldName::Address => {
            let address = stated(&profile.address)?;
            let limited =
                |text: Option<String>, most| text.map(|text| fits(text, most)).transpose();
            let value = (
                limited(address.street, size::ADDRESS_STREET)?,
                limited(address.postal_code, size::ADDRESS_POSTAL_CODE)?,
                limited(address.city, size::ADDRESS_CITY)?,
                limited(address.country, size::ADDRESS_COUNTRY)?,
            );
            let mut unit = (
                organization.address_street.clone(),
                organization.address_postal_code.clone(),
                organization.address_city.clone(),
                organization.address_country.clone(),
            );
            let empty = unit == (None, None, None, None);
            fill(&mut unit, value, empty, overwrite)?;
            (
                organization.address_street,
                organization.address_postal_code,
                organization.address_city,
                organization.address_country,
            ) = unit;
            Ok(())
        }
    }
}

fn text(
    column: &mut Option<String>,
    field: &Field<String>,
    most: usize,
    overwrite: bool,
) -> Result<(), Kept> {
    let value = fits(stated(field)?, most)?;
    let empty = column.as_deref().unwrap_or_default().is_empty();
    fill(column, Some(value), empty, overwrite)
}

fn fill<T: PartialEq>(column: &mut T, value: T, empty: bool, overwrite: bool) -> Result<(), Kept> {
    if *column == value {
        return Err(Kept::Same);
    }
    if !empty && !overwrite {
        return Err(Kept::AlreadyFilled);
    }
    *column = value;
    Ok(())
}

fn stated<T: Clone>(field: &Field<T>) -> Result<T, Kept> {
    match field {
        Field::Stated(stated) => Ok(stated.value.clone()),
        Field::Blank(_) => Err(Kept::Blank),
    }
}

/// Appwrite counts the characters of a varchar.
fn fits(text: String, most: usize) -> Result<String, Kept> {
    if may_be_operator(&text) {
        return Err(Kept::Unusable);
    }
    if text.chars().count() > most {
        return Err(Kept::TooLong);
    }
    Ok(text)
}
