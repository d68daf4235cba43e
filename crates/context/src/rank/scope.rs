//! What is known of a scope before anything is looked up: its names, its place, and what the user wants of it.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use syntax::{References, Tree};
use text::Text;
use workspace::{
    DefinitionId, FileId, Index, IndexedDefinition, IndexedFile, NameId, is_stop_word, parts, stem, words,
};

/// The scope and the request.
pub(super) struct ScopeView<'a> {
    pub(super) index: &'a Index,
    pub(super) own: FileId,
    pub(super) file: &'a IndexedFile,
    /// Its lines, from 0.
    pub(super) lines: Range<u32>,
    /// Its own name, if it is one definition.
    pub(super) name: Option<NameId>,
    /// The type that it belongs to.
    pub(super) container: Option<NameId>,
    pub(super) references: References,
    /// The words of its text that the index knows, and how often they stand in it.
    pub(super) words: FxHashMap<NameId, u32>,
    /// By number of a part.
    pub(super) marks: Vec<Marks>,
    /// Words of the instruction, in lower case.
    pub(super) instruction: FxHashSet<String>,
    /// The instruction's words as they are written.
    pub(super) instruction_names: Vec<NameId>,
}

/// Where a part of a name was met.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks {
    pub(super) in_instruction: bool,
    /// Up to its ending.
    pub(super) stem_in_instruction: bool,
    pub(super) in_scope: bool,
}

impl<'a> ScopeView<'a> {
    /// The scope in `range` of the text that the index has of `own`; without a tree, by words alone.
    pub(super) fn new(
        index: &'a Index,
        own: FileId,
        tree: Option<&Tree>,
        text: &Text,
        range: &Range<usize>,
        instruction: &str,
    ) -> Option<ScopeView<'a>> {
        let file = index.file(own)?;
        let first = text.line_of(range.start) as u32;
        let last = text.line_of(range.end.saturating_sub(1).max(range.start)) as u32;
        let lines = first..last + 1;
        let itself = itself(file, &lines);
        let container = itself.and_then(|found| found.container).or_else(|| around(file, &lines));
        let scope = text.slice(range.clone());
        let references = tree.map(|tree| syntax::references(tree, text, range)).unwrap_or_default();
        let mut view = ScopeView {
            index,
            own,
            file,
            lines,
            name: itself.map(|found| found.name),
            container,
            references,
            words: FxHashMap::default(),
            marks: vec![Marks::default(); index.n_parts()],
            instruction: words(instruction).map(str::to_lowercase).collect(),
            instruction_names: words(instruction).filter_map(|word| index.name(word)).collect(),
        };
        for word in words(&scope) {
            if let Some(name) = index.name(word) {
                *view.words.entry(name).or_default() += 1;
            }
            view.mark(word, |marks| marks.in_scope = true);
        }
        for word in words(instruction) {
            view.mark(word, |marks| marks.in_instruction = true);
            for part in parts(word).iter().filter(|part| !is_stop_word(part)) {
                for similar in index.parts_with_stem(stem(part)) {
                    if let Some(marks) = view.marks.get_mut(Index::part_number(*similar)) {
                        marks.stem_in_instruction = true;
                    }
                }
            }
        }
        Some(view)
    }

    fn mark(&mut self, word: &str, set: impl Fn(&mut Marks)) {
        for part in parts(word).iter().filter(|part| !is_stop_word(part)) {
            let part = self.index.part(part).map(Index::part_number);
            if let Some(marks) = part.and_then(|number| self.marks.get_mut(number)) {
                set(marks);
            }
        }
    }

    /// Whether a definition lies in the scope.
    pub(super) fn holds(&self, id: DefinitionId, definition: &IndexedDefinition) -> bool {
        id.file == self.own && self.lines.contains(&definition.line)
    }

    /// Lines between the scope and a line of its file.
    pub(super) fn distance(&self, line: u32) -> u32 {
        line.abs_diff(self.lines.start).min(line.abs_diff(self.lines.end.saturating_sub(1)))
    }
}

/// The definition that the lines are: the first that begins in them and that they hold whole.
fn itself<'a>(file: &'a IndexedFile, lines: &Range<u32>) -> Option<&'a IndexedDefinition> {
    let mut definitions = file.definitions.iter();
    definitions.find(|found| {
        lines.contains(&found.line) && lines.start <= found.lines.start && found.lines.end <= lines.end
    })
}

/// The name of the innermost type round the lines, or the container of the function round them.
fn around(file: &IndexedFile, lines: &Range<u32>) -> Option<NameId> {
    let holding = file
        .definitions
        .iter()
        .rev()
        .filter(|found| found.lines.start <= lines.start && lines.end <= found.lines.end);
    let mut holding = holding.filter(|found| found.kind.is_type() || found.container.is_some());
    let inner = holding.next()?;
    if inner.kind.is_type() { Some(inner.name) } else { inner.container }
}
