//! A report as Markdown: statements rendered one after the other, and nothing else. Each language says every statement;
//! what they share is the form.

use crate::moment::Day;
use crate::snapshot::{Language, Snapshot};
use crate::statements::{Section, Stated, Statement};
use crate::{english, german};

/// What a language makes of one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Title(String),
    Paragraph(String),
    Bullet(String),
    /// A paragraph, and a list of what its words mean.
    Terms {
        said: String,
        terms: Vec<String>,
    },
    /// Cells of a table, as many as the section has columns.
    Row(Vec<String>),
    /// A chart, and the same numbers in words.
    Pie {
        title: &'static str,
        slices: Vec<(&'static str, usize)>,
        words: String,
    },
}

/// The columns of a section's table.
pub type Columns = &'static [(&'static str, Align)];

/// On which side a column's cells stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// The page.
pub fn markdown(snapshot: &Snapshot, stated: &[Stated]) -> String {
    let today = snapshot.at.day();
    let mut page = Page::default();
    for stated in stated {
        let section = stated.statement.section();
        page.enter(section, heading(snapshot.language, section));
        let said = say(snapshot.language, &stated.statement, today);
        page.write(said, columns(snapshot.language, section));
    }
    page.text.truncate(page.text.trim_end().len());
    page.text.push('\n');
    page.text
}

fn say(language: Language, statement: &Statement, today: Day) -> Said {
    match language {
        Language::En => english::say(statement, today),
        Language::De => german::say(statement, today),
    }
}

fn heading(language: Language, section: Section) -> Option<&'static str> {
    match language {
        Language::En => english::heading(section),
        Language::De => german::heading(section),
    }
}

fn columns(language: Language, section: Section) -> Columns {
    match language {
        Language::En => english::columns(section),
        Language::De => german::columns(section),
    }
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

#[derive(Default)]
struct Page {
    text: String,
    section: Option<Section>,
    last: Option<Form>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Block,
    Bullet,
    Row,
}

impl Page {
    fn enter(&mut self, section: Section, heading: Option<&str>) {
        if self.section == Some(section) {
            return;
        }
        self.section = Some(section);
        if let Some(heading) = heading {
            self.block(&format!("## {heading}"));
        }
    }

    fn write(&mut self, said: Said, columns: Columns) {
        match said {
            Said::Title(text) => self.block(&format!("# {text}")),
            Said::Paragraph(text) => self.block(&text),
            Said::Bullet(text) => self.line(Form::Bullet, &format!("- {text}")),
            Said::Terms { said, terms } => {
                self.block(&said);
                for term in terms {
                    self.line(Form::Bullet, &format!("- {term}"));
                }
            }
            Said::Row(cells) => {
                if self.last != Some(Form::Row) {
                    self.table(columns);
                }
                self.line(Form::Row, &row(cells.iter().map(String::as_str)));
            }
            Said::Pie {
                title,
                slices,
                words,
            } => {
                self.block(&words);
                // A pie of one piece shows nothing.
                if slices.iter().filter(|(_, count)| *count > 0).count() > 1 {
                    self.block(&pie(title, &slices));
                }
            }
        }
    }

    fn table(&mut self, columns: Columns) {
        self.line(Form::Row, &row(columns.iter().map(|(name, _)| *name)));
        let rules = columns.iter().map(|(_, align)| match align {
            Align::Left => "---",
            Align::Right => "---:",
        });
        self.line(Form::Row, &row(rules));
    }

    fn block(&mut self, text: &str) {
        self.line(Form::Block, text);
    }

    /// Lines of a list or table follow each other; before everything else stands an empty line.
    fn line(&mut self, form: Form, text: &str) {
        let goes_on = form != Form::Block && self.last == Some(form);
        if !goes_on && !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text);
        self.text.push('\n');
        self.last = Some(form);
    }
}

fn row<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<&str> = cells.collect();
    format!("| {} |", cells.join(" | "))
}

fn pie(title: &str, slices: &[(&str, usize)]) -> String {
    let mut chart = format!("```mermaid\npie title {title}\n");
    for (name, count) in slices.iter().filter(|(_, count)| *count > 0) {
        chart += &format!("    \"{name}\" : {count}\n");
    }
    chart + "```"
}
