//! The project's own checks: its commands, run on a copy of the workspace with open documents and proposed text laid over it.
//!
//! Owns what is offered, what is run, and which of its findings are new. Must never run anything for a checkout that is not
//! trusted, and never tell of a finding that was there without the proposal.

mod causes;
mod discover;
mod new;
mod worker;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use syntax::Stop;
use text::{Edit, Text};
use workspace::{Overlay, Trusted};

use crate::run::Confinement;
use crate::{Format, Severity, ToolFinding};

pub use discover::{Offer, offered};

/// Longest run of a command that does not say otherwise.
pub const DEFAULT_LIMIT: Duration = Duration::from_secs(120);

/// A command of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckCommand {
    /// What it is called: `cargo check`.
    pub name: String,
    /// Program and arguments. A program with a slash lies below the workspace's root.
    pub argv: Vec<String>,
    /// The directory that it runs in, relative to the root, with `/`; empty for the root.
    pub dir: String,
    /// What it prints.
    pub format: Format,
    /// Whether it may use TCP.
    pub network: bool,
    /// Longest run.
    pub limit: Duration,
    /// Who says that there is such a command.
    pub origin: Origin,
}

impl CheckCommand {
    fn program(&self) -> &str {
        self.argv.first().map_or("", String::as_str)
    }

    /// A word for what it finds: "type error", "failing test".
    pub fn word_for(&self, finding: &ToolFinding) -> &'static str {
        let tests = self.argv.iter().any(|argument| argument == "test");
        match self.format {
            _ if finding.severity < Severity::Error => "warning",
            Format::Pytest => "failing test",
            // What does not compile has a column.
            Format::Go if tests && finding.column.is_none() => "failing test",
            Format::Cargo if tests && finding.code.is_none() => "failing test",
            Format::Tsc | Format::Mypy => "type error",
            Format::Cargo | Format::Go | Format::Javac => "compiler error",
            Format::Eslint | Format::Ruff => "lint finding",
            Format::Lines | Format::Sarif => "finding",
        }
    }
}

/// Where a command comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file of the project, relative to the root, makes it likely.
    Found(String),
    /// The user's settings.
    User,
    /// The settings of a workspace that is trusted.
    Workspace,
}

/// Edits of one file, sorted and disjoint in its text.
#[derive(Debug, Clone)]
pub struct Proposed {
    /// The file, absolute.
    pub path: PathBuf,
    /// Its text without them.
    pub base: Text,
    /// One for each hunk.
    pub edits: Vec<Edit>,
}

/// One check to make.
#[derive(Debug, Clone)]
pub struct CheckRequest {
    /// The command.
    pub command: CheckCommand,
    /// Open documents.
    pub open: Overlay,
    /// What is proposed; nothing for a check of the workspace as it is, which tells all findings.
    pub proposed: Vec<Proposed>,
}

/// A hunk of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HunkAt {
    /// Its file among those proposed.
    pub file_idx: usize,
    /// It among that file's edits.
    pub hunk_idx: usize,
}

/// A finding that is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFinding {
    /// It, with its line in the text with all hunks.
    pub finding: ToolFinding,
    /// The text of that line, without its ending; empty where it cannot be read.
    pub line: String,
    /// The hunks that cause it; none where that is not known.
    pub hunks: Vec<HunkAt>,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// The name of the command.
    pub name: String,
    /// New findings, by path and line.
    pub findings: Vec<NewFinding>,
    /// The command fails now, and its output has no place for it: the end of that output.
    pub failure: Option<String>,
    /// The command fails with all hunks, or without a proposal where there is none.
    pub fails: bool,
    /// What held for the command.
    pub confinement: Confinement,
    /// How long it ran.
    pub took: Duration,
}

impl CheckReport {
    /// Whether what it found is to be put right: an error, or anything that is worth a look where the command fails now.
    pub fn is_bad(&self) -> bool {
        let worst = self.findings.iter().map(|found| found.finding.severity).max();
        self.failure.is_some()
            || worst == Some(Severity::Error)
            || worst == Some(Severity::Warning) && self.fails
    }
}

/// A check that says nothing. What was asked about is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotChecked {
    /// A program is not there.
    #[error("{name} was not run: {program} is not on PATH")]
    Missing {
        /// Of which check.
        name: String,
        /// The program.
        program: String,
    },
    /// The workspace cannot be copied.
    #[error("{name} was not run: {why}")]
    NoCopy {
        /// Of which check.
        name: String,
        /// Why not.
        why: String,
    },
    /// It needs installed packages, and nothing here would keep it from writing to them.
    #[error(
        "{name} was not run: it needs {}, and this system has no Landlock to keep it from writing there",
        path.display()
    )]
    NeedsPackages {
        /// Of which check.
        name: String,
        /// Where they lie.
        path: PathBuf,
    },
    /// It did not come to its end.
    #[error("{name} did not end by itself: {why}")]
    Unfinished {
        /// Of which check.
        name: String,
        /// Why not.
        why: String,
    },
    /// It fails without the proposal, too, and tells nothing about any file: neither that there is something wrong nor that
    /// there is not.
    #[error("{name} says nothing about the proposal, because it fails without it, too:\n{why}")]
    FailsAnyway {
        /// Of which check.
        name: String,
        /// The end of what it printed.
        why: String,
    },
    /// It was cancelled, before or while it ran.
    #[error("{name} was cancelled")]
    Cancelled {
        /// Of which check.
        name: String,
    },
    /// There is no supervisor.
    #[error("{name} was not run: {why}")]
    NoSupervisor {
        /// Of which check.
        name: String,
        /// Why not.
        why: String,
    },
}

/// What checks need of the process they are made in.
#[derive(Debug, Clone)]
pub struct CheckOptions {
    /// A program, with first arguments, that calls [`crate::run::supervise`] with the rest of them.
    pub supervisor: Vec<OsString>,
    /// A directory of the user's for copies of workspaces.
    pub scratch: PathBuf,
    /// The environment, of which the allowed variables are given to commands.
    pub env: Vec<(String, String)>,
}

/// The checks of one workspace, one at a time, in the order in which they were asked for.
///
/// Cheap to clone. With the last clone the copy of the workspace goes.
#[derive(Debug, Clone)]
pub struct ProjectChecks {
    tx: Sender<worker::Work>,
    worker: Arc<JoinHandle<()>>,
}

impl ProjectChecks {
    /// Checks of a trusted workspace. Nothing is copied and no process is started before the first of them.
    pub fn new(trusted: Trusted, options: CheckOptions) -> ProjectChecks {
        let (tx, rx) = channel();
        let worker = std::thread::spawn(move || worker::work(&trusted, &options, &rx));
        ProjectChecks { tx, worker: Arc::new(worker) }
    }

    /// Ends when nothing is left of the checks, if this is the last clone: for a process that is about to end.
    pub fn close(self) {
        let ProjectChecks { tx, worker } = self;
        drop(tx);
        if let Some(worker) = Arc::into_inner(worker) {
            // A worker that failed has dropped its copy on the way.
            let _ = worker.join();
        }
    }

    /// Makes checks one after the other; `begin` is told of each before its turn. A command is left out when the same program
    /// found errors in the same directory just now: what does not compile fails its tests, too.
    pub fn check_each(
        &self,
        commands: &[CheckCommand],
        open: &Overlay,
        proposed: &[Proposed],
        stop: &Stop,
        mut begin: impl FnMut(&CheckCommand),
    ) -> Vec<(CheckCommand, Result<CheckReport, NotChecked>)> {
        let mut made: Vec<(CheckCommand, Result<CheckReport, NotChecked>)> = Vec::new();
        for command in commands {
            let fails = |report: &CheckReport| {
                report.findings.iter().any(|found| found.finding.severity == Severity::Error)
            };
            let is_like =
                |known: &CheckCommand| known.program() == command.program() && known.dir == command.dir;
            if made.iter().any(|(known, report)| is_like(known) && report.as_ref().is_ok_and(fails)) {
                continue;
            }
            begin(command);
            let (open, proposed) = (open.clone(), proposed.to_vec());
            let request = CheckRequest { command: command.clone(), open, proposed };
            made.push((command.clone(), self.check(request, stop)));
        }
        made
    }

    /// Makes a check when those before it are done. Waits for it: for a job, never for the mailbox.
    pub fn check(&self, request: CheckRequest, stop: &Stop) -> Result<CheckReport, NotChecked> {
        let name = request.command.name.clone();
        let (tx, rx) = channel();
        let gone = || NotChecked::NoSupervisor { name: name.clone(), why: "its queue is closed".to_owned() };
        self.tx.send(worker::Work { request, stop: stop.clone(), tx }).map_err(|_| gone())?;
        rx.recv().unwrap_or_else(|_| Err(gone()))
    }
}

/// A relative path with `/`; none if it is not UTF-8.
fn with_slashes(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}
