//! Installs kakoune-lsp beside the editors and drives Kakoune with it.
//!
//! Owns its version. Must never be part of the tests that always run: it takes minutes to compile.

use std::path::Path;

use anyhow::Result;

use crate::{cargo, editors};

/// The package that kakoune-lsp is published as, and its version.
const PACKAGE: &str = "kak-lsp@22.0.0";

/// Installs what is missing and runs the test. Gives whether it passed.
pub fn e2e(root: &Path, binary: &Path) -> Result<bool> {
    let installed = editors::install(false)?;
    // Into `bin`, where the editors are.
    if !cargo::install(PACKAGE, &[], &installed.dir)? {
        return Ok(false);
    }
    let mut build = cargo::command(root);
    build.args(["build", "--workspace", "--exclude", "xtask", "--bins"]);
    let mut tests = cargo::command(root);
    tests.args(["test", "--workspace", "--exclude", "xtask", "--test", "e2e", "--", "in_kakoune"]);
    tests.env("HUNKWISE_EDITORS", &installed.dir).env("HUNKWISE_BIN", binary);
    Ok(cargo::run(&mut build, &[])?.is_success && cargo::run(&mut tests, &[])?.is_success)
}
