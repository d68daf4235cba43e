//! Revisions: begun, filled while an answer streams, finished or withdrawn, and stepped through.

use text::{Edit, Text};

use super::{Free, Proposal, Refused, Revision, Start};
use crate::hunk::overlaps;
use crate::{Hunk, HunkId, RevisionId, Status};

impl Proposal {
    /// Begins the next revision and shows it.
    pub fn begin_revision(&mut self, start: Start) -> RevisionId {
        let number = self.n_revisions() + 1;
        let carried = self.hunks().filter(|hunk| match start {
            Start::Fresh => hunk.status == Status::Accepted,
            Start::Refine { hunk: refined } => hunk.id != refined,
        });
        let hunks =
            carried.map(|hunk| Hunk { id: HunkId { revision: number, ..hunk.id }, ..hunk.clone() }).collect();
        let free = match start {
            Start::Fresh => None,
            Start::Refine { hunk } => {
                let is_outside = self.hunk(hunk).is_some_and(|hunk| hunk.is_outside);
                Some(Free { number: hunk.hunk, is_outside })
            }
        };
        self.revisions.push(Revision { number, hunks, free });
        self.current = self.revisions.len() - 1;
        RevisionId { proposal: self.id, revision: number }
    }

    /// Adds provisional hunks to a revision, for edits of the current text. All or none.
    ///
    /// Fails when an edit changes nothing, does not fit the text, or overlaps another hunk or accepted text.
    pub fn offer(
        &mut self,
        revision: RevisionId,
        edits: Vec<Edit>,
        text: &Text,
    ) -> Result<Vec<HunkId>, Refused> {
        self.offer_as(revision, edits, text, false)
    }

    /// As [`Proposal::offer`], for edits outside of what was asked about.
    pub fn offer_outside(
        &mut self,
        revision: RevisionId,
        edits: Vec<Edit>,
        text: &Text,
    ) -> Result<Vec<HunkId>, Refused> {
        self.offer_as(revision, edits, text, true)
    }

    fn offer_as(
        &mut self,
        revision: RevisionId,
        edits: Vec<Edit>,
        text: &Text,
        is_outside: bool,
    ) -> Result<Vec<HunkId>, Refused> {
        let mut seen: Vec<&Edit> = Vec::new();
        for edit in &edits {
            let fits = edit.range.start <= edit.range.end
                && text.is_boundary(edit.range.start)
                && text.is_boundary(edit.range.end);
            if !fits || text.is_at(&edit.range, &edit.text) {
                return Err(Refused::DoesNotFit { offset: edit.range.start });
            }
            let is_double = seen.iter().any(|seen| overlaps(&seen.range, &edit.range));
            if is_double || self.is_taken(revision, &edit.range) {
                return Err(Refused::Overlap { offset: edit.range.start });
            }
            seen.push(edit);
        }
        let id = self.id;
        let Some(revision) = self.revisions.iter_mut().find(|known| known.number == revision.revision) else {
            return Err(Refused::Unknown { id: revision.to_string() });
        };
        let mut ids = Vec::new();
        for edit in edits {
            let next = revision.hunks.iter().map(|hunk| hunk.id.hunk).max().unwrap_or(0) + 1;
            let Free { number, is_outside } =
                revision.free.take().unwrap_or(Free { number: next, is_outside });
            let hunk = HunkId { proposal: id, revision: revision.number, hunk: number };
            let old = text.slice(edit.range.clone());
            revision.hunks.push(Hunk {
                id: hunk,
                range: edit.range,
                old,
                new: edit.text,
                status: Status::Provisional,
                is_outside,
                cut: None,
                is_adrift: false,
            });
            ids.push(hunk);
        }
        revision.hunks.sort_by_key(|hunk| (hunk.range.start, hunk.range.end));
        Ok(ids)
    }

    /// Takes back what was offered in a revision and not decided: its answer comes to something else. The revision stays.
    pub fn retract(&mut self, revision: RevisionId) {
        let revisions = self.revisions.iter_mut().filter(|known| known.number == revision.revision);
        for revision in revisions {
            revision.hunks.retain(|hunk| !hunk.is_undecided());
        }
    }

    /// Offers one provisional hunk before its revision is finished: a block that closed and was checked on its own.
    pub fn release(&mut self, id: HunkId) {
        let hunks = self.revisions.iter_mut().flat_map(|revision| &mut revision.hunks);
        hunks
            .filter(|hunk| hunk.id == id && hunk.status == Status::Provisional)
            .for_each(|hunk| hunk.status = Status::Pending);
    }

    /// The answer is whole and checked: provisional hunks are pending.
    pub fn finish(&mut self, revision: RevisionId) {
        let Some(revision) = self.revisions.iter_mut().find(|known| known.number == revision.revision) else {
            return;
        };
        let provisional = revision.hunks.iter_mut().filter(|hunk| hunk.status == Status::Provisional);
        provisional.for_each(|hunk| hunk.status = Status::Pending);
    }

    /// The answer must not be used: what was not accepted is withdrawn. An empty revision goes, and the one before is shown.
    pub fn withdraw(&mut self, revision: RevisionId) {
        let Some(idx) = self.revisions.iter().position(|known| known.number == revision.revision) else {
            return;
        };
        let is_last = idx + 1 == self.revisions.len();
        // Accepted text that the revision before has too is no reason to keep this one.
        let before: Vec<Hunk> = idx
            .checked_sub(1)
            .and_then(|idx| self.revisions.get(idx))
            .map_or_else(Vec::new, |revision| revision.hunks.clone());
        let is_known = |hunk: &Hunk| {
            before
                .iter()
                .any(|known| known.id.hunk == hunk.id.hunk && known.new == hunk.new && known.old == hunk.old)
        };
        let Some(revision) = self.revisions.get_mut(idx) else { return };
        revision.hunks.retain(|hunk| hunk.status == Status::Accepted);
        if is_last && revision.hunks.iter().all(is_known) {
            self.revisions.remove(idx);
            self.current = self.revisions.len().saturating_sub(1);
        }
    }

    /// Shows another revision; false when there is none of that number. Accepted text stays; hunks that do not stand on
    /// exactly their base are stale.
    pub fn select(&mut self, number: u32, text: &Text) -> bool {
        let Some(idx) = self.revisions.iter().position(|revision| revision.number == number) else {
            return false;
        };
        self.current = idx;
        self.expected.clear();
        if let Some(revision) = self.revisions.get_mut(idx) {
            let offered = revision
                .hunks
                .iter_mut()
                .filter(|hunk| matches!(hunk.status, Status::Pending | Status::Provisional));
            offered
                .filter(|hunk| !text.is_at(&hunk.range, &hunk.old))
                .for_each(|hunk| hunk.status = Status::Stale);
        }
        true
    }
}
