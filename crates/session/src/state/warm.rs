//! The project's own checks without a proposal, made while its answer still comes: what they find and build is there when the
//! hunks are checked.
//!
//! Must never ask the user anything and never say anything: nobody waits for these.

use edit::ProposalId;

use crate::job::{Job, JobId};
use crate::project::{LookUpJob, LookedUp, VerifyJob};

use super::Session;
use super::effects::Purpose;
use super::proposal::Mode;

impl Session {
    /// A request goes out: it is looked up which checks there are for its answer.
    pub(super) fn warm(&mut self, id: ProposalId) {
        let Some(job) = self.look_up_job(id) else { return };
        let Some(proposal) = self.proposals.get(&id).filter(|proposal| proposal.mode == Mode::Edit) else {
            return;
        };
        if proposal.project.warming.is_none() {
            let job = self.effects.start(Purpose::Warm(id), Job::LookUp(Box::new(job)));
            self.put_warming(id, Some(job));
        }
    }

    /// It is known which checks there are: those that may run do.
    pub(super) fn warm_with(&mut self, id: ProposalId, looked: LookedUp) {
        self.put_warming(id, None);
        let LookedUp::Trusted { trusted, commands, .. } = looked else { return };
        let Some(proposal) = self.proposals.get(&id).filter(|proposal| proposal.is_working()) else { return };
        let Some(base) = self.text_of(&proposal.uri).cloned().filter(|_| !commands.is_empty()) else {
            return;
        };
        let Some(LookUpJob { file, .. }) = self.look_up_job(id) else { return };
        let snapshot = self.workspace.snapshot();
        let (edits, hunks) = (Vec::new(), Vec::new());
        let warm = VerifyJob { trusted, commands, snapshot, file, base, edits, hunks };
        let job = self.effects.start(Purpose::Warm(id), Job::Warm(Box::new(warm)));
        self.put_warming(id, Some(job));
    }

    /// They are made, or were given up.
    pub(super) fn warmed(&mut self, purpose: Purpose) {
        if let Purpose::Warm(id) = purpose {
            self.put_warming(id, None);
        }
    }

    /// Ends those of proposals that nobody works on any more.
    pub(super) fn stop_warming(&mut self) {
        for proposal in self.proposals.values_mut() {
            if !proposal.is_working()
                && let Some(job) = proposal.project.warming.take()
            {
                self.effects.stop(job);
            }
        }
    }

    fn put_warming(&mut self, id: ProposalId, job: Option<JobId>) {
        if let Some(proposal) = self.proposals.get_mut(&id) {
            proposal.project.warming = job;
        }
    }
}
