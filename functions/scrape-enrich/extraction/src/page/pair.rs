//! Labels and values: the cells of tables with what stands at the head of their row and column, and the descriptions of
//! definition lists with their terms. Where they stand, never what they mean.

use super::text::Span;

/// Pairs of a page. The open company pages have up to a tenth of it.
const MOST_PAIRS: usize = 4_000;

/// Columns of a table that are told apart, and tables inside one another.
const MOST_COLUMNS: usize = 40;
const DEEPEST: usize = 20;

/// Bytes of a label and of a value; longer cells are layout or texts.
const LONGEST_LABEL: usize = 150;
const LONGEST_VALUE: usize = 600;

/// A value with the labels that a reader sees beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The head of the row, the term of a description, or the head of the column where only columns have heads.
    pub(crate) label: Span,
    /// The head in the other direction: the year, or whom or what else the value is about.
    pub(crate) other: Option<Span>,
    /// The table's caption, which may say the scale.
    pub(crate) caption: Option<Span>,
    pub(crate) value: Span,
}

/// What a cell is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Head,
    Data,
    Term,
    Description,
    Caption,
    Row,
    Table,
    List,
}

impl Cell {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "th" => Self::Head,
            "td" => Self::Data,
            "dt" => Self::Term,
            "dd" => Self::Description,
            "caption" => Self::Caption,
            "tr" => Self::Row,
            "table" => Self::Table,
            "dl" => Self::List,
            _ => return None,
        })
    }
}

/// The tables and lists that are open, and the pairs found so far.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    open: Vec<Table>,
    /// Tables inside too many others; their parts say nothing.
    too_deep: usize,
    pub(super) found: Vec<Pair>,
}

#[derive(Debug, Default)]
struct Table {
    caption: Option<Span>,
    /// The head of each column, from the first row if that is all heads.
    columns: Vec<Option<Span>>,
    /// The cells of the row so far, and whether each is a head.
    row: Vec<(bool, Span)>,
    term: Option<Span>,
}

impl Pairs {
    pub(super) fn open(&mut self, cell: Cell) {
        if matches!(cell, Cell::Table | Cell::List) {
            if self.open.len() < DEEPEST {
                self.open.push(Table::default());
            } else {
                self.too_deep += 1;
            }
        }
    }

    /// An element ends that covers so much of the text, in so many columns.
    pub(super) fn close(&mut self, cell: Cell, span: Span, columns: usize) {
        if self.too_deep > 0 {
            self.too_deep -= usize::from(matches!(cell, Cell::Table | Cell::List));
            return;
        }
        if matches!(cell, Cell::Table | Cell::List) {
            self.end_row();
            self.open.pop();
            return;
        }
        if cell == Cell::Row {
            self.end_row();
            return;
        }
        let Some(table) = self.open.last_mut() else {
            return;
        };
        match cell {
            Cell::Head | Cell::Data => {
                let head = cell == Cell::Head;
                let room = MOST_COLUMNS.saturating_sub(table.row.len());
                let times = columns.clamp(1, MOST_COLUMNS).min(room);
                table.row.extend(std::iter::repeat_n((head, span), times));
            }
            Cell::Term => table.term = is_label(span).then_some(span),
            Cell::Description => {
                let label = table.term;
                let pair = label.map(|label| Pair {
                    label,
                    other: None,
                    caption: None,
                    value: span,
                });
                self.keep(pair);
            }
            Cell::Caption => table.caption = is_label(span).then_some(span),
            Cell::Row | Cell::Table | Cell::List => {}
        }
    }

    fn keep(&mut self, pair: Option<Pair>) {
        let fits = |pair: &Pair| {
            is_label(pair.label)
                && (1..=LONGEST_VALUE).contains(&(pair.value.end - pair.value.start))
        };
        if let Some(pair) = pair.filter(fits).filter(|_| self.found.len() < MOST_PAIRS) {
            self.found.push(pair);
        }
    }

    fn end_row(&mut self) {
        let Some(table) = self.open.last_mut() else {
            return;
        };
        let row = std::mem::take(&mut table.row);
        let Some((first, rest)) = row.split_first() else {
            return;
        };
        // A corner without a word is no cell of data.
        let heads =
            |cells: &[(bool, Span)]| cells.iter().all(|(head, span)| *head || is_empty(*span));
        if !rest.is_empty() && heads(&row) && row.iter().any(|(head, _)| *head) {
            table.columns = row
                .iter()
                .map(|(_, span)| Some(*span).filter(|span| is_label(*span)))
                .collect();
            return;
        }
        let caption = table.caption;
        let columns = std::mem::take(&mut table.columns);
        let column = |at: usize| columns.get(at).copied().flatten();
        // Only columns have heads: the first cell is a value as well, and the name of the row to the others.
        let is_headed = columns.len() == row.len() && !first.0 && column(0).is_some();
        let pairs: Vec<Option<Pair>> = if is_headed {
            let values = row.iter().enumerate();
            values
                .map(|(at, (_, value))| {
                    let beside = Some(first.1).filter(|_| at > 0 && is_label(first.1));
                    Some(Pair {
                        label: column(at)?,
                        other: beside,
                        caption,
                        value: *value,
                    })
                })
                .collect()
        } else {
            let values = rest.iter().enumerate();
            values
                .map(|(at, (_, value))| {
                    Some(Pair {
                        label: first.1,
                        other: column(at + 1),
                        caption,
                        value: *value,
                    })
                })
                .collect()
        };
        if let Some(table) = self.open.last_mut() {
            table.columns = columns;
        }
        for pair in pairs {
            self.keep(pair);
        }
    }
}

fn is_empty(span: Span) -> bool {
    span.start >= span.end
}

fn is_label(span: Span) -> bool {
    !is_empty(span) && span.end - span.start <= LONGEST_LABEL
}
