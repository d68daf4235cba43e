//! What a supervisor is told and says: JSON, a line each; behind the end of a command follow the bytes that it printed.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Confinement;

/// Longest line of either side.
pub(super) const MAX_LINE: u64 = 1 << 20;

/// Most bytes that are kept of either output.
pub(super) const MAX_OUTPUT: usize = 64 << 20;

/// A command to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Program and arguments; no shell reads them.
    pub argv: Vec<String>,
    /// The directory that it runs in.
    pub dir: PathBuf,
    /// All of its environment.
    pub env: Vec<(String, String)>,
    /// What it may read and run, besides what it may write.
    pub readable: Vec<PathBuf>,
    /// What it may write.
    pub writable: Vec<PathBuf>,
    /// Whether it may use TCP.
    pub network: bool,
    /// Longest run, in milliseconds.
    pub limit_ms: u64,
    /// Most bytes of either output; one more ends it.
    pub max_output: usize,
    /// Directories whose content goes when it has ended.
    pub emptied: Vec<PathBuf>,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// By itself, with a status.
    Exited(i32),
    /// By a signal.
    Signaled(i32),
    /// It took longer than it may.
    TimedOut,
    /// It printed more than it may.
    Flooded,
    /// It was cancelled.
    Cancelled,
    /// It did not start.
    NotStarted(String),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Request {
    Run(Order),
    Cancel,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Reply {
    Hello(Hello),
    Ended(Ended),
    Failed(String),
}

/// What a supervisor says first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Hello {
    pub(super) scratch: PathBuf,
    pub(super) confinement: Confinement,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ended {
    pub(super) how: How,
    pub(super) n_stdout: usize,
    pub(super) n_stderr: usize,
}
