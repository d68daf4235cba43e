//! The unit of decision: a range of the document, what stands there and what is proposed.

use std::ops::Range;

use text::{PositionRange, Text};

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
    /// Where it stands is not known for certain any more: it only moves, and is decided for good.
    pub(crate) is_adrift: bool,
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

impl Status {
    /// Whether the user has still to decide, also where there is nothing to accept any more.
    pub fn is_open(&self) -> bool {
        matches!(self, Status::Provisional | Status::Pending | Status::Stale)
    }
}

impl Hunk {
    /// Whether its place and `range` have something in common; ranges that only touch have not, two insertions at one offset have.
    pub fn overlaps(&self, range: &Range<usize>) -> bool {
        overlaps(&self.range, range)
    }

    /// What stands in its first line in front of it, and in its last line behind it up to the next line's start: with these,
    /// `old` and `new` are whole lines. Both are empty for a hunk of whole lines, which `at`, its range as positions, tells
    /// without a look into the text.
    pub fn around(&self, text: &Text, at: PositionRange) -> (String, String) {
        let before = match at.start.character {
            0 => String::new(),
            _ => text.slice(text.line_start(text.line_of(self.range.start))..self.range.start),
        };
        let ends_lines = match self.new.is_empty() {
            true => before.is_empty(),
            false => self.new.ends_with(['\n', '\r']),
        };
        if ends_lines && at.end.character == 0 {
            return (before, String::new());
        }
        (before, text.slice(self.range.end..text.line_end(text.line_of(self.range.end))))
    }

    /// Whether it is not known for certain any more where it stands: then it is neither accepted, refined nor undone.
    pub fn is_adrift(&self) -> bool {
        self.is_adrift
    }

    /// Whether the place of a hunk of no text is unknown.
    pub(crate) fn is_lost(&self) -> bool {
        let standing = if self.status == Status::Accepted { &self.new } else { &self.old };
        self.is_adrift || standing.is_empty() && self.cut.is_some()
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

#[cfg(test)]
mod tests {
    use text::Encoding;

    use super::*;
    use crate::ProposalId;

    /// `marked` has the hunk's range between two `|`; gives the whole lines as they are and as they would be.
    #[track_caller]
    fn check(marked: &str, new: &str, old_lines: &str, new_lines: &str) {
        let parts: Vec<&str> = marked.split('|').collect();
        let [front, old, behind] = parts[..] else { panic!("two marks") };
        let range = front.len()..front.len() + old.len();
        let id = HunkId { proposal: ProposalId(1), revision: 1, hunk: 1 };
        let (old, new) = (old.to_owned(), new.to_owned());
        let hunk = Hunk {
            id,
            range,
            old,
            new,
            status: Status::Pending,
            is_outside: false,
            cut: None,
            is_adrift: false,
        };
        let text = Text::from(parts.concat());
        let (before, after) = hunk.around(&text, text.positions(&hunk.range, Encoding::Utf16));
        let lines = |middle: &str| [before.as_str(), middle, after.as_str()].concat();
        assert_eq!((lines(&hunk.old).as_str(), lines(&hunk.new).as_str()), (old_lines, new_lines));
        assert!(front.ends_with(&before) && behind.starts_with(&after), "{before:?} and {after:?} are there");
    }

    #[test]
    fn whole_lines_stay_as_they_are() {
        check("a\n|b\n|c\n", "x\ny\n", "b\n", "x\ny\n");
        check("a\n||c\n", "x\n", "", "x\n");
        check("a\n|b\n|c\n", "", "b\n", "");
    }

    #[test]
    fn a_piece_of_a_line_brings_the_rest_of_it() {
        check("a\nf(|x|)\nc\n", "y", "f(x)\n", "f(y)\n");
        check("a\r\nf(|x|)\r\nc", "y", "f(x)\r\n", "f(y)\r\n");
    }

    #[test]
    fn lines_that_are_joined_are_both_there() {
        check("a\nb|\n|c\nd\n", "", "b\nc\n", "bc\n");
        check("a\n|b\n|c\nd\n", "x", "b\nc\n", "xc\n");
    }

    #[test]
    fn the_last_line_needs_no_ending() {
        check("a\nb||", "\nc", "b", "b\nc");
        check("a\n||", "c", "", "c");
        check("a\n|b|", "c", "b", "c");
    }
}
