//! Real editors for tests: where they are, and what is done about those that are not there.

use std::path::PathBuf;

/// The program of an editor in `HUNKWISE_EDITORS`, the directory that `cargo xtask editors` fills and `cargo xtask test` names.
///
/// None, with a line that says so, where it is missing on a person's machine. Panics on Linux with `CI=true`: nothing may be
/// left out there.
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
pub fn editor(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("HUNKWISE_EDITORS").map(|dir| PathBuf::from(dir).join("bin").join(name))?;
    if path.exists() {
        return Some(path);
    }
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!(is_ci && cfg!(target_os = "linux")), "{name} is missing; `cargo xtask editors` installs it");
    eprintln!("skipped: {name} is not installed; `cargo xtask editors` does it");
    None
}
