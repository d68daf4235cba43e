//! What of a workspace a copy has.
//!
//! Owns the walk and its rules. Must never follow a link, nor change anything.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use syntax::Stop;

use super::{Depended, MAX_BYTES, MAX_FILES, ShadowError};
use crate::ignored::{IgnoreRules, RuleChain, has_secret_name};
use crate::indexer::{Stamp, VERSION_CONTROL};

/// What tools made for themselves.
const MADE: [&str; 10] = [
    "__pycache__",
    ".tox",
    ".nox",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".gradle",
    ".next",
    ".turbo",
    ".terraform",
];

/// What is built has these names, where an ignore file names it too.
const BUILT: [&str; 7] = ["target", "build", "dist", "out", "coverage", ".cache", "cmake-build-debug"];

/// A place in a workspace.
#[derive(Debug)]
pub(super) enum Listed {
    File {
        size: u64,
        stamp: Stamp,
        mode: u32,
    },
    /// A link and where it is to lead in the copy, from the directory that it lies in.
    Link(PathBuf),
    /// Only an overlay has it.
    Missing,
}

/// All of them, by relative path.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) files: BTreeMap<PathBuf, Listed>,
    pub(super) dirs: BTreeSet<PathBuf>,
    pub(super) depended: Vec<Depended>,
    pub(super) n_left_out: usize,
    n_bytes: u64,
}

impl Listing {
    pub(super) fn of(root: &Path, stop: &Stop) -> Result<Listing, ShadowError> {
        let rules = IgnoreRules::new(vec![root.to_owned()]);
        let mut listing = Listing::default();
        listing.dirs.insert(PathBuf::new());
        let mut dirs = vec![(PathBuf::new(), rules.chain_of(root, |_| true))];
        while let Some((dir, rules)) = dirs.pop() {
            if stop.is_due() {
                return Err(ShadowError::Stopped);
            }
            let below = listing.dir(root, &dir, &rules)?;
            dirs.extend(below.into_iter().map(|below| {
                let rules = rules.enter(&root.join(&below), |_| true);
                (below, rules)
            }));
            if listing.files.len() > MAX_FILES || listing.n_bytes > MAX_BYTES {
                return Err(ShadowError::TooLarge { path: root.to_owned() });
            }
        }
        Ok(listing)
    }

    /// Takes what a directory holds; gives the directories below.
    fn dir(&mut self, root: &Path, dir: &Path, rules: &Arc<RuleChain>) -> Result<Vec<PathBuf>, ShadowError> {
        let at = root.join(dir);
        let entries = match fs::read_dir(&at) {
            Ok(entries) => entries,
            // It went away, or is closed to the user: then the project's tools do without it too.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => {
                self.n_left_out += 1;
                return Ok(Vec::new());
            }
            Err(source) => return Err(ShadowError::Io { path: at, source }),
        };
        let mut below = Vec::new();
        for entry in entries.flatten() {
            let (from, path) = (entry.path(), dir.join(entry.file_name()));
            let Ok(metadata) = fs::symlink_metadata(&from) else { continue };
            if metadata.is_dir() {
                if self.is_entered(&from, &path, &entry.file_name(), rules) {
                    self.dirs.insert(path.clone());
                    below.push(path);
                }
            } else if metadata.is_symlink() {
                self.link(root, &from, path);
            } else if !metadata.is_file() || has_secret_name(&from) && rules.is_ignored(&from, false) {
                self.n_left_out += 1;
            } else {
                self.n_bytes = self.n_bytes.saturating_add(metadata.len());
                let listed =
                    Listed::File { size: metadata.len(), stamp: Stamp::of(&metadata), mode: mode(&metadata) };
                self.files.insert(path, listed);
            }
        }
        Ok(below)
    }

    fn is_entered(&mut self, from: &Path, path: &Path, name: &OsStr, rules: &Arc<RuleChain>) -> bool {
        let is = |names: &[&str]| names.iter().any(|known| name == *known);
        if name == "node_modules" || from.join("pyvenv.cfg").is_file() {
            self.depended.push(Depended { path: path.to_owned(), real: from.to_owned() });
            return false;
        }
        let is_made =
            is(&VERSION_CONTROL) || is(&MADE) || is_cache(from) || is(&BUILT) && rules.is_ignored(from, true);
        !is_made
    }

    /// A link is copied where it leads to something of the workspace; it is made anew so that it leads there in the copy.
    fn link(&mut self, root: &Path, from: &Path, path: PathBuf) {
        let real = from.canonicalize().ok();
        // Tools that manage environments keep them elsewhere. Of a link to other packages nobody can say what it shows.
        if let Some(real) = real.as_ref().filter(|real| real.join("pyvenv.cfg").is_file()) {
            self.depended.push(Depended { path, real: real.clone() });
            return;
        }
        match real.as_ref().and_then(|real| real.strip_prefix(root).ok()) {
            Some(below) => {
                let up: PathBuf = path.components().skip(1).map(|_| "..").collect();
                let to = up.join(below);
                let to = if to.as_os_str().is_empty() { PathBuf::from(".") } else { to };
                self.files.insert(path, Listed::Link(to));
            }
            None => self.n_left_out += 1,
        }
    }
}

/// Whether a directory says of itself that it is a cache.
fn is_cache(dir: &Path) -> bool {
    const SIGNATURE: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55";
    let tag = dir.join("CACHEDIR.TAG");
    fs::symlink_metadata(&tag).is_ok_and(|tag| tag.is_file() && tag.len() < 10_000)
        && fs::read(&tag).is_ok_and(|text| text.starts_with(SIGNATURE))
}

/// Who may do what with a file, with its owner always able to write and nobody to become another user.
#[cfg(unix)]
fn mode(metadata: &Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777 | 0o600
}

#[cfg(not(unix))]
fn mode(_: &Metadata) -> u32 {
    0o600
}
