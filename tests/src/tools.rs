//! Tools of projects that tests check with: where they are, and what is done about those that are not there.
//!
//! What a registry has is installed once, by its own client, below the target directory.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// One installation at a time.
static INSTALLING: Mutex<()> = Mutex::new(());

/// The directory of a program on the search path.
///
/// None, with a line that says so, where it is missing on a person's machine. Panics with `CI=true` on Linux.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let found = found(program);
    if found.is_none() {
        skip(program, "it is not on PATH");
    }
    found
}

fn found(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).find(|dir| dir.join(program).is_file())
}

/// The directory with Go's tools, from Debian's packages where they are not installed; as [`on_path`].
pub fn go() -> Option<PathBuf> {
    if let Some(dir) = found("go") {
        return Some(dir);
    }
    // One directory with all of it: a check reads what lies round the program, and no link out of there.
    const UNPACK: &str = "set -e
        rm -rf \"$1\"; mkdir -p \"$1\"; cd \"$1\"
        version=$(apt-cache depends golang-go | sed -n 's/.*Depends: \\(golang-[0-9.]*\\)-go$/\\1/p' | head -n 1)
        apt-get download \"$version-go\" \"$version-src\"
        for package in *.deb; do dpkg -x \"$package\" unpacked; done
        find unpacked/usr/lib/go-* -maxdepth 1 -type l -delete
        mv unpacked/usr/share/go-*/src unpacked/usr/lib/go-*/
        mv unpacked/usr/lib/go-* go
        rm -r unpacked *.deb";
    let dir = tools().join("go");
    let bin = dir.join("go/bin");
    install("go", &bin.join("go"), || {
        let words = ["sh".to_owned(), "-c".to_owned(), UNPACK.to_owned(), "sh".to_owned()];
        vec![words.into_iter().chain([dir.display().to_string()]).collect()]
    })?;
    Some(bin)
}

/// The directory with TypeScript's compiler; as [`on_path`].
pub fn typescript() -> Option<PathBuf> {
    on_path("node")?;
    let dir = tools().join("typescript");
    let bin = dir.join("node_modules/.bin");
    install("tsc", &bin.join("tsc"), || {
        vec![
            ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]
                .into_iter()
                .map(str::to_owned)
                .chain([dir.display().to_string(), "typescript@5".to_owned()])
                .collect(),
        ]
    })?;
    Some(bin)
}

/// The directory with mypy and pytest; as [`on_path`].
pub fn python() -> Option<PathBuf> {
    on_path("python3")?;
    let dir = tools().join("python");
    let bin = dir.join("bin");
    install("pytest", &bin.join("pytest"), || {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
        let (dir, pip) = (dir.display().to_string(), bin.join("pip").display().to_string());
        vec![
            words(&["python3", "-m", "venv", &dir]),
            words(&[&pip, "install", "--quiet", "--disable-pip-version-check", "mypy", "pytest"]),
        ]
    })?;
    Some(bin)
}

/// Below the target directory, so that it goes with what is built.
fn tools() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let deps = test.ancestors().find(|dir| dir.ends_with("deps")).expect("where cargo puts tests");
    // TARGET/PROFILE/deps
    deps.ancestors().nth(2).expect("the target directory").join("tools")
}

fn install(name: &str, program: &Path, commands: impl Fn() -> Vec<Vec<String>>) -> Option<()> {
    let _one = INSTALLING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if program.exists() {
        return Some(());
    }
    for command in commands() {
        let (first, rest) = command.split_first().expect("a program");
        let output = Command::new(first).args(rest).stdin(Stdio::null()).output();
        let is_done = output.as_ref().is_ok_and(|output| output.status.success());
        if !is_done {
            skip(name, &format!("{} does not work: {output:?}", command.join(" ")));
            return None;
        }
    }
    Some(())
}

#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
fn skip(name: &str, why: &str) {
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!(is_ci && cfg!(target_os = "linux")), "{name} is missing: {why}");
    eprintln!("skipped: {name} is missing: {why}");
}
