//! The last texts of a document: a change that leads back to one of them is an undo or redo, in whatever shape it comes.

use std::collections::VecDeque;

use text::{ChangeSet, Text};

/// How far back a text is looked for.
const MOST_STATES: usize = 100;

/// How many texts are compared that read alike where the change was made: each takes all changes since as one.
const MOST_COMPARED: usize = 8;

/// Bytes round a change that tell most texts apart.
const GLANCE: usize = 16;

/// Texts with the change that followed each, oldest first.
#[derive(Debug, Default)]
pub(crate) struct History {
    states: VecDeque<(Text, ChangeSet)>,
}

impl History {
    /// The change to `after`, which is `last` from the newest text on, as the exact inverse of what happened since that text,
    /// if it was there before.
    ///
    /// Many editors send an undo as one replacement of all lines that it touches; its inverse tells which of them changed.
    pub(crate) fn back_to(&self, last: &ChangeSet, after: &Text) -> Option<ChangeSet> {
        let glances = last.with_after().into_iter().map(|(_, new)| {
            let end = after.floor(new.end.saturating_add(GLANCE)).max(new.end);
            let near = after.floor(new.start.saturating_sub(GLANCE))..end;
            (near.clone(), after.slice(near))
        });
        let glances: Vec<_> = glances.collect();
        let looks_alike = |text: &Text| {
            text.len() == after.len() && glances.iter().all(|(near, seen)| text.is_at(near, seen))
        };
        let alike = self.states.iter().enumerate().rev().filter(|(_, (text, _))| looks_alike(text));
        alike.take(MOST_COMPARED).find_map(|(idx, (before, _))| {
            let mut since = self.states.range(idx..).map(|(_, changes)| changes);
            let first = since.next()?.clone();
            let since = since.try_fold(first, |since, next| since.compose(next)).ok()?;
            is_nothing(&since.compose(last).ok()?, before, after).then(|| since.invert(before).ok()).flatten()
        })
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

/// Whether a change leaves the text as it was: only what it reaches over is compared, however long the text.
fn is_nothing(changes: &ChangeSet, before: &Text, after: &Text) -> bool {
    let (Some(first), Some(last)) = (changes.edits().first(), changes.edits().last()) else { return true };
    let touched = first.range.start..last.range.end;
    let is_same = before.len() == after.len() && after.is_at(&touched, &before.slice(touched.clone()));
    debug_assert_eq!(is_same, before == after);
    is_same
}
