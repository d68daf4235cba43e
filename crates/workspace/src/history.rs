//! The last texts of a document: a change that leads back to one of them is an undo or redo, in whatever shape it comes.

use std::collections::VecDeque;

use text::{ChangeSet, Text};

/// How far back a text is looked for.
const MOST_STATES: usize = 100;

/// How many texts of the right length are compared: on a large document each costs as much as a keystroke.
const MOST_COMPARED: usize = 8;

/// Texts with the change that followed each, oldest first.
#[derive(Debug, Default)]
pub(crate) struct History {
    states: VecDeque<(Text, ChangeSet)>,
}

impl History {
    /// The change to `after` as the exact inverse of what happened since that text, if it was there before.
    ///
    /// Many editors send an undo as one replacement of all lines that it touches; its inverse tells which of them changed.
    pub(crate) fn back_to(&self, after: &Text) -> Option<ChangeSet> {
        let mut same_length =
            self.states.iter().enumerate().rev().filter(|(_, (text, _))| text.len() == after.len());
        let (found, (before, _)) =
            same_length.by_ref().take(MOST_COMPARED).find(|(_, (text, _))| text == after)?;
        let mut since = self.states.range(found..).map(|(_, changes)| changes);
        let first = since.next()?.clone();
        let since = since.try_fold(first, |since, next| since.compose(next)).ok()?;
        since.invert(before).ok()
    }

    /// Remembers a text and the change that followed it.
    pub(crate) fn remember(&mut self, before: Text, changes: ChangeSet) {
        if self.states.len() == MOST_STATES {
            self.states.pop_front();
        }
        self.states.push_back((before, changes));
    }

    /// The last change is better known as these edits, which come to the same.
    pub(crate) fn reshape(&mut self, changes: ChangeSet) {
        if let Some((_, last)) = self.states.back_mut()
            && last.len_before() == changes.len_before()
            && last.len_after() == changes.len_after()
        {
            *last = changes;
        }
    }
}
