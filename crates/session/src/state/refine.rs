//! The next revision: by the model with what was decided so far, by the user's own text, or one that was there before.

use edit::{Hunk, HunkId, Round, Start, Status};
use text::Edit;

use crate::effect::{Answer, Progress};
use crate::message::RevisionStep;
use crate::notice::Notice;
use crate::place::Target;

use super::decide::gone;
use super::directives::BoundTo;
use super::instruct::Wanted;
use super::proposal::{NextRequest, Phase, Proposal, RequestKind};
use super::route::Wish;
use super::{Done, Session};

impl Session {
    pub(super) fn refine(&mut self, target: &Target, instruction: Option<String>) -> Done {
        let to = match target {
            Target::Hunk(id) => {
                let hunk =
                    self.known(id.proposal)?.hunks.map_forward(*id).ok_or_else(|| gone(&id.to_string()))?;
                BoundTo::Hunk(hunk)
            }
            Target::Proposal(_) | Target::Revision(_) | Target::File(_) | Target::Place(_) | Target::All => {
                BoundTo::Proposal(self.proposal_of(target)?)
            }
        };
        match instruction.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) {
            None => self.want_instruction(Wanted::Refine(to)),
            Some(text) => match to {
                BoundTo::Hunk(hunk) => self.follow_up(hunk.proposal, RequestKind::OneHunk(hunk), text),
                BoundTo::Proposal(id) => self.follow_up(id, RequestKind::FollowUp, text),
            },
        }
    }

    /// Asks for the next revision of a proposal.
    pub(super) fn follow_up(&mut self, id: edit::ProposalId, kind: RequestKind, instruction: String) -> Done {
        let proposal = self.known(id)?;
        self.can_ask(&proposal.uri)?;
        if proposal.is_working() {
            return Err(Notice::info(format!("{id} is still working; cancel it first, or wait for it")));
        }
        let kind = match kind {
            RequestKind::OneHunk(hunk) => {
                let forward = proposal.hunks.map_forward(hunk).ok_or_else(|| gone(&hunk.to_string()))?;
                proposal.refinable(forward)?;
                RequestKind::OneHunk(forward)
            }
            RequestKind::First | RequestKind::FollowUp => kind,
        };
        let Wish { instruction, route } = self.wish(&instruction);
        self.instructions.given(&instruction);
        self.effects.progress(id, Progress::Begin(instruction.clone()));
        if let Some(proposal) = self.proposals.get_mut(&id) {
            proposal.asked.clone_from(&instruction);
            proposal.route = route.unwrap_or_else(|| proposal.route.clone());
            proposal.phase = Phase::Waiting(NextRequest::new(instruction, kind, proposal.route.clone()));
        }
        self.prepare(id);
        Ok(Answer::Proposal(id))
    }

    /// The last request once more, on the text as it is.
    pub(super) fn again(&mut self, target: &Target) -> Done {
        let id = self.proposal_of(target)?;
        let NextRequest { instruction, kind, .. } = self.repeated(id)?;
        self.follow_up(id, kind, instruction)
    }

    /// The last request of a proposal once more.
    pub(super) fn repeated(&self, id: edit::ProposalId) -> Result<NextRequest, Notice> {
        let proposal = self.known(id)?;
        let kind = if proposal.hunks.n_revisions() == 0 { RequestKind::First } else { RequestKind::FollowUp };
        if proposal.asked.is_empty() {
            return Err(Notice::info(format!("{id} has no instruction to repeat; ask anew")));
        }
        Ok(NextRequest::new(proposal.asked.clone(), kind, proposal.route.clone()))
    }

    /// The user's own text for one hunk: a revision in which only that hunk differs.
    pub(super) fn revise(&mut self, target: &Target, text: String) -> Done {
        let Target::Hunk(id) = target else { return Err(gone(&target.to_string())) };
        let proposal = self.known(id.proposal)?;
        let hunk = proposal.hunks.map_forward(*id).ok_or_else(|| gone(&id.to_string()))?;
        if proposal.is_working() {
            let id = id.proposal;
            return Err(Notice::info(format!("{id} is still working; cancel it first, or wait for it")));
        }
        if !self.pending_hunks(id.proposal).contains(&hunk) {
            return Err(gone(&id.to_string()));
        }
        let Some(document) = self.text_of(&proposal.uri).cloned() else { return Err(gone(&id.to_string())) };
        let Some(proposal) = self.proposals.get_mut(&id.proposal) else { return Err(gone(&id.to_string())) };
        let Some(range) = proposal.hunks.hunk(hunk).map(|hunk| hunk.range.clone()) else {
            return Err(gone(&id.to_string()));
        };
        proposal.hunks.clear_expectation();
        let revision = proposal.hunks.begin_revision(Start::Refine { hunk });
        if let Err(refused) = proposal.hunks.offer(revision, vec![Edit::new(range, text)], &document) {
            proposal.hunks.withdraw(revision);
            return Err(Notice::warning(format!("{refused}; the hunk stays as it was")));
        }
        proposal.rounds = proposal.rounds_so_far();
        proposal.rounds.push(Round::new("(edited by hand)"));
        self.effects.progress(id.proposal, Progress::Begin("edited by hand".to_owned()));
        self.check(id.proposal);
        Ok(Answer::Proposal(id.proposal))
    }

    pub(super) fn step(&mut self, id: edit::ProposalId, step: RevisionStep) -> Done {
        let proposal = self.known(id)?;
        if proposal.is_working() {
            return Err(Notice::info(format!("{id} is still working; cancel it first, or wait for it")));
        }
        let current = proposal.hunks.current_revision().revision;
        let number = match step {
            RevisionStep::Previous => current.saturating_sub(1),
            RevisionStep::Next => current + 1,
            RevisionStep::Number(number) => number,
        };
        let Some(text) = self.text_of(&proposal.uri).cloned() else { return Err(gone(&id.to_string())) };
        let Some(proposal) = self.proposals.get_mut(&id) else { return Err(gone(&id.to_string())) };
        if !proposal.hunks.select(number, &text) {
            let n_revisions = proposal.hunks.n_revisions();
            return Err(Notice::info(format!(
                "{id} has no revision {number}; it has 1 to {n_revisions}, shown is {current}"
            )));
        }
        proposal.phase = Phase::Ready;
        Ok(Answer::Proposal(id))
    }
}

impl Proposal {
    /// A hunk whose text may be asked for anew: one that stands on its base and was not accepted.
    pub(super) fn refinable(&self, id: HunkId) -> Result<&Hunk, Notice> {
        let is_placed = |hunk: &&Hunk| !hunk.is_adrift();
        let hunk = self.hunks.hunk(id).filter(is_placed).filter(|hunk| match hunk.status {
            Status::Pending | Status::Rejected { .. } => true,
            Status::Provisional | Status::Accepted | Status::Stale => false,
        });
        hunk.ok_or_else(|| gone(&id.to_string()))
    }
}
