//! Sessions that are alive: a request can be under way only as long as the one that sent it is, and a proposal is its own.
//!
//! Each holds a lock on a file of its own, which the system lets go of when its process ends, however it does.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use rusqlite::params;

use crate::files::private_dir;
use crate::receipts::{LOST, UNDER_WAY};
use crate::{Error, Store};

/// A session that is alive as long as this is.
#[derive(Debug)]
pub struct LiveSession {
    _lock: File,
    path: PathBuf,
}

impl LiveSession {
    /// Begins a session with a name of its own, which names of its receipts and rows begin with, before a `-`.
    pub fn begin(state_dir: &Path, name: &str) -> Result<LiveSession, Error> {
        private_dir(state_dir)?;
        private_dir(&directory(state_dir))?;
        let path = directory(state_dir).join(name);
        let failed = |what| {
            let path = path.clone();
            move |source| Error::Io { what, path, source }
        };
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).open(&path).map_err(failed("make"))?;
        file.lock().map_err(failed("lock"))?;
        Ok(LiveSession { _lock: file, path })
    }
}

impl Drop for LiveSession {
    fn drop(&mut self) {
        // One that stays is not locked any more, and removed by whoever looks next.
        let _ = fs::remove_file(&self.path);
    }
}

/// Marks the requests as lost that are said to be under way and whose session is gone. How many there were.
pub fn end_lost(state_dir: &Path) -> Result<usize, Error> {
    let store = Store::open(state_dir)?;
    let names = || -> Result<Vec<String>, rusqlite::Error> {
        let mut statement = store.connection.prepare("SELECT name FROM sends WHERE end = ?")?;
        statement.query_map([UNDER_WAY], |row| row.get(0))?.collect()
    };
    let names = names().map_err(|source| store.failed(source))?;
    let mut n_lost = 0;
    for name in names {
        let session = name.split_once('-').map_or(name.as_str(), |(session, _)| session);
        if is_alive(state_dir, session) {
            continue;
        }
        let update = "UPDATE sends SET end = ?1 WHERE name = ?2 AND end = ?3";
        let updated = store.connection.execute(update, params![LOST, name, UNDER_WAY]);
        n_lost += updated.map_err(|source| store.failed(source))?;
    }
    Ok(n_lost)
}

/// Whether somebody holds the lock of a session; the file of one that is gone is removed.
pub(crate) fn is_alive(state_dir: &Path, session: &str) -> bool {
    let path = directory(state_dir).join(session);
    let Ok(file) = File::open(&path) else { return false };
    match file.try_lock() {
        Ok(()) => {
            // Another process may have removed it just now.
            let _ = fs::remove_file(&path);
            false
        }
        Err(fs::TryLockError::WouldBlock) => true,
        // Where locks do not work, nothing is said to be lost.
        Err(fs::TryLockError::Error(_)) => true,
    }
}

fn directory(state_dir: &Path) -> PathBuf {
    state_dir.join("live")
}
