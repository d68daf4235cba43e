//! Tells the crate by which rules it makes facts, as [`form::of`] says it, so that facts made by others are known for it.

#[path = "build/form.rs"]
mod form;

use std::io::Write as _;
use std::path::Path;

fn main() -> std::io::Result<()> {
    // Not the directory that it was compiled in: checkouts can share a target directory.
    let dir = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let form = form::of(Path::new(&dir))?;
    let mut out = std::io::stdout().lock();
    for input in &form.inputs {
        writeln!(out, "cargo::rerun-if-changed={}", input.display())?;
    }
    writeln!(out, "cargo::rustc-env=HUNKWISE_FACTS_FORM={}", form.hash)
}
