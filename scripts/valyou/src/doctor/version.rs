//! What the version of a server says of it: whether the functions run there, whether anybody tried it, which security
//! releases it lacks, and which names of events it knows. Pure.

use super::report::Report;

/// Major, minor and patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(u32, u32, u32);

/// The runtime rust-1.83 came with it.
const OLDEST: Version = Version(1, 9, 5);

/// What is said of Appwrite here was measured on it.
const TRIED: Version = Version(1, 9, 6);

/// The first of its line. Only its sources of August 2026 were tried.
const SECOND: Version = Version(2, 0, 0);

/// The last security releases of both lines.
const SAFE: Version = Version(1, 9, 10);
const SAFE_SECOND: Version = Version(2, 6, 2);

/// What the change logs say that the security releases closed.
const HOLES: &str = "tokens that outlived their session, keys and tokens that reached further than they were given, \
                     requests to private hosts";

impl Version {
    /// `1.9.6`, also with something behind it.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.').map(|part| {
            let end = part.find(|letter: char| !letter.is_ascii_digit());
            part[..end.unwrap_or(part.len())].parse().ok()
        });
        Some(Self(parts.next()??, parts.next()??, parts.next()??))
    }

    /// `place` says which server it is and what version it told.
    pub(super) fn look(self, place: &str, report: &mut Report) {
        if self < OLDEST {
            return report.fail(format!(
                "{place}: the runtime rust-1.83 came with 1.9.5; update the server"
            ));
        }
        if self == TRIED {
            report.ok(place);
        } else if self.is_second() {
            report.note(format!(
                "{place}: no release of 2.x was tried with these functions, only the sources of August 2026, before 2.0.0"
            ));
        } else {
            report.note(format!(
                "{place}: it was not tried with these functions, only 1.9.6 was"
            ));
        }
        let safe = if self.is_second() { SAFE_SECOND } else { SAFE };
        if self < safe {
            let Self(major, minor, patch) = safe;
            report.note(format!(
                "{place}: releases up to {major}.{minor}.{patch} closed security holes ({HOLES}); update the server"
            ));
        }
    }

    pub(super) fn is_second(self) -> bool {
        self >= SECOND
    }
}

#[cfg(test)]
mod tests {
    use super::{Report, Version, SAFE, TRIED};

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(SAFE > TRIED);
        assert_eq!(Version::read("1.9.5-rc.1"), Version::read("1.9.5"));
        for wrong in ["", "1.9", "a.b.c", "1..2"] {
            assert_eq!(Version::read(wrong), None, "{wrong}");
        }
    }

    #[track_caller]
    fn check(version: &str, expect: &[&str]) {
        let mut report = Report::default();
        let read = Version::read(version).unwrap();
        read.look("it", &mut report);
        let told = report.to_string();
        let lines: Vec<&str> = told.lines().collect();
        let lines = &lines[..lines.len() - 1];
        assert_eq!(lines.len(), expect.len(), "{version}: {told}");
        for (line, expect) in lines.iter().zip(expect) {
            assert!(
                line.starts_with(expect),
                "{version}: {line}\nwanted: {expect}"
            );
        }
    }

    #[test]
    fn what_was_tried_is_told_from_what_was_not_and_what_is_unsafe() {
        check(
            "1.9.4",
            &["FAIL  it: the runtime rust-1.83 came with 1.9.5"],
        );
        let untried = "note  it: it was not tried with these functions, only 1.9.6 was";
        let holes = "note  it: releases up to 1.9.10 closed security holes";
        check("1.9.5", &[untried, holes]);
        check("1.9.6", &["ok    it", holes]);
        check("1.9.9", &[untried, holes]);
        check("1.9.10", &[untried]);
        let sources = "note  it: no release of 2.x was tried with these functions";
        let holes = "note  it: releases up to 2.6.2 closed security holes";
        check("2.0.0", &[sources, holes]);
        check("2.6.1", &[sources, holes]);
        check("2.6.2", &[sources]);
        check("2.7.1", &[sources]);
    }
}
