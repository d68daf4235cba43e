//! The state of a proposal as an edge shows it.

use edit::{Hunk, ProposalId, Status};
use text::Text;

use crate::view::{HunkView, ProposalView};

use super::Session;
use super::proposal::{Phase, Proposal};

impl Session {
    /// The whole state of a proposal.
    pub(super) fn view(&self, id: ProposalId) -> Option<ProposalView> {
        let proposal = self.proposals.get(&id)?;
        let notice = match &proposal.phase {
            Phase::Failed(notice) => Some(notice.clone()),
            Phase::Waiting(_)
            | Phase::Gathering { .. }
            | Phase::Streaming(_)
            | Phase::Checking { .. }
            | Phase::Ready
            | Phase::Answered
            | Phase::Cancelled => None,
        };
        Some(ProposalView {
            proposal: id,
            revision: proposal.hunks.current_revision(),
            n_revisions: proposal.hunks.n_revisions(),
            state: proposal.state(),
            instruction: proposal.asked.clone(),
            uri: proposal.uri.clone(),
            version: self.workspace.document(&proposal.uri).map_or(0, |document| document.version),
            hunks: self.hunk_views(id, proposal),
            prose: proposal.prose.clone(),
            notice,
            tokens: proposal.tokens,
        })
    }

    /// The hunks of the revision shown, numbered.
    pub(super) fn hunk_views(&self, id: ProposalId, proposal: &Proposal) -> Vec<HunkView> {
        let Some(text) = self.text_of(&proposal.uri) else { return Vec::new() };
        let of = proposal.hunks.hunks().count();
        let views = proposal.hunks.hunks().enumerate();
        views.map(|(idx, hunk)| self.hunk_view(id, proposal, hunk, (idx + 1, of), text)).collect()
    }

    fn hunk_view(
        &self,
        id: ProposalId,
        proposal: &Proposal,
        hunk: &Hunk,
        (number, of): (usize, usize),
        text: &Text,
    ) -> HunkView {
        let is_open = matches!(hunk.status, Status::Pending | Status::Provisional);
        let status =
            if is_open && self.is_covered(id, proposal, hunk) { Status::Stale } else { hunk.status.clone() };
        HunkView {
            id: hunk.id,
            number,
            of,
            range: text.positions(&hunk.range, self.workspace.encoding()),
            old: hunk.old.clone(),
            new: hunk.new.clone(),
            status,
            summary: edit::summary(&hunk.old, &hunk.new),
            findings: proposal.remarks.get(&hunk.id).map_or_else(Vec::new, |remarks| remarks.texts.clone()),
            is_noise: proposal.is_noise(hunk.id),
        }
    }
}
