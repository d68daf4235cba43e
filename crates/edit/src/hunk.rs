//! The unit of decision: a range of the document, what stands there and what is proposed.

use std::ops::Range;

use crate::HunkId;

/// One change to decide on. Once offered it only moves; it is never computed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// Its name.
    pub id: HunkId,
    /// Where it stands in the current text: `old` while undecided or rejected, `new` while accepted, where it was while stale.
    pub range: Range<usize>,
    /// The text that it replaces.
    pub old: String,
    /// The text that it proposes.
    pub new: String,
    /// What was decided.
    pub status: Status,
    /// It changes text outside of what was asked about: only accepted when it is named, or goes with a hunk that needs it.
    pub is_outside: bool,
    /// After an edit that began in front of the hunk and reached into it.
    pub(crate) cut: Option<Cut>,
}

/// Where a hunk would begin again if an edit that swallowed its start were undone.
///
/// A hunk of no text has nothing but its neighbors to be found by: it is lost while it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Start of that edit in the current text.
    pub(crate) origin: usize,
    /// Bytes from there to the hunk.
    pub(crate) lead: usize,
    /// The line above the hunk before that edit.
    pub(crate) above: String,
    /// The line below it.
    pub(crate) below: String,
}

/// What was decided about a hunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// The answer still streams, or is being checked: visible, not offered.
    Provisional,
    /// Offered.
    Pending,
    /// Its new text stands in the document.
    Accepted,
    /// The user does not want it.
    Rejected {
        /// Why not, for the next round.
        reason: Option<String>,
    },
    /// The text at its place was changed.
    Stale,
}

impl Hunk {
    /// Whether its place and `range` have something in common; ranges that only touch have not, two insertions at one offset have.
    pub fn overlaps(&self, range: &Range<usize>) -> bool {
        overlaps(&self.range, range)
    }

    /// Whether the place of a hunk of no text is unknown.
    pub(crate) fn is_lost(&self) -> bool {
        let standing = if self.status == Status::Accepted { &self.new } else { &self.old };
        standing.is_empty() && self.cut.is_some()
    }

    /// What it does, in words: "adds 1 line in `total`, outside scope". `within` names the definition that it stands in.
    pub fn summary(&self, within: Option<&str>) -> String {
        let mut summary = crate::summary(&self.old, &self.new);
        if let Some(name) = within {
            summary = format!("{summary} in `{name}`");
        }
        if self.is_outside { format!("{summary}, outside scope") } else { summary }
    }

    /// Whether a decision on it is still open.
    pub fn is_undecided(&self) -> bool {
        match self.status {
            Status::Provisional | Status::Pending | Status::Stale => true,
            Status::Accepted | Status::Rejected { .. } => false,
        }
    }
}

pub(crate) fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end || a.is_empty() && b.is_empty() && a.start == b.start
}
