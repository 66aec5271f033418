//! What was found, line by line. Whether a thing is well is decided where it is looked at.

use std::fmt;

#[derive(Debug, Default)]
pub(super) struct Report(Vec<(Verdict, String)>);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Verdict {
    Well,
    Note,
    Fault,
}

impl Report {
    pub(super) fn ok(&mut self, told: impl Into<String>) {
        self.0.push((Verdict::Well, told.into()));
    }

    /// Something to know that is no fault.
    pub(super) fn note(&mut self, told: impl Into<String>) {
        self.0.push((Verdict::Note, told.into()));
    }

    pub(super) fn fail(&mut self, told: impl Into<String>) {
        self.0.push((Verdict::Fault, told.into()));
    }

    pub(super) fn is_well(&self) -> bool {
        self.faults() == 0
    }

    fn faults(&self) -> usize {
        let faults = self
            .0
            .iter()
            .filter(|(verdict, _)| *verdict == Verdict::Fault);
        faults.count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (verdict, told) in &self.0 {
            let word = match verdict {
                Verdict::Well => "ok  ",
                Verdict::Note => "note",
                Verdict::Fault => "FAIL",
            };
            writeln!(f, "{word}  {told}")?;
        }
        match self.faults() {
            0 => writeln!(f, "all is well"),
            1 => writeln!(f, "1 fault"),
            faults => writeln!(f, "{faults} faults"),
        }
    }
}
