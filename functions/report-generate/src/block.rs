//! What a statement becomes on the page, in whatever language, and the signs that all languages write alike.

use crate::chart::Chart;
use crate::moment::{Moment, DAY};

/// A block of Markdown, or a line of one that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Title(String),
    Paragraph(String),
    Bullet(String),
    /// A paragraph, below it a list, and below that the same numbers as a chart where one helps.
    Passage {
        said: String,
        points: Vec<String>,
        chart: Option<Chart>,
    },
    Chart(Option<Chart>),
    /// Cells of a table, as many as the section has columns.
    Row(Vec<String>),
}

/// The columns of a section's table.
pub type Columns = &'static [(&'static str, Align)];

/// On which side a column's cells stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// Ten blocks for a hundred per cent, each full one filled.
pub(crate) fn bar(progress: u8) -> String {
    let full = usize::from(progress.min(100)) / 10;
    format!(
        "`{}{}` {progress} %",
        "█".repeat(full),
        "░".repeat(10 - full)
    )
}

/// A number of points with its sign.
pub(crate) fn signed(points: i64) -> String {
    match points {
        0 => "0".to_owned(),
        1.. => format!("+{points}"),
        _ => format!("−{}", points.unsigned_abs()),
    }
}

/// Hours and minutes in UTC.
pub(crate) fn time(at: Moment) -> String {
    let minutes = at.0.rem_euclid(DAY) / 60;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
