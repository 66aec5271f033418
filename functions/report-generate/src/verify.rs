//! Proves a stored report: what it says is computed again from its snapshot alone. Pure.

use domain::document::{self, Envelope, Unreadable};
use domain::rows::Report;
use serde_json::Value;

use crate::markdown::{markdown, room};
use crate::output::Output;
use crate::prose::{prove, Prose, Rejection};
use crate::snapshot::Snapshot;
use crate::statements::{statements, Finding};

/// What does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    #[error("The snapshot is {0}.")]
    Snapshot(Unreadable),
    #[error("The snapshot is of another workspace or reader than the report.")]
    Foreign,
    #[error("The statements' document is {0}.")]
    Output(Unreadable),
    /// It stands at this place, counted from 1, and says that it is of this kind.
    #[error("Statement {place} ({kind}) does not follow from the snapshot.")]
    Statement { place: usize, kind: String },
    #[error("There are {stated} statements; from the snapshot follow {expected}.")]
    Count { stated: usize, expected: usize },
    #[error("The verdict is not proven: {0}.")]
    Verdict(Rejection),
    /// Its words or its citations are not those that were proven. Counted from 1.
    #[error("Sentence {sentence} of the verdict cites what it does not follow from, or is not written as proven.")]
    Citation { sentence: usize },
    #[error("The language is not the snapshot's.")]
    Language,
    /// Lines are counted from 1.
    #[error("Line {line} of the Markdown is not the rendering of the statements.")]
    Markdown { line: usize },
}

/// The same of a row, whose snapshot also has to be its own.
pub fn verify_row(report: &Report) -> Result<usize, Doubt> {
    let text = |column: &Option<Envelope>| {
        let text = column.as_ref().map(Envelope::text);
        text.unwrap_or_default().into_owned()
    };
    let input = text(&report.input_snapshot_json);
    let shown = report.output_markdown.as_deref().unwrap_or_default();
    let snapshot = Snapshot::read(&input).map_err(Doubt::Snapshot)?;
    let is_own = snapshot.workspace_id == report.workspace_id
        && snapshot.reader == report.requested_by_user_id;
    match is_own {
        true => verify(&input, &text(&report.output_json), shown),
        false => Err(Doubt::Foreign),
    }
}

/// Whether the report follows from its snapshot: the columns inputSnapshotJson, outputJson and outputMarkdown. How many
/// statements hold, or the first thing that does not.
pub fn verify(input: &str, output: &str, shown: &str) -> Result<usize, Doubt> {
    let snapshot = Snapshot::read(input).map_err(Doubt::Snapshot)?;
    let output: Output = document::read(output).map_err(Doubt::Output)?;
    let findings = statements(&snapshot);
    let expected = Output::new(&snapshot, &findings, &output.prose);
    let differs = expected
        .statements
        .iter()
        .zip(&output.statements)
        .position(|(a, b)| a != b);
    if let Some(place) = differs {
        let kind = output.statements[place].get("kind").and_then(Value::as_str);
        return Err(Doubt::Statement {
            place: place + 1,
            kind: kind.unwrap_or("none").to_owned(),
        });
    }
    if expected.statements.len() != output.statements.len() {
        return Err(Doubt::Count {
            stated: output.statements.len(),
            expected: expected.statements.len(),
        });
    }
    if expected.language != output.language {
        return Err(Doubt::Language);
    }
    proven(&snapshot, &findings, &output.prose)?;
    let rendered = markdown(&snapshot, &findings, &output.prose);
    if rendered != shown {
        let same = rendered
            .lines()
            .zip(shown.lines())
            .take_while(|(a, b)| a == b);
        return Err(Doubt::Markdown {
            line: same.count() + 1,
        });
    }
    Ok(expected.statements.len())
}

/// Proves a verdict in a model's words once more.
fn proven(snapshot: &Snapshot, findings: &[Finding], prose: &Prose) -> Result<(), Doubt> {
    let Prose::Model { sentences } = prose else {
        return Ok(());
    };
    let room = room(snapshot, findings);
    let again = prove(snapshot, findings, sentences, room).map_err(|mut rejections| {
        // There is one at least.
        Doubt::Verdict(rejections.swap_remove(0))
    })?;
    let differs = again.iter().zip(sentences).position(|(a, b)| a != b);
    match differs {
        None => Ok(()),
        Some(place) => Err(Doubt::Citation {
            sentence: place + 1,
        }),
    }
}
