//! What hunks need of each other: as last checked, and against what is decided now.
//!
//! A check runs again when something was decided, in a job. Nothing here keeps a hunk from being accepted alone.

use std::collections::BTreeMap;

use edit::{Hunk, HunkId, ProposalId, Status, Tie};

use crate::job::{Checks, Job, JobId};
use crate::notice::Notice;
use crate::view::NeedView;

use super::Session;
use super::decide::gone;
use super::effects::Purpose;
use super::proposal::{Phase, Proposal, Remarks};

/// What the hunks of a proposal need of each other, as last checked.
#[derive(Debug, Default)]
pub(super) struct Ties {
    needs: BTreeMap<HunkId, Vec<(HunkId, Tie)>>,
    /// What is accepted together when no hunk is named does not parse by itself.
    pub(super) needs_outside: bool,
    /// What was decided when the newest check began.
    seen: Vec<(HunkId, Status)>,
    /// A check that runs since something was decided, and the hunks that it is about.
    running: Option<(JobId, Vec<HunkId>)>,
}

impl Session {
    /// Checks the hunks that are left again where something was decided since they were checked.
    pub(super) fn recheck(&mut self) {
        let ids: Vec<ProposalId> = self.proposals.keys().copied().collect();
        for id in ids {
            let Some(proposal) = self.proposals.get_mut(&id) else { continue };
            let is_ready = matches!(proposal.phase, Phase::Ready);
            let standing = proposal.standing();
            if is_ready && standing == proposal.ties.seen {
                continue;
            }
            if let Some((job, _)) = proposal.ties.running.take() {
                self.effects.stop(job);
                proposal.ties.seen.clear();
            }
            let has_pending = standing.iter().any(|(_, status)| *status == Status::Pending);
            let revision = proposal.hunks.current_revision();
            let Some((check, hunks)) = self.check_job(id, revision).filter(|_| is_ready && has_pending)
            else {
                continue;
            };
            if check.language.is_none() {
                continue;
            }
            let Some(proposal) = self.proposals.get(&id) else { continue };
            // One that was accepted while its answer still came, and brought back by an undo, was never looked at.
            let is_known = hunks
                .iter()
                .take(check.edits.len())
                .all(|hunk| proposal.remarks.get(hunk).is_some_and(Remarks::is_checked));
            let check = if is_known { Job::Recheck(check) } else { Job::Check(check) };
            let job = self.effects.start(Purpose::Recheck(id), check);
            if let Some(proposal) = self.proposals.get_mut(&id) {
                proposal.ties.running = Some((job, hunks));
                proposal.ties.seen = standing;
            }
        }
    }

    /// The hunks that are left were checked again.
    pub(super) fn rechecked(&mut self, id: ProposalId, checks: &Checks) {
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        if let Some((_, hunks)) = proposal.ties.running.take() {
            proposal.found(&hunks, checks);
        }
    }

    /// These hunks with the imports outside of the scope that they need.
    pub(super) fn with_imports(&self, hunks: Vec<HunkId>) -> Vec<HunkId> {
        let mut all = hunks.clone();
        for hunk in hunks {
            let Some(proposal) = self.proposals.get(&hunk.proposal) else { continue };
            let pending = self.pending_hunks(hunk.proposal);
            let imports = proposal.ties.of(hunk).filter(|(_, tie)| matches!(tie, Tie::Import(_)));
            for (on, _) in imports.filter(|(on, _)| pending.contains(on) && proposal.is_outside(*on)) {
                if !all.contains(on) {
                    all.push(*on);
                }
            }
        }
        all
    }

    /// The hunks of a proposal that are accepted when none is named.
    pub(super) fn on_hunks(&self, id: ProposalId) -> Vec<HunkId> {
        let Some(proposal) = self.proposals.get(&id) else { return Vec::new() };
        self.pending_hunks(id).into_iter().filter(|hunk| proposal.is_on(*hunk)).collect()
    }

    /// What `hunks` of a proposal need beyond themselves, what goes with them, and what is accepted.
    pub(super) fn unmet(&self, id: ProposalId, hunks: &[HunkId]) -> Vec<NeedView> {
        let Some(proposal) = self.proposals.get(&id) else { return Vec::new() };
        if hunks.iter().all(|hunk| proposal.ties.of(*hunk).next().is_none()) {
            return Vec::new();
        }
        let with = self.with_imports(hunks.to_vec());
        let mut unmet: Vec<NeedView> = Vec::new();
        for (on, tie) in with.iter().flat_map(|hunk| proposal.ties.of(*hunk)) {
            let found = proposal.hunks.hunks().enumerate().find(|(_, hunk)| hunk.id == *on);
            let Some((idx, _)) = found.filter(|(_, hunk)| hunk.status != Status::Accepted) else { continue };
            if !with.contains(on) && unmet.iter().all(|need| need.hunk != *on) {
                unmet.push(NeedView { hunk: *on, number: idx + 1, why: tie.to_string() });
            }
        }
        unmet
    }

    /// A pending hunk with all that it needs. Fails where one of these cannot be accepted.
    pub(super) fn closure(&self, hunk: HunkId) -> Result<Vec<HunkId>, Notice> {
        let proposal = self.known(hunk.proposal)?;
        let pending = self.pending_hunks(hunk.proposal);
        if !pending.contains(&hunk) {
            return Err(gone(&hunk.to_string()));
        }
        let mut closure = vec![hunk];
        let mut next = 0;
        while let Some(member) = closure.get(next).copied() {
            next += 1;
            for (on, tie) in proposal.ties.of(member) {
                let Some(needed) = proposal.hunks.hunks().find(|hunk| hunk.id == *on) else { continue };
                if needed.status == Status::Accepted || closure.contains(on) {
                    continue;
                }
                if !pending.contains(on) {
                    return Err(Notice::warning(format!(
                        "{member} needs {on}, which is not pending: {tie}. Nothing was changed; accept {member} alone, or refine it"
                    )));
                }
                closure.push(*on);
            }
        }
        Ok(closure)
    }
}

impl Ties {
    fn of(&self, hunk: HunkId) -> impl Iterator<Item = &(HunkId, Tie)> {
        self.needs.get(&hunk).into_iter().flatten()
    }
}

impl Proposal {
    /// A check of what is offered begins.
    pub(super) fn checks(&mut self) {
        self.ties.seen = self.standing();
    }

    /// What a check found about `hunks`, of which those it has findings for come first. What detectors say of a hunk stays as
    /// it was first said.
    pub(super) fn found(&mut self, hunks: &[HunkId], checks: &Checks) {
        for (hunk, checked) in hunks.iter().zip(&checks.hunks) {
            let remarks = match self.remarks.remove(hunk) {
                Some(known) if known.is_checked() => known.rechecked(checked),
                Some(_) | None => Remarks::new(checked.clone()),
            };
            self.remarks.insert(*hunk, remarks);
        }
        for (idx, hunk) in hunks.iter().enumerate() {
            let of = checks.needs.of(idx).iter();
            let mut of: Vec<(HunkId, Tie)> =
                of.filter_map(|need| Some((*hunks.get(need.hunk)?, need.tie.clone()))).collect();
            // What a stale hunk would give cannot be looked at any more, and an accepted one may be taken back.
            let is_kept = |on: &HunkId| {
                let on = self.hunks.hunk(*on);
                on.is_some_and(|on| matches!(on.status, Status::Stale | Status::Accepted))
            };
            let known = self.ties.of(*hunk).filter(|(on, _)| is_kept(on) && !hunks.contains(on));
            of.extend(known.cloned());
            self.ties.needs.insert(*hunk, of);
        }
        self.ties.needs_outside = checks.needs_outside;
    }

    /// Whether a hunk is accepted when none is named: one of the scope, or an import for one of those or for accepted text.
    pub(super) fn is_on(&self, id: HunkId) -> bool {
        let uses = |user: &Hunk| {
            let is_used =
                user.status == Status::Accepted || user.status == Status::Pending && !user.is_outside;
            is_used && self.ties.of(user.id).any(|(on, tie)| *on == id && matches!(tie, Tie::Import(_)))
        };
        !self.is_outside(id) || self.hunks.hunks().any(uses)
    }

    fn is_outside(&self, id: HunkId) -> bool {
        self.hunks.hunk(id).is_some_and(|hunk| hunk.is_outside)
    }

    /// What is decided about the hunks shown. One that is being checked counts as the offered one that it will be.
    pub(super) fn standing(&self) -> Vec<(HunkId, Status)> {
        let status = |hunk: &Hunk| match &hunk.status {
            Status::Provisional | Status::Pending => Status::Pending,
            Status::Rejected { .. } => Status::Rejected { reason: None },
            Status::Accepted => Status::Accepted,
            Status::Stale => Status::Stale,
        };
        let mut standing: Vec<(HunkId, Status)> =
            self.hunks.hunks().map(|hunk| (hunk.id, status(hunk))).collect();
        standing.sort_by_key(|(id, _)| *id);
        standing
    }
}

#[cfg(test)]
mod tests;
