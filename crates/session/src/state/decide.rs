//! Which hunks a command is about, and deciding against them.

use edit::{HunkId, ProposalId, Status};
use workspace::Uri;

use crate::effect::Answer;
use crate::notice::Notice;
use crate::place::Target;

use super::proposal::{Phase, Proposal};
use super::{Done, Session};

/// A command about something that is not there any more.
pub(super) fn gone(what: &str) -> Notice {
    Notice::warning(format!(
        "{what} is not pending any more; nothing was changed. Look at the current hunks and try again"
    ))
}

impl Session {
    /// The proposal with this id, or a notice.
    pub(super) fn known(&self, id: ProposalId) -> Result<&Proposal, Notice> {
        self.proposals.get(&id).ok_or_else(|| gone(&id.to_string()))
    }

    /// Hunks of a proposal that can be accepted: pending, and not covered by a newer proposal.
    pub(super) fn pending_hunks(&self, id: ProposalId) -> Vec<HunkId> {
        let Some(proposal) = self.proposals.get(&id) else { return Vec::new() };
        proposal
            .hunks
            .hunks()
            .filter(|hunk| hunk.status == Status::Pending && !self.is_covered(id, proposal, hunk))
            .map(|hunk| hunk.id)
            .collect()
    }

    /// Whether a newer proposal has an open hunk at the place of an older one's.
    pub(super) fn is_covered(&self, id: ProposalId, proposal: &Proposal, hunk: &edit::Hunk) -> bool {
        let newer = self.proposals.range((std::ops::Bound::Excluded(id), std::ops::Bound::Unbounded));
        newer
            .filter(|(_, newer)| newer.uri == proposal.uri)
            .flat_map(|(_, newer)| newer.hunks.hunks())
            .filter(|newer| matches!(newer.status, Status::Pending | Status::Provisional))
            .any(|newer| newer.overlaps(&hunk.range))
    }

    /// The acceptable hunks of a target, file by file. Empty files do not appear.
    pub(super) fn acceptable(&self, target: &Target) -> Result<Vec<(Uri, Vec<HunkId>)>, Notice> {
        let ids: Vec<HunkId> = match target {
            Target::Hunk(id) => {
                let proposal = self.known(id.proposal)?;
                let hunk = proposal.hunks.map_forward(*id).ok_or_else(|| gone(&id.to_string()))?;
                let pending = self.pending_hunks(id.proposal);
                self.with_imports(pending.into_iter().filter(|pending| *pending == hunk).collect())
            }
            Target::Revision(revision) => {
                let proposal = self.known(revision.proposal)?;
                if proposal.hunks.current_revision() != *revision {
                    return Err(Notice::warning(format!(
                        "{revision} is not the revision shown; step to it first"
                    )));
                }
                self.on_hunks(revision.proposal)
            }
            Target::Proposal(id) => {
                self.known(*id)?;
                self.on_hunks(*id)
            }
            Target::File(uri) => self.in_files(|proposal| proposal.uri == *uri),
            Target::All => self.in_files(|_| true),
            Target::Place(_) => Vec::new(),
        };
        if ids.is_empty() {
            return Err(self.nothing_on(target));
        }
        let mut files: Vec<(Uri, Vec<HunkId>)> = Vec::new();
        for id in ids {
            let Some(proposal) = self.proposals.get(&id.proposal) else { continue };
            match files.iter_mut().find(|(uri, _)| *uri == proposal.uri) {
                Some((_, hunks)) => hunks.push(id),
                None => files.push((proposal.uri.clone(), vec![id])),
            }
        }
        Ok(files)
    }

    fn in_files(&self, is_meant: impl Fn(&Proposal) -> bool) -> Vec<HunkId> {
        let meant = self.proposals.iter().filter(|(_, proposal)| is_meant(proposal)).map(|(id, _)| *id);
        meant.flat_map(|id| self.on_hunks(id)).collect()
    }

    /// Why nothing of a target is accepted: nothing is pending, or only what has to be named.
    fn nothing_on(&self, target: &Target) -> Notice {
        let n_outside = match target {
            Target::Hunk(_) => 0,
            Target::Proposal(id) => self.pending_hunks(*id).len(),
            Target::Revision(id) => self.pending_hunks(id.proposal).len(),
            Target::File(_) | Target::Place(_) | Target::All => {
                self.proposals.keys().map(|id| self.pending_hunks(*id).len()).sum()
            }
        };
        match n_outside {
            0 => gone(&target.to_string()),
            n => {
                let left = if n == 1 { "1 hunk is left".to_owned() } else { format!("{n} hunks are left") };
                Notice::info(format!(
                    "{left}, outside of the scope; nothing was changed. Accept it by its name"
                ))
            }
        }
    }

    /// Rejects pending or stale hunks. Nothing of the text changes.
    pub(super) fn reject(&mut self, target: &Target, reason: Option<String>) -> Done {
        let hunks = self.rejectable(target)?;
        for hunk in &hunks {
            if let Some(proposal) = self.proposals.get_mut(&hunk.proposal) {
                proposal.hunks.reject(*hunk, reason.clone());
            }
        }
        Ok(hunks.first().map_or(Answer::Done, |hunk| Answer::Proposal(hunk.proposal)))
    }

    /// Rejects the pending hunks of a proposal that are noise; each for what was found about it.
    pub(super) fn drop_noise(&mut self, target: &Target) -> Done {
        let id = self.proposal_of(target)?;
        let noise = self.noise_hunks(id);
        if noise.is_empty() {
            return Err(Notice::info(format!(
                "no pending hunk of {id} is noise; nothing was changed. Decide on its hunks one by one"
            )));
        }
        let Some(proposal) = self.proposals.get_mut(&id) else { return Err(gone(&id.to_string())) };
        for hunk in noise {
            let reason = proposal.remarks.get(&hunk).map(|remarks| remarks.texts.join("; "));
            proposal.hunks.reject(hunk, reason);
        }
        Ok(Answer::Proposal(id))
    }

    /// Pending hunks of a proposal that are noise.
    pub(super) fn noise_hunks(&self, id: ProposalId) -> Vec<HunkId> {
        let Some(proposal) = self.proposals.get(&id) else { return Vec::new() };
        self.pending_hunks(id).into_iter().filter(|hunk| proposal.is_noise(*hunk)).collect()
    }

    fn rejectable(&self, target: &Target) -> Result<Vec<HunkId>, Notice> {
        let open = |id: ProposalId| {
            let hunks = self.proposals.get(&id).into_iter().flat_map(|proposal| proposal.hunks.hunks());
            hunks
                .filter(|hunk| matches!(hunk.status, Status::Pending | Status::Stale))
                .map(|hunk| hunk.id)
                .collect::<Vec<_>>()
        };
        let in_files = |is_meant: &dyn Fn(&Proposal) -> bool| -> Vec<HunkId> {
            self.proposals
                .iter()
                .filter(|(_, proposal)| is_meant(proposal))
                .flat_map(|(id, _)| open(*id))
                .collect()
        };
        let hunks = match target {
            Target::Hunk(id) => {
                let hunk =
                    self.known(id.proposal)?.hunks.map_forward(*id).ok_or_else(|| gone(&id.to_string()))?;
                open(id.proposal).into_iter().filter(|open| *open == hunk).collect()
            }
            Target::Proposal(id) => open(*id),
            Target::Revision(revision) => open(revision.proposal),
            Target::File(uri) => in_files(&|proposal| proposal.uri == *uri),
            Target::Place(_) => Vec::new(),
            Target::All => in_files(&|_| true),
        };
        if hunks.is_empty() { Err(gone(&target.to_string())) } else { Ok(hunks) }
    }

    /// Stops work on a proposal, or on all.
    pub(super) fn cancel_target(&mut self, target: &Target) -> Done {
        if *target == Target::All {
            let is_working = |proposal: &Proposal| proposal.is_working() || proposal.project.is_running();
            let working = self.proposals.iter().filter(|(_, proposal)| is_working(proposal));
            let working: Vec<ProposalId> = working.map(|(id, _)| *id).collect();
            if working.is_empty() {
                return Err(Notice::info("nothing is worked on; nothing to cancel"));
            }
            working.into_iter().for_each(|id| self.cancel(id));
            return Ok(Answer::Done);
        }
        let id = self.proposal_of(target)?;
        let proposal = self.known(id)?;
        if !proposal.is_working() && !proposal.project.is_running() {
            return Err(Notice::info(format!("{id} is not working; nothing to cancel")));
        }
        self.cancel(id);
        Ok(Answer::Proposal(id))
    }

    /// Forgets a proposal; its accepted text stays.
    pub(super) fn dismiss(&mut self, target: &Target) -> Done {
        let id = self.proposal_of(target)?;
        self.cancel(id);
        let Some(proposal) = self.proposals.get(&id) else { return Err(gone(&id.to_string())) };
        if matches!(proposal.phase, Phase::Ready) && !self.pending_hunks(id).is_empty() {
            return Err(Notice::warning(format!("{id} has pending hunks; accept or reject them first")));
        }
        self.stop_project(id);
        self.stop_warming();
        self.proposals.remove(&id);
        self.directives.release(id);
        Ok(Answer::Done)
    }

    /// The one proposal that a target is about.
    pub(super) fn proposal_of(&self, target: &Target) -> Result<ProposalId, Notice> {
        let id = match target {
            Target::Proposal(id) => Some(*id),
            Target::Revision(id) => Some(id.proposal),
            Target::Hunk(id) => Some(id.proposal),
            Target::File(uri) => self.newest_in(uri),
            Target::Place(place) => self.newest_in(&place.uri),
            Target::All => self.proposals.keys().next_back().copied(),
        };
        id.filter(|id| self.proposals.contains_key(id)).ok_or_else(|| gone(&target.to_string()))
    }

    fn newest_in(&self, uri: &Uri) -> Option<ProposalId> {
        self.proposals.iter().rev().find(|(_, proposal)| proposal.uri == *uri).map(|(id, _)| *id)
    }
}
