//! Checks of a folder as it is, made while a model still answers: what they find without the proposal is known then, and
//! what they build is built.
//!
//! Owns which of them run. They give way to every check that somebody waits for.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use syntax::Stop;
use verify::project::{CheckRequest, ProjectChecks};

use crate::project::VerifyJob;

/// The newest of each folder, by its real path.
#[derive(Default)]
pub(super) struct Warming(HashMap<PathBuf, Warm>);

/// Checks of one folder as it is.
#[derive(Clone)]
pub(super) struct Warm {
    job: Arc<VerifyJob>,
    /// The command that runs is the last.
    is_last: Arc<AtomicBool>,
    /// The command that runs is ended.
    stop: Arc<AtomicBool>,
    has_ended: Arc<AtomicBool>,
}

impl Warming {
    /// Puts such checks down; none where others of the folder go on.
    pub(super) fn begin(&mut self, job: VerifyJob, stop: Arc<AtomicBool>) -> Option<Warm> {
        let root = job.trusted.root().to_owned();
        if self.0.get(&root).is_some_and(|known| !known.has_ended.load(Ordering::Relaxed)) {
            return None;
        }
        let flag = || Arc::new(AtomicBool::new(false));
        let warm = Warm { job: Arc::new(job), is_last: flag(), stop, has_ended: flag() };
        self.0.insert(root, warm.clone());
        Some(warm)
    }

    /// Those that are in the way of a check.
    pub(super) fn before(&self, job: &VerifyJob) -> Option<Warm> {
        self.0.get(job.trusted.root()).cloned()
    }
}

impl Warm {
    /// Makes the checks, one after the other, until somebody waits for another one. What they say is kept by the queue.
    pub(super) fn run(&self, queue: &ProjectChecks) {
        let stop = Stop::new(None, Some(self.stop.clone()));
        let open = self.job.without_hunks();
        for command in &self.job.commands {
            if self.is_last.load(Ordering::Relaxed) || stop.is_due() {
                break;
            }
            let (command, open) = (command.clone(), open.clone());
            let request = CheckRequest { command, open, proposed: Vec::new() };
            // One that fails is made again by the check that somebody waits for, and told then.
            let _ = queue.check(request, &stop);
        }
        self.has_ended.store(true, Ordering::Relaxed);
    }

    /// Gives way to a check: at once, unless the command that runs is the beginning of it.
    pub(super) fn yield_to(&self, job: &VerifyJob) {
        self.is_last.store(true, Ordering::Relaxed);
        let is_its_beginning =
            self.job.commands == job.commands && self.job.without_hunks() == job.without_hunks();
        if !is_its_beginning {
            self.stop.store(true, Ordering::Relaxed);
        }
    }
}
