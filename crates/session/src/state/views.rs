//! The state of a proposal as an edge shows it.

use edit::{Hunk, ProposalId, Status};
use text::{ChangeSet, Text};

use crate::level::{Levels, NamesLevel};
use crate::view::{HunkView, ProposalView};

use super::Session;
use super::proposal::{Phase, Proposal, Remarks};

impl Session {
    /// The whole state of a proposal.
    pub(super) fn view(&self, id: ProposalId) -> Option<ProposalView> {
        let proposal = self.proposals.get(&id)?;
        let notice = match &proposal.phase {
            Phase::Failed(notice) => Some(notice.clone()),
            Phase::Waiting(_)
            | Phase::Held { .. }
            | Phase::Gathering { .. }
            | Phase::Streaming(_)
            | Phase::Checking { .. }
            | Phase::Verifying { .. }
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
            hunks: self.hunk_views(id, proposal, |_| true),
            prose: proposal.prose.clone(),
            notice,
            spent: proposal.spent,
            checks: proposal.project.lines(proposal.hunks.current_revision()).to_vec(),
            tried: proposal.tried(),
        })
    }

    /// The hunks of the revision shown that `is_wanted` asks for, numbered.
    pub(super) fn hunk_views(
        &self,
        id: ProposalId,
        proposal: &Proposal,
        is_wanted: impl Fn(&Hunk) -> bool,
    ) -> Vec<HunkView> {
        let Some(text) = self.text_of(&proposal.uri) else { return Vec::new() };
        let of = proposal.hunks.hunks().count();
        let wanted = proposal.hunks.hunks().enumerate().filter(|(_, hunk)| is_wanted(hunk));
        wanted.map(|(idx, hunk)| self.hunk_view(id, proposal, hunk, (idx + 1, of), text)).collect()
    }

    /// The text that the document would have if all pending hunks of a proposal were accepted.
    pub(super) fn proposed_text(&self, id: ProposalId) -> Option<String> {
        let proposal = self.proposals.get(&id)?;
        let text = self.text_of(&proposal.uri)?;
        let pending = self.pending_hunks(id);
        if pending.is_empty() {
            return Some(text.to_string());
        }
        let edits = proposal.hunks.accept_edits(&pending, text).ok()?;
        let changes = ChangeSet::new(text.len(), edits).ok()?;
        Some(text.apply(&changes).ok()?.to_string())
    }

    /// What a hunk is shown as: stale also while a newer proposal covers it.
    pub(super) fn shown_status(&self, id: ProposalId, proposal: &Proposal, hunk: &Hunk) -> Status {
        let is_open = matches!(hunk.status, Status::Pending | Status::Provisional);
        if is_open && self.is_covered(id, proposal, hunk) { Status::Stale } else { hunk.status.clone() }
    }

    /// The definition that a hunk stands in, where the tree is current.
    fn definition_around(&self, proposal: &Proposal, hunk: &Hunk, text: &Text) -> Option<String> {
        let tree = self.workspace.document(&proposal.uri)?.current_tree()?;
        syntax::definition_around(tree, text, text.line_of(hunk.range.start))
    }

    fn hunk_view(
        &self,
        id: ProposalId,
        proposal: &Proposal,
        hunk: &Hunk,
        (number, of): (usize, usize),
        text: &Text,
    ) -> HunkView {
        let remarks = proposal.remarks.get(&hunk.id);
        let findings = remarks.map_or(&[][..], |remarks| remarks.texts.as_slice());
        let by_project = remarks.map_or(&[][..], |remarks| remarks.project.as_slice());
        let has_language =
            self.workspace.document(&proposal.uri).is_some_and(|document| document.language.is_some());
        let known = self.published.hunk(hunk.id, number - 1);
        let known = known.filter(|known| *known.old == *hunk.old && *known.new == *hunk.new);
        let is_open = matches!(hunk.status, Status::Pending | Status::Provisional);
        let range = text.positions(&hunk.range, self.workspace.encoding());
        let (before, after) = if is_open { hunk.around(text, range) } else { Default::default() };
        HunkView {
            id: hunk.id,
            number,
            of,
            range,
            old: known.map_or_else(|| hunk.old.as_str().into(), |known| known.old.clone()),
            new: known.map_or_else(|| hunk.new.as_str().into(), |known| known.new.clone()),
            before,
            after,
            status: self.shown_status(id, proposal, hunk),
            summary: known.map_or_else(
                || hunk.summary(self.definition_around(proposal, hunk, text).as_deref()).into(),
                |known| known.summary.clone(),
            ),
            findings: known
                .filter(|known| *known.findings == *findings)
                .map_or_else(|| findings.into(), |known| known.findings.clone()),
            levels: Levels {
                // One that was offered before the answer's end was looked at for that.
                parses: remarks.map_or(hunk.status == Status::Pending && has_language, Remarks::parses),
                names: remarks.map_or(NamesLevel::None, Remarks::names),
                project: proposal.project.level(hunk.id, by_project),
            },
            is_noise: proposal.is_noise(hunk.id),
            needs: if is_open { self.unmet(id, &[hunk.id]) } else { Vec::new() },
            is_outside: hunk.is_outside,
            is_on: proposal.is_on(hunk.id),
        }
    }
}
