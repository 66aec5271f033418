//! A report as Markdown: statements rendered one after the other, and nothing else; the verdict in a model's words, where
//! there are any. Each language says every statement;
//! what they share is the form.

use crate::block::{Align, Block, Columns};
use crate::moment::Day;
use crate::prose::Prose;
use crate::snapshot::{Language, Snapshot};
use crate::statements::{Finding, Section, Statement};
use crate::{english, german};

/// The page, with the verdict in these words.
pub fn markdown(snapshot: &Snapshot, findings: &[Finding], prose: &Prose) -> String {
    page(snapshot, findings, findings, prose)
}

/// Words of a report's first screen: its title, its verdict and what there is to decide.
pub const FIRST_SCREEN: usize = 200;

/// Words that all else on the first screen leaves to the verdict.
pub fn room(snapshot: &Snapshot, findings: &[Finding]) -> usize {
    let others = findings.iter().filter(|finding| {
        let statement = &finding.statement;
        let is_first = matches!(statement.section(), Section::Top | Section::Decide);
        is_first && !matches!(statement, Statement::Verdict { .. })
    });
    let others = page(snapshot, findings, others, &Prose::Rules);
    FIRST_SCREEN.saturating_sub(others.split_whitespace().count())
}

/// Some of the findings.
fn page<'a>(
    snapshot: &Snapshot,
    all: &[Finding],
    some: impl IntoIterator<Item = &'a Finding>,
    prose: &Prose,
) -> String {
    let today = snapshot.at.day();
    let mut page = Page::default();
    for finding in some {
        let section = finding.statement.section();
        page.enter(section, heading(snapshot.language, section));
        let block = match &finding.statement {
            Statement::Verdict { .. } => prose.markdown(snapshot.language, all),
            _ => None,
        };
        let block = block.map(|words| Block::Paragraph(format!("**{words}**")));
        let block = block.unwrap_or_else(|| say(snapshot.language, &finding.statement, today));
        page.write(block, columns(snapshot.language, section));
    }
    page.text.truncate(page.text.trim_end().len());
    page.text.push('\n');
    page.text
}

fn say(language: Language, statement: &Statement, today: Day) -> Block {
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

    fn write(&mut self, block: Block, columns: Columns) {
        match block {
            Block::Title(text) => self.block(&format!("# {text}")),
            Block::Paragraph(text) => self.block(&text),
            Block::Bullet(text) => self.line(Form::Bullet, &format!("- {text}")),
            Block::Passage {
                said,
                points,
                chart,
            } => {
                self.block(&said);
                for point in points {
                    self.line(Form::Bullet, &format!("- {point}"));
                }
                if let Some(chart) = chart {
                    self.block(&chart.to_string());
                }
            }
            Block::Chart(chart) => {
                if let Some(chart) = chart {
                    self.block(&chart.to_string());
                }
            }
            Block::Row(cells) => {
                if self.last != Some(Form::Row) {
                    self.table(columns);
                }
                self.line(Form::Row, &row(cells.iter().map(String::as_str)));
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
