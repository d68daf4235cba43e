//! Checks form and lints of the Neovim plugin and of the scripts that drive Neovim.
//!
//! Owns the checking programs' versions. Must never compile them for the tests that always run: that takes minutes.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{cargo, editors};

/// The packages that the programs are published as, and their versions. None of what they leave out is about Lua 5.1.
const STYLUA: &str = "stylua@2.5.2";
const SELENE: &str = "selene@0.31.0";

/// Where the programs' settings are.
const PLUGIN: &str = "editors/nvim";

/// What is checked, as seen from there.
const CHECKED: [&str; 2] = [".", "../../tests/editors"];

/// Compiles what is missing, once, beside the editors, and checks. Gives whether nothing was found.
pub fn lint(root: &Path) -> Result<bool> {
    let dir = editors::list()?.dir;
    for package in [STYLUA, SELENE] {
        if !cargo::install(package, &["--no-default-features"], &dir)? {
            return Ok(false);
        }
    }
    check(root, &dir)
}

/// Whether the programs are there.
pub fn is_installed(dir: &Path) -> bool {
    ["stylua", "selene"].iter().all(|name| program(dir, name).exists())
}

/// Checks with programs that are there.
pub fn check(root: &Path, dir: &Path) -> Result<bool> {
    let run = |name: &str, arguments: &[&str]| -> Result<bool> {
        println!("$ {name} {}", arguments.join(" "));
        let mut command = Command::new(program(dir, name));
        command.args(arguments).args(CHECKED).current_dir(root.join(PLUGIN));
        Ok(command.status().with_context(|| format!("start {name}"))?.success())
    };
    let is_formed = run("stylua", &["--check", "--config-path", "stylua.toml"])?;
    Ok(run("selene", &[])? && is_formed)
}

fn program(dir: &Path, name: &str) -> PathBuf {
    dir.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
