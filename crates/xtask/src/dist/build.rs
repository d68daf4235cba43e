//! Builds the program for a target.
//!
//! Owns the flags of the compiler. Must never touch what it built.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::product::PACKAGE;
use super::target::Target;
use crate::cargo;
use crate::program::run;

/// Rust's name of this machine.
pub fn host() -> Result<String> {
    let said = run(Command::new(rustc()).arg("-vV"))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc names no host")
}

/// Whether Rust's standard library for a target is installed.
pub fn has_std(triple: &str) -> bool {
    let libs = run(Command::new(rustc()).args(["--print", "target-libdir", "--target", triple]));
    libs.is_ok_and(|dir| Path::new(dir.trim()).is_dir())
}

/// Builds the optimised program, and gives where it is. `target_dir` is where cargo builds.
///
/// Fails where Rust's library for the target is missing, before anything is built.
pub fn program(root: &Path, target: &Target, target_dir: &Path) -> Result<PathBuf> {
    let triple = target.triple;
    ensure!(has_std(triple), "Rust's library for {triple} is missing: rustup target add {triple}");
    let mut build = cargo::command(root);
    build.args(["build", "--release", "--locked", "--package", PACKAGE, "--target", triple]);
    // They count before all others that a machine may have set, and for the target alone.
    build.env("CARGO_ENCODED_RUSTFLAGS", flags(target, root)?.join("\u{1f}"));
    if !triple.ends_with("-msvc") {
        let prefix = format!("-ffile-prefix-map={}=/cargo", cargo_home()?.display());
        build.env(format!("CFLAGS_{}", triple.replace('-', "_")), prefix);
    }
    if triple.ends_with("-linux-musl") && env::var_os(cc_variable(triple)).is_none() {
        build.env(cc_variable(triple), "musl-gcc");
    }
    ensure!(cargo::run(&mut build, &[])?.is_success, "the program for {triple} does not build");
    let program = target_dir.join(triple).join("release").join(target.program());
    let bytes = fs::read(&program).with_context(|| format!("read {}", program.display()))?;
    for dir in [root, &cargo_home()?] {
        ensure!(!holds(&bytes, dir), "the program holds the path {}", dir.display());
    }
    Ok(program)
}

fn holds(program: &[u8], dir: &Path) -> bool {
    let dir = format!("{}/", dir.display());
    program.windows(dir.len()).any(|bytes| bytes == dir.as_bytes())
}

/// The variable that names the C compiler of a target.
fn cc_variable(triple: &str) -> String {
    format!("CC_{}", triple.replace('-', "_"))
}

/// A C library is linked in, and the program holds no path of the machine that it was built on.
fn flags(target: &Target, root: &Path) -> Result<Vec<String>> {
    let mut flags = Vec::new();
    if target.is_static() || target.triple.ends_with("-windows-msvc") {
        flags.extend(["-C".to_owned(), "target-feature=+crt-static".to_owned()]);
    }
    flags.push(format!("--remap-path-prefix={}=/hunkwise", root.display()));
    flags.push(format!("--remap-path-prefix={}=/cargo", cargo_home()?.display()));
    Ok(flags)
}

fn cargo_home() -> Result<PathBuf> {
    let home =
        || Some(Path::new(&env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"))?).join(".cargo"));
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home).context("find cargo's own directory")
}

fn rustc() -> std::ffi::OsString {
    env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linux_gets_its_c_library_linked_in_and_no_system_a_path_of_this_one() {
        let of = |triple| flags(Target::named(triple).unwrap(), Path::new("/a/tree")).unwrap();
        let linux = of("x86_64-unknown-linux-gnu");
        assert_eq!(linux[..3], ["-C", "target-feature=+crt-static", "--remap-path-prefix=/a/tree=/hunkwise"]);
        let mac = of("aarch64-apple-darwin");
        assert_eq!(mac[0], "--remap-path-prefix=/a/tree=/hunkwise");
        assert!(mac[1].starts_with("--remap-path-prefix=") && mac[1].ends_with("=/cargo"), "{}", mac[1]);
    }

    #[test]
    fn a_path_of_this_machine_is_found_in_a_program() {
        assert!(holds(b"\0panicked at /a/tree/src/lib.rs", Path::new("/a/tree")));
        assert!(!holds(b"\0panicked at /hunkwise/src/lib.rs, not /a/trees", Path::new("/a/tree")));
    }

    #[test]
    fn this_machine_has_what_it_builds_with() {
        let host = host().unwrap();
        assert!(has_std(&host), "{host}");
        assert!(!has_std("no-such-system"));
    }
}
