//! The directory of one supervisor, and what is left of those that had no time to clean up.
//!
//! Owns the locks that say whether a directory is in use. Must never remove one that is.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// A directory that is in use for as long as this lives.
#[derive(Debug)]
pub(super) struct Scratch {
    pub(super) dir: PathBuf,
    lock: PathBuf,
    _held: File,
}

impl Scratch {
    /// A new directory below `parent`, which the user alone can enter.
    pub(super) fn new(parent: &Path) -> io::Result<Scratch> {
        for attempt in 0..100 {
            let name = format!("{}-{attempt}", std::process::id());
            let (dir, lock) = (parent.join(&name), parent.join(format!("{name}.lock")));
            let Ok(held) = OpenOptions::new().write(true).create_new(true).open(&lock) else { continue };
            // Somebody who cleans up may have taken the new file for an old one.
            if held.try_lock().is_err() || !lock.exists() {
                continue;
            }
            let mut builder = fs::DirBuilder::new();
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(&dir)?;
            return Ok(Scratch { dir: dir.canonicalize()?, lock, _held: held });
        }
        Err(io::Error::other("no name is free"))
    }

    pub(super) fn remove(self) -> io::Result<()> {
        workspace::remove_tree(&self.dir)?;
        fs::remove_file(&self.lock)
    }
}

/// Removes directories whose supervisors are gone.
pub(super) fn clean(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for lock in entries.flatten().map(|entry| entry.path()) {
        if lock.extension().is_none_or(|extension| extension != "lock") {
            continue;
        }
        let Ok(held) = File::open(&lock) else { continue };
        if held.try_lock().is_ok() && workspace::remove_tree(&lock.with_extension("")).is_ok() {
            // Another one that cleans up may have been here first.
            let _ = fs::remove_file(&lock);
        }
    }
}
