//! Makes the list of functions out of this crate's own dependencies: those that stand under functions/.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=Cargo.toml");
    let mut list = "pub const FUNCTIONS: &[Function] = &[\n".to_owned();
    for line in fs::read_to_string("Cargo.toml")?.lines() {
        let Some((name, _)) = line.split_once(" = { path = \"../../functions/") else {
            continue;
        };
        let package = name.replace('-', "_");
        list +=
            &format!("    Function {{ main: {package}::main, routes: || &{package}::ROUTES }},\n");
    }
    list += "];\n";
    let folder = env::var_os("OUT_DIR").unwrap_or_default();
    fs::write(Path::new(&folder).join("functions.rs"), list)
}
