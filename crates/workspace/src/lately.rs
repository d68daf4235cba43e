//! What the last commits of a checkout wrote, asked of git.
//!
//! Owns what git is asked. What comes back says only what is likely to be needed; no line of it is shown to anybody.

use std::path::Path;
use std::time::Duration;

use crate::Commits;
use crate::git::Git;

/// A history that takes longer has no say.
const LIMIT: Duration = Duration::from_secs(2);

/// How `git log` prints the last commits for [`Commits::read`], whatever the user's and the repository's settings are: no program of
/// theirs is run, not for signatures either.
pub const LOG_OPTIONS: [&str; 17] = [
    "--max-count=30",
    "--no-merges",
    "--no-renames",
    "--patch",
    "--unified=0",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-show-signature",
    "--no-mailmap",
    "--no-decorate",
    "--relative",
    "--submodule=short",
    "--ignore-submodules=all",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--format=%x01",
];

/// The name of the commit that a folder is at; none outside of a checkout, before the first commit, and without git.
pub(crate) fn head(folder: &Path) -> Option<String> {
    let output = Git::of(folder, LIMIT).run(&["rev-parse", "--verify", "--quiet", "HEAD"], &[]).ok()?;
    Some(output.text.trim().to_owned())
}

/// What the last commits wrote in files below a folder that `may_use` lets pass.
pub(crate) fn commits(folder: &Path, head: &str, may_use: impl Fn(&str) -> bool) -> Option<Commits> {
    let mut args = vec!["log"];
    args.extend(LOG_OPTIONS);
    args.push(head);
    let log = Git::of(folder, LIMIT).run(&args, &[]).inspect_err(|error| {
        tracing::debug!(?error, "git tells nothing of the last commits");
    });
    log.ok().map(|log| Commits::read(&log.text, may_use))
}
