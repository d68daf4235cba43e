//! What the user does to the text by hand, at random.

use std::collections::HashSet;
use std::ops::Range;

use crate::world::World;

impl World {
    /// An index between two cells at which an editor can put a caret: often at or in a hunk.
    pub fn caret(&mut self, doc: usize) -> usize {
        let len = self.buffers[doc].cells.len();
        let mut at = self.rng.usize(0..=len);
        let uri = self.buffers[doc].uri.clone();
        let views: Vec<_> = self.oracle.views.values().filter(|view| view.uri == uri).collect();
        let hunks: Vec<_> = views.iter().flat_map(|view| &view.hunks).collect();
        let roll = self.rng.u8(0..12);
        if self.buffers[doc].is_open
            && let Some(hunk) = (!hunks.is_empty() && roll < 4).then(|| hunks[self.rng.usize(0..hunks.len())])
        {
            let range = self.buffers[doc].range(hunk.range);
            at = match roll {
                0 => range.start,
                1 => range.end,
                _ => self.rng.usize(range.start..=range.end),
            };
        }
        if roll == 7 {
            let starts = self.buffers[doc].line_starts();
            at = starts[self.rng.usize(0..starts.len())];
        }
        if self.buffers[doc].splits_ending(at) { at - 1 } else { at }
    }

    pub fn type_somewhere(&mut self, doc: usize) {
        if !self.buffers[doc].is_open {
            return;
        }
        let at = self.caret(doc);
        self.next_typed(doc, at..at);
    }

    fn next_typed(&mut self, doc: usize, range: Range<usize>) {
        let ending = if self.buffers[doc].text().contains("\r\n") { "\r\n" } else { "\n" };
        let word = self.word();
        let typed = match self.rng.u8(0..4) {
            0 => format!("{word}{ending}"),
            1 => format!("{ending}{word}"),
            _ => word,
        };
        let cells = self.buffers[doc].fresh(&typed);
        let words = cells.iter().filter(|cell| !cell.ch.is_whitespace());
        self.oracle.owned[doc].extend(words.map(|cell| cell.id));
        self.oracle.explained.extend(self.buffers[doc].ids(range.clone()));
        let message = self.buffers[doc].change(vec![(range, cells)]);
        self.deliver(message);
    }

    pub fn delete_somewhere(&mut self, doc: usize) {
        let buffer = &self.buffers[doc];
        if !buffer.is_open || buffer.cells.is_empty() {
            return;
        }
        let (a, b) = if self.rng.bool() {
            let starts = buffer.line_starts();
            let first = self.rng.usize(0..starts.len());
            let last = (first + self.rng.usize(1..3)).min(starts.len() - 1);
            (starts[first], starts[last])
        } else {
            let at = self.caret(doc);
            let end = (at + self.rng.usize(0..9)).min(self.buffers[doc].cells.len());
            (at, if self.buffers[doc].splits_ending(end) { end + 1 } else { end })
        };
        if self.rng.u8(0..4) == 0 {
            return self.next_typed(doc, a..b);
        }
        self.oracle.explained.extend(self.buffers[doc].ids(a..b));
        let message = self.buffers[doc].change(vec![(a..b, Vec::new())]);
        self.deliver(message);
    }

    pub fn editor_undo(&mut self, doc: usize) {
        self.travel(doc, false);
    }

    pub fn editor_redo(&mut self, doc: usize) {
        self.travel(doc, true);
    }

    fn travel(&mut self, doc: usize, is_redo: bool) {
        if !self.buffers[doc].is_open {
            return;
        }
        let before: Vec<u64> = self.buffers[doc].cells.iter().map(|cell| cell.id).collect();
        let message = if is_redo { self.buffers[doc].redo() } else { self.buffers[doc].undo() };
        let Some(message) = message else { return };
        let after: HashSet<u64> = self.buffers[doc].cells.iter().map(|cell| cell.id).collect();
        self.oracle.explained.extend(before.into_iter().filter(|id| !after.contains(id)));
        self.deliver(message);
    }

    pub fn close_or_open(&mut self, doc: usize) {
        if self.buffers[doc].is_open {
            let message = self.buffers[doc].close();
            self.deliver(message);
            return;
        }
        if self.rng.u8(0..3) == 0 {
            let at = self.caret(doc);
            let word = self.word();
            let cells = self.buffers[doc].fresh(&word);
            self.buffers[doc].change_closed(vec![(at..at, cells)]);
        }
        let message = self.buffers[doc].open();
        self.deliver(message);
    }
}
