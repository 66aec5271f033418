#!/bin/sh
# Stages one function for the build inside Appwrite's Rust runtime: `sh scripts/stage.sh <function>`, the `commands` of
# every function in appwrite.json. It runs in a throw-away copy of this workspace, never in a checkout: it overwrites
# Cargo.toml and takes away what the running function does not need. VALYOU_RUNTIME is the runtime's folder where that
# is not the image's own, as in local builds.
set -eu

function=${1:?usage: sh scripts/stage.sh <function>}
runtime=${VALYOU_RUNTIME:-/usr/local/server}

if [ ! -f "$runtime/Cargo.toml" ]; then
  echo "stage.sh: $runtime is not Appwrite's Rust runtime; this script only runs in the copy that Appwrite builds" >&2
  exit 1
fi
if [ -e .git ]; then
  echo "stage.sh: this is a checkout, of which nothing but $function would be left; build with \`cargo run -p gates -- build\`" >&2
  exit 1
fi
for needed in "functions/$function/Cargo.toml" shared/platform/Cargo.toml Cargo.toml Cargo.lock; do
  if [ ! -f "$needed" ]; then
    echo "stage.sh: $needed is missing; deploy the whole workspace (\"path\": \".\" in appwrite.json)" >&2
    exit 1
  fi
done

# The tables that our crates inherit from, and the profile; of a single package only where the function names it.
tables() {
  awk -v named=" $(sed -n 's/^\([a-z-]*\) = .*/\1/p' "functions/$function/Cargo.toml" | tr '\n' ' ')" '
    /^\[/ {
      wanted = /^\[(workspace\.package|workspace\.dependencies|workspace\.lints\.[a-z]+|profile\.release)\]/
      package = $0
      if (sub(/^\[profile\.release\.package\./, "", package) && sub(/\]$/, "", package))
        wanted = index(named, " " package " ")
    }
    wanted' workspace.toml
}
mv Cargo.toml workspace.toml

# The runtime's manifest is the root of the build: our crates inherit from it, and only its profile counts.
{
  echo
  tables
} >>"$runtime/Cargo.toml"

# Without our lock the build would take the newest releases, which this compiler soon cannot build.
cp Cargo.lock "$runtime/Cargo.lock"

# What scrape-enrich knows of pages runs in a process of its own, so it is a second program beside the runtime's. Compiled
# where the runtime compiles, so that no crate is compiled twice.
if [ -f "functions/$function/extraction/Cargo.toml" ]; then
  {
    printf '[workspace]\nresolver = "2"\nmembers = ["functions/%s/extraction"]\n' "$function"
    tables
  } >Cargo.toml
  target=${CARGO_TARGET_DIR:-$runtime/target}
  cargo build --release --package extraction --target-dir "$target"
  cp "$target/release/extraction" read-pages
fi

# What is left here is stored, and unpacked at every cold start: the programs are, what they are compiled from is not. It
# lies in the runtime's folder, whose workspace it becomes a part of as the handler's dependency.
mkdir -p "$runtime/workspace/functions"
mv shared "$runtime/workspace/"
mv "functions/$function" "$runtime/workspace/functions/"
for entry in * .[!.]*; do
  case $entry in
    read-pages) ;;
    *) rm -rf "$entry" ;;
  esac
done

# The runtime compiles this package in its folder src/function.
cat >Cargo.toml <<MANIFEST
[package]
name = "handler"
version = "0.0.0"
edition = "2021"

[lib]
name = "handler"
path = "handler.rs"

[dependencies]
$function = { path = "../../workspace/functions/$function" }
MANIFEST
echo "pub use $(echo "$function" | tr - _)::main;" >handler.rs
