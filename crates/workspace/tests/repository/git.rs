//! Repositories that the real `git` makes.

use std::path::Path;
use std::process::Command;

/// Runs git in a folder, as somebody without settings.
pub(crate) fn git(dir: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    let settings = ["user.name=a", "user.email=a@example.org", "commit.gpgsign=false"];
    command.arg("-C").arg(dir).args(settings.iter().flat_map(|setting| ["-c", setting]));
    let output = command.args(args).output().expect("git runs");
    assert!(output.status.success(), "{args:?}: {output:?}");
}
