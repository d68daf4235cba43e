//! What a command means that names a place: the hunk there, else what the command can do without one.

use std::ops::Range;

use edit::{HunkId, Status};
use text::Text;

use crate::message::Command;
use crate::notice::Notice;
use crate::place::{Place, Target};

use super::Session;

impl Session {
    /// The command with the hunk at its place as its target. One that decides on hunks is refused where none is, or where the
    /// text has changed since the place was named.
    pub(super) fn meant(&self, mut command: Command) -> Result<Command, Notice> {
        match &mut command {
            Command::Accept(target)
            | Command::AcceptWith(target)
            | Command::Reject { target, .. }
            | Command::Refine { target, .. }
            | Command::Revise { target, .. } => {
                if let Target::Place(place) = target {
                    self.is_current(place)?;
                    *target = self.hunk_at(place).map(Target::Hunk).ok_or_else(no_hunk)?;
                }
            }
            Command::DropNoise(target)
            | Command::Again(target)
            | Command::Review(target)
            | Command::Undo(target)
            | Command::Cancel(target)
            | Command::More(target)
            | Command::Dismiss(target)
            | Command::Verify(target) => {
                // Without a hunk there it is the newest proposal of the document.
                if let Target::Place(place) = target
                    && let Some(hunk) = self.hunk_at(place)
                {
                    *target = Target::Hunk(hunk);
                }
            }
            Command::Ask { .. }
            | Command::Run { .. }
            | Command::Revision { .. }
            | Command::Applied(_)
            | Command::Next(_)
            | Command::Previous(_)
            | Command::Trust(_)
            | Command::Preview { .. } => {}
        }
        Ok(command)
    }

    fn is_current(&self, place: &Place) -> Result<(), Notice> {
        match self.workspace.document(&place.uri) {
            Some(document) if document.version == place.version => Ok(()),
            Some(_) => Err(Notice::info(
                "the text has changed since that place was named; nothing was changed. Try again",
            )),
            None => Err(Notice::warning(format!("{} is not open; open it and try again", place.uri))),
        }
    }

    /// The hunk to decide on the lines of a place, of those that are shown as it stands the first one that the place touches,
    /// else the first on its lines. A hunk that only inserts is on the line that it stands before.
    fn hunk_at(&self, place: &Place) -> Option<HunkId> {
        let text = &self.workspace.document(&place.uri)?.text;
        let (start, end) = (text.floor(place.range.start), text.floor(place.range.end));
        // A selection of whole lines ends where the next one begins, as a hunk does.
        let lines = text.line_of(start)..=last_line(text, &(start..end));
        let mut on_lines = Vec::new();
        for (id, proposal) in self.proposals.iter().filter(|(_, proposal)| proposal.uri == place.uri) {
            for hunk in proposal.hunks.hunks().filter(|hunk| hunk.status.is_open()) {
                let (first, last) = (text.line_of(hunk.range.start), last_line(text, &hunk.range));
                if first <= *lines.end() && last >= *lines.start() {
                    let is_covered = self.shown_status(*id, proposal, hunk) == Status::Stale;
                    let is_touched = hunk.overlaps(&place.range) || hunk.range.contains(&start);
                    on_lines.push(((is_covered, !is_touched, hunk.range.start), hunk.id));
                }
            }
        }
        on_lines.into_iter().min_by_key(|(rank, _)| *rank).map(|(_, id)| id)
    }
}

/// The last line of a range; one that ends where a line begins ends on the line before.
fn last_line(text: &Text, range: &Range<usize>) -> usize {
    let (first, end) = (text.line_of(range.start), text.line_of(range.end));
    if end > first && text.line_start(end) == range.end { end - 1 } else { end }
}

fn no_hunk() -> Notice {
    Notice::info("there is no hunk at the cursor; nothing was changed. Go to one with `hunkwise.next`")
}
