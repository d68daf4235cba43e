//! The source files below a folder, as its ignore rules let them be seen.
//!
//! Owns the walk: which directories are entered, and what a file on the way is. A file is found exactly if it may be sent
//! ([`crate::Withheld`]) and no directory on the way is skipped. Links are never followed: what they point to inside of the
//! folder is found where it lies. Must never read a file's content but that of ignore files.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::fs::{self, FileType};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use parking_lot::Mutex;
use rayon::Scope;
use syntax::Stop;

use super::kind::{indexed_language, is_skipped_dir};
use super::report::LeftOut;
use crate::ignored::{IgnoreRules, RuleChain, has_secret_name};

/// Files that one walk finds at most; a folder with more is no project.
const MAX_FOUND: usize = 1_000_000;

/// A walk was stopped.
#[derive(Debug)]
pub(crate) struct Stopped;

/// When a file changed, as the system tells: two equal stamps of one size mean the same content, unless they are recent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Nanoseconds since 1970 of the last write.
    pub(crate) mtime_ns: i64,
    /// The same of the last change of anything, as renames are; 0 where there is no such thing.
    pub(crate) ctime_ns: i64,
}

/// A source file. Paths are relative to the root, with `/`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) path: String,
    pub(crate) size: u64,
    pub(crate) stamp: Stamp,
}

/// What lies at and below some paths.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    pub(crate) files: Vec<Found>,
    /// Directories that were entered, relative to the root.
    pub(crate) dirs: BTreeSet<PathBuf>,
    /// What cannot be indexed without looking into it.
    pub(crate) left_out: Vec<(PathBuf, LeftOut)>,
}

/// A folder to walk.
#[derive(Debug)]
pub(crate) struct Folder {
    pub(crate) root: PathBuf,
    /// Folders in it that have an index of their own.
    pub(crate) nested: Vec<PathBuf>,
    pub(crate) rules: IgnoreRules,
}

impl Stamp {
    pub(crate) fn of(metadata: &fs::Metadata) -> Stamp {
        let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let mtime_ns = since.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(0);
        Stamp { mtime_ns, ctime_ns: ctime_ns(metadata) }
    }

    /// The later of its times.
    pub(crate) fn newest_ns(self) -> i64 {
        self.mtime_ns.max(self.ctime_ns)
    }
}

#[cfg(unix)]
fn ctime_ns(metadata: &fs::Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt as _;
    metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn ctime_ns(_: &fs::Metadata) -> i64 {
    0
}

impl Folder {
    /// All that lies at or below any of these relative paths, on the threads of `pool`. Paths must not lie below one another.
    pub(crate) fn walk(
        &self,
        places: &[PathBuf],
        pool: &rayon::ThreadPool,
        stop: &Stop,
    ) -> Result<Walked, Stopped> {
        let walk = Walk { folder: self, walked: Mutex::default(), stop };
        let mut known = HashMap::new();
        pool.in_place_scope(|scope| {
            for place in places {
                walk.begin(scope, place, &mut known);
            }
        });
        if stop.is_due() {
            return Err(Stopped);
        }
        let mut walked = walk.walked.into_inner();
        walked.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(walked)
    }

    /// Whether a directory is one that is never entered.
    fn is_closed(&self, path: &Path, name: &str) -> bool {
        is_skipped_dir(name) || self.nested.iter().any(|nested| nested == path)
    }

    /// Whether no directory on the way to a relative path is skipped, or has an index of its own.
    pub(crate) fn is_open_at(&self, relative: &Path) -> bool {
        let mut dirs = relative.ancestors().skip(1).filter(|dir| dir.file_name().is_some());
        dirs.all(|dir| {
            let name = dir.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| !self.is_closed(&self.root.join(dir), name))
        })
    }
}

/// The rules in a directory; none where it is not entered.
type Rules = Option<Arc<RuleChain>>;

struct Walk<'a> {
    folder: &'a Folder,
    walked: Mutex<Walked>,
    stop: &'a Stop,
}

impl<'a> Walk<'a> {
    /// Looks at one place, whatever it is by now.
    fn begin<'s>(&'s self, scope: &Scope<'s>, place: &Path, known: &mut HashMap<PathBuf, Rules>)
    where
        'a: 's,
    {
        let Some(name) = place.file_name() else {
            return self.spawn(scope, self.folder.root.clone(), String::new(), None);
        };
        let Some(dir) = place.parent() else { return };
        let Some(rules) = self.rules_in(dir, known) else { return };
        let (Some(relative), path) = (dir.to_str(), self.folder.root.join(place)) else { return };
        let Ok(metadata) = fs::symlink_metadata(&path) else { return };
        let relative = with_slashes(relative);
        let mut batch = Walked::default();
        let entry = Entry { name: name.to_owned(), file_type: metadata.file_type(), path };
        self.entry(scope, &entry, &relative, &rules, &mut batch);
        self.take(batch);
    }

    /// The rules that count in a relative directory; none if it is not there, is skipped or ignored, or lies behind a link.
    fn rules_in(&self, dir: &Path, known: &mut HashMap<PathBuf, Rules>) -> Rules {
        if let Some(rules) = known.get(dir) {
            return rules.clone();
        }
        let rules = match (dir.parent(), dir.file_name()) {
            (Some(above), Some(name)) => self.rules_in(above, known).and_then(|above| {
                let path = self.folder.root.join(dir);
                let is_dir = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir());
                let is_out = !is_dir
                    || name.to_str().is_none_or(|name| self.folder.is_closed(&path, name))
                    || above.is_ignored(&path, true);
                (!is_out).then(|| above.enter(&path, |_| true))
            }),
            _ => Some(self.folder.rules.chain_of(&self.folder.root, |_| true)),
        };
        known.insert(dir.to_owned(), rules.clone());
        rules
    }

    fn spawn<'s>(&'s self, scope: &Scope<'s>, path: PathBuf, relative: String, above: Rules)
    where
        'a: 's,
    {
        scope.spawn(move |scope| self.dir(scope, &path, &relative, above));
    }

    /// Looks at all that a directory holds. `above` are the rules in the one that it lies in, none for the root.
    fn dir<'s>(&'s self, scope: &Scope<'s>, path: &Path, relative: &str, above: Rules)
    where
        'a: 's,
    {
        if self.stop.is_due() {
            return;
        }
        let mut batch = Walked::default();
        match fs::read_dir(path) {
            Ok(entries) => {
                batch.dirs.insert(PathBuf::from(relative));
                let entries = entries.flatten().filter_map(|entry| {
                    Some(Entry {
                        file_type: entry.file_type().ok()?,
                        name: entry.file_name(),
                        path: entry.path(),
                    })
                });
                let entries: Vec<Entry> = entries.collect();
                let has = |file: &str| entries.iter().any(|entry| entry.name.as_os_str() == file);
                let rules = match above {
                    None => self.folder.rules.chain_of(path, has),
                    Some(above) => above.enter(path, has),
                };
                for entry in &entries {
                    self.entry(scope, entry, relative, &rules, &mut batch);
                }
            }
            // It went away.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(_) => batch.left_out.push((PathBuf::from(relative), LeftOut::Unreadable)),
        }
        self.take(batch);
    }

    /// Looks at one entry of a directory, whose relative path and rules these are.
    fn entry<'s>(
        &'s self,
        scope: &Scope<'s>,
        entry: &Entry,
        relative: &str,
        rules: &Arc<RuleChain>,
        batch: &mut Walked,
    ) where
        'a: 's,
    {
        let is_dir = entry.file_type.is_dir();
        let Some(name) = entry.name.to_str() else {
            let is_source = is_dir || indexed_language(&entry.name.to_string_lossy()).is_some();
            if is_source && !entry.file_type.is_symlink() && !rules.is_ignored(&entry.path, is_dir) {
                batch.left_out.push((Path::new(relative).join(&entry.name), LeftOut::NameNotUtf8));
            }
            return;
        };
        let is_out = if is_dir {
            self.folder.is_closed(&entry.path, name)
        } else {
            entry.file_type.is_symlink() || indexed_language(name).is_none() || has_secret_name(&entry.path)
        };
        if is_out || rules.is_ignored(&entry.path, is_dir) {
            return;
        }
        let relative = if relative.is_empty() { name.to_owned() } else { format!("{relative}/{name}") };
        if is_dir {
            self.spawn(scope, entry.path.clone(), relative, Some(rules.clone()));
        } else if !entry.file_type.is_file() {
            batch.left_out.push((PathBuf::from(relative), LeftOut::NotAFile));
        } else {
            match fs::symlink_metadata(&entry.path) {
                Ok(metadata) => {
                    let found = Found { path: relative, size: metadata.len(), stamp: Stamp::of(&metadata) };
                    batch.files.push(found);
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(_) => batch.left_out.push((PathBuf::from(relative), LeftOut::Unreadable)),
            }
        }
    }

    fn take(&self, batch: Walked) {
        let mut walked = self.walked.lock();
        walked.dirs.extend(batch.dirs);
        walked.left_out.extend(batch.left_out);
        for file in batch.files {
            if walked.files.len() < MAX_FOUND {
                walked.files.push(file);
            } else {
                walked.left_out.push((PathBuf::new(), LeftOut::OverLimit));
                break;
            }
        }
    }
}

struct Entry {
    name: OsString,
    file_type: FileType,
    path: PathBuf,
}

#[cfg(windows)]
fn with_slashes(path: &str) -> String {
    path.replace('\\', "/")
}

#[cfg(not(windows))]
fn with_slashes(path: &str) -> String {
    path.to_owned()
}
