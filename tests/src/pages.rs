//! The pages of the workspace, and what in them follows from the code. Such a part stands between two marks, and with
//! `VALYOU_WRITE` set the test that checks it writes it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Tests of one program write one after another.
static WRITING: Mutex<()> = Mutex::new(());

/// A page: its path from the root of the workspace, and its text.
pub struct Page {
    pub path: String,
    pub text: String,
}

/// A table whose first columns follow from the code. What the last column says of a row is a person's to write.
pub struct Table<'a> {
    pub head: &'a [&'a str],
    /// The column that tells rows apart.
    pub key: usize,
    /// As many columns of the last as are written by hand.
    pub by_hand: usize,
    /// Without what is written by hand.
    pub rows: Vec<Vec<String>>,
}

/// The workspace's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every page that describes the workspace as it is, so without the changelog.
pub fn all() -> Vec<Page> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder that can be read") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // What git does not keep.
            let passed = ["target", ".git", ".valyou", "CHANGELOG.md"].contains(&&*name);
            match path.is_dir() {
                _ if passed => {}
                true => walk(&path, found),
                false if name.ends_with(".md") => found.push(path.clone()),
                false => {}
            }
        }
    }
    let root = root();
    let mut found = Vec::new();
    walk(&root, &mut found);
    found.sort();
    let pages = found.into_iter().map(|path| {
        let below = path.strip_prefix(&root).expect("a path in the workspace");
        Page {
            path: below.to_string_lossy().into_owned(),
            text: fs::read_to_string(&path).expect("a page that can be read"),
        }
    });
    pages.collect()
}

/// The text of a page.
pub fn read(page: &str) -> String {
    fs::read_to_string(root().join(page))
        .unwrap_or_else(|error| panic!("write the page {page}: {error}"))
}

/// The part of a page between its two marks is this text. `test` is the program that checks it.
pub fn check(test: &str, page: &str, part: &str, text: &str) {
    check_or_write(test, page, part, |_| text.trim().to_owned());
}

/// A whole file is this text. `test` is the program that checks it.
pub fn check_file(test: &str, file: &str, text: &str) {
    if is_writing() {
        fs::write(root().join(file), text).expect("a file that can be written");
    }
    check_same(test, file, &read(file), text);
}

impl Table<'_> {
    /// The part of a page between its two marks is this table, and every row has what a person writes.
    pub fn check(&self, test: &str, page: &str, part: &str) {
        let written = check_or_write(test, page, part, |published| {
            self.with_hand(page, published)
        });
        for line in written.lines().skip(2) {
            let cells = cells(line);
            let empty = cells.iter().position(|cell| cell.is_empty());
            let key = cells.get(self.key).copied().unwrap_or_default();
            if let Some(column) = empty {
                panic!(
                    "{page}: say in the line of {key} what stands under \"{}\"",
                    self.head[column]
                );
            }
        }
    }

    /// The table, with what is said by hand in the published one.
    fn with_hand(&self, page: &str, published: &str) -> String {
        let line = |cells: &[&str]| format!("| {} |", cells.join(" | "));
        let rule = vec!["---"; self.head.len()];
        let mut lines = vec![line(self.head), line(&rule).replace(' ', "")];
        let lines_before: Vec<Vec<&str>> = published.lines().skip(2).map(cells).collect();
        for known in &self.rows {
            let before = lines_before.iter();
            let before = before.clone().find(|cells| {
                cells.len() == self.head.len() && cells.get(self.key) == Some(&&*known[self.key])
            });
            let mut row: Vec<&str> = known.iter().map(String::as_str).collect();
            assert_eq!(
                row.len() + self.by_hand,
                self.head.len(),
                "{page}: {known:?}"
            );
            match before {
                Some(before) => row.extend(&before[known.len()..]),
                None => row.extend(vec![""; self.by_hand]),
            }
            lines.push(line(&row));
        }
        lines.join("\n")
    }
}

/// The cells of a line of a table.
fn cells(line: &str) -> Vec<&str> {
    let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
    inner.split('|').map(str::trim).collect()
}

/// What stands in the part now, which is what it should be.
fn check_or_write(test: &str, page: &str, part: &str, text: impl Fn(&str) -> String) -> String {
    let _one = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let whole = read(page);
    let mark = format!("<!-- {part} -->");
    let pieces: Vec<&str> = whole.split(&mark).collect();
    let [before, published, after] = pieces[..] else {
        panic!("{page} needs the line {mark} twice, before and behind what the test writes there");
    };
    let expect = text(published.trim());
    if is_writing() {
        let whole = format!("{before}{mark}\n{expect}\n{mark}{after}");
        fs::write(root().join(page), whole).expect("a page that can be written");
    } else {
        check_same(test, page, published.trim(), &expect);
    }
    expect
}

fn is_writing() -> bool {
    std::env::var_os("VALYOU_WRITE").is_some()
}

/// Tells the lines that differ, and how to make them the same.
fn check_same(test: &str, file: &str, published: &str, expect: &str) {
    let lines = |of: &str, but: &str| -> String {
        let known: Vec<&str> = but.lines().collect();
        let own = of.lines().filter(|line| !known.contains(line));
        own.map(|line| format!("\n  {line}")).collect()
    };
    assert!(
        published == expect,
        "{file} is not what the code says. Write it so: VALYOU_WRITE=1 cargo test -p tests --test {test}\n\
         the code says:{}\nthe file says:{}",
        lines(expect, published),
        lines(published, expect)
    );
}
