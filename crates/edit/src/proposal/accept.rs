//! Exact edits: what accepting or undoing does to the text, checked against the text at that moment.

use text::{Edit, Text};

use super::{Proposal, Refused};
use crate::hunk::overlaps;
use crate::{HunkId, Status};

impl Proposal {
    /// The edits that accept `hunks` of the revision shown, sorted and disjoint, with the removal of the directive.
    ///
    /// Fails when one is not pending or its place holds another text; then nothing is to be changed.
    pub fn accept_edits(&self, hunks: &[HunkId], text: &Text) -> Result<Vec<Edit>, Refused> {
        let mut edits = Vec::with_capacity(hunks.len() + 1);
        for id in hunks {
            let Some(hunk) = self.hunk(*id) else { return Err(Refused::Unknown { id: id.to_string() }) };
            match hunk.status {
                Status::Pending => {}
                Status::Stale => return Err(Refused::Stale { id: *id }),
                Status::Provisional | Status::Accepted | Status::Rejected { .. } => {
                    return Err(Refused::NotPending { id: *id });
                }
            }
            if !text.is_at(&hunk.range, &hunk.old) {
                return Err(Refused::Stale { id: *id });
            }
            edits.push(Edit::new(hunk.range.clone(), hunk.new.as_str()));
        }
        if let Some(removal) = self.directive.as_ref().and_then(|directive| directive.removal(text)) {
            // A hunk over the directive takes it along, now or when it is accepted.
            let is_covered =
                self.hunks().filter(|hunk| hunk.is_undecided()).any(|hunk| hunk.overlaps(&removal.range));
            if !is_covered {
                edits.push(removal);
            }
        }
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        Ok(edits)
    }

    /// The exact inverse of what was accepted, sorted and disjoint, and the hunks left out because their text was changed since.
    pub fn undo_edits(&self, text: &Text) -> (Vec<Edit>, Vec<HunkId>) {
        let mut edits: Vec<Edit> = Vec::new();
        let mut left_out = Vec::new();
        for hunk in self.all_hunks().filter(|hunk| hunk.status == Status::Accepted) {
            let edit = Edit::new(hunk.range.clone(), hunk.old.as_str());
            // The same text may be known to several revisions.
            if edits.contains(&edit) {
                continue;
            }
            let is_taken = edits.iter().any(|known| overlaps(&known.range, &edit.range));
            if is_taken || hunk.is_lost() || !text.is_at(&hunk.range, &hunk.new) {
                left_out.push(hunk.id);
            } else {
                edits.push(edit);
            }
        }
        if let Some(back) =
            self.directive.as_ref().and_then(|directive| directive.back(text)).filter(|_| left_out.is_empty())
        {
            edits.push(back);
        }
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        (edits, left_out)
    }
}
