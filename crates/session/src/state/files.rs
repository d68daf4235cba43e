//! Files that are renamed, deleted or changed on disk under pending hunks.

use workspace::Uri;

use crate::job::Job;
use crate::notice::Notice;

use super::Session;
use super::effects::Purpose;

impl Session {
    /// Proposals follow a renamed file.
    pub(super) fn renamed(&mut self, files: Vec<(Uri, Uri)>) {
        for (old, new) in files {
            self.effects.stop_parse(&old);
            self.workspace.rename(&old, &new);
            self.directives.renamed(&old, &new);
            for proposal in self.proposals.values_mut().filter(|proposal| proposal.uri == old) {
                proposal.uri = new.clone();
            }
            self.published.forget(&old);
            self.reparse(&new);
        }
    }

    /// Work on a deleted file is stopped; its hunks are kept in case the file comes back.
    pub(super) fn deleted(&mut self, uris: &[Uri]) {
        for uri in uris {
            let ids: Vec<_> =
                self.proposals.iter().filter(|(_, p)| p.uri == *uri).map(|(id, _)| *id).collect();
            let n_pending: usize = ids.iter().map(|id| self.pending_hunks(*id).len()).sum();
            for id in ids {
                if self.proposals.get(&id).is_some_and(|proposal| proposal.is_working()) {
                    self.cancel(id);
                }
            }
            if n_pending > 0 {
                self.effects.tell(Notice::warning(format!(
                    "{uri} was deleted with {n_pending} hunks pending; they are kept and come back if the file does"
                )));
            }
        }
    }

    /// Open documents are compared with their files, elsewhere: the editor decides whether to reload.
    pub(super) fn changed_on_disk(&mut self, uris: Vec<Uri>) {
        let watched: Vec<Uri> = uris
            .into_iter()
            .filter(|uri| self.workspace.document(uri).is_some())
            .filter(|uri| {
                self.proposals.values().any(|proposal| proposal.uri == *uri && proposal.hunks.has_undecided())
            })
            .collect();
        if !watched.is_empty() {
            let snapshot = self.workspace.snapshot();
            self.effects.start(Purpose::Compare, Job::Compare(snapshot, watched));
        }
    }

    pub(super) fn compared(&mut self, changed: &[Uri]) {
        for uri in changed {
            self.effects.tell(Notice::warning(format!(
                "{uri} changed on disk under pending hunks; they stay on the editor's text. Reload the file to move them over, or save to keep yours"
            )));
        }
    }
}
