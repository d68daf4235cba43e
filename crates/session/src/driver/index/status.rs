//! How far the indexes of the folders are, and what they hold.
//!
//! Takes the locks of indexes and may look at every file, so that it runs on a thread of its own. Changes nothing.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::oneshot;
use workspace::{Fingerprint, Indexer};

/// The indexes of all folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexStatus {
    /// Documents whose newest text is on its way into an index.
    pub n_waiting: usize,
    /// One for each folder.
    pub folders: Vec<FolderStatus>,
}

/// The index of one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderStatus {
    /// The folder.
    pub root: PathBuf,
    /// Whether all files have been seen once.
    pub is_complete: bool,
    /// Whether it holds all that it was told of, by the editor and by the system.
    pub is_quiet: bool,
    /// Whether the system tells of changes on disk.
    pub is_watched: bool,
    /// How many definitions it holds.
    pub n_definitions: usize,
    /// What the last update left out and why, for people.
    pub notice: Option<String>,
    /// How many files.
    pub n_files: usize,
    /// What stands for all that it says; only where it was asked for.
    pub contents: Option<IndexContents>,
}

/// What an index says, each in a few digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexContents {
    /// Stands for all of it.
    pub fingerprint: String,
    /// The path of each file below the folder, and what stands for what is said of it.
    pub files: Vec<(String, String)>,
}

/// A question for the state of the indexes, on its way.
pub(crate) struct Asked {
    /// Whether to look at every file.
    pub(crate) with_contents: bool,
    pub(crate) reply: oneshot::Sender<IndexStatus>,
}

/// Tells the state of these indexes. Returns at once; without a thread nobody is told.
pub(super) fn tell(n_waiting: usize, indexers: Vec<Arc<Indexer>>, asked: Asked) {
    let run = move || {
        let folders = indexers.iter().map(|indexer| folder(indexer, asked.with_contents)).collect();
        // Who asked may have gone.
        let _ = asked.reply.send(IndexStatus { n_waiting, folders });
    };
    if let Err(error) = std::thread::Builder::new().name("index status".to_owned()).spawn(run) {
        tracing::warn!(%error, "the state of the index cannot be told");
    }
}

fn folder(indexer: &Indexer, with_contents: bool) -> FolderStatus {
    let (index, report) = (indexer.index(), indexer.report());
    // First, so that what is quiet is what is looked at.
    let is_quiet = indexer.is_quiet();
    let contents = with_contents.then(|| contents(&index.fingerprints()));
    let (n_files, n_definitions) = {
        let index = index.read();
        (index.n_files(), index.n_definitions())
    };
    FolderStatus {
        root: indexer.root().to_owned(),
        is_complete: index.is_complete(),
        is_quiet,
        is_watched: report.is_watched,
        n_definitions,
        notice: report.notice(),
        n_files,
        contents,
    }
}

fn contents(files: &[(Box<str>, Fingerprint)]) -> IndexContents {
    IndexContents {
        fingerprint: Fingerprint::of_all(files).to_string(),
        files: files.iter().map(|(path, print)| (path.to_string(), print.to_string())).collect(),
    }
}
