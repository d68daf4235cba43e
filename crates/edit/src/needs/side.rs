//! The names of the text before and after, each tied to the hunk it stands in.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use syntax::{Binding, BindingKind, Names, Tree, Use};
use text::{Edit, Text};

use super::{Needs, Tie};

/// A text with its names, and where the hunks lie in it.
pub(super) struct Side<'a> {
    pub(super) text: &'a Text,
    pub(super) names: Names,
    pub(super) places: Vec<Range<usize>>,
}

/// A text before and after all hunks.
pub(super) struct Sides<'a> {
    pub(super) before: Side<'a>,
    pub(super) after: Side<'a>,
    /// Members are seen without saying whose they are.
    sees_members: bool,
}

impl<'a> Sides<'a> {
    pub(super) fn new(
        before: &'a Text,
        before_tree: &Tree,
        after: &'a Text,
        after_tree: &Tree,
        edits: &[Edit],
    ) -> Sides<'a> {
        let mut shift = 0_isize;
        let written = edits.iter().map(|edit| {
            let start = edit.range.start.saturating_add_signed(shift);
            shift += edit.text.len() as isize - edit.range.len() as isize;
            start..start + edit.text.len()
        });
        let written = written.collect();
        let language = before_tree.language().name();
        let side =
            |text: &'a Text, tree: &Tree, places| Side { text, names: syntax::names(tree, text), places };
        Sides {
            before: side(before, before_tree, edits.iter().map(|edit| edit.range.clone()).collect()),
            after: side(after, after_tree, written),
            sees_members: matches!(language, "Java" | "Kotlin" | "C#" | "C++" | "Swift" | "Scala" | "Ruby"),
        }
    }

    /// A hunk that uses a name needs the hunk that gives it, unless the text gives it anyway.
    pub(super) fn newly_used(&self, needs: &mut Needs) {
        let (before, after) = (self.before.given(), self.after.given());
        let used_before = self.before.used_by_hunk();
        for found in &self.after.names.uses {
            let Some(hunk) = self.after.hunk_at(&found.range) else { continue };
            let givers = self.seen(&after, found, &[found.range.start]);
            let hunks: Vec<Option<usize>> =
                givers.iter().map(|binding| self.after.hunk_at(&binding.range)).collect();
            let (Some(first), false) =
                (givers.first(), hunks.iter().any(|of| of.is_none_or(|of| of == hunk)))
            else {
                continue;
            };
            let known = self.seen(&before, found, &self.before.points_of(hunk));
            let (own, others): (Vec<_>, Vec<_>) =
                known.into_iter().partition(|binding| self.before.hunk_at(&binding.range) == Some(hunk));
            let was_used = used_before.get(hunk).is_some_and(|used| used.contains(found.name.as_str()));
            // A name that nothing here gave before is one of the language, or of another file.
            if !others.is_empty() || own.is_empty() && was_used {
                continue;
            }
            let name = found.name.clone();
            let tie = match first.kind {
                BindingKind::Definition | BindingKind::Local | BindingKind::Member => Tie::Definition(name),
                BindingKind::Parameter => Tie::Parameter(name),
                BindingKind::Import => Tie::Import(name),
            };
            if let Some(Some(giver)) = hunks.first() {
                needs.add(hunk, *giver, tie);
            }
        }
    }

    /// The bindings that a use may mean at some points of the text: those seen in the smallest part of it.
    pub(super) fn seen<'b>(
        &self,
        given: &BTreeMap<&str, Vec<&'b Binding>>,
        found: &Use,
        points: &[usize],
    ) -> Vec<&'b Binding> {
        let is_meant = |binding: &&&Binding| {
            let is_kind = match binding.kind {
                BindingKind::Member => found.is_member || self.sees_members,
                BindingKind::Definition
                | BindingKind::Parameter
                | BindingKind::Local
                | BindingKind::Import => !found.is_member,
            };
            let is_seen = |point: &usize| binding.visible.start <= *point && *point <= binding.visible.end;
            is_kind && points.iter().any(is_seen)
        };
        let meant = given.get(found.name.as_str()).into_iter().flatten().filter(is_meant);
        let meant: Vec<&Binding> = meant.copied().collect();
        let smallest = meant.iter().map(|binding| binding.visible.len()).min();
        meant.into_iter().filter(|binding| Some(binding.visible.len()) == smallest).collect()
    }
}

impl Side<'_> {
    /// The hunk whose text holds a part of `range`.
    pub(super) fn hunk_at(&self, range: &Range<usize>) -> Option<usize> {
        let idx = self.places.partition_point(|place| place.end <= range.start);
        self.places.get(idx).filter(|place| place.start < range.end).map(|_| idx)
    }

    /// Points that tell what can be seen at a hunk: its start, and the end of the text in front of it.
    pub(super) fn points_of(&self, hunk: usize) -> Vec<usize> {
        let Some(start) = self.places.get(hunk).map(|place| place.start) else { return Vec::new() };
        let mut end = start;
        for line in (0..=self.text.line_of(start)).rev() {
            let line_start = self.text.line_start(line);
            let content = self.text.slice(line_start..end.max(line_start));
            end = line_start + content.trim_end().len();
            if !content.trim().is_empty() {
                break;
            }
        }
        vec![start, end]
    }

    /// The bindings by their names.
    pub(super) fn given(&self) -> BTreeMap<&str, Vec<&Binding>> {
        let mut given: BTreeMap<&str, Vec<&Binding>> = BTreeMap::new();
        for binding in &self.names.bindings {
            given.entry(binding.name.as_str()).or_default().push(binding);
        }
        given
    }

    /// The names that each hunk's text uses.
    pub(super) fn used_by_hunk(&self) -> Vec<BTreeSet<&str>> {
        let mut used = vec![BTreeSet::new(); self.places.len()];
        for found in &self.names.uses {
            if let Some(used) = self.hunk_at(&found.range).and_then(|hunk| used.get_mut(hunk)) {
                used.insert(found.name.as_str());
            }
        }
        used
    }

    /// The names that each hunk's text gives.
    pub(super) fn given_by_hunk(&self) -> Vec<BTreeSet<&str>> {
        let mut given = vec![BTreeSet::new(); self.places.len()];
        for binding in &self.names.bindings {
            if let Some(given) = self.hunk_at(&binding.range).and_then(|hunk| given.get_mut(hunk)) {
                given.insert(binding.name.as_str());
            }
        }
        given
    }
}
