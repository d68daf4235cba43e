//! What an answer is placed on, and how its edits come back to the document as it is now.
//!
//! The model is shown the scope without the directive and, in a follow-up, with the pending hunks applied. Its edits refer
//! to that text. [`Ground`] remembers the way back to the document at the time of the request; [`carry`] goes from there to
//! the text after what the user did meanwhile, and gives an edit up as soon as anything touched it.

use std::ops::Range;

use syntax::{ParseStopped, Stop, Tree};
use text::{Bias, ChangeError, ChangeSet, Edit, Text};

/// What an answer comes to in the document. Both lists are sorted, and disjoint together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placed {
    /// Hunks of the scope.
    pub edits: Vec<Edit>,
    /// Hunks elsewhere in the file.
    pub outside: Vec<Edit>,
}

/// The text that a request shows, and its ties to the document.
#[derive(Debug, Clone)]
pub struct Ground {
    document: Text,
    base: Text,
    /// From the document to the base: removes the directive.
    removal: ChangeSet,
    /// From the base to the document: puts the directive back.
    directive: ChangeSet,
    /// From the base to what is shown: the pending hunks.
    pending: ChangeSet,
    shown: Text,
    scope: Range<usize>,
    /// The scope in the base.
    base_scope: Range<usize>,
    /// Where definitions begin in the base.
    borders: Vec<usize>,
}

impl Ground {
    /// The ground for a request on `scope` of `document`, without `directive`, with the `pending` edits applied.
    ///
    /// All ranges are in the document; `pending` is sorted and disjoint. Fails when a range does not fit the document.
    pub fn new(
        document: &Text,
        scope: &Range<usize>,
        directive: Option<&Range<usize>>,
        pending: &[Edit],
    ) -> Result<Ground, ChangeError> {
        let removed = directive.map(|range| Edit::new(range.clone(), "")).into_iter().collect();
        let removal = ChangeSet::new(document.len(), removed)?;
        let base = document.apply(&removal)?;
        let directive = removal.invert(document)?;
        let edits = pending
            .iter()
            .map(|edit| Edit::new(narrowed(&removal, &edit.range), edit.text.as_str()))
            .collect();
        let pending = ChangeSet::new(base.len(), edits)?;
        let shown = base.apply(&pending)?;
        let base_scope = widened(&removal, scope);
        let scope = widened(&pending, &base_scope);
        Ok(Ground {
            document: document.clone(),
            base,
            removal,
            directive,
            pending,
            shown,
            scope,
            base_scope,
            borders: Vec::new(),
        })
    }

    /// The same where definitions begin at `borders` of the document: hunks do not reach over them.
    pub fn with_borders(mut self, borders: &[usize]) -> Ground {
        self.borders = borders.iter().map(|border| self.removal.map_offset(*border, Bias::After)).collect();
        self
    }

    /// The document when the request was made.
    pub fn document(&self) -> &Text {
        &self.document
    }

    /// What the model is shown.
    pub fn shown(&self) -> &Text {
        &self.shown
    }

    /// The scope in the shown text.
    pub fn scope(&self) -> &Range<usize> {
        &self.scope
    }

    /// The tree of the shown text, from the `tree` of the document when the request was made.
    ///
    /// Fails when `stop` ends the parse.
    pub fn tree(&self, tree: &Tree, stop: &Stop) -> Result<Tree, ParseStopped> {
        tree.edited(&self.removal, &self.document, &self.base)
            .edited(&self.pending, &self.base, &self.shown)
            .reparse(&self.shown, stop)
    }

    /// Where the text of a pending hunk stands in the shown text; `range` is the hunk's in the document.
    pub fn region(&self, range: &Range<usize>) -> Range<usize> {
        widened(&self.pending, &narrowed(&self.removal, range))
    }

    /// The hunks, in the document, of `placed` edits of the shown text together with the pending ones.
    ///
    /// Sorted, disjoint, whole lines. Fails when `placed` does not fit the shown text.
    pub fn hunks(&self, placed: &[Edit]) -> Result<Vec<Edit>, ChangeError> {
        let placed = ChangeSet::new(self.shown.len(), placed.to_vec())?;
        self.shown.apply(&placed)?;
        let total = self.pending.compose(&placed)?;
        Ok(crate::hunks_between(&self.base, total.edits().to_vec(), &self.base_scope, &self.borders)
            .into_iter()
            .map(|edit| self.in_document(edit))
            .collect())
    }

    /// As [`Ground::hunks`] for `placed`, and the edits `outside` of the scope beside them.
    ///
    /// Pending hunks outside of the scope come with `outside`. Of those given, one that touches a pending hunk is left out.
    pub fn placed(&self, placed: &[Edit], outside: &[Edit]) -> Result<Placed, ChangeError> {
        let scope = widened(&self.directive, &self.base_scope);
        let is_inside = |edit: &Edit| {
            edit.range.start < scope.end && scope.start < edit.range.end
                || scope.start <= edit.range.start && edit.range.end <= scope.end
        };
        let (edits, mut apart): (Vec<Edit>, Vec<Edit>) = self.hunks(placed)?.into_iter().partition(is_inside);
        let back = self.pending.invert(&self.base)?;
        for edit in outside {
            let touches = |pending: &Edit| {
                pending.range.start <= edit.range.end && edit.range.start <= pending.range.end
            };
            if !back.edits().iter().any(touches) {
                let range = back.map_offset(edit.range.start, Bias::After)
                    ..back.map_offset(edit.range.end, Bias::After);
                apart.push(self.in_document(Edit { range, text: edit.text.clone() }));
            }
        }
        apart.sort_by_key(|edit| (edit.range.start, edit.range.end));
        Ok(Placed { edits, outside: apart })
    }

    /// The new text of the hunk at `range` of the document after `placed` edits inside its region of the shown text.
    ///
    /// Fails when `placed` does not fit the shown text.
    pub fn region_after(&self, range: &Range<usize>, placed: &[Edit]) -> Result<String, ChangeError> {
        let placed = ChangeSet::new(self.shown.len(), placed.to_vec())?;
        let after = self.shown.apply(&placed)?;
        Ok(after.slice(widened(&placed, &self.region(range))))
    }

    fn in_document(&self, edit: Edit) -> Edit {
        let start = self.directive.map_offset(edit.range.start, Bias::After);
        let end = if edit.range.is_empty() {
            start
        } else {
            self.directive.map_offset(edit.range.end, Bias::Before)
        };
        Edit { range: start..end.max(start), text: edit.text }
    }
}

/// `edit`, made for `before`, on the text after `since`; none when anything changed at its place.
///
/// Whole lines put in front of or behind it only move it.
pub fn carry(edit: &Edit, since: &ChangeSet, before: &Text, after: &Text) -> Option<Edit> {
    let Range { start, end } = edit.range;
    let is_line_start = |offset: usize| before.line_start(before.line_of(offset)) == offset;
    for change in since.edits() {
        let is_apart = change.range.end < start || change.range.start > end;
        let is_behind =
            change.range.start == end && is_line_start(end) && (start < end || change.range.is_empty());
        let leaves_line =
            change.text.ends_with('\n') || change.text.is_empty() && is_line_start(change.range.start);
        let is_in_front = change.range.end == start && is_line_start(start) && leaves_line;
        if !(is_apart || is_behind || is_in_front) {
            return None;
        }
    }
    let range = if edit.range.is_empty() {
        let at = since.map_offset(start, Bias::Before);
        at..at
    } else {
        since.map_offset(start, Bias::After)..since.map_offset(end, Bias::Before)
    };
    (range.start <= range.end && after.is_at(&range, &before.slice(edit.range.clone())))
        .then(|| Edit::new(range, edit.text.as_str()))
}

/// Where `range` lies after `changes`, with what was inserted at its borders.
fn widened(changes: &ChangeSet, range: &Range<usize>) -> Range<usize> {
    changes.map_offset(range.start, Bias::Before)..changes.map_offset(range.end, Bias::After)
}

/// Where `range` lies after `changes`, without what was inserted at its borders.
fn narrowed(changes: &ChangeSet, range: &Range<usize>) -> Range<usize> {
    let start = changes.map_offset(range.start, Bias::After);
    start..changes.map_offset(range.end, Bias::Before).max(start)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use text::{ChangeSet, Edit, Text};

    use super::{Ground, carry};

    fn range_of(text: &str, part: &str) -> std::ops::Range<usize> {
        let start = text.find(part).expect("the part stands in the text");
        start..start + part.len()
    }

    #[track_caller]
    fn check_carry(before: &str, edit: (&str, &str), user: (&str, &str), expect: Expect) {
        let change =
            ChangeSet::single(before.len(), Edit::new(range_of(before, user.0), user.1)).expect("fits");
        let text = Text::from(before);
        let after = text.apply(&change).expect("fits");
        let edit = Edit::new(range_of(before, edit.0), edit.1);
        let shown = match carry(&edit, &change, &text, &after) {
            None => "given up\n".to_owned(),
            Some(edit) => {
                let change = ChangeSet::single(after.len(), edit).expect("fits");
                after.apply(&change).expect("fits").to_string()
            }
        };
        expect.assert_eq(&shown);
    }

    #[test]
    fn a_change_elsewhere_moves_an_edit() {
        check_carry("a\nb\nc\n", ("c\n", "C\n"), ("a", "aa\nx"), expect![["aa\nx\nb\nC\n"]]);
    }

    #[test]
    fn a_change_inside_gives_an_edit_up() {
        check_carry("a\nbcd\n", ("bcd\n", "B\n"), ("c", "x"), expect![["given up\n"]]);
    }

    #[test]
    fn typing_at_the_start_of_its_line_gives_an_edit_up() {
        check_carry("a\nbcd\n", ("bcd\n", "B\n"), ("", "x"), expect![["xa\nB\n"]]);
        check_carry("a\nbcd\n", ("bcd\n", "B\n"), ("\n", "\nx"), expect![["given up\n"]]);
    }

    #[test]
    fn typing_on_the_next_line_is_elsewhere() {
        check_carry("a\nb\nc\n", ("b\n", "B\n"), ("c", "xc"), expect![["a\nB\nxc\n"]]);
    }

    #[test]
    fn pending_hunks_and_the_directive_come_back_to_the_document() {
        let document = "# ai: go\ndef f():\n    a\n    b\n    c\n";
        let text = Text::from(document);
        let pending = [Edit::new(range_of(document, "    a\n"), "    A\n")];
        let ground = Ground::new(&text, &(0..document.len()), Some(&(0..9)), &pending).expect("fits");
        assert_eq!(ground.shown().to_string(), "def f():\n    A\n    b\n    c\n");
        assert_eq!(ground.shown().slice(ground.region(&pending[0].range)), "    A\n");
        let shown = ground.shown().to_string();
        let hunks = ground.hunks(&[Edit::new(range_of(&shown, "    c\n"), "    C\n")]).expect("fits");
        let placed: Vec<_> =
            hunks.iter().map(|edit| (&document[edit.range.clone()], edit.text.as_str())).collect();
        assert_eq!(placed, [("    a\n", "    A\n"), ("    c\n", "    C\n")]);
    }

    #[test]
    fn hunks_outside_of_the_scope_are_told_apart() {
        let document = "import os\n\n# ai: go\ndef f():\n    a\n    b\n";
        let import = Edit::new(10..10, "import re\n");
        let scope = range_of(document, "# ai: go\ndef f():\n    a\n    b\n");
        let directive = range_of(document, "# ai: go\n");
        let ground =
            Ground::new(&Text::from(document), &scope, Some(&directive), std::slice::from_ref(&import))
                .expect("fits");
        let shown = ground.shown().to_string();
        let inside = Edit::new(range_of(&shown, "    a\n"), "    A\n");
        let at_end = Edit::new(shown.len()..shown.len(), "    c\n");
        let above = Edit::new(
            range_of(&shown, "def f").start..range_of(&shown, "def f").start,
            "def g():\n    b\n\n",
        );
        let placed = ground.placed(&[inside, at_end], std::slice::from_ref(&above)).expect("fits");
        let helper = Edit::new(directive.end..directive.end, above.text);
        assert_eq!(placed.outside, [import, helper]);
        assert_eq!(placed.edits.len(), 2);
    }

    #[test]
    fn a_hunk_over_the_directive_takes_it_along() {
        let document = "def f():\n    a\n    # ai: go\n    b\n";
        let ground =
            Ground::new(&Text::from(document), &(0..document.len()), Some(&(15..28)), &[]).expect("fits");
        let hunks = ground.hunks(&[Edit::new(9..21, "    c\n")]).expect("fits");
        assert_eq!(hunks, [Edit::new(9..34, "    c\n")]);
    }
}
