//! Blocks of an answer that still arrives: one that is closed, placed and parses on its own can be decided at once.

use edit::{Format, HunkId, ProposalId, Status};

use crate::job::{Checks, Job, JobId};

use super::Session;
use super::effects::Purpose;
use super::proposal::{Phase, RequestKind, Stream};

/// A check of hunks while their answer goes on.
pub(super) struct Early {
    pub(super) job: JobId,
    hunks: Vec<HunkId>,
    /// Blocks closed since it was started.
    is_behind: bool,
}

impl Session {
    /// Checks the hunks that closed so far, unless a check runs: then they wait for the next one.
    pub(super) fn check_early(&mut self, id: ProposalId) {
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Phase::Streaming(stream) = &mut proposal.phase else { return };
        if !stream.closes_early() {
            return;
        }
        if let Some(early) = &mut stream.early {
            early.is_behind = true;
            return;
        }
        let revision = stream.revision;
        let Some((check, hunks)) = self.check_job(id, revision) else { return };
        let job = self.effects.start(Purpose::Early(id), Job::Check(check));
        if let Some(Phase::Streaming(stream)) =
            self.proposals.get_mut(&id).map(|proposal| &mut proposal.phase)
        {
            stream.early = Some(Early { job, hunks, is_behind: false });
        }
    }

    /// Offers what a check found nothing against; the rest waits for the whole answer.
    pub(super) fn checked_early(&mut self, id: ProposalId, checks: &Checks) {
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Phase::Streaming(stream) = &mut proposal.phase else { return };
        let Some(early) = stream.early.take() else { return };
        for (idx, (hunk, checked)) in early.hunks.iter().zip(&checks.hunks).enumerate() {
            if checked.is_quiet() && checks.needs.of(idx).is_empty() {
                proposal.hunks.release(*hunk);
            }
        }
        if early.is_behind {
            self.check_early(id);
        }
    }

    /// The answer is whole, or will not be: no part of it is looked at any more.
    pub(super) fn end_early(&mut self, id: ProposalId) {
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Phase::Streaming(stream) = &mut proposal.phase else { return };
        if let Some(early) = stream.early.take() {
            self.effects.stop(early.job);
        }
    }
}

impl Stream {
    /// Whether its blocks are final one by one: a rewrite of the whole scope is known at its end only, and a follow-up's
    /// blocks change the last proposal.
    fn closes_early(&self) -> bool {
        self.format == Format::SearchReplace && self.kind == RequestKind::First
    }
}

/// Whether the user has decided a hunk of an answer that was not whole yet.
pub(super) fn is_decided(status: &Status) -> bool {
    match status {
        Status::Accepted | Status::Rejected { .. } => true,
        Status::Provisional | Status::Pending | Status::Stale => false,
    }
}
