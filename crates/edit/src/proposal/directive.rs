//! The comment that asked: removed with the first accepted hunk, never stale, back after an undo.

use std::ops::Range;

use text::{Bias, ChangeSet, Edit, Text};

use super::{KeptDirective, Proposal};

#[derive(Debug, Clone)]
pub(super) struct Directive {
    /// Where it stands, or where it stood.
    range: Range<usize>,
    text: String,
    /// It went with a hunk of ours.
    is_removed: bool,
}

impl Proposal {
    /// The comment at `range` asked for this; `text` is what stands there.
    pub fn set_directive(&mut self, range: Range<usize>, text: String) {
        self.directive = Some(Directive { range, text, is_removed: false });
    }

    /// Where the comment stands, unless it was removed.
    pub fn directive(&self) -> Option<Range<usize>> {
        self.directive
            .as_ref()
            .filter(|directive| !directive.is_removed)
            .map(|directive| directive.range.clone())
    }
}

impl Directive {
    pub(super) fn range(&self) -> &Range<usize> {
        &self.range
    }

    /// The form that is kept.
    pub(super) fn to_kept(&self) -> KeptDirective {
        KeptDirective { range: self.range.clone(), text: self.text.clone(), is_removed: self.is_removed }
    }

    pub(super) fn from_kept(kept: KeptDirective) -> Directive {
        let KeptDirective { range, text, is_removed } = kept;
        Directive { range, text, is_removed }
    }

    /// The edit that removes it, if it stands where it is thought to.
    pub(super) fn removal(&self, text: &Text) -> Option<Edit> {
        let stands = !self.is_removed && !self.range.is_empty() && text.is_at(&self.range, &self.text);
        stands.then(|| Edit::new(self.range.clone(), ""))
    }

    /// The edit that puts it back, if it was removed with a hunk.
    pub(super) fn back(&self, text: &Text) -> Option<Edit> {
        let at = self.range.start;
        (self.is_removed && text.is_boundary(at)).then(|| Edit::new(at..at, self.text.as_str()))
    }

    /// The document changed. `is_ours` when the change accepted a hunk.
    pub(super) fn on_change(&mut self, changes: &ChangeSet, after: &Text, is_ours: bool) {
        let start = changes.map_offset(self.range.start, Bias::Before);
        let whole = start..start + self.text.len();
        if self.is_removed {
            self.range = start..start;
            if after.is_at(&whole, &self.text) {
                self.range = whole;
                self.is_removed = false;
            }
            return;
        }
        let start = changes.map_offset(self.range.start, Bias::After);
        let end = changes.map_offset(self.range.end, Bias::Before).max(start);
        self.is_removed = is_ours
            && end == start
            && changes.edits().iter().any(|edit| {
                edit.range.start <= self.range.start
                    && edit.range.end >= self.range.end
                    && !self.range.is_empty()
            });
        self.range = start..end;
        if !self.is_removed && !after.is_at(&self.range, &self.text) && after.is_at(&whole, &self.text) {
            self.range = whole;
        }
    }
}
