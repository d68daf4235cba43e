//! The index of one folder, kept as its files are.
//!
//! Owns what was seen on disk, in what order things are looked at, and who may be told. Files are walked, read side by side
//! and put into the index one by one; what was read is kept for the next start. Open documents win over the disk. It answers
//! no question itself: that is the [`SharedIndex`]. Nothing here runs by itself: a caller lends its thread.

mod cache;
mod folder_watch;
mod jobs;
mod kind;
mod listing;
mod notes;
mod read;
mod report;
mod shared;
mod update;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use syntax::{Facts, Language, Stop};

use crate::FileKind;
use crate::ignored::{IgnoreRules, is_ignore_file};

use cache::Cache;
use folder_watch::FolderWatch;
use notes::Notes;
use update::Work;
use walk::Folder;

pub(crate) use kind::VERSION_CONTROL;
pub(crate) use read::{is_settled, open_itself};
pub use report::{LeftOut, Limits, Report};
pub use shared::SharedIndex;
pub(crate) use walk::Stamp;

/// How often a folder is looked through that cannot be watched: walking it takes a fraction of a second.
const RESCAN: Duration = Duration::from_secs(30);

/// How long after an update that could not be finished the next one comes.
const RETRY: Duration = Duration::from_secs(10);

/// Under which language a relative path is indexed and as what, as far as the path says; none for what is not.
pub fn indexed_as(path: &str) -> Option<(Language, FileKind)> {
    let (dirs, _) = path.rsplit_once('/').unwrap_or(("", path));
    let language = kind::indexed_language(path)?;
    (!dirs.split('/').any(kind::is_skipped_dir)).then(|| (language, kind::kind_of(path)))
}

/// How a folder is indexed.
#[derive(Debug, Clone, Default)]
pub struct IndexerOptions {
    /// Where facts are kept between two runs; without it they are made anew each time.
    pub state_dir: Option<PathBuf>,
    /// Folders below that have an index of their own.
    pub nested: Vec<PathBuf>,
    /// Folders of the workspace that hold this one: their rules count here too.
    pub outer: Vec<PathBuf>,
    /// How much is indexed.
    pub limits: Limits,
}

/// Keeps the index of one folder. Every method but those that update returns at once.
#[derive(Debug)]
pub struct Indexer {
    folder: Folder,
    limits: Limits,
    cache: Option<Cache>,
    index: SharedIndex,
    notes: Arc<Notes>,
    /// One update at a time.
    work: Mutex<Work>,
    /// What the last update came to.
    report: Mutex<Report>,
    is_ended: Arc<AtomicBool>,
}

impl Indexer {
    /// An index of a folder that knows nothing yet: [`Indexer::update`] fills it.
    pub fn new(root: &Path, options: IndexerOptions) -> Indexer {
        let IndexerOptions { state_dir, nested, mut outer, limits } = options;
        outer.push(root.to_owned());
        Indexer {
            folder: Folder { root: root.to_owned(), nested, rules: IgnoreRules::new(outer) },
            limits,
            cache: state_dir.and_then(|state_dir| Cache::new(&state_dir, root)),
            index: SharedIndex::default(),
            notes: Arc::new(Notes::of_all()),
            work: Mutex::default(),
            report: Mutex::default(),
            is_ended: Arc::default(),
        }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.folder.root
    }

    /// The folders below that have an index of their own.
    pub fn nested(&self) -> &[PathBuf] {
        &self.folder.nested
    }

    /// The folders that hold this one.
    pub fn outer(&self) -> &[PathBuf] {
        self.folder.rules.roots().split_last().map_or(&[], |(_, outer)| outer)
    }

    /// The index, for whoever asks.
    pub fn index(&self) -> &SharedIndex {
        &self.index
    }

    /// A document is open, or has changed: what it says counts, not what the disk says, until [`Indexer::closed`]. `head` are
    /// its first lines, 2,048 bytes or more. Whatever the rules withhold stays out of the index; so does data, and a path
    /// that is not in this folder.
    pub fn set_open(&self, path: &Path, language: Language, head: &str, facts: Facts) {
        let Some(relative) = self.relative(path).filter(|_| kind::is_code(language)) else { return };
        let kind = if kind::is_generated(head) { FileKind::Generated } else { kind::kind_of(&relative) };
        self.index.open(&relative, language, kind, facts, self.is_seen(&relative));
    }

    /// A document is closed: the next update reads its file.
    pub fn closed(&self, path: &Path) {
        self.relative(path).into_iter().for_each(|relative| self.close(relative));
    }

    /// Exactly these documents are open; all others are [`Indexer::closed`].
    pub fn keep_open(&self, open: &[PathBuf]) {
        let open: Vec<String> = open.iter().filter_map(|path| self.relative(path)).collect();
        let gone = self.index.open_paths().into_iter().filter(|relative| !open.contains(relative));
        gone.for_each(|relative| self.close(relative));
    }

    fn close(&self, relative: String) {
        if self.index.close(&relative) {
            self.notes.closed(relative);
        }
    }

    /// Something happened to these paths on disk; the next update looks there. An empty path, or the root, stands for all.
    pub fn touched(&self, paths: &[PathBuf]) {
        self.notes.touched(paths.iter().filter_map(|path| below(&self.folder.root, path)));
    }

    /// Looks at everything that was touched since the last update, the first time at all files, and brings the index up to
    /// date. Returns when that is done or `stop` is due; what is left over then is for the next update. Blocks for as long as
    /// it takes, on a thread of the caller's: seconds for a large folder the first time.
    pub fn update(&self, stop: &Stop) -> Report {
        let report = self.work.lock().update(self, stop);
        self.report.lock().clone_from(&report);
        report
    }

    /// What the last update came to.
    pub fn report(&self) -> Report {
        self.report.lock().clone()
    }

    /// Whether the index holds all that it was told of: no update is due or under way.
    pub fn is_quiet(&self) -> bool {
        let work = self.work.try_lock();
        work.is_some() && self.notes.is_empty()
    }

    /// Watches the folder from the next update on.
    pub fn watch(&self) {
        let (notes, root) = (self.notes.clone(), self.folder.root.clone());
        let above = self.folder.rules.dirs_above(&root);
        let watched_above = above.clone();
        let touched = move |paths: Vec<PathBuf>| {
            let is_rule_above = |path: &PathBuf| {
                let name = path.file_name().and_then(|name| name.to_str());
                name.is_some_and(is_ignore_file)
                    && path.parent().is_some_and(|dir| above.iter().any(|above| above == dir))
            };
            if paths.iter().any(is_rule_above) {
                notes.touched([PathBuf::new()]);
            }
            notes.touched(paths.iter().filter_map(|path| below(&root, path)));
        };
        self.work.lock().set_watch(FolderWatch::new(&self.folder.root, &watched_above, touched));
    }

    /// Keeps the index up to date until [`Indexer::end`]: updates it now, and then whenever something was touched and a burst
    /// of it is over; all of it every 30 seconds where not everything can be watched. Blocks the caller's thread. Each report
    /// goes to `updated`.
    pub fn follow(&self, mut updated: impl FnMut(&Report)) {
        let stop = Stop::new(None, Some(self.is_ended.clone()));
        self.watch();
        loop {
            let report = self.update(&stop);
            updated(&report);
            let goes_on = match report {
                Report { is_complete: false, .. } => self.notes.pause(RETRY),
                Report { is_watched: false, .. } => self.notes.wait(Some(RESCAN)),
                Report { .. } => self.notes.wait(None),
            };
            if !goes_on {
                return;
            }
        }
    }

    /// Lets [`Indexer::follow`] return soon, whatever it does.
    pub fn end(&self) {
        self.is_ended.store(true, Ordering::Relaxed);
        self.notes.end();
    }

    /// A path below the root, with `/`; none for any other, and for what is not UTF-8.
    fn relative(&self, path: &Path) -> Option<String> {
        let relative = path.strip_prefix(&self.folder.root).ok()?.to_str()?;
        let relative = if cfg!(windows) { relative.replace('\\', "/") } else { relative.to_owned() };
        (!relative.is_empty()).then_some(relative)
    }

    /// Whether the folder's rules let a relative path be indexed.
    fn is_seen(&self, relative: &str) -> bool {
        self.folder.is_open_at(Path::new(relative))
            && self.folder.rules.may_send(&self.folder.root.join(relative)).is_ok()
    }
}

/// The path relative to the root, with links on the way to the root followed or not; empty for an empty one.
fn below(root: &Path, path: &Path) -> Option<PathBuf> {
    if path.as_os_str().is_empty() {
        return Some(PathBuf::new());
    }
    if let Ok(relative) = path.strip_prefix(root) {
        return Some(relative.to_owned());
    }
    path.strip_prefix(root.canonicalize().ok()?).ok().map(Path::to_owned)
}
