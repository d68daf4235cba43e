//! A copy of a workspace for tools to run in, with other texts laid over it.
//!
//! Owns what is copied: files by their content, links that stay inside, no history, no build output, no secrets that git does
//! not know. What changed is copied again, what is gone goes, and what a tool wrote is put right. Must never write through a
//! link, never make a hard link, and never write outside of the copy. No tool may run in the copy while it is refreshed.

mod copy;
mod depend;
mod list;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use syntax::Stop;
use text::Text;

use crate::Trusted;
use crate::disk::real_path;
use crate::indexer::{Stamp, is_settled};
use copy::dir_of;
use list::{Listed, Listing};

pub use copy::remove_tree;

/// More files or bytes than these make a copy that nobody waits for.
const MAX_FILES: usize = 200_000;
const MAX_BYTES: u64 = 2 << 30;

/// Texts in place of those on disk, by absolute path.
pub type Overlay = BTreeMap<PathBuf, Text>;

/// A copy of a workspace.
#[derive(Debug)]
pub struct Shadow {
    root: PathBuf,
    tree: PathBuf,
    /// Hashes of files of the workspace, by relative path, while their stamps stay.
    read: BTreeMap<PathBuf, Read>,
    /// What was written into the copy.
    laid: BTreeMap<PathBuf, Laid>,
    depended: Vec<Depended>,
    n_left_out: usize,
}

/// What the workspace held when the copy was made like it: equal if everything is equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentState([u8; 32]);

/// Installed packages, which a copy has links to instead of copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depended {
    /// Where they are in the workspace, relative.
    pub path: PathBuf,
    /// Where they really lie.
    pub real: PathBuf,
}

/// Whether a copy gets links to installed packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dependencies {
    /// It does: whoever runs a tool keeps it from writing there.
    Linked,
    /// It does not: nothing would keep a tool from writing there.
    LeftOut,
}

/// There is no copy.
#[derive(Debug, thiserror::Error)]
pub enum ShadowError {
    /// It would be too large.
    #[error("copy {}: more than {MAX_FILES} files or {} MiB", path.display(), MAX_BYTES >> 20)]
    TooLarge {
        /// The workspace.
        path: PathBuf,
    },
    /// The system says no.
    #[error("copy {}: {source}", path.display())]
    Io {
        /// With what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It was cancelled, or took too long.
    #[error("the copy of the workspace was not finished: cancelled, or out of time")]
    Stopped,
}

#[derive(Debug)]
struct Read {
    size: u64,
    /// None where it would not tell a change right after.
    stamp: Option<Stamp>,
    hash: blake3::Hash,
}

#[derive(Debug, PartialEq, Eq)]
struct Laid {
    what: What,
    size: u64,
    stamp: Stamp,
}

/// What a place in the copy holds.
#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    File { hash: blake3::Hash, mode: u32 },
    Link(PathBuf),
}

impl Shadow {
    /// An empty copy at `tree`, which must be a directory of the caller's.
    pub fn new(trusted: &Trusted, tree: &Path) -> Result<Shadow, ShadowError> {
        let failed = |source| ShadowError::Io { path: tree.to_owned(), source };
        dir_of(tree).map_err(failed)?;
        let tree = tree.canonicalize().map_err(failed)?;
        let root = trusted.root().to_owned();
        Ok(Shadow {
            root,
            tree,
            read: BTreeMap::new(),
            laid: BTreeMap::new(),
            depended: Vec::new(),
            n_left_out: 0,
        })
    }

    /// Where the copy is.
    pub fn tree(&self) -> &Path {
        &self.tree
    }

    /// The workspace.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Installed packages that were found.
    pub fn depended(&self) -> &[Depended] {
        &self.depended
    }

    /// How many links that lead out, secrets and files of other kinds were left out.
    pub fn n_left_out(&self) -> usize {
        self.n_left_out
    }

    /// Whether a relative path, with `/`, is a file of the copy.
    pub fn is_file(&self, path: &str) -> bool {
        matches!(self.laid.get(Path::new(path)), Some(Laid { what: What::File { .. }, .. }))
    }

    /// Where a path of the workspace lies, relative; none if that is outside.
    pub fn relative(&self, path: &Path) -> Option<PathBuf> {
        let below = real_path(path).strip_prefix(&self.root).ok()?.to_owned();
        (!below.as_os_str().is_empty()).then_some(below)
    }

    /// Makes the copy like the workspace with `overlay` over it. What is the same already is not touched, so that tools see
    /// what changed by its time. Texts for paths outside of the workspace are left out.
    pub fn refresh(
        &mut self,
        overlay: &Overlay,
        dependencies: Dependencies,
        stop: &Stop,
    ) -> Result<ContentState, ShadowError> {
        let is_first = self.laid.is_empty();
        let mut texts: BTreeMap<PathBuf, &Text> = BTreeMap::new();
        for (path, text) in overlay {
            texts.extend(self.relative(path).map(|path| (path, text)));
        }
        let listing = Listing::of(&self.root, stop)?;
        self.n_left_out = listing.n_left_out;
        self.depended = listing.depended;
        let mut dirs: BTreeSet<PathBuf> = listing.dirs;
        let mut laid = BTreeMap::new();
        let mut hasher = blake3::Hasher::new();
        let mut files = listing.files;
        for path in texts.keys() {
            dirs.extend(path.ancestors().skip(1).map(Path::to_owned));
            files.entry(path.clone()).or_insert(Listed::Missing);
        }
        self.make_dirs(&dirs)?;
        for (path, listed) in files {
            if stop.is_due() {
                return Err(ShadowError::Stopped);
            }
            let text = texts.get(&path).copied();
            let Some(what) = self.wanted(&path, &listed, text)? else { continue };
            match &what {
                What::File { hash, mode } => {
                    note(&mut hasher, &path, hash.as_bytes());
                    hasher.update(&mode.to_le_bytes());
                }
                What::Link(to) => note(&mut hasher, &path, to.as_os_str().as_encoded_bytes()),
            }
            let now = self.lay(&path, what, &listed, text, is_first)?;
            laid.insert(path, now);
        }
        for Depended { path, real } in &self.depended {
            note(&mut hasher, path, real.as_os_str().as_encoded_bytes());
        }
        self.read.retain(|path, _| laid.contains_key(path));
        self.laid = laid;
        self.remove_others(&dirs)?;
        if dependencies == Dependencies::Linked {
            for depended in &self.depended {
                depend::link(depended, &self.root, &self.tree)
                    .map_err(|source| ShadowError::Io { path: depended.path.clone(), source })?;
            }
        }
        Ok(ContentState(*hasher.finalize().as_bytes()))
    }

    /// What is to lie at a path; none where the file went away meanwhile.
    fn wanted(
        &mut self,
        path: &Path,
        listed: &Listed,
        text: Option<&Text>,
    ) -> Result<Option<What>, ShadowError> {
        let hash_of = |text: &Text| {
            let mut hasher = blake3::Hasher::new();
            text.chunks().for_each(|chunk| {
                hasher.update(chunk.as_bytes());
            });
            hasher.finalize()
        };
        match (listed, text) {
            (Listed::File { mode, .. }, Some(text)) => {
                Ok(Some(What::File { hash: hash_of(text), mode: *mode }))
            }
            (Listed::Link(_) | Listed::Missing, Some(text)) => {
                Ok(Some(What::File { hash: hash_of(text), mode: 0o600 }))
            }
            (Listed::Missing, None) => Ok(None),
            (Listed::Link(to), None) => Ok(Some(What::Link(to.clone()))),
            (Listed::File { size, stamp, mode }, None) => {
                let known = self.read.get(path);
                let is_known = known
                    .filter(|known| known.size == *size && known.stamp == Some(*stamp))
                    .map(|known| known.hash);
                let hash = match is_known {
                    Some(hash) => hash,
                    None => match copy::hash(&self.root.join(path)) {
                        Ok(hash) => hash,
                        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                        Err(source) => {
                            return Err(ShadowError::Io { path: self.root.join(path), source });
                        }
                    },
                };
                let stamp = is_settled(*stamp, SystemTime::now()).then_some(*stamp);
                self.read.insert(path.to_owned(), Read { size: *size, stamp, hash });
                Ok(Some(What::File { hash, mode: *mode }))
            }
        }
    }

    /// Writes what is wanted, unless it lies there already.
    fn lay(
        &self,
        path: &Path,
        what: What,
        listed: &Listed,
        text: Option<&Text>,
        is_first: bool,
    ) -> Result<Laid, ShadowError> {
        let to = self.tree.join(path);
        let failed = |source| ShadowError::Io { path: path.to_owned(), source };
        let there = fs::symlink_metadata(&to).ok();
        if let (Some(before), Some(there)) = (self.laid.get(path), &there)
            && before.what == what
            && (before.size, before.stamp) == (there.len(), Stamp::of(there))
        {
            return Ok(Laid { what, size: before.size, stamp: before.stamp });
        }
        if there.is_some() {
            remove_tree(&to).map_err(failed)?;
        }
        match (&what, text) {
            (What::Link(target), _) => copy::link(target, &to).map_err(failed)?,
            (What::File { mode, .. }, Some(text)) => {
                copy::write(text.chunks().map(str::as_bytes), &to, *mode).map_err(failed)?;
            }
            (What::File { mode, .. }, None) => {
                // Only what was never there before may look old: else a tool takes what it made of the text before for made
                // of this one.
                let time = match listed {
                    Listed::File { stamp, .. } if is_first => Some(stamp.mtime_ns),
                    Listed::File { .. } | Listed::Link(_) | Listed::Missing => None,
                };
                copy::file(&self.root.join(path), &to, *mode, time).map_err(failed)?;
            }
        }
        let there = fs::symlink_metadata(&to).map_err(failed)?;
        Ok(Laid { what, size: there.len(), stamp: Stamp::of(&there) })
    }

    /// Makes directories from the top down: one that a tool put a link or a file in place of is a directory again.
    fn make_dirs(&self, dirs: &BTreeSet<PathBuf>) -> Result<(), ShadowError> {
        for dir in dirs {
            // A path with a slash at its end would be looked for behind a link.
            let to = if dir.as_os_str().is_empty() { self.tree.clone() } else { self.tree.join(dir) };
            dir_of(&to).map_err(|source| ShadowError::Io { path: to.clone(), source })?;
        }
        Ok(())
    }

    /// Removes what is neither of the workspace nor a cache that tools may keep from one run to the next.
    fn remove_others(&self, dirs: &BTreeSet<PathBuf>) -> Result<(), ShadowError> {
        /// Their entries are found by the times and contents of sources.
        const KEPT: [&str; 2] = [".mypy_cache", ".ruff_cache"];
        for dir in dirs {
            let at = self.tree.join(dir);
            let failed = |source| ShadowError::Io { path: at.clone(), source };
            for entry in fs::read_dir(&at).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                let path = dir.join(entry.file_name());
                let is_cache = KEPT.iter().any(|kept| entry.file_name() == *kept)
                    && entry.file_type().is_ok_and(|kind| kind.is_dir());
                if !self.laid.contains_key(&path) && !dirs.contains(&path) && !is_cache {
                    remove_tree(&entry.path()).map_err(failed)?;
                }
            }
        }
        Ok(())
    }
}

/// Puts a path and what it holds into a hash, each with its length.
fn note(hasher: &mut blake3::Hasher, path: &Path, holds: &[u8]) {
    for part in [path.as_os_str().as_encoded_bytes(), holds] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
}
