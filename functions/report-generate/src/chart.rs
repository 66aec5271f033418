//! Charts, in the few words of Mermaid's that all its versions in use take alike. What people have written stands in
//! labels only, and a label is admitted by what it may be.

use std::fmt::{self, Write};

use crate::moment::Day;
use crate::statements::Branch;
use crate::text::{label, TASK};

/// A chart that shows something; one of a single piece would not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chart {
    Pie(Pie),
    Gantt(Gantt),
    Flowchart(Flowchart),
}

/// How many of each. Slices without any are not drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pie {
    pub title: &'static str,
    pub slices: Vec<(&'static str, usize)>,
}

/// What is due, seen from a day: how long it has been overdue, and how long there is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gantt {
    pub title: String,
    /// How the axis writes a day, in the letters of strftime.
    pub axis: &'static str,
    pub day: Day,
    /// Bars begin at most so many days before the day.
    pub back_days: i64,
    pub overdue: Bars,
    pub coming: Bars,
}

/// A group of bars with its heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars {
    pub heading: &'static str,
    pub bars: Vec<Bar>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    pub due: Day,
    /// The due day in words. It stands before the label, so that no label can be taken for a word of Mermaid's.
    pub date: String,
    pub label: Label,
}

/// Objectives and what they are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flowchart {
    pub branches: Vec<Branch>,
    /// What stands for a title of which nothing can be shown.
    pub untitled: &'static str,
}

/// A title as a chart may hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label(String);

impl Label {
    /// The title's letters and digits, or these words if it has none.
    pub fn new(title: &str, untitled: &'static str) -> Self {
        match label(title, TASK) {
            text if text.is_empty() => Self(untitled.to_owned()),
            text => Self(text),
        }
    }
}

impl Chart {
    pub fn pie(pie: Pie) -> Option<Self> {
        let slices = pie.slices.iter().filter(|(_, count)| *count > 0);
        (slices.count() > 1).then_some(Self::Pie(pie))
    }

    pub fn gantt(gantt: Gantt) -> Option<Self> {
        let bars = gantt.overdue.bars.len() + gantt.coming.bars.len();
        (bars > 1).then_some(Self::Gantt(gantt))
    }

    pub fn flowchart(flowchart: Flowchart) -> Option<Self> {
        let mut branches = flowchart.branches.iter();
        let has_leaf = branches.any(|branch| !branch.leaves.is_empty());
        has_leaf.then_some(Self::Flowchart(flowchart))
    }
}

/// As a block of code that renderers draw.
impl fmt::Display for Chart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("```mermaid\n")?;
        match self {
            Self::Pie(pie) => pie.fmt(formatter)?,
            Self::Gantt(gantt) => gantt.fmt(formatter)?,
            Self::Flowchart(flowchart) => flowchart.fmt(formatter)?,
        }
        formatter.write_str("```")
    }
}

impl fmt::Display for Pie {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "pie title {}", self.title)?;
        for (name, count) in self.slices.iter().filter(|(_, count)| *count > 0) {
            writeln!(formatter, "    \"{name}\" : {count}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Gantt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "gantt")?;
        writeln!(formatter, "    title {}", self.title)?;
        writeln!(formatter, "    dateFormat YYYY-MM-DD")?;
        writeln!(formatter, "    axisFormat {}", self.axis)?;
        // Else the day of who looks at it is drawn as today.
        writeln!(formatter, "    todayMarker off")?;
        let first = self.day.plus(-self.back_days);
        self.overdue.write(formatter, "crit, ", |due| {
            (due.max(first).min(self.day), self.day)
        })?;
        // The due day is the last that there is.
        self.coming
            .write(formatter, "", |due| (self.day, due.plus(1)))
    }
}

impl Bars {
    fn write(
        &self,
        out: &mut impl Write,
        tags: &str,
        span: impl Fn(Day) -> (Day, Day),
    ) -> fmt::Result {
        if !self.bars.is_empty() {
            writeln!(out, "    section {}", self.heading)?;
        }
        for Bar { due, date, label } in &self.bars {
            let (from, to) = span(*due);
            writeln!(out, "    {date} {} : {tags}{from}, {to}", label.0)?;
        }
        Ok(())
    }
}

impl fmt::Display for Flowchart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "flowchart LR")?;
        let node = |title: &str, progress: u8| {
            // A number and its unit stay on one line.
            format!(
                "[\"{}, {progress}\u{A0}%\"]",
                Label::new(title, self.untitled).0
            )
        };
        for (n, branch) in (1..).zip(&self.branches) {
            writeln!(
                formatter,
                "    a{n}{}",
                node(&branch.title, branch.progress)
            )?;
            for (m, leaf) in (1..).zip(&branch.leaves) {
                writeln!(
                    formatter,
                    "    a{n}b{m}{}",
                    node(&leaf.title, leaf.progress)
                )?;
                writeln!(formatter, "    a{n} --> a{n}b{m}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statements::Leaf;

    fn bars(heading: &'static str, due: &[i64]) -> Bars {
        let bar = |days: &i64| Bar {
            due: Day::default().plus(100 + days),
            date: "1 May".to_owned(),
            label: Label::new("section x: crit, 2026-01-01", "no title"),
        };
        Bars {
            heading,
            bars: due.iter().map(bar).collect(),
        }
    }

    fn gantt(overdue: &[i64], coming: &[i64]) -> Option<Chart> {
        Chart::gantt(Gantt {
            title: "As of today".to_owned(),
            axis: "%d %b",
            day: Day::default().plus(100),
            back_days: 28,
            overdue: bars("Overdue", overdue),
            coming: bars("Coming up", coming),
        })
    }

    #[test]
    fn a_bar_of_what_is_overdue_ends_on_the_day_and_one_of_what_is_coming_begins_there() {
        let chart = gantt(&[-90, -3], &[0, 5]).unwrap().to_string();
        let lines: Vec<&str> = chart.lines().map(str::trim).skip(6).collect();
        let label = "1 May section x crit 2026-01-01";
        assert_eq!(
            lines,
            [
                "section Overdue",
                &format!("{label} : crit, 1970-03-14, 1970-04-11"),
                &format!("{label} : crit, 1970-04-08, 1970-04-11"),
                "section Coming up",
                &format!("{label} : 1970-04-11, 1970-04-12"),
                &format!("{label} : 1970-04-11, 1970-04-17"),
                "```"
            ]
        );
    }

    #[test]
    fn a_chart_of_a_single_piece_is_not_drawn() {
        assert_eq!(gantt(&[], &[1]), None);
        let pie = |begun| {
            let slices = vec![("done", 3), ("begun", begun)];
            Chart::pie(Pie {
                title: "Actions",
                slices,
            })
        };
        assert_eq!(pie(0), None);
        assert!(pie(1).is_some());
        let branch = |leaves: usize| Branch {
            title: "“…”".to_owned(),
            progress: 5,
            of: leaves,
            leaves: vec![
                Leaf {
                    title: String::new(),
                    progress: 5,
                    is_objective: false,
                };
                leaves
            ],
        };
        let flowchart = |leaves| {
            Chart::flowchart(Flowchart {
                branches: vec![branch(leaves)],
                untitled: "no title",
            })
        };
        assert_eq!(flowchart(0), None);
        let chart = flowchart(1).unwrap();
        assert_eq!(
            chart.to_string(),
            "```mermaid\nflowchart LR\n    a1[\"no title, 5\u{A0}%\"]\n    a1b1[\"no title, 5\u{A0}%\"]\n    a1 --> a1b1\n```"
        );
    }
}
