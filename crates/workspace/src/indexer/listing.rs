//! What the disk was seen to hold: each source file with what became of it.
//!
//! Owns which files are within the limits of an index. Must never read a file.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::kind::kind_of;
use super::read::Hash;
use super::report::{LeftOut, Limits};
use super::walk::{Found, Stamp, Walked};
use crate::FileKind;

/// A file that was found.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) size: u64,
    /// Its stamp when it was found.
    pub(crate) found: Stamp,
    /// When it changed last; none if that does not tell whether it has changed since.
    pub(crate) stamp: Option<Stamp>,
    pub(crate) hash: Option<Hash>,
    pub(crate) state: State,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It is to be read.
    Unread,
    Indexed,
    LeftOut(LeftOut),
}

/// All that was found below a root. Paths are relative to it.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) files: BTreeMap<String, Known>,
    /// Directories that were entered.
    pub(crate) dirs: BTreeSet<PathBuf>,
    /// What cannot be indexed, whatever it holds.
    left_out: BTreeMap<PathBuf, LeftOut>,
}

impl Listing {
    /// Takes what was found at and below some places, and gives the files that are gone from there.
    pub(crate) fn take(&mut self, places: &[PathBuf], walked: Walked) -> Vec<String> {
        let within: HashSet<&Path> = places.iter().map(PathBuf::as_path).collect();
        self.dirs.retain(|dir| !is_at(&within, dir));
        self.dirs.extend(walked.dirs);
        self.left_out.retain(|path, _| !is_at(&within, path));
        self.left_out.extend(walked.left_out);
        let mut gone: BTreeSet<String> = BTreeSet::new();
        for place in places {
            let Some(place) = place.to_str() else { continue };
            let from =
                self.files.range::<str, _>((std::ops::Bound::Included(place), std::ops::Bound::Unbounded));
            let below = from.take_while(|(path, _)| path.starts_with(place));
            let at = below.filter(|(path, _)| is_below(path, place));
            gone.extend(at.map(|(path, _)| path.clone()));
        }
        for Found { path, size, stamp } in walked.files {
            gone.remove(&path);
            let known = self.files.entry(path).or_insert(Known {
                size,
                found: stamp,
                stamp: None,
                hash: None,
                state: State::Unread,
            });
            if known.stamp != Some(stamp) || known.size != size {
                *known = Known { size, found: stamp, stamp: None, ..*known };
            }
        }
        for path in &gone {
            self.files.remove(path);
        }
        gone.into_iter().collect()
    }

    /// Where to look for what happened to a relative path: the path itself if its directory was entered, else the first
    /// step on the way to it that was not.
    pub(crate) fn place_of(&self, path: &Path) -> PathBuf {
        let mut parts = path.ancestors().take_while(|part| part.file_name().is_some());
        let listed = parts
            .find(|part| part.to_str().is_some() && part.parent().is_some_and(|dir| self.dirs.contains(dir)));
        listed.map(Path::to_owned).unwrap_or_default()
    }

    /// Marks what is over the limits, sources before tests and in the order of paths, and gives those that were indexed.
    pub(crate) fn limit(&mut self, limits: &Limits) -> Vec<String> {
        let fits = |known: &Known| known.size <= limits.file_bytes;
        let (n_files, n_bytes) = self.files.values().filter(|known| fits(known)).fold((0, 0), add);
        let was_over = self.files.values().any(|known| known.state == State::LeftOut(LeftOut::OverLimit));
        if n_files <= limits.n_files && n_bytes <= limits.total_bytes && !was_over {
            return Vec::new();
        }
        let mut files: Vec<(bool, &str)> = self
            .files
            .iter()
            .filter(|(_, known)| fits(known))
            .map(|(path, _)| (kind_of(path) != FileKind::Source, path.as_str()))
            .collect();
        files.sort_unstable();
        let mut total = (0, 0);
        let out: Vec<String> = files
            .into_iter()
            .filter_map(|(_, path)| {
                let after = add(total, self.files.get(path)?);
                let is_in = after.0 <= limits.n_files && after.1 <= limits.total_bytes;
                if is_in {
                    total = after;
                }
                (!is_in).then(|| path.to_owned())
            })
            .collect();
        let out: BTreeSet<String> = out.into_iter().collect();
        let over = State::LeftOut(LeftOut::OverLimit);
        let mut indexed = Vec::new();
        for (path, known) in &mut self.files {
            if out.contains(path) {
                if known.state == State::Indexed {
                    indexed.push(path.clone());
                }
                known.state = over;
            } else if known.state == over {
                known.state = State::Unread;
            }
        }
        indexed
    }

    /// The files that have to be looked into: new ones, and those whose stamp is another or says nothing.
    pub(crate) fn unsettled(&self) -> impl Iterator<Item = (&String, &Known)> {
        let over = State::LeftOut(LeftOut::OverLimit);
        self.files.iter().filter(move |(_, known)| {
            known.state != over && (known.state == State::Unread || known.stamp.is_none())
        })
    }

    /// How many files are left out, by reason; those that are open are not.
    pub(crate) fn left_out(&self, open: &BTreeSet<String>) -> BTreeMap<LeftOut, usize> {
        let closed = self.files.iter().filter(|(path, _)| !open.contains(*path));
        let reasons = closed.filter_map(|(_, known)| match known.state {
            State::LeftOut(reason) => Some(reason),
            State::Unread | State::Indexed => None,
        });
        let mut counts = BTreeMap::new();
        for reason in reasons.chain(self.left_out.values().copied()) {
            *counts.entry(reason).or_insert(0) += 1;
        }
        counts
    }
}

fn add((n_files, n_bytes): (usize, u64), known: &Known) -> (usize, u64) {
    (n_files + 1, n_bytes + known.size)
}

/// Whether a path is one of the places, or lies below one.
pub(crate) fn is_at(places: &HashSet<&Path>, path: &Path) -> bool {
    path.ancestors().any(|above| places.contains(above))
}

/// Whether a path is `place`, or lies below it; all lie below the empty one.
fn is_below(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| place.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quick only if the time is not that of places times directories.
    #[test]
    fn many_places_among_many_directories_are_taken() {
        let all: Vec<PathBuf> = (0..60_000).map(|n| PathBuf::from(format!("{n}/src"))).collect();
        let mut listing = Listing { dirs: all.iter().cloned().collect(), ..Listing::default() };
        let (gone, kept) = all.split_at(59_999);
        listing.take(gone, Walked::default());
        assert!(listing.dirs.iter().eq(kept));
        listing.take(&[PathBuf::from("59999/s")], Walked::default());
        assert!(listing.dirs.iter().eq(kept));
        listing.take(&[PathBuf::from("59999")], Walked::default());
        assert!(listing.dirs.is_empty());
    }
}
