//! Taking accepted hunks out again: the exact inverse of the model's bytes, never a whole document.

use edit::HunkId;
use text::ChangeSet;

use crate::effect::Answer;
use crate::notice::Notice;
use crate::place::Target;

use super::ledger::{Sent, SentFor};
use super::proposal::Proposal;
use super::{Done, Session};

impl Session {
    pub(super) fn undo(&mut self, target: &Target) -> Done {
        let id = self.proposal_of(target)?;
        let proposal = self.known(id)?;
        let uri = proposal.uri.clone();
        let Some(document) = self.workspace.document(&uri) else {
            return Err(Notice::warning(format!(
                "{uri} is not open; open it to undo what was accepted there"
            )));
        };
        let (edits, left_out) = proposal.hunks.undo_edits(&document.text);
        if edits.is_empty() {
            let why = match left_out.first() {
                None => "nothing of it is accepted",
                Some(_) if is_adrift(proposal, &left_out) => {
                    "nobody knows for certain where its accepted text stands since the server was started again"
                }
                Some(_) => "its accepted text was changed since",
            };
            return Err(Notice::info(format!("{id}: {why}; nothing was changed")));
        }
        let why = if is_adrift(proposal, &left_out) {
            "nobody knows for certain where they stand since the server was started again"
        } else {
            "their text was changed since"
        };
        let changes =
            ChangeSet::new(document.text.len(), edits).map_err(|error| Notice::error(error.to_string()))?;
        let edit = self.document_edit(&uri, document.version, &document.text, &changes);
        self.send(Sent::new(edit, SentFor::Undo));
        if !left_out.is_empty() {
            self.effects.tell(Notice::warning(format!(
                "{} accepted hunks stay: {why}. Change them by hand",
                left_out.len()
            )));
        }
        Ok(Answer::Proposal(id))
    }
}

/// Whether hunks stay, all or some, for want of a certain place.
fn is_adrift(proposal: &Proposal, hunks: &[HunkId]) -> bool {
    hunks.iter().any(|hunk| proposal.hunks.hunk(*hunk).is_some_and(edit::Hunk::is_adrift))
}
