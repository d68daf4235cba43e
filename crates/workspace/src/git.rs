//! The `git` command line, run in a folder that nobody has to trust.
//!
//! Owns how git is run: no shell, no pager, none of the commands that a repository's own settings may name, within a time and
//! a size. Must never look at files outside of the checkout. It reads; it takes no lock and writes no index.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::disk::{checkout_above, real_path};

/// More of what git says is never read.
const MAX_BYTES: usize = 512 * 1024;

/// How git is run in one folder, within one time.
pub(crate) struct Git<'a> {
    folder: &'a Path,
    /// The only work tree that is looked at, whatever the repository's settings say; none where there is no checkout.
    checkout: Option<PathBuf>,
    until: Instant,
    /// Settings that empty the filters which the repository's settings define.
    filters: Vec<String>,
}

/// What git said, at most [`MAX_BYTES`] of it.
pub(crate) struct Output {
    pub(crate) text: String,
    /// There was more; the last line of the text is whole.
    pub(crate) is_cut: bool,
}

/// Why git said nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failed {
    NoGit(String),
    Slow,
    Said(String),
}

impl<'a> Git<'a> {
    /// Git in a folder, for as long as `limit` from now on.
    pub(crate) fn of(folder: &'a Path, limit: Duration) -> Git<'a> {
        let checkout = checkout_above(&real_path(folder)).map(Path::to_owned);
        Git { folder, checkout, until: Instant::now() + limit, filters: Vec::new() }
    }

    /// The same with every filter emptied: reading a changed file would run it.
    pub(crate) fn without_filters(mut self) -> Result<Self, Failed> {
        let listed = self.run(&["config", "-z", "--name-only", "--get-regexp", "^filter\\..*"], &[]);
        let names = match listed {
            Ok(output) => output.text,
            // Without a match the exit code says failure and nothing else is said.
            Err(Failed::Said(said)) if said.is_empty() => String::new(),
            Err(error) => return Err(error),
        };
        for name in names.split('\0').filter(|name| !name.is_empty() && !name.contains('=')) {
            let value = if name.ends_with(".required") { "false" } else { "" };
            self.filters.push(format!("{name}={value}"));
        }
        Ok(self)
    }

    /// Runs git with `args`, then `paths` by their names.
    pub(crate) fn run(&self, args: &[&str], paths: &[&str]) -> Result<Output, Failed> {
        let Some(checkout) = &self.checkout else {
            return Err(Failed::Said(format!("{} is not in a git repository", self.folder.display())));
        };
        let mut command = Command::new("git");
        let own = std::env::vars_os().map(|(name, _)| name);
        for name in own.filter(|name| name.to_string_lossy().starts_with("GIT_")) {
            command.env_remove(name);
        }
        command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1");
        // Paths are names, not patterns.
        command.env("GIT_LITERAL_PATHSPECS", "1").env("LC_ALL", "C");
        // Git still finds the repository itself, so that it asks whose it is, but none further up.
        command.env("GIT_WORK_TREE", checkout);
        command.envs(checkout.parent().map(|above| ("GIT_CEILING_DIRECTORIES", above)));
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
        let mut child = command.spawn().map_err(|error| Failed::NoGit(error.to_string()))?;
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
        let status = child.wait().map_err(|error| Failed::Said(error.to_string()))?;
        let Ok((mut bytes, is_read)) = received else { return Err(Failed::Slow) };
        if is_cut {
            let end = bytes.iter().rposition(|byte| *byte == b'\n' || *byte == 0).map_or(0, |end| end + 1);
            bytes.truncate(end);
        } else if !status.success() || !is_read {
            let left = self.until.saturating_duration_since(Instant::now());
            let said = said.recv_timeout(left).unwrap_or_default();
            return Err(Failed::Said(said.trim().lines().next().unwrap_or_default().to_owned()));
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
        std::fs::create_dir(dir.path().join(".git")).unwrap();
        let git = Git::of(dir.path(), Duration::from_secs(5));
        let alias = "alias.warn=!yes warning | head -c 300000 >&2; echo done";
        assert_eq!(git.run(&["-c", alias, "warn"], &[]).map(|output| output.text), Ok("done\n".to_owned()));
        let alias = "alias.warn=!yes warning | head -c 300000 >&2; exit 1";
        let failed = git.run(&["-c", alias, "warn"], &[]).map(|output| output.text);
        assert_eq!(failed, Err(Failed::Said("warning".to_owned())));
    }
}
