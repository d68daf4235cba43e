//! Watches the files of documents, for the session. Owns the thread that does; must never look into a file.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use workspace::{Uri, Watcher};

use crate::message::Message;

use super::mailbox::WeakMailbox;

/// A file that was just written is looked at after this: a program that writes one often deletes it before, and an editor that
/// writes one tells its last change up to 150 ms later.
const QUIET: Duration = Duration::from_millis(400);

/// A file that is written all the time is looked at after this.
const PATIENCE: Duration = Duration::from_secs(2);

/// The files that are watched, from the first one on.
pub(super) struct Files {
    pub(super) mailbox: WeakMailbox,
    /// Whether any are.
    pub(super) is_on: bool,
    pub(super) watching: Option<Watching>,
}

impl Files {
    /// Watches exactly these files from now on.
    pub(super) fn watch(&mut self, uris: Vec<Uri>) {
        if self.is_on && self.watching.is_none() {
            self.watching = Watching::start(self.mailbox.clone());
        }
        if let Some(watching) = &self.watching {
            watching.watch(uris);
        }
    }
}

/// A thread that watches files, since a watch is a system call that a slow disk can hold up. It ends with this.
pub(super) struct Watching {
    tx: Sender<Order>,
}

enum Order {
    Watch(Vec<Uri>),
    Touched(Vec<PathBuf>),
    Stop,
}

impl Watching {
    /// Watches nothing yet; none when the system has no thread left.
    pub(super) fn start(mailbox: WeakMailbox) -> Option<Watching> {
        let (tx, orders) = channel();
        let touched = tx.clone();
        let watcher = move || Watcher::new(move |paths| drop(touched.send(Order::Touched(paths))));
        let run = move || run(watcher(), &orders, &mailbox);
        let started = std::thread::Builder::new().name("watch".to_owned()).spawn(run);
        started.inspect_err(|error| tracing::warn!(%error, "files are not watched")).ok()?;
        Some(Watching { tx })
    }

    /// Watches exactly these files from now on.
    pub(super) fn watch(&self, uris: Vec<Uri>) {
        // The thread ends on a stop only.
        let _ = self.tx.send(Order::Watch(uris));
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.tx.send(Order::Stop);
    }
}

fn run(mut watcher: Watcher, orders: &Receiver<Order>, mailbox: &WeakMailbox) {
    let mut touched: Vec<PathBuf> = Vec::new();
    let mut since: Option<Instant> = None;
    loop {
        let order = match since {
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(since) => orders.recv_timeout(QUIET.min(PATIENCE.saturating_sub(since.elapsed()))),
        };
        match order {
            Ok(Order::Watch(uris)) => watcher.watch(&uris),
            Ok(Order::Touched(paths)) => {
                if !watcher.files_at(&paths).is_empty() {
                    touched.extend(paths);
                    since.get_or_insert_with(Instant::now);
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                let files = watcher.files_at(&std::mem::take(&mut touched));
                since = None;
                mailbox.tell(Message::ChangedOnDisk(files));
            }
            Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
