//! Which lines of a definition say what a caller has to know.
//!
//! Owns the choice between a signature and a whole definition. Works on the outline only, so it is the same for every
//! language.

use std::ops::Range;

use syntax::{Item, ScopeKind, Tree};
use text::Text;

/// A type without methods is shown whole up to this many lines: its fields are what a caller needs.
const MAX_TYPE_LINES: usize = 40;
/// Most lines of a signature.
const MAX_SIGNATURE_LINES: usize = 8;
/// Most members of a type whose signatures are shown with it.
const MAX_MEMBERS: usize = 24;

/// The definitions of a document.
pub(crate) struct Outline<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) text: &'a Text,
    pub(crate) items: Vec<Item>,
}

impl<'a> Outline<'a> {
    pub(crate) fn new(tree: &'a Tree, text: &'a Text) -> Outline<'a> {
        let items = syntax::outline(tree, text).into_iter().filter(|item| is_code(item.kind)).collect();
        Outline { tree, text, items }
    }

    /// The lines that a definition stands on.
    pub(crate) fn lines(&self, item: &Item) -> Range<usize> {
        let first = self.text.line_of(item.range.start);
        first..self.text.line_of(item.range.end.saturating_sub(1).max(item.range.start)) + 1
    }

    /// The lines from the start of a definition to its body.
    pub(crate) fn signature(&self, item: &Item) -> Range<usize> {
        let lines = self.lines(item);
        let start = item.range.start;
        // The outline folds blanks; the body begins on the line where as many other characters have been seen.
        let n_wanted = item.signature.chars().filter(|c| !c.is_whitespace()).count();
        let limit = lines.end.min(lines.start + MAX_SIGNATURE_LINES);
        let is_whole = |last: &usize| {
            let head = self.text.slice(start..self.text.line_end(*last).min(item.range.end));
            // Where the outline sees no body, as in `const f = (`, the parameters are still to come.
            let n_open = head.matches(['(', '[']).count();
            head.chars().filter(|c| !c.is_whitespace()).count() >= n_wanted
                && head.matches([')', ']']).count() >= n_open
        };
        lines.start..(lines.start..limit).find(is_whole).unwrap_or(lines.start) + 1
    }

    /// The items directly inside one.
    pub(crate) fn members(&self, outer: &Item) -> impl Iterator<Item = &Item> {
        self.items
            .iter()
            .filter(move |item| item.depth == outer.depth + 1 && holds(&outer.range, &item.range))
    }

    /// Choices of lines that define an item, the fullest first.
    pub(crate) fn definition(&self, item: &Item) -> Vec<Range<usize>> {
        let signature = self.signature(item);
        let lines = self.lines(item);
        let is_plain_type = item.kind == ScopeKind::Class && self.members(item).next().is_none();
        if is_plain_type && lines.len() <= MAX_TYPE_LINES { vec![lines, signature] } else { vec![signature] }
    }

    /// The signatures of the members of a type that has them.
    pub(crate) fn member_signatures(&self, item: &Item) -> Vec<Range<usize>> {
        match item.kind {
            ScopeKind::Class | ScopeKind::Impl => {
                self.members(item).take(MAX_MEMBERS).map(|member| self.signature(member)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Whether `outer` holds all of `inner`.
pub(crate) fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Whether a kind of definition can be called or used by name. Entries of data and sections of prose are everywhere.
fn is_code(kind: ScopeKind) -> bool {
    match kind {
        ScopeKind::Function
        | ScopeKind::Method
        | ScopeKind::Class
        | ScopeKind::Impl
        | ScopeKind::Module
        | ScopeKind::Test => true,
        ScopeKind::Element
        | ScopeKind::Entry
        | ScopeKind::Section
        | ScopeKind::Imports
        | ScopeKind::Block
        | ScopeKind::Selection
        | ScopeKind::Paragraph
        | ScopeKind::File => false,
    }
}
