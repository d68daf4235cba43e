//! Manual pages and completions, as the program itself writes them.
//!
//! Owns where they stand in an archive.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::archive::Entry;
use super::shipped;
use crate::program::run;

/// Each shell with its script's place. The names are those under which the shells look for them.
pub const SCRIPTS: &[(&str, &str)] = &[
    ("bash", "completions/hunkwise.bash"),
    ("elvish", "completions/hunkwise.elv"),
    ("fish", "completions/hunkwise.fish"),
    ("powershell", "completions/_hunkwise.ps1"),
    ("zsh", "completions/_hunkwise"),
];

/// All pages and scripts; `program` gives a command that runs the program on this machine.
pub fn entries(program: impl Fn() -> Command) -> Result<Vec<Entry>> {
    let dir = tempfile::tempdir().context("a directory for the manual pages")?;
    run(program().arg("man").arg(dir.path())).context("write the manual pages")?;
    let mut entries = Vec::new();
    for name in shipped::names(dir.path())? {
        let page = fs::read(dir.path().join(&name)).with_context(|| format!("read {name}"))?;
        entries.push(Entry::data(format!("man/{name}"), page));
    }
    for (shell, path) in SCRIPTS {
        let script = run(program().args(["completions", shell]))
            .with_context(|| format!("write the completions for {shell}"))?;
        entries.push(Entry::data(*path, script));
    }
    Ok(entries)
}
