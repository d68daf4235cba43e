//! What a checkout's files have that its last commit has not, by the `git` command line.
//!
//! Owns how git is run: no shell, no pager, none of the commands that a repository's own settings may name, within a time and
//! a size. Must never hand out a part of a file that may not be sent, nor look at files outside of the checkout. It reads; it takes no lock and writes no index.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::Snapshot;
use crate::disk::{checkout_above, real_path};

/// A diff that takes longer is not waited for: the user does.
const LIMIT: Duration = Duration::from_secs(5);
/// More of a diff is never sent, whatever the budget.
const MAX_BYTES: usize = 512 * 1024;
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
        let real = real_path(folder);
        let Some(checkout) = checkout_above(&real) else {
            return Err(NoDiff::Failed(format!("{} is not in a git repository", folder.display())));
        };
        let git = Git { folder, checkout, until: Instant::now() + LIMIT, filters: Vec::new() };
        let git = git.without_filters()?;
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

/// How git is run for one diff.
struct Git<'a> {
    folder: &'a Path,
    /// The only work tree that is looked at, whatever the repository's settings say.
    checkout: &'a Path,
    until: Instant,
    /// Settings that empty the filters which the repository's settings define.
    filters: Vec<String>,
}

struct Output {
    text: String,
    is_cut: bool,
}

impl Git<'_> {
    /// The same with every filter emptied: reading a changed file would run it.
    fn without_filters(mut self) -> Result<Self, NoDiff> {
        let listed = self.run(&["config", "-z", "--name-only", "--get-regexp", "^filter\\..*"], &[]);
        let names = match listed {
            Ok(output) => output.text,
            // Without a match the exit code says failure and nothing else is said.
            Err(NoDiff::Failed(said)) if said.is_empty() => String::new(),
            Err(error) => return Err(error),
        };
        for name in names.split('\0').filter(|name| !name.is_empty() && !name.contains('=')) {
            let value = if name.ends_with(".required") { "false" } else { "" };
            self.filters.push(format!("{name}={value}"));
        }
        Ok(self)
    }

    fn run(&self, args: &[&str], paths: &[&str]) -> Result<Output, NoDiff> {
        let mut command = Command::new("git");
        let own = std::env::vars_os().map(|(name, _)| name);
        for name in own.filter(|name| name.to_string_lossy().starts_with("GIT_")) {
            command.env_remove(name);
        }
        command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1");
        // Paths are names, not patterns.
        command.env("GIT_LITERAL_PATHSPECS", "1").env("LC_ALL", "C");
        // Git still finds the repository itself, so that it asks whose it is, but none further up.
        command.env("GIT_WORK_TREE", self.checkout);
        command.envs(self.checkout.parent().map(|above| ("GIT_CEILING_DIRECTORIES", above)));
        command.arg("-C").arg(self.folder).arg("--no-pager");
        let off = [
            "safe.bareRepository=explicit",
            "core.fsmonitor=false",
            "core.hooksPath=/dev/null",
            "core.quotePath=false",
            "core.safecrlf=false",
        ];
        for setting in off.into_iter().chain(self.filters.iter().map(String::as_str)) {
            command.args(["-c", setting]);
        }
        command.args(args).args(paths);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| NoDiff::NoGit(error.to_string()))?;
        let (tx, rx) = mpsc::channel();
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let reader = std::thread::Builder::new().spawn(move || {
            let mut bytes = Vec::new();
            let read = out.map(|out| out.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes));
            let _ = tx.send((bytes, read.is_some_and(|read| read.is_ok())));
        });
        let said = first_said(err);
        let left = self.until.saturating_duration_since(Instant::now());
        let received =
            if reader.is_ok() { rx.recv_timeout(left) } else { Err(RecvTimeoutError::Disconnected) };
        let is_cut = received.as_ref().is_ok_and(|(bytes, ..)| bytes.len() > MAX_BYTES);
        if received.is_err() || is_cut {
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| NoDiff::Failed(error.to_string()))?;
        let Ok((mut bytes, is_read)) = received else { return Err(NoDiff::Slow) };
        if is_cut {
            let end = bytes.iter().rposition(|byte| *byte == b'\n' || *byte == 0).map_or(0, |end| end + 1);
            bytes.truncate(end);
        } else if !status.success() || !is_read {
            let left = self.until.saturating_duration_since(Instant::now());
            let said = said.recv_timeout(left).unwrap_or_default();
            return Err(NoDiff::Failed(said.trim().lines().next().unwrap_or_default().to_owned()));
        }
        Ok(Output { text: String::from_utf8_lossy(&bytes).into_owned(), is_cut })
    }
}

/// The first 4 KiB of what is said on a pipe, which is read to its end: one that is full would hold up who writes to it.
fn first_said(pipe: Option<ChildStderr>) -> Receiver<String> {
    let (tx, rx) = mpsc::channel();
    let read = move || {
        let Some(mut pipe) = pipe else { return };
        let mut said = Vec::new();
        let _ = pipe.by_ref().take(4_096).read_to_end(&mut said);
        let _ = tx.send(String::from_utf8_lossy(&said).into_owned());
        let _ = std::io::copy(&mut pipe, &mut std::io::sink());
    };
    // Without a thread the pipe is closed: nobody waits for it.
    let _ = std::thread::Builder::new().spawn(read);
    rx
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn more_warnings_than_a_pipe_holds_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let git = Git {
            folder: dir.path(),
            checkout: dir.path(),
            until: Instant::now() + LIMIT,
            filters: Vec::new(),
        };
        let alias = "alias.warn=!yes warning | head -c 300000 >&2; echo done";
        assert_eq!(git.run(&["-c", alias, "warn"], &[]).map(|output| output.text), Ok("done\n".to_owned()));
        let alias = "alias.warn=!yes warning | head -c 300000 >&2; exit 1";
        let failed = git.run(&["-c", alias, "warn"], &[]).map(|output| output.text);
        assert_eq!(failed, Err(NoDiff::Failed("warning".to_owned())));
    }
}
