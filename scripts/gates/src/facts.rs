//! Revenue, head count and customers in sentences that are full of traps: most state nothing of the organisation.

use std::path::Path;

use extraction::extract;
use extraction::page::Page;
use extraction::profile::{EmployeeCount, Field, Revenue};
use serde::Deserialize;

use crate::data::lines;
use crate::floors::{Count, Floor, CUSTOMERS, EMPLOYEES, REVENUE};
use crate::profiles::same_name;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fact {
    id: String,
    org: String,
    text: String,
    revenue: Option<StatedRevenue>,
    employees: Option<EmployeeCount>,
    #[serde(default)]
    customer_names: Vec<String>,
    #[serde(default)]
    why: String,
}

#[derive(Deserialize)]
struct StatedRevenue {
    amount: f64,
    currency: String,
    period: Option<String>,
}

impl Count {
    fn score(&mut self, fact: &Fact, what: &str, expected: Option<String>, found: Option<String>) {
        match (&expected, &found) {
            (None, None) => return,
            (Some(expected), Some(found)) if expected == found => {
                self.right += 1;
                return;
            }
            (Some(_), None) => self.blank += 1,
            _ => self.wrong += 1,
        }
        println!(
            "  {what} of {}: {} where the truth is {}: {} ({})",
            fact.id,
            found.as_deref().unwrap_or("blank"),
            expected.as_deref().unwrap_or("nothing"),
            fact.text,
            fact.why
        );
    }

    fn report(&self, what: &str, floor: &Floor) -> anyhow::Result<()> {
        let share = |part: usize, of: usize| {
            if of == 0 {
                "-".to_owned()
            } else {
                format!("{:.0} %", 100.0 * part as f64 / of as f64)
            }
        };
        println!(
            "{what}: {} right, {} false, {} left blank; precision {}, recall {}",
            self.right,
            self.wrong,
            self.blank,
            share(self.right, self.right + self.wrong),
            share(self.right, self.right + self.blank),
        );
        floor.check(what, self)
    }
}

pub(super) fn run(folder: &Path) -> anyhow::Result<()> {
    let facts: Vec<Fact> = lines(&folder.join("facts.jsonl"))?;
    let (mut revenue, mut employees, mut customers) =
        (Count::default(), Count::default(), Count::default());
    for fact in &facts {
        let html = page(fact);
        let profile = extract::profile(&[Page::new(None, html.as_bytes(), None)]);
        // Without a period a turnover must stay blank, whatever the truth knows of its amount.
        let expected = fact
            .revenue
            .as_ref()
            .filter(|revenue| revenue.period.is_some())
            .map(|revenue| format!("{} {}", revenue.amount, revenue.currency));
        let found = value(&profile.revenue).map(
            |Revenue {
                 amount, currency, ..
             }| format!("{amount} {currency}"),
        );
        revenue.score(fact, "revenue", expected, found);
        let shown = |count: &EmployeeCount| format!("{:?} to {:?}", count.min, count.max);
        employees.score(
            fact,
            "head count",
            fact.employees.as_ref().map(shown),
            value(&profile.employee_count).map(shown),
        );
        let found = value(&profile.customer_names).cloned().unwrap_or_default();
        for name in &found {
            let known = fact
                .customer_names
                .iter()
                .find(|known| same_name(known, name));
            let shown = known.unwrap_or(name).clone();
            customers.score(fact, "customer", known.cloned(), Some(shown));
        }
        for known in &fact.customer_names {
            if !found.iter().any(|name| same_name(known, name)) {
                customers.score(fact, "customer", Some(known.clone()), None);
            }
        }
    }
    println!("{} sentences", facts.len());
    revenue.report("revenue", &REVENUE)?;
    employees.report("head count", &EMPLOYEES)?;
    customers.report("customers", &CUSTOMERS)
}

/// A plain page of the organisation with the sentence on it.
fn page(fact: &Fact) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let (org, text) = (escape(&fact.org), escape(&fact.text));
    format!("<!doctype html><title>{org}</title><meta property=og:site_name content=\"{org}\"><h1>{org}</h1><p>{text}</p>")
}

fn value<T>(field: &Field<T>) -> Option<&T> {
    match field {
        Field::Stated(stated) => Some(&stated.value),
        Field::Blank(_) => None,
    }
}
