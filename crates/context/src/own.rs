//! What of the document itself is worth showing for its place: what the scope stands in, imports, the text round it.

use std::ops::Range;

use syntax::{Item, Tree};
use text::Text;

use crate::budget::Candidate;
use crate::definition::{Outline, holds};
use crate::excerpt::Why;

/// Lines right before the scope, then fewer for a tight budget; half as many after it, as code reads downwards.
const NEAR_LINES: [usize; 4] = [20, 10, 5, 2];

/// More imports are not looked at: no budget holds them.
const MAX_IMPORTS: usize = 400;

/// The document and the scope in it.
pub(crate) struct Own<'a> {
    pub(crate) text: &'a Text,
    pub(crate) tree: Option<&'a Tree>,
    pub(crate) scope: Range<usize>,
}

impl Own<'_> {
    /// The heads of the definitions that the scope stands in, outer before inner.
    pub(crate) fn around(&self) -> Vec<Candidate> {
        let Some(tree) = self.tree else { return Vec::new() };
        let outline = Outline::new(tree, self.text);
        let around = outline.items.iter().filter(|item| self.is_around(item));
        let heads = around.map(|item| {
            let label = format!("{} {}", item.kind.label(), item.name);
            Candidate::new(outline.signature(item), Why::Around(label.trim_end().to_owned()))
        });
        heads.collect()
    }

    /// Imports: those that bind a name of the scope, then the others.
    pub(crate) fn imports(&self) -> Vec<Candidate> {
        let Some(tree) = self.tree else { return Vec::new() };
        let names = syntax::identifiers(tree, self.text, &self.scope);
        let mut imports = syntax::imports(tree, self.text);
        imports.truncate(MAX_IMPORTS);
        imports.sort_by_cached_key(|range| {
            (syntax::identifiers(tree, self.text, range).is_disjoint(&names), range.start)
        });
        imports.iter().map(|range| Candidate::new(self.lines(range), Why::Imports)).collect()
    }

    /// The text right before and after the scope, shrinking towards it. Blank lines at the far end are left out.
    pub(crate) fn near(&self) -> Vec<Candidate> {
        let scope = self.lines(&self.scope);
        let is_blank = |line: usize| self.text.line(line).trim().is_empty();
        let before = NEAR_LINES.iter().map(|n_lines| {
            let first = scope.start.saturating_sub(*n_lines);
            (first..scope.start).find(|line| !is_blank(*line)).unwrap_or(scope.start)..scope.start
        });
        let after = NEAR_LINES.iter().map(|n_lines| {
            let end = (scope.end + n_lines.div_ceil(2)).min(self.text.n_lines());
            scope.end..(scope.end..end).rev().find(|line| !is_blank(*line)).map_or(scope.end, |line| line + 1)
        });
        vec![
            Candidate { choices: before.collect(), why: Why::Before },
            Candidate { choices: after.collect(), why: Why::After },
        ]
    }

    /// Whether the scope is part of an item.
    fn is_around(&self, item: &Item) -> bool {
        // A scope is whole lines with what belongs in front, an item starts at its first word.
        let scope = self.trimmed_scope();
        holds(&item.range, &scope) && item.range != scope && !holds(&self.scope, &item.range)
    }

    fn trimmed_scope(&self) -> Range<usize> {
        let inner = self.text.slice(self.scope.clone());
        let start = self.scope.start + (inner.len() - inner.trim_start().len());
        start..(self.scope.start + inner.trim_end().len()).max(start)
    }

    fn lines(&self, range: &Range<usize>) -> Range<usize> {
        let whole = self.text.whole_lines(range.clone());
        let first = self.text.line_of(whole.start);
        first..self.text.line_of(whole.end.saturating_sub(1).max(whole.start)) + 1
    }
}
