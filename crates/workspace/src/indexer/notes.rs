//! What has happened since the last update.
//!
//! Owns the paths that are to be looked at. Must never look at one.

use std::collections::BTreeSet;
use std::path::PathBuf;

use parking_lot::Mutex;

/// Paths that are remembered one by one; with more, all is looked at, which is no more work by then.
const MAX_PATHS: usize = 5_000;

/// What is to be looked at, shared with whoever hears of it.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    noted: Mutex<Noted>,
}

/// What was noted. Paths are relative to the root.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    /// Everything.
    pub(crate) is_all: bool,
    pub(crate) touched: BTreeSet<PathBuf>,
    /// Documents that were closed: the index does not hold their files.
    pub(crate) closed: BTreeSet<String>,
}

impl Notes {
    /// Notes that say that nothing was ever looked at.
    pub(crate) fn of_all() -> Notes {
        Notes { noted: Mutex::new(Noted { is_all: true, ..Noted::default() }) }
    }

    /// These paths; none stands for one that is not below the root.
    pub(crate) fn touched(&self, paths: impl IntoIterator<Item = Option<PathBuf>>) {
        let mut noted = self.noted.lock();
        for path in paths.into_iter().flatten() {
            noted.touch(path);
        }
    }

    pub(crate) fn closed(&self, path: String) {
        let mut noted = self.noted.lock();
        noted.touch(PathBuf::from(&path));
        noted.closed.insert(path);
    }

    /// All that was noted; after it, nothing is.
    pub(crate) fn take(&self) -> Noted {
        std::mem::take(&mut *self.noted.lock())
    }

    /// Puts back what could not be looked at.
    pub(crate) fn put_back(&self, back: Noted) {
        let mut noted = self.noted.lock();
        noted.is_all |= back.is_all;
        noted.closed.extend(back.closed);
        for path in back.touched {
            noted.touch(path);
        }
    }
}

impl Noted {
    fn touch(&mut self, path: PathBuf) {
        if path.as_os_str().is_empty() || self.touched.len() >= MAX_PATHS {
            self.is_all = true;
        }
        if self.is_all {
            self.touched.clear();
        } else {
            self.touched.insert(path);
        }
    }
}
