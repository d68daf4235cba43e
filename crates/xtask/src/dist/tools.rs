//! The programs of others that packing needs: one of cargo's, one of Python's.
//!
//! Owns their versions and their directory below the target directory. Each is installed once.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::cargo;
use crate::editors::on_path;
use crate::program::run;

/// The version of cargo-cyclonedx, which lists what is linked.
const CYCLONEDX: &str = "0.5.9";
/// The version of the Python package that packs wheels.
const WHEEL: &str = "0.48.0";

/// cargo-cyclonedx, built here if it is missing.
pub fn cyclonedx(root: &Path, tools: &Path) -> Result<PathBuf> {
    let dir = tools.join(format!("cyclonedx-{CYCLONEDX}"));
    let program = dir.join("bin").join(format!("cargo-cyclonedx{}", env::consts::EXE_SUFFIX));
    if !program.is_file() {
        let mut install = cargo::command(root);
        install.args(["install", "--locked", "--version", CYCLONEDX, "--root"]).arg(&dir);
        ensure!(
            cargo::run(install.arg("cargo-cyclonedx"), &[])?.is_success,
            "cargo-cyclonedx {CYCLONEDX} cannot be installed"
        );
    }
    Ok(program)
}

/// A Python with the package that packs wheels, in an environment of its own.
pub fn python(tools: &Path) -> Result<PathBuf> {
    let dir = tools.join(format!("wheel-{WHEEL}"));
    let python = python_of(&dir);
    let is_there = |python: &Path| run(Command::new(python).args(["-m", "wheel", "version"])).is_ok();
    if !is_there(&python) {
        environment(&dir)?;
        let package = format!("wheel=={WHEEL}");
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", &package]))
            .with_context(|| format!("install {package}"))?;
    }
    Ok(python)
}

/// Makes an environment of Python's in a directory, and gives its Python. What is there goes.
pub fn environment(dir: &Path) -> Result<PathBuf> {
    let python = ["python3", "python"].iter().find_map(|name| on_path::find(name));
    let python = python.context("python3 is not on the path; install Python 3.8 or newer")?;
    if dir.exists() {
        fs::remove_dir_all(dir).with_context(|| format!("remove {}", dir.display()))?;
    }
    run(Command::new(python).args(["-m", "venv"]).arg(dir)).context("make an environment of Python's")?;
    Ok(python_of(dir))
}

fn python_of(dir: &Path) -> PathBuf {
    if cfg!(windows) { dir.join("Scripts/python.exe") } else { dir.join("bin/python") }
}
