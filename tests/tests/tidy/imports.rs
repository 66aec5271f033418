//! Files that import each other, directly or by way of others, can only be read, tested and changed together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::source::{crates, tools, Crate};

/// Of modules side by side: what each imports, with the files and names by which it does.
type Graph = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// A module counts with everything below it, since what stands there may be a method that its neighbours see as its own.
/// A module and its children are neighbours, too: a child may use its parent only if the parent does not use the child.
/// To see all imports: `cargo test -p tests --test tidy imports -- --nocapture`.
#[test]
fn imports_make_no_circle() {
    let (mut picture, mut circles) = (String::new(), BTreeMap::new());
    for one in crates().into_iter().chain(tools()) {
        for parent in one.modules.keys() {
            let title = format!("{} {}", one.folder, parent.join("::"));
            circles.extend(draw(title.trim_end(), &graph(&one, parent), &mut picture));
        }
    }
    let all: Vec<String> = circles
        .iter()
        .map(|(circle, imports)| format!("{circle}\n{imports}"))
        .collect();
    assert!(
        all.is_empty(),
        "Modules import each other in a circle. Move what both need into a file of its own below them, hand it in as an \
         argument, or make one file of them.\n\n{}",
        all.join("\n")
    );
    println!("{picture}circles: {}", circles.len());
}

/// The module itself and its children, by name.
fn graph(all: &Crate, parent: &[String]) -> Graph {
    let own = match parent.last() {
        Some(name) => format!("{name} itself"),
        None => "the crate's root".to_owned(),
    };
    let node = |module: &[String]| match module.strip_prefix(parent) {
        Some([]) => Some(own.clone()),
        Some([child, ..]) => Some(child.clone()),
        None => None,
    };
    let mut graph = Graph::new();
    for (path, module) in &all.modules {
        let Some(from) = node(path) else {
            continue;
        };
        let imports = graph.entry(from.clone()).or_default();
        for name in &module.paths {
            let to = all.leads_to(path, name).and_then(node);
            if let Some(to) = to.filter(|to| *to != from) {
                let by = format!("{}: {}", module.file, name.join("::"));
                imports.entry(to).or_default().insert(by);
            }
        }
    }
    graph
}

/// Writes the modules, each below those that it imports, and returns the circles, each with what makes it one.
fn draw(title: &str, graph: &Graph, picture: &mut String) -> BTreeMap<String, String> {
    let mut circles = BTreeMap::new();
    if graph.len() < 2 {
        return circles;
    }
    writeln!(picture, "{title}").expect("text");
    let mut left: BTreeSet<&String> = graph.keys().collect();
    while !left.is_empty() {
        // What imports nothing that is left, but for what imports it as well.
        let next = left.iter().find_map(|name| {
            let reached = reached(graph, name);
            let together = together(graph, name);
            let is_next = |to: &&String| together.contains(to) || !left.contains(to);
            reached.iter().all(is_next).then_some(together)
        });
        let next = next.expect("something is lowest");
        for name in &next {
            let imports: Vec<&str> = graph[*name].keys().map(String::as_str).collect();
            let sign = if next.len() > 1 { "○" } else { " " };
            writeln!(picture, "  {sign} {name} → {}", imports.join(", ")).expect("text");
            left.remove(*name);
        }
        if next.len() > 1 {
            let names: Vec<&str> = next.iter().map(|name| name.as_str()).collect();
            circles.insert(format!("{title}: {}", names.join(", ")), tell(graph, &next));
        }
    }
    writeln!(picture).expect("text");
    circles
}

/// What some modules import of each other, and by which names the shortest circle among them is made.
fn tell(graph: &Graph, together: &BTreeSet<&String>) -> String {
    let mut told = String::new();
    for from in together {
        let imports = graph[*from].keys().filter(|to| together.contains(to));
        let imports: Vec<&str> = imports.map(String::as_str).collect();
        writeln!(told, "  ○ {from} → {}", imports.join(", ")).expect("text");
    }
    let ways = together.iter().map(|name| circle(graph, name));
    let way = ways.min_by_key(Vec::len).expect("a circle");
    for (from, to) in way.iter().zip(way.iter().cycle().skip(1)) {
        writeln!(told, "    {from} imports {to}").expect("text");
        for by in &graph[*from][*to] {
            writeln!(told, "        {by}").expect("text");
        }
    }
    told
}

/// A module with all that it imports and is imported by.
fn together<'a>(graph: &'a Graph, name: &'a String) -> BTreeSet<&'a String> {
    let reached_by = |other: &&String| reached(graph, other).contains(name);
    let mut together: BTreeSet<&String> = reached(graph, name)
        .into_iter()
        .filter(reached_by)
        .collect();
    together.insert(name);
    together
}

/// What a module imports, also by way of others.
fn reached<'a>(graph: &'a Graph, from: &'a str) -> BTreeSet<&'a String> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(from) = next.pop() {
        let new = graph[from].keys().filter(|to| reached.insert(*to));
        next.extend(new.map(String::as_str));
    }
    reached
}

/// The shortest way from a module back to itself, or nothing.
fn circle<'a>(graph: &'a Graph, first: &'a String) -> Vec<&'a String> {
    let mut ways = vec![vec![first]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            let last = way.last().copied().unwrap_or(first);
            for to in graph[last].keys() {
                if to == first {
                    return way;
                }
                if seen.insert(to) {
                    longer.push([way.as_slice(), &[to]].concat());
                }
            }
        }
        ways = longer;
    }
    Vec::new()
}
