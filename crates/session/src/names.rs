//! Names in hunks that nothing has: looked up by `context`, judged by `verify`.
//!
//! Runs in a job, on values and under the read lock of the index. Carries what one says to the other, and decides nothing.

use std::ops::Range;

use context::rank::{self, Origin};
use syntax::{Language, Stop, Tree};
use text::{Bias, ChangeSet, Edit, Text};
use verify::Finding;
use verify::names::{Answered, Invention, NewName, Source};
use workspace::{DefinitionId, Index, Indexer, Snapshot, Uri};

use crate::level::NamesLevel;

/// A text and the hunks that are to be made in it.
pub(crate) struct NamesCheck<'a> {
    /// All documents as they are.
    pub(crate) snapshot: &'a Snapshot,
    /// The document.
    pub(crate) uri: &'a Uri,
    /// The index of its folder; none where it lies in none.
    pub(crate) indexer: Option<&'a Indexer>,
    pub(crate) language: Language,
    pub(crate) text: &'a Text,
    /// The tree of the text, if there is one.
    pub(crate) tree: Option<&'a Tree>,
    /// Sorted and disjoint.
    pub(crate) edits: &'a [Edit],
    /// For each of them, whether it lies outside of the scope.
    pub(crate) outside: &'a [bool],
}

impl NamesCheck<'_> {
    /// What there is to say of the names of each edit, and how far they were looked up. Nothing where `stop` ends the parse of
    /// the text with all of them.
    pub(crate) fn findings(&self, stop: &Stop) -> (Vec<Vec<Finding>>, NamesLevel) {
        let found = self.inventions(stop);
        let level = match &found {
            _ if !verify::names::is_known(self.language) => NamesLevel::None,
            Some(found) if found.is_whole => NamesLevel::Passed,
            Some(_) | None => NamesLevel::NotChecked,
        };
        let mut inventions = found.map(|found| found.inventions).unwrap_or_default();
        inventions.iter_mut().for_each(|(invention, nearest)| invention.help = self.help(nearest));
        let inventions: Vec<Invention> = inventions.into_iter().map(|(invention, _)| invention).collect();
        (verify::names::per_hunk(self.text, self.edits, &inventions), level)
    }

    /// The names that may be made up; none where nothing could be looked at.
    fn inventions(&self, stop: &Stop) -> Option<Found> {
        let first = self.edits.first()?;
        let changes = ChangeSet::new(self.text.len(), self.edits.to_vec()).ok()?;
        let after = self.text.apply(&changes).ok()?;
        let tree_before = match self.tree {
            Some(tree) => tree.clone(),
            None => Tree::parse(self.language, self.text, stop).ok()?,
        };
        let tree = tree_before.edited(&changes, self.text, &after).reparse(&after, stop).ok()?;
        let scope = self.scope(&tree_before);
        let used = syntax::references(&tree_before, self.text, &scope);
        let line = self.text.line_of(self.inside().next().unwrap_or(first).range.start);
        let mapped = |range: &Range<usize>| {
            let start = changes.map_offset(range.start, Bias::Before);
            start..changes.map_offset(range.end, Bias::After).max(start)
        };
        let others = self.edits.iter().filter(|edit| !holds(&scope, &edit.range));
        let others = others.map(|edit| mapped(&edit.range)).collect();
        let answered = rank::Answered { tree: &tree, text: &after, scope: mapped(&scope), others, line };
        let look = |index: &Index, is_whole: bool| {
            let file = index.file_id(&self.snapshot.display_path(self.uri))?;
            let names = rank::names_of_answer(index, file, &answered, &used).unknown;
            let new: Vec<NewName> = names.iter().map(new_name).collect();
            let answered =
                Answered { language: self.language, before: self.text, after: &after, index, is_whole };
            let inventions = verify::names::inventions(&answered, &new).into_iter();
            let with_nearest = inventions.map(|invention| {
                let of = names.iter().filter(|name| name.ranges == invention.ranges);
                let nearest = of.flat_map(|name| &name.nearest);
                let nearest = nearest.filter_map(|id| Signature::of(index, *id)).collect();
                (invention, nearest)
            });
            Some(Found { inventions: with_nearest.collect(), is_whole })
        };
        // An index that is not complete yet knows no more than that a name is not in what it has read.
        match self.indexer {
            Some(indexer) => look(&indexer.index().read(), indexer.index().is_complete()),
            None => look(&context::index_of_open(self.snapshot, self.uri), false),
        }
    }

    /// The signatures as a model is shown them, of files that may be sent. Read after the index was let go.
    fn help(&self, nearest: &[Signature]) -> String {
        let document = self.snapshot.document(self.uri);
        let root = document.and_then(|document| self.snapshot.root_of(document.path.as_deref()?));
        let Some(root) = root else { return String::new() };
        let shown = nearest.iter().filter_map(|signature| {
            let sent = self.snapshot.read_to_send(root, &root.join(&signature.path)).ok()?;
            let lines = signature.lines.clone().map(|line| sent.text.line(line));
            let lines: String = lines.map(|line| format!("{}\n", line.trim_end())).collect();
            Some(format!("{}:{}\n{lines}", signature.path, signature.lines.start + 1))
        });
        shown.collect()
    }

    /// The edits of the scope.
    fn inside(&self) -> impl Iterator<Item = &Edit> {
        let edits = self.edits.iter().enumerate();
        let is_outside = |idx: usize| self.outside.get(idx).copied().unwrap_or(false);
        edits.filter(move |(idx, _)| !is_outside(*idx)).map(|(_, edit)| edit)
    }

    /// The definition that the edits of the scope lie in, so that what its parameters and variables are is known.
    fn scope(&self, tree: &Tree) -> Range<usize> {
        let first = self.inside().next().or(self.edits.first());
        let last = self.inside().last().or(self.edits.first());
        let (Some(first), Some(last)) = (first, last) else { return 0..0 };
        let edited = first.range.start..last.range.end;
        let around = syntax::scope_at(Some(tree), self.text, edited.clone()).range;
        around.start.min(edited.start)..around.end.max(edited.end)
    }
}

/// What came of a look.
struct Found {
    /// Each with the nearest definitions.
    inventions: Vec<(Invention, Vec<Signature>)>,
    /// All files of the folder were looked at.
    is_whole: bool,
}

/// Where a definition's signature stands.
struct Signature {
    /// Relative to the folder.
    path: String,
    lines: Range<usize>,
}

impl Signature {
    fn of(index: &Index, id: DefinitionId) -> Option<Signature> {
        let (file, definition) = index.file(id.file).zip(index.definition(id))?;
        let lines = definition.line as usize..definition.signature_end as usize;
        Some(Signature { path: file.path.to_string(), lines })
    }
}

fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

fn new_name(name: &rank::UnknownName) -> NewName {
    let source = match &name.origin {
        Origin::Files => Source::Files,
        Origin::Partly => Source::Partly,
        Origin::Library(module) => Source::Library(module.clone()),
        Origin::Unknown => Source::Unknown,
    };
    NewName { name: name.name.clone(), is_member: name.is_member, ranges: name.ranges.clone(), source }
}

#[cfg(test)]
mod tests;
