//! The crates under `shared/`, `functions/` and `scripts/` as they are written: their files, and what stands in these
//! outside tests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use serde_json::Value;

/// A program or library of a package: modules that import each other by `crate::`.
pub(crate) struct Crate {
    /// Of the package, from the root of the workspace.
    pub(crate) folder: String,
    /// By their path from the root of the crate, which is empty for the root itself.
    pub(crate) modules: BTreeMap<Vec<String>, Module>,
}

/// A file, or a block `mod x { … }` in one.
#[derive(Default)]
pub(crate) struct Module {
    /// From the root of the workspace.
    pub(crate) file: String,
    /// Every path in it, as it is written.
    pub(crate) paths: BTreeSet<Vec<String>>,
    /// What its `use` brings into it, by the name that it has there.
    imports: BTreeMap<String, Vec<String>>,
}

/// What `cargo` knows of the workspace's own packages.
pub(crate) fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline"])
        .args(["--format-version", "1"])
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata: {said}");
    serde_json::from_slice(&output.stdout).expect("cargo speaks JSON")
}

/// A list in what `cargo` says, empty where there is none.
pub(crate) fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value[name].as_array().into_iter().flatten()
}

/// A text in what `cargo` says.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    let text = value[name].as_str();
    text.unwrap_or_else(|| panic!("no text {name} in {value}"))
}

/// The folder of a package, from the root of the workspace, with `/`.
pub(crate) fn folder_of(package: &Value) -> String {
    let manifest = Path::new(text(package, "manifest_path"));
    from_root(manifest.parent().expect("a folder"))
}

/// Whether a package is deployed, or part of what is.
pub(crate) fn is_deployed(folder: &str) -> bool {
    ["shared", "functions"].contains(&folder.split('/').next().unwrap_or_default())
}

/// Those of all packages under `shared/` and `functions/`.
pub(crate) fn crates() -> Vec<Crate> {
    let crates = crates_in(is_deployed);
    assert!(crates.len() > 4, "cargo metadata names too few packages");
    crates
}

/// The libraries of all packages under `scripts/`; their programs are a line each.
pub(crate) fn tools() -> Vec<Crate> {
    let crates = crates_in(is_tool);
    let is_library = |one: &Crate| one.modules[&Vec::new()].file.ends_with("/src/lib.rs");
    crates.into_iter().filter(is_library).collect()
}

/// The library of the embedded Appwrite.
pub(crate) fn appwrite() -> Crate {
    let library = tools()
        .into_iter()
        .find(|one| one.folder == "scripts/appwrite");
    library.expect("scripts/appwrite has a library")
}

/// Whether a package is one of those that only people and tests run.
pub(crate) fn is_tool(folder: &str) -> bool {
    folder.starts_with("scripts/")
}

fn crates_in(is_wanted: impl Fn(&str) -> bool) -> Vec<Crate> {
    let metadata = metadata();
    let mut crates = Vec::new();
    for package in list(&metadata, "packages") {
        let folder = folder_of(package);
        if !is_wanted(&folder) {
            continue;
        }
        for target in list(package, "targets") {
            let is_built = list(target, "kind").any(|kind| kind == "lib" || kind == "bin");
            if is_built {
                crates.push(Crate::read(
                    folder.clone(),
                    Path::new(text(target, "src_path")),
                ));
            }
        }
    }
    crates
}

fn from_root(path: &Path) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let inside = path.strip_prefix(root.expect("a folder"));
    let inside = inside.expect("below the workspace").components();
    let parts = inside.map(|part| part.as_os_str().to_string_lossy().into_owned());
    parts.collect::<Vec<_>>().join("/")
}

impl Crate {
    fn read(folder: String, root: &Path) -> Self {
        let mut read = Self {
            folder,
            modules: BTreeMap::new(),
        };
        read.file(root, root.parent().expect("a folder"), &[]);
        read
    }

    fn file(&mut self, file: &Path, source: &Path, module: &[String]) {
        let text = std::fs::read_to_string(file)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let tokens = TokenStream::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.module(&from_root(file), source, module, tokens);
    }

    fn module(&mut self, file: &str, source: &Path, path: &[String], tokens: TokenStream) {
        let mut reader = Reader::default();
        reader.read(tokens);
        let module = Module {
            file: file.to_owned(),
            ..reader.module
        };
        self.modules.insert(path.to_vec(), module);
        for (name, block) in reader.children {
            let mut path = path.to_vec();
            path.push(name);
            match block {
                Some(tokens) => self.module(file, source, &path, tokens),
                None => {
                    let folder = source.join(path.iter().collect::<PathBuf>());
                    let beside = folder.with_extension("rs");
                    let file = if beside.is_file() {
                        beside
                    } else {
                        folder.join("mod.rs")
                    };
                    self.file(&file, source, &path);
                }
            }
        }
    }

    /// The module in which a path of another one ends, whatever it is re-exported by; none if that is another crate's.
    pub(crate) fn leads_to(&self, from: &[String], path: &[String]) -> Option<&[String]> {
        let mut path = self.absolute(from, path)?;
        // A re-export may be one of a re-export.
        for _ in 0..8 {
            let (at, module) = (0..=path.len())
                .rev()
                .find_map(|length| self.modules.get_key_value(path.get(..length)?))?;
            let rest = path.get(at.len()..).unwrap_or_default();
            let import = rest.first().and_then(|name| module.imports.get(name));
            let Some(mut next) = import.and_then(|import| self.absolute(at, import)) else {
                return Some(at);
            };
            next.extend(rest.iter().skip(1).cloned());
            path = next;
        }
        None
    }

    /// The path from the root of the crate.
    fn absolute(&self, from: &[String], path: &[String]) -> Option<Vec<String>> {
        let mut at = from.to_vec();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => {
                at.clear();
                rest = &path[1..];
            }
            "self" => rest = &path[1..],
            "super" => {
                while let Some(("super", after)) = rest
                    .split_first()
                    .map(|(first, after)| (first.as_str(), after))
                {
                    at.pop();
                    rest = after;
                }
            }
            child => {
                let mut below = from.to_vec();
                below.push(child.to_owned());
                self.modules.get(&below)?;
            }
        }
        at.extend(rest.iter().cloned());
        Some(at)
    }
}

/// Reads one module; blocks and files below it are left for later.
#[derive(Default)]
struct Reader {
    module: Module,
    children: Vec<(String, Option<TokenStream>)>,
}

impl Reader {
    fn read(&mut self, tokens: TokenStream) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        let mut rest = trees.as_slice();
        while let Some((first, after)) = rest.split_first() {
            rest = match (first, after) {
                (TokenTree::Punct(hash), [TokenTree::Group(attribute), after @ ..])
                    if hash.as_char() == '#' =>
                {
                    if attribute.stream().to_string().replace(' ', "") == "cfg(test)" {
                        after_item(after)
                    } else {
                        self.read(attribute.stream());
                        after
                    }
                }
                (TokenTree::Ident(word), _) if word == "use" => {
                    let end = after.iter().position(|tree| is(tree, ';'));
                    let (tree, after) = after.split_at(end.unwrap_or(after.len()));
                    self.import(&[], tree);
                    after
                }
                (TokenTree::Ident(word), [TokenTree::Ident(name), next, after @ ..])
                    if word == "mod" =>
                {
                    let block = match next {
                        TokenTree::Group(block) => Some(block.stream()),
                        _ => None,
                    };
                    self.children.push((name.to_string(), block));
                    after
                }
                (TokenTree::Ident(word), _) => {
                    let mut path = vec![word.to_string()];
                    let mut rest = after;
                    while let [first, second, TokenTree::Ident(word), after @ ..] = rest {
                        if !(is(first, ':') && is(second, ':')) {
                            break;
                        }
                        path.push(word.to_string());
                        rest = after;
                    }
                    if path.len() > 1 {
                        self.module.paths.insert(path);
                    }
                    rest
                }
                (TokenTree::Group(group), _) => {
                    self.read(group.stream());
                    after
                }
                _ => after,
            };
        }
    }

    /// What stands between `use` and its semicolon.
    fn import(&mut self, before: &[String], tree: &[TokenTree]) {
        match tree {
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => {
                let trees: Vec<TokenTree> = group.stream().into_iter().collect();
                for tree in trees.split(|tree| is(tree, ',')) {
                    self.import(before, tree);
                }
            }
            [first, second, after @ ..] if is(first, ':') && is(second, ':') => {
                self.import(before, after);
            }
            [TokenTree::Ident(word), after @ ..] => {
                let mut path = before.to_vec();
                // `x::{self}` names x.
                if word != "self" || before.is_empty() {
                    path.push(word.to_string());
                }
                if let [first, ..] = after {
                    if is(first, ':') {
                        return self.import(&path, after);
                    }
                }
                let name = match after {
                    [_, TokenTree::Ident(alias)] => Some(alias.to_string()),
                    _ => path.last().cloned(),
                };
                if let Some(name) = name {
                    self.module.imports.insert(name, path.clone());
                }
                self.module.paths.insert(path);
            }
            [star] if is(star, '*') => {
                self.module.paths.insert(before.to_vec());
            }
            _ => {}
        }
    }
}

/// What comes after an item with its attributes.
fn after_item(trees: &[TokenTree]) -> &[TokenTree] {
    let ends = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        other => is(other, ';'),
    };
    let end = trees.iter().position(ends);
    end.and_then(|end| trees.get(end + 1..)).unwrap_or_default()
}

fn is(tree: &TokenTree, sign: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == sign)
}

#[test]
fn every_way_to_name_a_module_is_read() {
    let text = r#"
        mod a { pub mod b { pub struct B; } pub use b::B as Renamed; pub struct A; }
        mod tree { use crate::{a::{self, b::B as C}, derived::*}; }
        mod exported { use super::a::Renamed; }
        mod above { mod below { fn x(y: super::super::a::A) {} } }
        mod parent { mod child { use super::super::tree; } fn x() { child::x(); self::other::x() } mod other { fn x() {} } }
        mod called { fn x() { println!("{}", [crate::a::x()]) } }
        mod derived { #[derive(crate::a::D)] struct X; }
        mod foreign { use std::a::A; fn x() { a.b(); other::a::x(); "crate::a::x"; } /* crate::a::A */ }
        mod tested {
            #[cfg(test)] use crate::a::A;
            #[cfg(test)] #[derive(crate::a::D)] struct X { y: crate::a::A }
            fn x() {}
            #[cfg(test)] mod tests { use crate::a::A; }
        }
    "#;
    let mut read = Crate {
        folder: String::new(),
        modules: BTreeMap::new(),
    };
    let tokens = TokenStream::from_str(text).expect("Rust");
    read.module("lib.rs", Path::new(""), &[], tokens);
    let check = |module: &str, expect: &[&str]| {
        let path: Vec<String> = module.split("::").map(str::to_owned).collect();
        let named = read.modules[&path].paths.iter();
        let found: BTreeSet<String> = named
            .filter_map(|named| Some(read.leads_to(&path, named)?.join("::")))
            .collect();
        let expect = expect.iter().map(|module| (*module).to_owned()).collect();
        assert_eq!(found, expect, "{module}");
    };
    check("a", &["a::b"]);
    check("a::b", &[]);
    check("tree", &["a", "a::b", "derived"]);
    check("exported", &["a::b"]);
    check("above::below", &["a"]);
    check("parent", &["parent::child", "parent::other"]);
    check("parent::child", &["tree"]);
    check("called", &["a"]);
    check("derived", &["a"]);
    check("foreign", &[]);
    check("tested", &[]);
}
