//! Files that are renamed, deleted or changed on disk under pending hunks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use workspace::{OnDisk, Uri};

use crate::job::Job;
use crate::notice::Notice;
use crate::project::Asked;

use super::Session;
use super::effects::Purpose;
use super::kept::Keeping;

/// Files of documents, as far as they are watched and differ, and the checkouts they lie in.
#[derive(Debug, Default)]
pub(super) struct Disk {
    watched: BTreeSet<Uri>,
    /// What the user was told of watched files and still holds: an editor may tell of them, too.
    told: BTreeMap<Uri, OnDisk>,
    /// Checkouts of which the user was asked whether they are trusted, and folders with the commands that were asked about.
    asked: BTreeSet<(PathBuf, Vec<Asked>)>,
    /// What of the proposals lies in the state directory.
    pub(super) keeping: Keeping,
}

impl Session {
    /// Proposals follow a renamed file.
    pub(super) fn renamed(&mut self, files: Vec<(Uri, Uri)>) {
        for (old, new) in files {
            self.effects.stop_parse(&old);
            if self.workspace.document(&new).is_some() {
                // The editor opened it under its new name before it told of that.
                self.closed(&old);
            }
            self.workspace.rename(&old, &new);
            self.directives.renamed(&old, &new);
            for proposal in self.proposals.values_mut().filter(|proposal| proposal.uri == old) {
                proposal.uri = new.clone();
            }
            self.unpark(&new);
            self.published.forget(&old);
            self.index_open();
            self.index_later(&new);
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
            if n_pending > 0 && self.disk.is_news(uri, OnDisk::Gone) {
                self.effects.tell(gone(uri, n_pending));
            }
        }
    }

    /// Watches the files of the documents with hunks to decide, where they are not watched yet.
    pub(super) fn watch_files(&mut self) {
        let undecided = self.proposals.values().filter(|proposal| proposal.hunks.has_undecided());
        let is_file =
            |uri: &&Uri| self.workspace.document(uri).is_some_and(|document| document.path.is_some());
        let files: BTreeSet<&Uri> = undecided.map(|proposal| &proposal.uri).filter(is_file).collect();
        if !files.iter().copied().eq(&self.disk.watched) {
            let files: Vec<Uri> = files.into_iter().cloned().collect();
            self.disk.watch(&files);
            self.effects.watch(files);
        }
    }

    /// Open documents are compared with their files, elsewhere: the editor decides whether to reload.
    pub(super) fn changed_on_disk(&mut self, uris: Vec<Uri>) {
        let undecided = |uri: &Uri| {
            self.proposals.values().any(|proposal| proposal.uri == *uri && proposal.hunks.has_undecided())
        };
        let watched: Vec<Uri> =
            uris.into_iter().filter(|uri| self.workspace.document(uri).is_some() && undecided(uri)).collect();
        if !watched.is_empty() {
            let snapshot = self.workspace.snapshot();
            self.effects.start(Purpose::Compare, Job::Compare(snapshot, watched));
        }
    }

    pub(super) fn compared(&mut self, files: Vec<(Uri, OnDisk)>) {
        for (uri, on_disk) in files {
            let of = self.proposals.iter().filter(|(_, proposal)| proposal.uri == uri);
            let n_pending = of.map(|(id, _)| self.pending_hunks(*id).len()).sum();
            if !self.disk.is_news(&uri, on_disk) {
                continue;
            }
            match on_disk {
                OnDisk::Same => {}
                OnDisk::Gone => self.effects.tell(gone(&uri, n_pending)),
                OnDisk::Differs => self.effects.tell(Notice::warning(format!(
                    "{uri} changed on disk under pending hunks; they stay on the editor's text. Reload the file to move them over, or save to keep yours"
                ))),
            }
        }
    }
}

impl Disk {
    fn watch(&mut self, files: &[Uri]) {
        self.watched = files.iter().cloned().collect();
        self.told.retain(|uri, _| self.watched.contains(uri));
    }

    /// The user is asked of a checkout, or of commands that it names; whether that is the first time.
    pub(super) fn asked_of(&mut self, checkout: &Path, commands: &[Asked]) -> bool {
        self.asked.insert((checkout.to_owned(), commands.to_vec()))
    }

    /// Whether the user was not told of a file that it holds this. One that is not watched is told of each time.
    fn is_news(&mut self, uri: &Uri, on_disk: OnDisk) -> bool {
        match on_disk {
            OnDisk::Same => self.told.remove(uri).is_some(),
            OnDisk::Differs | OnDisk::Gone => {
                !self.watched.contains(uri) || self.told.insert(uri.clone(), on_disk) != Some(on_disk)
            }
        }
    }
}

fn gone(uri: &Uri, n_pending: usize) -> Notice {
    let hunks = if n_pending == 1 { "1 hunk".to_owned() } else { format!("{n_pending} hunks") };
    Notice::warning(format!(
        "{uri} is gone from disk with {hunks} pending, kept on its text. Save it from your editor, or bring the file back, to go on"
    ))
}
