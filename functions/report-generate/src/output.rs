//! The typed twin of a report's Markdown, as its row holds it.

use domain::document::Document;
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};

use crate::prose::Prose;
use crate::snapshot::Snapshot;
use crate::statements::Finding;

/// What `reports.outputJson` holds of a report that is done. A change of any wording, formula or threshold is a new
/// version: a stored report is proven by the code that wrote it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    pub language: Value,
    pub statements: Vec<Value>,
    /// Whose words the verdict is in; the rules', if nothing is said.
    #[serde(default, skip_serializing_if = "Prose::is_rules")]
    pub prose: Prose,
}

impl Document for Output {
    const NAME: &'static str = "report";
    const VERSION: u32 = 1;
}

impl Output {
    pub fn new(snapshot: &Snapshot, findings: &[Finding], prose: &Prose) -> Self {
        Self {
            language: json!(snapshot.language),
            statements: findings.iter().map(|finding| json!(finding)).collect(),
            prose: prose.clone(),
        }
    }
}
