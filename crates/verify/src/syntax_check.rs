//! Whether a text parses no worse than before.
//!
//! Owns the question which error is new. Reparses incrementally, so that one hunk of a long file costs about as much as a
//! key stroke. Must never report an error that stood there before the edit.

use std::ops::Range;

use syntax::{Language, ParseStopped, Stop, SyntaxError, Tree};
use text::{Bias, ChangeSet, Edit, Text};

use crate::Finding;

/// How far an error may grow by an edit beside it and still be the same one: error recovery moves its borders.
const GROWTH_BYTES: usize = 80;

/// What stands in `after` that the grammar understood in `before`; empty when it parses no worse.
///
/// `before_tree` spares a parse where it is the tree of `before`. When `stop` ends a parse, the one finding says so.
pub fn check_syntax(
    language: Language,
    before: &Text,
    after: &Text,
    before_tree: Option<&Tree>,
    stop: &Stop,
) -> Vec<Finding> {
    let changes = ChangeSet::between(before, after);
    match Base::new(language, before, before_tree, stop).and_then(|base| base.after(&changes, after)) {
        Ok(errors) => errors.iter().map(|error| finding(error, after)).collect(),
        Err(stopped) => vec![Finding::not_checked(stopped, 0..after.n_lines())],
    }
}

/// Whether `before` with some of its edits, sorted and disjoint, parses no worse than without them.
///
/// Fails when `stop` ends a parse. Edits that do not fit the text do not parse.
pub fn subset_parses(
    language: Language,
    before: &Text,
    before_tree: Option<&Tree>,
    edits: &[Edit],
    stop: &Stop,
) -> Result<bool, ParseStopped> {
    let base = Base::new(language, before, before_tree, stop)?;
    let Ok(changes) = ChangeSet::new(before.len(), edits.to_vec()) else { return Ok(false) };
    let Ok(after) = before.apply(&changes) else { return Ok(false) };
    Ok(base.after(&changes, &after)?.is_empty())
}

/// A text that edits are tried on.
pub(crate) struct Base<'a> {
    text: &'a Text,
    tree: Tree,
    errors: Vec<SyntaxError>,
    stop: &'a Stop,
}

impl<'a> Base<'a> {
    pub(crate) fn new(
        language: Language,
        text: &'a Text,
        tree: Option<&Tree>,
        stop: &'a Stop,
    ) -> Result<Base<'a>, ParseStopped> {
        let tree = match tree.filter(|tree| tree.language() == language) {
            Some(tree) => tree.clone(),
            None => Tree::parse(language, text, stop)?,
        };
        let errors = syntax::errors(&tree, text);
        Ok(Base { text, tree, errors, stop })
    }

    /// The new errors of `after`, which is the text with `changes`.
    pub(crate) fn after(&self, changes: &ChangeSet, after: &Text) -> Result<Vec<SyntaxError>, ParseStopped> {
        if changes.is_identity() {
            return Ok(Vec::new());
        }
        let tree = self.tree.edited(changes, self.text, after).reparse(after, self.stop)?;
        Ok(self.new_among(syntax::errors(&tree, after), changes, after))
    }

    /// The errors of `found` that are not errors of the text before, moved.
    fn new_among(&self, found: Vec<SyntaxError>, changes: &ChangeSet, after: &Text) -> Vec<SyntaxError> {
        if found.is_empty() || self.errors.is_empty() {
            return found;
        }
        let mut old: Vec<Range<usize>> = self
            .errors
            .iter()
            .map(|error| {
                let start = changes.map_offset(error.range.start, Bias::Before);
                start..changes.map_offset(error.range.end, Bias::After).max(start)
            })
            .collect();
        let n_excess = found.len().saturating_sub(old.len());
        let written: Vec<Range<usize>> =
            changes.with_after().into_iter().map(|(_, range)| after.whole_lines(range)).collect();
        let (mut new, mut moved) = (Vec::new(), Vec::new());
        for error in found {
            let same = old.iter().position(|old| {
                touches(old, &error.range) && error.range.len() <= 2 * old.len() + GROWTH_BYTES
            });
            match same {
                Some(idx) => {
                    old.swap_remove(idx);
                }
                None if written.iter().any(|written| touches(written, &error.range)) => new.push(error),
                None => moved.push(error),
            }
        }
        // Far from the edits only the number counts: recovery may put an old error elsewhere.
        let n_more = n_excess.saturating_sub(new.len());
        new.extend(moved.into_iter().take(n_more));
        new.sort_by_key(|error| error.range.start);
        new
    }
}

/// An error as a finding; `text` is the text it stands in.
pub(crate) fn finding(error: &SyntaxError, text: &Text) -> Finding {
    let last = text.line_of(error.range.end.saturating_sub(1).max(error.range.start));
    Finding::syntax(&error.message, error.line..last.max(error.line) + 1)
}

fn touches(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start <= b.end && b.start <= a.end
}
