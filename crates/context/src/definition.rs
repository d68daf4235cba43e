//! The heads of definitions in a document that is open.
//!
//! Works on the outline only, so it is the same for every language.

use std::ops::Range;

use syntax::{Item, ScopeKind, Tree};
use text::Text;

/// Most lines of a signature.
const MAX_SIGNATURE_LINES: usize = 8;

/// The definitions of a document.
pub(crate) struct Outline<'a> {
    text: &'a Text,
    pub(crate) items: Vec<Item>,
}

impl<'a> Outline<'a> {
    pub(crate) fn new(tree: &'a Tree, text: &'a Text) -> Outline<'a> {
        let items = syntax::outline(tree, text).into_iter().filter(|item| is_code(item.kind)).collect();
        Outline { text, items }
    }

    /// The lines that a definition stands on.
    fn lines(&self, item: &Item) -> Range<usize> {
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
