//! The index and what lies over it, shared between the one who writes it and all who ask.
//!
//! Owns the only lock of the index, and the facts of open documents, which win over those of the disk.
//!
//! The lock is no lock round state that anybody decides on: the index is derived, can be made again at any time, and only
//! work in the background takes it. It is written one file at a time, for about as long as a file has names; a question may
//! hold it for some milliseconds. The owner of the documents must never wait for it.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::{MappedRwLockReadGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
use syntax::{Facts, Language};

use crate::{Commits, FileKind, Fingerprint, Index};

/// Files that are looked at under one lock where all are to be: some milliseconds.
const BATCH: usize = 64;

/// An index that others read while it is kept up to date. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct SharedIndex {
    inner: Arc<RwLock<Inner>>,
    is_complete: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
struct Inner {
    index: Index,
    open: BTreeMap<String, OpenFile>,
}

/// What is known of an open document.
#[derive(Debug)]
struct OpenFile {
    language: Language,
    kind: FileKind,
    facts: Facts,
    /// Whether the folder's rules let it be seen.
    is_seen: bool,
}

impl SharedIndex {
    /// The index as it is now; nobody writes it before what comes back is dropped, so drop it within milliseconds.
    pub fn read(&self) -> impl Deref<Target = Index> + '_ {
        let guard: MappedRwLockReadGuard<'_, Index> =
            RwLockReadGuard::map(self.inner.read(), |inner| &inner.index);
        guard
    }

    /// Whether all files have been seen once. Before that, the index holds open documents and what has been read so far.
    pub fn is_complete(&self) -> bool {
        self.is_complete.load(Ordering::Acquire)
    }

    /// All files by path, and what the index says of each. Takes the lock many times for a short while: what changes
    /// meanwhile may be in it or not.
    pub fn fingerprints(&self) -> Vec<(Box<str>, Fingerprint)> {
        let mut found: Vec<(Box<str>, Fingerprint)> = Vec::new();
        loop {
            let next = self.read().fingerprints(found.last().map(|(path, _)| &**path), BATCH);
            if next.is_empty() {
                return found;
            }
            found.extend(next);
        }
    }

    pub(super) fn set_complete(&self) {
        self.is_complete.store(true, Ordering::Release);
    }

    /// Takes what the last commits wrote.
    pub(super) fn set_commits(&self, commits: &Commits) {
        self.write(|inner| inner.index.set_commits(commits));
    }

    /// Takes what a file on disk says, unless it is open; says whether it was taken.
    pub(super) fn insert(&self, path: &str, language: Language, kind: FileKind, facts: &Facts) -> bool {
        self.write(|inner| {
            let is_closed = !inner.open.contains_key(path);
            if is_closed {
                inner.index.insert(path, language, kind, facts);
            }
            is_closed
        })
    }

    /// Forgets a file on disk, unless it is open.
    pub(super) fn remove(&self, path: &str) {
        self.write(|inner| {
            if !inner.open.contains_key(path) {
                inner.index.remove(path);
            }
        });
    }

    pub(super) fn open(&self, path: &str, language: Language, kind: FileKind, facts: Facts, is_seen: bool) {
        self.write(|inner| {
            if is_seen {
                inner.index.insert(path, language, kind, &facts);
            } else {
                inner.index.remove(path);
            }
            inner.open.insert(path.to_owned(), OpenFile { language, kind, facts, is_seen });
        });
    }

    /// Forgets an open document; says whether there was one.
    pub(super) fn close(&self, path: &str) -> bool {
        self.write(|inner| {
            let was_open = inner.open.remove(path).is_some();
            if was_open {
                inner.index.remove(path);
            }
            was_open
        })
    }

    /// The paths of open documents.
    pub(super) fn open_paths(&self) -> Vec<String> {
        self.inner.read().open.keys().cloned().collect()
    }

    /// Asks for each open document whether the rules let it be seen by now.
    pub(super) fn see_open(&self, is_seen: impl Fn(&str) -> bool) {
        for path in self.open_paths() {
            let now_seen = is_seen(&path);
            self.write(|Inner { index, open }| {
                let Some(file) = open.get_mut(&path).filter(|file| file.is_seen != now_seen) else { return };
                file.is_seen = now_seen;
                if now_seen {
                    index.insert(&path, file.language, file.kind, &file.facts);
                } else {
                    index.remove(&path);
                }
            });
        }
    }

    fn write<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        let mut inner = self.inner.write();
        let done = work(&mut inner);
        // Whoever waits to read comes before the next file.
        RwLockWriteGuard::unlock_fair(inner);
        done
    }
}
