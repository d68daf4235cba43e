//! What a checkout's files have that its last commit has not.
//!
//! Must never hand out a part of a file that may not be sent.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Snapshot;
use crate::git::{Failed, Git};

/// A diff that takes longer is not waited for: the user does.
const LIMIT: Duration = Duration::from_secs(5);
/// Files of one diff: their names go on a command line.
const MAX_FILES: usize = 200;

/// The changes below a folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Uncommitted {
    /// A unified diff; empty for no changes.
    pub diff: String,
    /// Files left out because they may not be sent, with those beyond the limit of files.
    pub n_left_out: usize,
    /// The diff was longer than may be sent.
    pub is_cut: bool,
}

/// Why there is no diff.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDiff {
    /// There is no git.
    #[error("`git` cannot be started: {0}")]
    NoGit(String),
    /// It takes too long.
    #[error("`git diff` took longer than {} seconds", LIMIT.as_secs())]
    Slow,
    /// It says no: no repository, no commit.
    #[error("`git diff` failed: {0}")]
    Failed(String),
}

impl Snapshot {
    /// What the files below a folder have that the last commit has not; files that git does not track are not in it, and
    /// files that may not be sent are left out.
    pub fn uncommitted(&self, folder: &Path) -> Result<Uncommitted, NoDiff> {
        let git = Git::of(folder, LIMIT).without_filters()?;
        let names =
            git.run(&["diff", "HEAD", "--name-only", "-z", "--no-renames", "--relative", "--"], &[])?;
        let all: Vec<&str> = names.text.split('\0').filter(|name| !name.is_empty()).collect();
        let may_send = |name: &&str| {
            let path: PathBuf = folder.join(name);
            self.may_send(&path).is_ok()
        };
        // The last name of a list that was cut may be a part of one.
        let whole = if names.is_cut { all.len().saturating_sub(1) } else { all.len() };
        let sent: Vec<&str> = all.iter().copied().take(whole).filter(may_send).take(MAX_FILES).collect();
        let n_left_out = all.len() - sent.len();
        if sent.is_empty() {
            return Ok(Uncommitted { n_left_out, ..Uncommitted::default() });
        }
        let options = [
            "diff",
            "HEAD",
            "--no-renames",
            "--relative",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--ignore-submodules=all",
            "--",
        ];
        let diff = git.run(&options, &sent)?;
        Ok(Uncommitted { diff: diff.text, n_left_out, is_cut: diff.is_cut })
    }
}

impl From<Failed> for NoDiff {
    fn from(failed: Failed) -> NoDiff {
        match failed {
            Failed::NoGit(why) => NoDiff::NoGit(why),
            Failed::Slow => NoDiff::Slow,
            Failed::Said(said) => NoDiff::Failed(said),
        }
    }
}
