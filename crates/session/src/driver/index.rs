//! Keeps the indexes of the workspace's folders, each on a thread of its own.
//!
//! Owns the threads and the list of indexes. The mailbox only hands orders over; it never waits for an index.

mod status;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use workspace::{Indexer, IndexerOptions, Uri};

use crate::effect::IndexOrder;
use crate::job::index_document;
use crate::message::Message;

use super::mailbox::WeakMailbox;

pub(super) use status::Asked;
pub use status::{FolderStatus, IndexContents, IndexStatus};

/// A document goes into the index this long after its last change: names that are half typed are nobody's.
const QUIET: Duration = Duration::from_millis(300);

/// The indexes of all folders. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Indexes {
    list: Arc<Mutex<Vec<Arc<Indexer>>>>,
}

impl Indexes {
    /// The index of the innermost folder that a document lies in.
    pub(super) fn of(&self, uri: &Uri) -> Option<Arc<Indexer>> {
        let path = uri.to_path()?;
        let list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let holding = list.iter().filter(|indexer| path.starts_with(indexer.root()));
        holding.max_by_key(|indexer| indexer.root().components().count()).cloned()
    }

    fn all(&self) -> Vec<Arc<Indexer>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Has exactly these folders from now on, and follows the new ones.
    fn take_on(&self, folders: &[Uri], state_dir: Option<&Path>) {
        let roots: Vec<PathBuf> = folders.iter().filter_map(Uri::to_path).collect();
        self.set(&roots, state_dir).into_iter().for_each(follow_folder);
    }

    /// Has exactly these folders from now on; those that stay as they are keep their index, the others are ended. Gives the new
    /// ones.
    fn set(&self, roots: &[PathBuf], state_dir: Option<&Path>) -> Vec<Arc<Indexer>> {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let nested = |root: &PathBuf| -> Vec<PathBuf> {
            roots.iter().filter(|other| *other != root && other.starts_with(root)).cloned().collect()
        };
        let outer = |root: &PathBuf| -> Vec<PathBuf> {
            roots.iter().filter(|other| *other != root && root.starts_with(other)).cloned().collect()
        };
        // One that gets or loses a folder within or around it is made anew; what it has read is kept in the state directory.
        let stays = |indexer: &Indexer| {
            let mut same = roots.iter().filter(|root| *root == indexer.root());
            same.any(|root| nested(root) == indexer.nested() && outer(root) == indexer.outer())
        };
        let mut kept = Vec::new();
        for indexer in list.drain(..) {
            if stays(&indexer) {
                kept.push(indexer);
            } else {
                indexer.end();
            }
        }
        let mut added = Vec::new();
        let indexers = roots.iter().map(|root| {
            let known = kept.iter().find(|indexer| indexer.root() == root).cloned();
            known.unwrap_or_else(|| {
                let options = IndexerOptions {
                    state_dir: state_dir.map(Path::to_owned),
                    nested: nested(root),
                    outer: outer(root),
                    ..IndexerOptions::default()
                };
                let indexer = Arc::new(Indexer::new(root, options));
                added.push(indexer.clone());
                indexer
            })
        });
        *list = indexers.collect();
        added
    }
}

/// The thread that carries orders out, and those that follow folders. They end with this.
pub(super) struct Indexing {
    pub(super) indexes: Indexes,
    /// Whether folders that are no checkouts have no index.
    pub(super) only_checkouts: bool,
    state_dir: Option<PathBuf>,
    mailbox: WeakMailbox,
    tx: Option<Sender<Task>>,
}

impl Indexing {
    /// No index of anything yet, and no thread.
    pub(super) fn new(state_dir: Option<PathBuf>, mailbox: WeakMailbox) -> Indexing {
        Indexing { indexes: Indexes::default(), only_checkouts: false, state_dir, mailbox, tx: None }
    }

    /// Hands an order to the thread, which the first folder starts. Orders are carried out in turn.
    pub(super) fn order(&mut self, mut order: IndexOrder) {
        if let IndexOrder::Folders(folders) = &mut order
            && self.only_checkouts
        {
            // Nobody chose the directory that a file happens to lie in: it may be a home.
            folders.retain(|folder| folder.to_path().is_some_and(|path| path.join(".git").exists()));
        }
        let has_folders = matches!(&order, IndexOrder::Folders(folders) if !folders.is_empty());
        if self.tx.is_none() && has_folders {
            self.start();
        }
        match order {
            // The request that follows waits for the index, so it has to find one.
            IndexOrder::Folders(folders) if self.only_checkouts => {
                self.indexes.take_on(&folders, self.state_dir.as_deref());
            }
            order => self.hand(Task::Order(order)),
        }
    }

    /// The session has handled a [`Message::Quiet`]: its order, if there is one, is in front of this.
    pub(super) fn answered(&self) {
        self.hand(Task::Answered);
    }

    /// Tells how far the indexes are, behind all orders so far.
    pub(super) fn status(&self, n_parsing: usize, asked: Asked) {
        match self.tx {
            Some(_) => self.hand(Task::Status(n_parsing, asked)),
            None => status::tell(n_parsing, Vec::new(), asked),
        }
    }

    fn hand(&self, task: Task) {
        if let Some(tx) = &self.tx {
            // The thread ends with its sender only.
            let _ = tx.send(task);
        }
    }

    fn start(&mut self) {
        let (tx, tasks) = channel();
        let mut keeper = Keeper {
            indexes: self.indexes.clone(),
            state_dir: self.state_dir.clone(),
            mailbox: self.mailbox.clone(),
            changed: BTreeMap::new(),
            n_asked: 0,
        };
        let run = move || keeper.run(&tasks);
        let started = std::thread::Builder::new().name("index".to_owned()).spawn(run);
        match started {
            Ok(_) => self.tx = Some(tx),
            Err(error) => tracing::warn!(%error, "folders are not indexed"),
        }
    }
}

/// What the thread is handed.
enum Task {
    Order(IndexOrder),
    /// The session has said what there is to say to one [`Message::Quiet`].
    Answered,
    /// Tell how far the indexes are, with so many documents that are parsed.
    Status(usize, Asked),
}

/// What the thread knows.
struct Keeper {
    indexes: Indexes,
    state_dir: Option<PathBuf>,
    mailbox: WeakMailbox,
    /// Documents that changed, and when last.
    changed: BTreeMap<Uri, Instant>,
    /// Documents that were asked for and not answered.
    n_asked: usize,
}

impl Keeper {
    fn run(&mut self, tasks: &Receiver<Task>) {
        loop {
            let next_due = self.changed.values().min().map(|changed| QUIET.saturating_sub(changed.elapsed()));
            let task = match next_due {
                Some(wait) => tasks.recv_timeout(wait),
                None => tasks.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match task {
                Ok(Task::Order(order)) => self.follow(order),
                Ok(Task::Answered) => self.n_asked = self.n_asked.saturating_sub(1),
                Ok(Task::Status(n_parsing, asked)) => {
                    let n_waiting = n_parsing + self.changed.len() + self.n_asked;
                    status::tell(n_waiting, self.indexes.all(), asked);
                }
                Err(RecvTimeoutError::Timeout) => self.ask_for_quiet(),
                Err(RecvTimeoutError::Disconnected) => {
                    self.indexes.all().iter().for_each(|indexer| indexer.end());
                    return;
                }
            }
        }
    }

    fn follow(&mut self, order: IndexOrder) {
        match order {
            IndexOrder::Folders(folders) => self.indexes.take_on(&folders, self.state_dir.as_deref()),
            IndexOrder::Changed(uri) => {
                self.changed.insert(uri, Instant::now());
            }
            IndexOrder::Document(document) => {
                if let Some(indexer) = self.indexes.of(&document.uri) {
                    index_document(&indexer, &document);
                }
            }
            IndexOrder::Open(open) => {
                let open: Vec<PathBuf> = open.iter().filter_map(Uri::to_path).collect();
                self.indexes.all().iter().for_each(|indexer| indexer.keep_open(&open));
            }
        }
    }

    fn ask_for_quiet(&mut self) {
        let is_quiet = |changed: &Instant| changed.elapsed() >= QUIET;
        let quiet: Vec<Uri> = self
            .changed
            .iter()
            .filter(|(_, changed)| is_quiet(changed))
            .map(|(uri, _)| uri.clone())
            .collect();
        for uri in quiet {
            self.changed.remove(&uri);
            self.n_asked += 1;
            self.mailbox.tell(Message::Quiet(uri));
        }
    }
}

/// Keeps an index as its folder is, on a thread of its own, until it is ended.
fn follow_folder(indexer: Arc<Indexer>) {
    let root = indexer.root().display().to_string();
    let follow = move || {
        let mut told = None;
        indexer.follow(|report| {
            let notice = report.notice();
            if notice.is_some() && notice != told {
                tracing::info!(root = %indexer.root().display(), "{}", notice.as_deref().unwrap_or_default());
                told = notice;
            }
        });
    };
    if let Err(error) = std::thread::Builder::new().name("folder".to_owned()).spawn(follow) {
        tracing::warn!(%error, root, "a folder is not indexed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_in_a_terminal_finds_the_index_of_its_checkout() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(dir.path().join(".git")).expect("made");
        let uri = |path: &Path| Uri::from_path(path).expect("a path");
        let (mailbox, _messages) = super::super::mailbox::channel();
        let mut indexing = Indexing::new(None, mailbox.weak());
        indexing.only_checkouts = true;
        indexing.order(IndexOrder::Folders(vec![uri(dir.path())]));
        assert!(indexing.indexes.of(&uri(&dir.path().join("a.py"))).is_some());
        indexing.indexes.all().iter().for_each(|indexer| indexer.end());
    }
}
