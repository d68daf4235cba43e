//! The look at what was packed: sums, the program out of each kind of package, recipes.
//!
//! Owns what has to be true of it. Must never repair anything.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::archive::{self, sha256};
use super::product::Product;
use super::shipped::Shipped;
use super::target::Target;
use super::{SUMS, npm, pypi, tools};
use crate::editors::on_path;
use crate::program::run;

/// What the demo prints when its project's tests pass at the end.
const DEMO_END: &str = "The tests pass.";

/// Checks that each file has the sum that stands for it, and gives how many there are.
pub fn sums(out: &Path) -> Result<usize> {
    let list = fs::read_to_string(out.join(SUMS)).with_context(|| format!("read {SUMS}"))?;
    for line in list.lines() {
        let (sum, name) = line.split_once("  ").with_context(|| format!("read {SUMS}: {line}"))?;
        let bytes = fs::read(out.join(name)).with_context(|| format!("read {name}"))?;
        ensure!(sha256(&bytes) == sum, "{name} is not what {SUMS} says");
    }
    Ok(list.lines().count())
}

/// Unpacks an archive for this machine and runs the program: its version, and the demo to its end.
pub fn archive(product: &Product, shipped: &Shipped, out: &Path) -> Result<()> {
    let dir = tempfile::tempdir().context("a directory to unpack into")?;
    let bytes = fs::read(out.join(&shipped.name)).with_context(|| format!("read {}", shipped.name))?;
    archive::unpack(&bytes, dir.path())?;
    let program = dir.path().join(product.folder(shipped.target)).join(shipped.target.program());
    if shipped.target.is_static() {
        let program = fs::read(&program).with_context(|| format!("read {}", program.display()))?;
        ensure!(!asks_for_a_loader(&program)?, "the program is not static: it asks for a loader");
    }
    version(product, &mut Command::new(&program))?;
    let mut demo = Command::new(&program);
    demo.args(["demo", "--scripted"]).current_dir(dir.path());
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
        demo.env(name, dir.path());
    }
    let said = run(&mut demo).context("run the demo")?;
    ensure!(said.contains(DEMO_END), "the demo did not end as it should: {said}");
    Ok(())
}

/// Installs the npm packages for this machine out of their files and runs the program by its launcher.
pub fn npm(product: &Product, target: &Target, out: &Path) -> Result<()> {
    let dir = tempfile::tempdir().context("a directory to install into")?;
    fs::write(dir.path().join("package.json"), "{\"private\":true}").context("write package.json")?;
    let mut install = Command::new("npm");
    install.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--offline"]);
    install.arg(out.join(npm::file(product, target))).arg(out.join(npm::launcher_file(product)));
    run(install.current_dir(dir.path())).context("install the packages for npm")?;
    version(product, Command::new("npx").args(["--no-install", "hunkwise"]).current_dir(dir.path()))
}

/// Installs the wheel for this machine into an environment of its own and runs the program.
pub fn wheel(product: &Product, target: &Target, out: &Path) -> Result<()> {
    let dir = tempfile::tempdir().context("a directory to install into")?;
    let python = tools::environment(&dir.path().join("environment"))?;
    let wheel = out.join(pypi::file(product, target));
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]).arg(wheel);
    run(&mut install).context("install the wheel")?;
    version(product, &mut Command::new(python.with_file_name(target.program())))
}

/// Lets the language of a recipe read it, where it is on the path; gives whether it is.
pub fn recipe(path: &Path) -> Result<bool> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (program, flag) = match name.as_str() {
        "PKGBUILD" => ("bash", "-n"),
        "hunkwise.rb" => ("ruby", "-c"),
        _ => return Ok(false),
    };
    let Some(program) = on_path::find(program) else { return Ok(false) };
    run(Command::new(program).arg(flag).arg(path)).with_context(|| format!("read {name}"))?;
    Ok(true)
}

fn version(product: &Product, command: &mut Command) -> Result<()> {
    let said = run(command.arg("--version")).context("ask the program for its version")?;
    let wanted = format!("hunkwise {}", product.version);
    ensure!(said.trim() == wanted, "the program says that it is `{}`, not `{wanted}`", said.trim());
    Ok(())
}

/// Whether a program of Linux (ELF, 64 bits, little-endian) names a loader, and so needs libraries of the system.
fn asks_for_a_loader(program: &[u8]) -> Result<bool> {
    const LOADER: u32 = 3;
    let number = |at: usize, n_bytes: usize| -> Result<usize> {
        let bytes = program.get(at..at + n_bytes).context("the program is cut off")?;
        Ok(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    };
    if program.get(..6) != Some(b"\x7fELF\x02\x01") {
        bail!("the program is no ELF of 64 bits");
    }
    let (table, size, n_entries) = (number(32, 8)?, number(54, 2)?, number(56, 2)?);
    for idx in 0..n_entries {
        if number(table + idx * size, 4)? == LOADER as usize {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head of an ELF with program headers of these kinds.
    fn elf(kinds: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; 64 + kinds.len() * 56];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[32] = 64;
        bytes[54] = 56;
        bytes[56] = kinds.len() as u8;
        for (idx, kind) in kinds.iter().enumerate() {
            bytes[64 + idx * 56] = *kind;
        }
        bytes
    }

    #[test]
    fn a_program_that_names_a_loader_is_not_static() {
        assert!(!asks_for_a_loader(&elf(&[1, 1, 2, 6])).unwrap());
        assert!(asks_for_a_loader(&elf(&[6, 3, 1])).unwrap());
        assert!(asks_for_a_loader(b"#!/bin/sh\n").is_err());
        assert!(asks_for_a_loader(&elf(&[1])[..60]).is_err());
    }

    #[test]
    fn a_file_that_was_changed_since_its_sum_is_found() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a"), "abc").unwrap();
        fs::write(dir.path().join(SUMS), format!("{}  a\n", sha256(b"abc"))).unwrap();
        assert_eq!(sums(dir.path()).unwrap(), 1);
        fs::write(dir.path().join("a"), "abd").unwrap();
        assert_eq!(sums(dir.path()).unwrap_err().to_string(), "a is not what SHA256SUMS says");
    }

    #[test]
    fn recipes_are_read_by_their_own_language() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("PKGBUILD");
        fs::write(&path, "package() {\n").unwrap();
        assert!(on_path::find("bash").is_none() || recipe(&path).is_err());
    }
}
