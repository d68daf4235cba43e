//! What has happened since the last update, and the wait for more.
//!
//! Owns the paths that are to be looked at. Must never look at one.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

/// Paths that are remembered one by one; with more, all is looked at, which is no more work by then.
const MAX_PATHS: usize = 5_000;

/// How long nothing more must happen before an update: what a save or a step of a checkout does to several files is over.
const QUIET: Duration = Duration::from_millis(100);

/// How long an update waits at most while things go on happening, as they do during a build.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is to be looked at, shared with whoever hears of it.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    noted: Mutex<Noted>,
    changed: Condvar,
}

/// What was noted.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    /// Where something happened.
    pub(crate) touched: Places,
    /// Where something may have happened before it was watched.
    pub(crate) unwatched: Places,
    /// Documents that were closed: the index does not hold their files.
    pub(crate) closed: BTreeSet<String>,
    is_ended: bool,
}

/// Paths relative to the root.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Everything.
    pub(crate) is_all: bool,
    pub(crate) paths: BTreeSet<PathBuf>,
}

impl Notes {
    /// Notes that say that nothing was ever looked at.
    pub(crate) fn of_all() -> Notes {
        let notes = Notes::default();
        notes.noted.lock().touched.is_all = true;
        notes
    }

    /// Something happened to these paths.
    pub(crate) fn touched(&self, paths: impl IntoIterator<Item = PathBuf>) {
        self.note(|noted| noted.touched.extend(paths));
    }

    /// These paths were not watched until now.
    pub(crate) fn unwatched(&self, paths: impl IntoIterator<Item = PathBuf>) {
        self.note(|noted| noted.unwatched.extend(paths));
    }

    pub(crate) fn closed(&self, path: String) {
        self.note(|noted| {
            noted.touched.extend([PathBuf::from(&path)]);
            noted.closed.insert(path);
        });
    }

    /// All that was noted; after it, nothing is.
    pub(crate) fn take(&self) -> Noted {
        let mut noted = self.noted.lock();
        let is_ended = noted.is_ended;
        std::mem::replace(&mut *noted, Noted { is_ended, ..Noted::default() })
    }

    /// Whether nothing is noted.
    pub(crate) fn is_empty(&self) -> bool {
        self.noted.lock().is_empty()
    }

    /// Puts back what could not be looked at.
    pub(crate) fn put_back(&self, back: Noted) {
        self.note(|noted| {
            noted.closed.extend(back.closed);
            noted.touched.take(back.touched);
            noted.unwatched.take(back.unwatched);
        });
    }

    /// Nobody is to wait any more.
    pub(crate) fn end(&self) {
        self.note(|noted| noted.is_ended = true);
    }

    /// Waits until something is noted and a burst of it is over, or for `at_most`: then all is to be looked at. Says whether
    /// to go on.
    pub(crate) fn wait(&self, at_most: Option<Duration>) -> bool {
        let until = at_most.and_then(|time| Instant::now().checked_add(time));
        let mut noted = self.noted.lock();
        while noted.is_empty() && !noted.is_ended {
            match until {
                None => self.changed.wait(&mut noted),
                Some(until) if self.changed.wait_until(&mut noted, until).timed_out() => {
                    noted.touched.extend([PathBuf::new()]);
                }
                Some(_) => {}
            }
        }
        let began = Instant::now();
        while !noted.is_ended
            && began.elapsed() < PATIENCE
            && !self.changed.wait_for(&mut noted, QUIET).timed_out()
        {}
        !noted.is_ended
    }

    /// Waits for some time, whatever is noted. Says whether to go on.
    pub(crate) fn pause(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        let mut noted = self.noted.lock();
        while !noted.is_ended && !self.changed.wait_until(&mut noted, until).timed_out() {}
        !noted.is_ended
    }

    fn note(&self, note: impl FnOnce(&mut Noted)) {
        note(&mut self.noted.lock());
        self.changed.notify_all();
    }
}

impl Noted {
    fn is_empty(&self) -> bool {
        self.touched.is_empty() && self.unwatched.is_empty() && self.closed.is_empty()
    }
}

impl Places {
    fn is_empty(&self) -> bool {
        !self.is_all && self.paths.is_empty()
    }

    fn extend(&mut self, paths: impl IntoIterator<Item = PathBuf>) {
        for path in paths {
            self.is_all |= path.as_os_str().is_empty() || self.paths.len() >= MAX_PATHS;
            if self.is_all {
                self.paths.clear();
                return;
            }
            self.paths.insert(path);
        }
    }

    fn take(&mut self, other: Places) {
        self.extend(other.is_all.then(PathBuf::new).into_iter().chain(other.paths));
    }
}
