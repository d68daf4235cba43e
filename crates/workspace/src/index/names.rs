//! The strings of an index, each kept once, and the parts of the names that are defined.

use rustc_hash::FxHashMap;

use super::strings::Strings;
use super::words::{parts, stem};

/// A string of an index. Strings are never taken out: their ids stay good, and what is typed and deleted is small.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub(crate) u32);

/// A part of a name: `parse` of `parseHeader`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartId(pub(crate) u32);

#[derive(Debug, Default)]
pub(super) struct Names {
    strings: Strings,
    parts: Strings,
    by_stem: FxHashMap<Box<str>, Vec<PartId>>,
    /// By name; empty for one that was never defined.
    parts_of: Vec<Box<[PartId]>>,
    /// By part: how many defined names have it.
    n_names_with: Vec<u32>,
}

impl Names {
    pub(super) fn intern(&mut self, string: &str) -> NameId {
        NameId(self.strings.intern(string))
    }

    pub(super) fn get(&self, string: &str) -> Option<NameId> {
        self.strings.get(string).map(NameId)
    }

    pub(super) fn text(&self, name: NameId) -> &str {
        self.strings.text(name.0)
    }

    pub(super) fn len(&self) -> usize {
        self.strings.len()
    }

    pub(super) fn intern_part(&mut self, part: &str) -> PartId {
        let n_before = self.parts.len();
        let id = PartId(self.parts.intern(part));
        if self.parts.len() > n_before {
            self.by_stem.entry(stem(part).into()).or_default().push(id);
        }
        id
    }

    pub(super) fn parts_with_stem(&self, stem: &str) -> &[PartId] {
        self.by_stem.get(stem).map_or(&[], Vec::as_slice)
    }

    /// A name has its first definition.
    pub(super) fn define(&mut self, name: NameId) {
        let idx = name.0 as usize;
        if self.parts_of.len() <= idx {
            self.parts_of.resize(idx + 1, Box::default());
        }
        if self.parts_of.get(idx).is_some_and(|parts| parts.is_empty()) {
            let mut found: Vec<PartId> = Vec::new();
            for part in parts(self.strings.text(name.0)) {
                let id = self.intern_part(&part);
                if !found.contains(&id) {
                    found.push(id);
                }
            }
            if let Some(slot) = self.parts_of.get_mut(idx) {
                *slot = found.into();
            }
        }
        self.n_names_with.resize(self.parts.len(), 0);
        for part in self.parts_of.get(idx).into_iter().flatten() {
            if let Some(count) = self.n_names_with.get_mut(part.0 as usize) {
                *count += 1;
            }
        }
    }

    /// A name has lost its last definition.
    pub(super) fn undefine(&mut self, name: NameId) {
        for part in self.parts_of.get(name.0 as usize).into_iter().flatten() {
            if let Some(count) = self.n_names_with.get_mut(part.0 as usize) {
                *count = count.saturating_sub(1);
            }
        }
    }

    pub(super) fn parts_of(&self, name: NameId) -> &[PartId] {
        self.parts_of.get(name.0 as usize).map_or(&[], |parts| parts)
    }

    pub(super) fn part(&self, part: &str) -> Option<PartId> {
        self.parts.get(part).map(PartId)
    }

    pub(super) fn part_text(&self, part: PartId) -> &str {
        self.parts.text(part.0)
    }

    pub(super) fn n_parts(&self) -> usize {
        self.parts.len()
    }

    pub(super) fn part_counts(&self) -> impl Iterator<Item = u32> {
        let uncounted = self.parts.len().saturating_sub(self.n_names_with.len());
        self.n_names_with.iter().copied().chain(std::iter::repeat_n(0, uncounted))
    }
}
