//! Whether commands may run for a checkout, as the user said.
//!
//! Owns the question which directory the answer is for: the real path of the checkout and the directory itself, so that
//! another one in its place is asked about anew. Commands that the checkout itself names are asked about one by one, so that
//! one that changes does not run by an answer that was given to another. What is kept lies in the state directory, never in the checkout. Must never
//! take an answer from a file of the project.

use std::fs;
use std::path::{Path, PathBuf};

use crate::disk::checkout_root;

/// A checkout that the user trusts; there is no other way to have one than to ask [`Trust`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    root: PathBuf,
}

/// What the user said about a checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// Commands may run in folders of it.
    Granted(Trusted),
    /// Nobody was asked, the answer was no, or it was for another directory that lay here.
    NotGranted {
        /// What there is to ask about.
        checkout: PathBuf,
        /// The answer was no, for this directory.
        is_declined: bool,
    },
}

/// Trust could not be read or kept. Then there is none.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The folder cannot be looked at.
    #[error("find {}: {source}", path.display())]
    Folder {
        /// It.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The state directory cannot be used.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Trusted {
    /// The folder that commands may run for, by its real path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether commands that a file of this folder names may run, each as the user said; none where nobody said anything.
    pub fn said_of(&self, state_dir: &Path, commands: &[String]) -> Result<Vec<Option<bool>>, TrustError> {
        let place = Place::of(&self.root)?;
        let store = store::Store::open(state_dir)?;
        let said = commands.iter().map(|command| {
            let key = place.command_key(command);
            if store.is_trusted(&key, &place.identity)? {
                return Ok(Some(true));
            }
            Ok(store.is_trusted(&key, &place.declined())?.then_some(false))
        });
        said.collect()
    }

    /// Keeps whether such commands may run.
    pub fn say_of(&self, state_dir: &Path, commands: &[String], may_run: bool) -> Result<(), TrustError> {
        let place = Place::of(&self.root)?;
        let store = store::Store::open(state_dir)?;
        let kept = if may_run { place.identity.clone() } else { place.declined() };
        commands.iter().try_for_each(|command| Ok(store.put_trust(&place.command_key(command), &kept)?))
    }
}

impl Trust {
    /// What was said about the checkout that a folder lies in.
    pub fn of(state_dir: &Path, folder: &Path) -> Result<Trust, TrustError> {
        let place = Place::of(folder)?;
        let store = store::Store::open(state_dir)?;
        if store.is_trusted(&place.key(), &place.identity)? {
            return Ok(Trust::Granted(Trusted { root: place.folder }));
        }
        let is_declined = store.is_trusted(&place.key(), &place.declined())?;
        Ok(Trust::NotGranted { checkout: place.checkout, is_declined })
    }

    /// Keeps that the checkout of a folder is trusted.
    pub fn grant(state_dir: &Path, folder: &Path) -> Result<Trusted, TrustError> {
        let place = Place::of(folder)?;
        store::Store::open(state_dir)?.put_trust(&place.key(), &place.identity)?;
        Ok(Trusted { root: place.folder })
    }

    /// Keeps that the user was asked about the checkout of a folder and does not trust it.
    pub fn decline(state_dir: &Path, folder: &Path) -> Result<(), TrustError> {
        let place = Place::of(folder)?;
        Ok(store::Store::open(state_dir)?.put_trust(&place.key(), &place.declined())?)
    }

    /// Forgets what was said, also of commands; says whether it was trusted.
    pub fn revoke(state_dir: &Path, folder: &Path) -> Result<bool, TrustError> {
        let place = Place::of(folder)?;
        let store = store::Store::open(state_dir)?;
        let was_trusted = store.is_trusted(&place.key(), &place.identity)?;
        store.remove_trust_below(&place.commands_key())?;
        Ok(store.remove_trust(&place.key())? && was_trusted)
    }
}

struct Place {
    folder: PathBuf,
    checkout: PathBuf,
    identity: String,
}

impl Place {
    fn of(folder: &Path) -> Result<Place, TrustError> {
        let failed = |source| TrustError::Folder { path: folder.to_owned(), source };
        let real = folder.canonicalize().map_err(failed)?;
        let checkout = checkout_root(&real);
        let identity = identity(&fs::metadata(&checkout).map_err(failed)?);
        Ok(Place { folder: real, checkout, identity })
    }

    /// What is kept in place of the identity when the answer was no: no identity begins so.
    fn declined(&self) -> String {
        format!("declined {}", self.identity)
    }

    fn key(&self) -> Vec<u8> {
        self.checkout.as_os_str().as_encoded_bytes().to_vec()
    }

    /// No path has such a byte.
    fn commands_key(&self) -> Vec<u8> {
        let mut key = self.key();
        key.push(0);
        key
    }

    /// The same words mean another command in another folder.
    fn command_key(&self, command: &str) -> Vec<u8> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.folder.as_os_str().as_encoded_bytes()).update(&[0]).update(command.as_bytes());
        let mut key = self.commands_key();
        key.extend(hasher.finalize().as_bytes());
        key
    }
}

/// What tells a directory from another that lies in its place later.
#[cfg(unix)]
fn identity(metadata: &fs::Metadata) -> String {
    use std::os::unix::fs::MetadataExt as _;
    format!("{}:{}", metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn identity(metadata: &fs::Metadata) -> String {
    let since = metadata.created().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.map_or_else(String::new, |since| since.as_nanos().to_string())
}
