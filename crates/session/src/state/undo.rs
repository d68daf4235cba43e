//! Taking accepted hunks out again: the exact inverse of the model's bytes, never a whole document.

use text::ChangeSet;

use crate::effect::Answer;
use crate::notice::Notice;
use crate::place::Target;

use super::ledger::{Sent, SentFor};
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
            let why = if left_out.is_empty() {
                "nothing of it is accepted"
            } else {
                "its accepted text was changed since"
            };
            return Err(Notice::info(format!("{id}: {why}; nothing was changed")));
        }
        let changes =
            ChangeSet::new(document.text.len(), edits).map_err(|error| Notice::error(error.to_string()))?;
        let edit = self.document_edit(&uri, document.version, &document.text, &changes);
        self.send(Sent::new(edit, SentFor::Undo));
        if !left_out.is_empty() {
            self.effects.tell(Notice::warning(format!(
                "{} accepted hunks stay: their text was changed since. Change them by hand",
                left_out.len()
            )));
        }
        Ok(Answer::Proposal(id))
    }
}
