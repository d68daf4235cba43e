//! The lines of hunks in pieces, for clients that show them as text of their own.
//!
//! Owns what was made of each hunk, so that a letter typed beside two hundred of them compares none again.

use std::collections::BTreeMap;
use std::sync::Arc;

use session::{HunkId, HunkView, ProposalId, ProposalView, Status};
use text::{Piece, block_pieces};

use crate::lsp_ext::{HunkLines, LinePiece};

/// What was made of the hunks that can be decided.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    known: BTreeMap<ProposalId, BTreeMap<HunkId, Known>>,
}

#[derive(Debug)]
struct Known {
    old: Arc<str>,
    new: Arc<str>,
    around: (String, String),
    lines: HunkLines,
}

impl Lines {
    /// The lines of each hunk of a proposal, in order; none of one that cannot be decided. What was kept of hunks that the
    /// proposal no longer has is dropped.
    pub(crate) fn of(&mut self, view: &ProposalView) -> Vec<Option<HunkLines>> {
        let mut before = self.known.remove(&view.proposal).unwrap_or_default();
        let mut after = BTreeMap::new();
        let of_hunk = |hunk: &HunkView| {
            if !is_open(hunk) {
                return None;
            }
            let known = before.remove(&hunk.id).filter(|known| known.is_of(hunk));
            let known = known.unwrap_or_else(|| Known::new(hunk));
            let lines = known.lines.clone();
            after.insert(hunk.id, known);
            Some(lines)
        };
        let all = view.hunks.iter().map(of_hunk).collect();
        if !after.is_empty() {
            self.known.insert(view.proposal, after);
        }
        all
    }
}

impl Known {
    fn new(hunk: &HunkView) -> Known {
        Known {
            old: Arc::clone(&hunk.old),
            new: Arc::clone(&hunk.new),
            around: (hunk.before.clone(), hunk.after.clone()),
            lines: lines(hunk),
        }
    }

    fn is_of(&self, hunk: &HunkView) -> bool {
        (&self.old, &self.new) == (&hunk.old, &hunk.new)
            && (&self.around.0, &self.around.1) == (&hunk.before, &hunk.after)
    }
}

fn is_open(hunk: &HunkView) -> bool {
    matches!(hunk.status, Status::Pending | Status::Provisional)
}

fn lines(hunk: &HunkView) -> HunkLines {
    let whole = |middle: &str| [hunk.before.as_str(), middle, hunk.after.as_str()].concat();
    let pieces = block_pieces(&whole(&hunk.old), &whole(&hunk.new));
    let line = |line: Vec<Piece>| {
        line.into_iter().map(|piece| LinePiece { text: piece.text, changed: piece.is_changed }).collect()
    };
    HunkLines {
        removed: pieces.old.into_iter().map(line).collect(),
        added: pieces.new.into_iter().map(line).collect(),
    }
}
