//! The project's own checks: one queue for each folder, made when something in it is checked for the first time.
//!
//! Owns the queues. The mailbox only hands jobs over; whatever looks at a disk or waits runs beside it.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use verify::project::{CheckOptions, ProjectChecks};
use verify::run::own_env;
use workspace::{Trust, TrustError, Trusted};

use crate::job::{Outcome, TrustWord};
use crate::project::{LookUpJob, LookedUp};

/// How the project's own checks run.
#[derive(Debug, Clone)]
pub struct CheckSetup {
    /// A program, with first arguments, that runs as a supervisor with the rest of them.
    pub supervisor: Vec<OsString>,
    /// Whether the user can be asked if a checkout is trusted.
    pub may_ask: bool,
}

/// The queues of all folders.
pub(super) struct Checks {
    setup: Option<CheckSetup>,
    state_dir: Option<PathBuf>,
    env: Vec<(String, String)>,
    queues: HashMap<PathBuf, ProjectChecks>,
}

/// What finding checks needs of this process.
#[derive(Clone)]
pub(super) struct Finder {
    state_dir: PathBuf,
    search: String,
    may_ask: bool,
}

impl Checks {
    /// No checks run without a setup, or where nothing can be kept.
    pub(super) fn new(setup: Option<CheckSetup>, state_dir: Option<PathBuf>) -> Checks {
        Checks { setup, state_dir, env: own_env(), queues: HashMap::new() }
    }

    pub(super) fn finder(&self) -> Option<Finder> {
        let search = self.env.iter().find(|(name, _)| name == "PATH").map(|(_, value)| value.clone());
        let may_ask = self.setup.as_ref()?.may_ask;
        Some(Finder { state_dir: self.state_dir.clone()?, search: search.unwrap_or_default(), may_ask })
    }

    /// The queue of a folder; why there is none.
    pub(super) fn queue(&mut self, trusted: &Trusted) -> Result<ProjectChecks, String> {
        if let Some(queue) = self.queues.get(trusted.root()) {
            return Ok(queue.clone());
        }
        let (Some(setup), Some(state_dir)) = (&self.setup, &self.state_dir) else {
            return Err("no check can run here".to_owned());
        };
        let options = CheckOptions {
            supervisor: setup.supervisor.clone(),
            scratch: store::scratch_dir(state_dir).map_err(|error| error.to_string())?,
            env: self.env.clone(),
        };
        let queue = ProjectChecks::new(trusted.clone(), options);
        self.queues.insert(trusted.root().to_owned(), queue.clone());
        Ok(queue)
    }
}

impl Finder {
    pub(super) fn look_up(&self, job: &LookUpJob) -> LookedUp {
        job.run(&self.state_dir, &self.search, self.may_ask)
    }
}

/// Keeps what the user said of the checkout of a folder.
pub(super) fn keep_trust(state_dir: Option<&Path>, folder: &Path, word: &TrustWord) -> Outcome {
    let Some(state_dir) = state_dir else {
        return Outcome::NotRecorded(
            "there is no state directory to keep trust in; set HUNKWISE_STATE_DIR".to_owned(),
        );
    };
    match kept(state_dir, folder, word) {
        Ok(()) => Outcome::TrustKept(folder.to_owned(), word.clone()),
        Err(error) => Outcome::NotRecorded(format!("{error}; no check runs in {}", folder.display())),
    }
}

fn kept(state_dir: &Path, folder: &Path, word: &TrustWord) -> Result<(), TrustError> {
    match word {
        TrustWord::Trusted(commands) => Trust::grant(state_dir, folder)?.say_of(state_dir, commands, true),
        TrustWord::NotTrusted => Trust::decline(state_dir, folder),
        // Trust may have been taken back while the question stood.
        TrustWord::Commands(commands, may_run) => match Trust::of(state_dir, folder)? {
            Trust::Granted(trusted) => trusted.say_of(state_dir, commands, *may_run),
            Trust::NotGranted { .. } => Ok(()),
        },
    }
}
