//! The directories of an index, watched on disk.
//!
//! Owns their watches. Where the system watches one directory at a time, those that are never entered cost nothing. Says
//! where something happened, never what. Must never read a file.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use notify::{ErrorKind, Event, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::listing::is_at;
use crate::watch::is_change;

/// Whether the system watches a directory without what lies below it.
const BY_DIRECTORY: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// Watches of a folder. Dropping it ends them.
#[derive(Debug)]
pub(crate) struct FolderWatch {
    system: Option<RecommendedWatcher>,
    root: PathBuf,
    /// Relative to the root.
    watched: BTreeSet<PathBuf>,
    is_whole: bool,
}

impl FolderWatch {
    /// Watches of nothing. `touched` gets the paths that something happened to, on a thread of its own; an empty path stands
    /// for all, when the system lost count. The directories `above` are watched from now on, without what lies below them:
    /// their rules count here.
    pub(crate) fn new(
        root: &Path,
        above: &[PathBuf],
        touched: impl Fn(Vec<PathBuf>) + Send + 'static,
    ) -> FolderWatch {
        let system = notify::recommended_watcher(move |event: notify::Result<Event>| match event {
            Ok(event) if event.need_rescan() => touched(vec![PathBuf::new()]),
            Ok(event) if is_change(&event.kind) => touched(event.paths),
            Ok(_) => {}
            // What was lost is not known.
            Err(error) => {
                tracing::warn!(%error, "watching a folder");
                touched(vec![PathBuf::new()]);
            }
        });
        let mut system = system.inspect_err(|error| tracing::warn!(%error, "folders are not watched")).ok();
        for dir in above {
            if let Some(Err(error)) =
                system.as_mut().map(|system| system.watch(dir, RecursiveMode::NonRecursive))
            {
                tracing::warn!(%error, dir = %dir.display(), "the rules above a folder are not watched");
            }
        }
        FolderWatch { system, root: root.to_owned(), watched: BTreeSet::new(), is_whole: false }
    }

    /// Whether all is watched.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Watches exactly these directories from now on, anew those at and below `touched`: they may be others of the same name.
    /// Gives what was not watched before.
    pub(crate) fn watch(&mut self, dirs: &BTreeSet<PathBuf>, touched: &[PathBuf]) -> Vec<PathBuf> {
        let Some(system) = &mut self.system else { return Vec::new() };
        let root = BTreeSet::from([PathBuf::new()]);
        let dirs = if BY_DIRECTORY || dirs.is_empty() { dirs } else { &root };
        let touched: HashSet<&Path> = touched.iter().map(PathBuf::as_path).collect();
        let (kept, left): (BTreeSet<PathBuf>, BTreeSet<PathBuf>) =
            self.watched.iter().cloned().partition(|dir| dirs.contains(dir) && !is_at(&touched, dir));
        for dir in left {
            // The system forgets a directory that is gone by itself.
            let _ = system.unwatch(&self.root.join(dir));
        }
        let mode = if BY_DIRECTORY { RecursiveMode::NonRecursive } else { RecursiveMode::Recursive };
        self.watched = kept;
        let was_whole = std::mem::replace(&mut self.is_whole, !dirs.is_empty());
        let mut new = Vec::new();
        for dir in dirs.difference(&self.watched.clone()) {
            match system.watch(&self.root.join(dir), mode) {
                Ok(()) => new.push(dir.clone()),
                Err(error) => {
                    self.is_whole = false;
                    if was_whole {
                        tracing::warn!(%error, dir = %dir.display(), "not all of a folder is watched");
                    }
                    if matches!(error.kind, ErrorKind::MaxFilesWatch) {
                        break;
                    }
                }
            }
        }
        self.watched.extend(new.iter().cloned());
        new
    }
}
