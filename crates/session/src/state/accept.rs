//! Accepting: by a versioned edit that the client applies, one file after another. State follows the text.

use edit::{HunkId, Status};
use text::{ChangeSet, Edit};
use workspace::Uri;

use crate::effect::{Answer, DocumentEdit};
use crate::notice::Notice;
use crate::place::Target;

use super::decide::gone;
use super::ledger::{Sent, SentFor};
use super::{Done, Session};

impl Session {
    pub(super) fn accept(&mut self, target: &Target) -> Done {
        let files = self.acceptable(target)?;
        self.accept_all_of(files)
    }

    /// Accepts a hunk with what it needs, as one edit.
    pub(super) fn accept_with(&mut self, target: &Target) -> Done {
        let Target::Hunk(id) = target else {
            return Err(Notice::warning(format!(
                "{target} is no hunk; name one hunk to accept with what it needs"
            )));
        };
        let proposal = self.known(id.proposal)?;
        let hunk = proposal.hunks.map_forward(*id).ok_or_else(|| gone(&id.to_string()))?;
        let uri = proposal.uri.clone();
        let hunks = self.closure(hunk)?;
        self.accept_all_of(vec![(uri, hunks)])
    }

    fn accept_all_of(&mut self, mut files: Vec<(Uri, Vec<HunkId>)>) -> Done {
        files.iter_mut().for_each(|(_, hunks)| hunks.retain(|hunk| !self.ledger.is_accepting(*hunk)));
        files.retain(|(_, hunks)| !hunks.is_empty());
        let Some(first) = files.iter().flat_map(|(_, hunks)| hunks).next().copied() else {
            return Err(under_way());
        };
        self.accept_files(files, Vec::new(), false)?;
        Ok(Answer::Proposal(first.proposal))
    }

    /// Sends the edit of the first file; the others follow when it has landed.
    pub(super) fn accept_files(
        &mut self,
        mut files: Vec<(Uri, Vec<HunkId>)>,
        done: Vec<Uri>,
        is_retry: bool,
    ) -> Result<(), Notice> {
        if files.is_empty() {
            return Ok(());
        }
        let (uri, hunks) = files.remove(0);
        let hunks = hunks.into_iter().map(|hunk| self.still_pending(hunk)).collect::<Result<Vec<_>, _>>()?;
        let edit = self.accepting_edit(&uri, &hunks)?;
        // A hunk that another revision has as well: applied twice, its text would stand there twice.
        if self.ledger.is_under_way(&edit) {
            return Err(under_way());
        }
        for hunk in &hunks {
            if let Some(proposal) = self.proposals.get_mut(&hunk.proposal) {
                proposal.hunks.expect(&[*hunk]);
            }
        }
        let sent = Sent { rest: files, done, is_retry, ..Sent::new(edit, SentFor::Accept(hunks)) };
        self.send(sent);
        Ok(())
    }

    /// A hunk as it is now: while a file before it was done, it may have been decided or replaced by a newer revision.
    fn still_pending(&self, hunk: HunkId) -> Result<HunkId, Notice> {
        let forward = self.known(hunk.proposal)?.hunks.map_forward(hunk);
        let pending = self.pending_hunks(hunk.proposal);
        forward.filter(|hunk| pending.contains(hunk)).ok_or_else(|| gone(&hunk.to_string()))
    }

    /// What accepting hunks of one open document does to it.
    pub(super) fn accepting_edit(&self, uri: &Uri, hunks: &[HunkId]) -> Result<DocumentEdit, Notice> {
        let Some(document) = self.workspace.document(uri) else {
            return Err(Notice::warning(format!("{uri} is not open; open it to accept its hunks")));
        };
        let mut edits: Vec<Edit> = Vec::new();
        for (id, proposal) in self.proposals.iter().filter(|(_, proposal)| proposal.uri == *uri) {
            let own: Vec<HunkId> = hunks.iter().filter(|hunk| hunk.proposal == *id).copied().collect();
            if own.is_empty() {
                continue;
            }
            let accepted = proposal.hunks.accept_edits(&own, &document.text);
            edits.extend(accepted.map_err(|refused| {
                Notice::warning(format!("{refused}; nothing was changed. Ask again with the text as it is"))
            })?);
        }
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        let changes = ChangeSet::new(document.text.len(), edits).map_err(|error| {
            Notice::warning(format!(
                "hunks of several requests overlap: {error}; nothing was changed. Accept them one by one"
            ))
        })?;
        Ok(self.document_edit(uri, document.version, &document.text, &changes))
    }

    /// A change of an open document in the client's positions.
    pub(super) fn document_edit(
        &self,
        uri: &Uri,
        version: i32,
        text: &text::Text,
        changes: &ChangeSet,
    ) -> DocumentEdit {
        let encoding = self.workspace.encoding();
        let position = |edit: &Edit| (text.positions(&edit.range, encoding), edit.text.clone());
        DocumentEdit { uri: uri.clone(), version, edits: changes.edits().iter().map(position).collect() }
    }

    /// The client says that it applied a hunk's inline edit. If the text does not show it, what it did is taken back.
    pub(super) fn applied(&mut self, target: &Target) -> Done {
        let Target::Hunk(id) = target else { return Err(gone(&target.to_string())) };
        let proposal = self.known(id.proposal)?;
        let hunk = proposal.hunks.map_forward(*id).unwrap_or(*id);
        let Some(found) = proposal.hunks.hunk(hunk) else { return Err(gone(&id.to_string())) };
        match found.status {
            Status::Accepted => Ok(Answer::Proposal(id.proposal)),
            Status::Stale => self.take_back_stale(hunk),
            Status::Pending | Status::Provisional | Status::Rejected { .. } => Err(Notice::warning(format!(
                "the editor reports {hunk} as applied, but the text does not show it; the hunk is still pending. Accept it again"
            ))),
        }
    }

    /// Some editors apply a code action's edit to a text that has moved on. The exact inverse restores it.
    fn take_back_stale(&mut self, hunk: HunkId) -> Done {
        let proposal = self.known(hunk.proposal)?;
        let uri = proposal.uri.clone();
        let new = proposal.hunks.hunk(hunk).map(|hunk| hunk.new.clone()).unwrap_or_default();
        let is_ours = self.ledger.last_change(&uri).is_some_and(|last| {
            last.changes.edits().iter().any(|edit| !edit.text.is_empty() && new.contains(edit.text.as_str()))
        });
        if !is_ours {
            return Err(Notice::warning(format!(
                "{hunk} no longer fits: the text at its place was changed. Ask again with the text as it is"
            )));
        }
        self.take_back(&uri, Vec::new())?;
        Err(Notice::warning(format!(
            "the editor applied {hunk} to a text that had changed; that was taken back exactly and the hunk is offered again"
        )))
    }

    /// Sends the exact inverse of the last change of a document.
    pub(super) fn take_back(&mut self, uri: &Uri, again: Vec<HunkId>) -> Result<(), Notice> {
        let Some(document) = self.workspace.document(uri) else { return Err(gone(&uri.to_string())) };
        let Some(last) = self.ledger.last_change(uri) else { return Err(gone(&uri.to_string())) };
        let inverse = last.changes.invert(&last.before).map_err(|error| Notice::error(error.to_string()))?;
        let edit = self.document_edit(uri, document.version, &document.text, &inverse);
        self.send(Sent::new(edit, SentFor::TakeBack { again }));
        Ok(())
    }
}

fn under_way() -> Notice {
    Notice::info("these hunks are being accepted already")
}
