//! What of the document itself is worth showing.
//!
//! Owns the candidates of the document that the scope is in. Must never look at another document.

use std::collections::BTreeSet;
use std::ops::Range;

use syntax::{Item, ScopeKind, Tree};
use text::Text;

use crate::budget::Candidate;
use crate::definition::{Outline, holds};
use crate::excerpt::Why;
use crate::values::values;

/// Lines right before the scope, then fewer for a tight budget; half as many after it, as code reads downwards.
const NEAR_LINES: [usize; 4] = [20, 10, 5, 2];
/// Other definitions of the file, nearest first: beyond this an outline says little about the scope.
const MAX_OUTLINE: usize = 40;

/// The candidates of one document by their worth.
#[derive(Default)]
pub(crate) struct OwnCandidates {
    /// Imports of what the scope names, what is round the scope, definitions of what it names.
    pub(crate) first: Vec<Candidate>,
    /// The other imports, the text round the scope, neighbors, the rest of the outline.
    pub(crate) then: Vec<Candidate>,
}

/// The document and the scope in it.
pub(crate) struct Own<'a> {
    pub(crate) text: &'a Text,
    pub(crate) tree: Option<&'a Tree>,
    pub(crate) scope: Range<usize>,
    /// Names that stand in the scope.
    pub(crate) names: &'a BTreeSet<String>,
}

impl Own<'_> {
    pub(crate) fn candidates(&self) -> OwnCandidates {
        let mut found = OwnCandidates::default();
        let Some(tree) = self.tree else {
            found.then.extend(self.near());
            return found;
        };
        let outline = Outline::new(tree, self.text);
        let (used, unused) = self.imports(tree);
        let around: Vec<&Item> = outline.items.iter().filter(|item| self.is_around(item)).collect();
        found.first.extend(used);
        found.first.extend(around.iter().map(|item| {
            let label = format!("{} {}", item.kind.label(), item.name);
            Candidate::new(outline.signature(item), Why::Around(label.trim_end().to_owned()))
        }));
        found.first.extend(self.named(&outline, &around));
        found.then.extend(unused);
        found.then.extend(self.near());
        found.then.extend(self.beside(&outline, &around));
        found
    }

    /// Imports: those that bind a name of the scope, and the others.
    fn imports(&self, tree: &Tree) -> (Vec<Candidate>, Vec<Candidate>) {
        let imports = syntax::imports(tree, self.text);
        imports
            .into_iter()
            .map(|range| {
                let is_used = !syntax::identifiers(tree, self.text, &range).is_disjoint(self.names);
                (Candidate::new(self.lines(&range), Why::Imports), is_used)
            })
            .fold((Vec::new(), Vec::new()), |(mut used, mut unused), (candidate, is_used)| {
                if is_used {
                    used.push(candidate)
                } else {
                    unused.push(candidate)
                }
                (used, unused)
            })
    }

    /// Definitions of what the scope and the headers round it name, nearest first.
    fn named(&self, outline: &Outline<'_>, around: &[&Item]) -> Vec<Candidate> {
        let mut names = self.names.clone();
        for item in around {
            // `impl Account`, `class Invoice(Document)`: what the scope belongs to.
            let signature = outline.signature(item);
            let range = self.text.line_start(signature.start)..self.text.line_start(signature.end);
            names.extend(syntax::identifiers(outline.tree, self.text, &range));
        }
        let is_around = |item: &Item| around.iter().any(|outer| outer.range == item.range);
        let mut items: Vec<&Item> = outline
            .items
            .iter()
            .filter(|item| names.contains(&item.name) && !self.is_inside(item) && !is_around(item))
            .collect();
        items.sort_by_key(|item| (self.distance(item), item.range.start));
        let mut found: Vec<Candidate> = Vec::new();
        for item in items {
            let why = Why::Defines(item.name.clone());
            found.push(Candidate { choices: outline.definition(item), why: why.clone() });
            let members = outline.member_signatures(item);
            found.extend(members.into_iter().map(|lines| Candidate::new(lines, why.clone())));
        }
        found.extend(values(outline, &names));
        found
    }

    /// The text right before and after the scope, shrinking towards it. Blank lines at the far end are left out.
    fn near(&self) -> Vec<Candidate> {
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

    /// Neighbors in the same container, then the rest of the file, nearest first.
    fn beside(&self, outline: &Outline<'_>, around: &[&Item]) -> Vec<Candidate> {
        let holder = around.last().filter(|holder| matches!(holder.kind, ScopeKind::Class | ScopeKind::Impl));
        let mut others: Vec<(bool, &Item)> = outline
            .items
            .iter()
            .filter(|item| !self.is_inside(item) && !self.is_around(item))
            .map(|item| {
                let is_sibling = holder.is_some_and(|holder| {
                    item.depth == holder.depth + 1 && holds(&holder.range, &item.range)
                });
                (is_sibling, item)
            })
            // What is local to another function is no business of the scope.
            .filter(|(is_sibling, item)| *is_sibling || item.depth <= 1)
            .collect();
        others.sort_by_key(|(is_sibling, item)| (!is_sibling, self.distance(item), item.range.start));
        let why = |is_sibling: bool| if is_sibling { Why::Sibling } else { Why::Outline };
        others
            .into_iter()
            .take(MAX_OUTLINE)
            .map(|(is_sibling, item)| Candidate::new(outline.signature(item), why(is_sibling)))
            .collect()
    }

    /// Whether the scope is part of an item.
    fn is_around(&self, item: &Item) -> bool {
        // A scope is whole lines with what belongs in front, an item starts at its first word.
        let scope = self.trimmed_scope();
        holds(&item.range, &scope) && item.range != scope && !self.is_inside(item)
    }

    /// Whether an item is part of the scope.
    fn is_inside(&self, item: &Item) -> bool {
        holds(&self.scope, &item.range)
    }

    fn trimmed_scope(&self) -> Range<usize> {
        let inner = self.text.slice(self.scope.clone());
        let start = self.scope.start + (inner.len() - inner.trim_start().len());
        start..(self.scope.start + inner.trim_end().len()).max(start)
    }

    /// Bytes between the scope and an item.
    fn distance(&self, item: &Item) -> usize {
        let after = item.range.start.saturating_sub(self.scope.end);
        let before = self.scope.start.saturating_sub(item.range.end);
        after.max(before)
    }

    fn lines(&self, range: &Range<usize>) -> Range<usize> {
        let whole = self.text.whole_lines(range.clone());
        let first = self.text.line_of(whole.start);
        first..self.text.line_of(whole.end.saturating_sub(1).max(whole.start)) + 1
    }
}
