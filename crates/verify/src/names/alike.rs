//! How much one name is like another, as a slip of memory or of the pen makes them.
//!
//! Owns the steps of likeness, and the order in which known names are tried: letters as bits rule out nearly all of them before
//! anything is compared.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use workspace::{Index, PartId, parts};

use super::known::Library;

/// How much two names are alike, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// All parts but one are the same, as in `get_user` and `fetch_user`.
    OnePart,
    /// One has the parts of the other and up to two more, as in `get_user_by_name`.
    Extended,
    /// The same parts in another order.
    Reordered,
    /// A letter or two are others.
    Misspelled,
    /// Only case and underscores are others.
    Restyled,
}

/// Where a known name is known from, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known {
    /// It stands in the text.
    Here,
    /// A file of the folder defines it.
    Folder,
    /// It is one of the language or its library.
    Library,
}

/// A known name that is like another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alike {
    pub(super) likeness: Likeness,
    pub(super) known: Known,
    pub(super) name: String,
}

impl Alike {
    /// Whether a name is so much like this one that it must be a slip, though it could be a member of anything: most names that
    /// only go on from another, or are near to one of a library, are members of some library themselves.
    pub(super) fn is_telling(&self, name: &str) -> bool {
        let begins = |name: &str| name.trim_start_matches('_').starts_with(char::is_uppercase);
        match (self.likeness, self.known) {
            (_, Known::Library) | (Likeness::OnePart, _) => false,
            (Likeness::Extended, _) => parts(&self.name).len() > 1 && begins(&self.name) == begins(name),
            (Likeness::Reordered | Likeness::Misspelled | Likeness::Restyled, _) => true,
        }
    }
}

/// Shorter names are too near to too many others.
const MIN_LETTERS: usize = 4;
/// Letters from which on two may be others.
const LONG: usize = 8;
/// Parts that a longer name may have more.
const MAX_MORE: usize = 2;

/// The known names that are like `name`: those most alike first, of these the nearest.
pub(super) fn most_alike(name: &str, here: &BTreeSet<&str>, index: &Index, library: &Library) -> Vec<Alike> {
    let shape = Shape::of(name);
    let mut found: Vec<Alike> = Vec::new();
    let mut consider = |other: &str, known: Known| {
        let is_told = |found: &[Alike]| found.iter().any(|alike| alike.name == other);
        if let Some(likeness) = shape.likeness(other).filter(|_| !is_told(&found)) {
            found.push(Alike { likeness, known, name: other.to_owned() });
        }
    };
    here.iter().for_each(|other| consider(other, Known::Here));
    let own_parts: Vec<PartId> = shape.parts.iter().filter_map(|part| index.part(part)).collect();
    index.names_with_any(&own_parts).for_each(|other| consider(index.text(other), Known::Folder));
    let defined = index.defined_names().map(|other| index.text(other));
    defined.filter(|other| shape.may_be_spelled(other)).for_each(|other| consider(other, Known::Folder));
    library
        .names()
        .filter(|other| shape.may_have_parts(other))
        .for_each(|other| consider(other, Known::Library));
    found.sort_by_cached_key(|alike| {
        let off = strsim::damerau_levenshtein(&alike.name, name);
        (Reverse(alike.likeness), alike.known, off, alike.name.clone())
    });
    found
}

/// Those worth telling: slips of what stands here or in the folder; else what is only alike there, and slips of a library's.
pub(super) fn nearest(mut alike: Vec<Alike>) -> impl Iterator<Item = Alike> {
    let is_slip = |alike: &Alike| alike.likeness >= Likeness::Reordered;
    let is_own = |alike: &Alike| alike.known != Known::Library;
    if alike.iter().any(|alike| is_slip(alike) && is_own(alike)) {
        alike.retain(|alike| is_slip(alike) && is_own(alike));
    } else {
        alike.retain(|alike| is_slip(alike) || is_own(alike));
        let is_other = |alike: &Alike| alike.likeness != Likeness::Restyled;
        alike.sort_by_key(|alike| (is_other(alike), alike.known, Reverse(alike.likeness)));
    }
    alike.into_iter()
}

/// A name as it is compared.
struct Shape {
    /// In lower case, without underscores.
    letters: String,
    /// Which letters there are, by their last five bits.
    mask: u32,
    parts: Vec<String>,
}

impl Shape {
    fn of(name: &str) -> Shape {
        Shape { letters: letters(name), mask: mask(name), parts: parts(name) }
    }

    /// Letters that may be others than in a name of so many.
    fn n_slips(&self, n_letters: usize) -> usize {
        if self.letters.len().min(n_letters) >= LONG { 2 } else { 1 }
    }

    /// Whether a name has nearly the same letters; each that is another changes two bits at most.
    fn may_be_spelled(&self, name: &str) -> bool {
        let n_most = self.n_slips(name.len());
        let n_underscores = name.bytes().filter(|byte| *byte == b'_').count();
        (name.len() - n_underscores).abs_diff(self.letters.len()) <= n_most
            && (mask(name) ^ self.mask).count_ones() as usize <= n_most * 2
    }

    /// Whether a name can have all parts of this one, or the other way round, or nearly the same letters.
    fn may_have_parts(&self, name: &str) -> bool {
        let mask = mask(name);
        mask & self.mask == mask || mask & self.mask == self.mask || self.may_be_spelled(name)
    }

    fn likeness(&self, name: &str) -> Option<Likeness> {
        let letters = letters(name);
        let n_fewest = letters.len().min(self.letters.len());
        if n_fewest < MIN_LETTERS {
            return None;
        }
        if letters == self.letters {
            return Some(Likeness::Restyled);
        }
        let is_near = self.may_be_spelled(name)
            && strsim::damerau_levenshtein(&letters, &self.letters) <= self.n_slips(letters.len());
        if is_near {
            return Some(Likeness::Misspelled);
        }
        let mut rest = parts(name);
        let (n_own, n_other) = (self.parts.len(), rest.len());
        let mut n_same = 0;
        for part in &self.parts {
            if let Some(same) = rest.iter().position(|other| other == part) {
                rest.swap_remove(same);
                n_same += 1;
            }
        }
        match () {
            () if n_same == 0 => None,
            () if n_same == n_own && n_same == n_other => Some(Likeness::Reordered),
            () if n_same == n_own.min(n_other) && n_own.abs_diff(n_other) <= MAX_MORE => {
                Some(Likeness::Extended)
            }
            () if n_own == n_other && n_same + 1 == n_own => Some(Likeness::OnePart),
            () => None,
        }
    }
}

fn letters(name: &str) -> String {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

fn mask(name: &str) -> u32 {
    name.bytes().filter(|byte| *byte != b'_').fold(0, |mask, byte| mask | 1 << (byte % 32))
}
