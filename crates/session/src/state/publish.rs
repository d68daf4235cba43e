//! What is shown along the text, sent again only when it differs from what the edge has.

use std::collections::BTreeMap;

use edit::{HunkId, ProposalId};
use workspace::Uri;

use crate::effect::EdgeEffect;
use crate::view::{HunkView, Mark, ProposalState, ProposalView};

use super::Session;
use super::status::Told;

/// What the edge has.
#[derive(Debug, Default)]
pub(super) struct Published {
    marks: BTreeMap<Uri, Vec<Mark>>,
    views: BTreeMap<ProposalId, ProposalView>,
    pub(super) status: Told,
    /// The message at hand changes nothing that is shown.
    is_settled: bool,
}

impl Published {
    /// The edge lost what it had of a document.
    pub(super) fn forget(&mut self, uri: &Uri) {
        self.marks.remove(uri);
    }

    /// The message at hand changes nothing that is shown.
    pub(super) fn settle(&mut self) {
        self.is_settled = true;
    }

    /// Whether the message at hand changes nothing that is shown.
    pub(super) fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// The message at hand can change whatever is shown.
    pub(super) fn unsettle(&mut self) {
        self.is_settled = false;
    }

    /// A hunk as the edge has it, at its place among those of its revision.
    pub(super) fn hunk(&self, id: HunkId, idx: usize) -> Option<&HunkView> {
        self.views.get(&id.proposal)?.hunks.get(idx).filter(|hunk| hunk.id == id)
    }
}

impl Session {
    /// Sends what differs from what the edge has.
    pub(super) fn publish(&mut self) {
        if self.published.is_settled {
            debug_assert!(self.is_published(), "something is shown otherwise after all");
            return;
        }
        let views: Vec<ProposalView> = self.proposals.keys().filter_map(|id| self.view(*id)).collect();
        let mut has_changed = false;
        for uri in self.workspace.uris() {
            let marks = self.marks_with(&uri, &views);
            if self.has_marks(&uri, &marks) {
                continue;
            }
            let version = self.workspace.document(&uri).map_or(0, |document| document.version);
            self.published.marks.insert(uri.clone(), marks.clone());
            self.effects.edge(EdgeEffect::Publish { uri, version, marks });
            has_changed = true;
        }
        self.published.marks.retain(|uri, _| self.workspace.document(uri).is_some());
        self.tell_status(&views);
        self.publish_views(views);
        if has_changed {
            self.effects.edge(EdgeEffect::RefreshLenses);
        }
    }

    fn publish_views(&mut self, views: Vec<ProposalView>) {
        for view in views {
            if self.published.views.get(&view.proposal) != Some(&view) {
                self.published.views.insert(view.proposal, view.clone());
                let number = self.effects.update_number();
                self.effects.edge(EdgeEffect::Updated(number, Box::new(view)));
            }
        }
        let is_gone = |id: &&ProposalId| !self.proposals.contains_key(id);
        let gone: Vec<ProposalId> = self.published.views.keys().filter(is_gone).copied().collect();
        for view in gone.iter().filter_map(|id| self.published.views.remove(id)) {
            let view = ProposalView { state: ProposalState::Dismissed, hunks: Vec::new(), ..view };
            let number = self.effects.update_number();
            self.effects.edge(EdgeEffect::Updated(number, Box::new(view)));
        }
    }

    fn has_marks(&self, uri: &Uri, marks: &[Mark]) -> bool {
        match self.published.marks.get(uri) {
            Some(known) => *known == marks,
            None => marks.is_empty(),
        }
    }

    /// Whether the edge has all as it is.
    fn is_published(&self) -> bool {
        let uris = self.workspace.uris();
        let mut ids = self.proposals.keys();
        uris.iter().all(|uri| self.has_marks(uri, &self.marks(uri)))
            && ids.all(|id| self.published.views.get(id) == self.view(*id).as_ref())
            && self.published.views.len() == self.proposals.len()
            && self
                .new_status(&self.proposals.keys().filter_map(|id| self.view(*id)).collect::<Vec<_>>())
                .is_none()
            && self.published.marks.keys().all(|uri| uris.contains(uri))
    }
}
