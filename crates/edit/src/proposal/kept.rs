//! A proposal as it is written down, and back: on a text that may have changed since, where only what is certain is offered.
//!
//! Owns the form, and what it must hold to be one. Where lines are in another text is the caller's to say.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use text::Text;

use super::directive::Directive;
use super::{Proposal, Revision};
use crate::hunk::overlaps;
use crate::{Hunk, HunkId, ProposalId, Status};

/// A proposal's hunks in all its revisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptHunks {
    /// The revisions, by their numbers.
    pub revisions: Vec<KeptRevision>,
    /// Number of the one that is shown.
    pub shown: u32,
    /// The comment that asked.
    pub directive: Option<KeptDirective>,
}

/// A revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRevision {
    /// Counts from 1.
    pub number: u32,
    /// Its hunks, in order.
    pub hunks: Vec<KeptHunk>,
}

/// A hunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptHunk {
    /// Counts from 1.
    pub number: u32,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// The text that it replaces.
    pub old: String,
    /// The text that it proposes.
    pub new: String,
    /// What was decided.
    pub status: KeptStatus,
    /// See [`Hunk::is_outside`].
    pub is_outside: bool,
    /// See [`Hunk::is_adrift`].
    pub is_adrift: bool,
}

/// What was decided about a hunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeptStatus {
    /// Nothing.
    Pending,
    /// Its new text stands in the document.
    Accepted,
    /// It is not wanted.
    Rejected {
        /// Why not.
        reason: Option<String>,
    },
    /// The text at its place was changed.
    Stale,
}

/// The comment that asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDirective {
    /// Where it stands or stood, in bytes.
    pub range: Range<usize>,
    /// Its text.
    pub text: String,
    /// It went with a hunk.
    pub is_removed: bool,
}

impl Proposal {
    /// The form that is kept. Provisional hunks are left out: their answer may not be used.
    pub fn to_kept(&self) -> KeptHunks {
        let revision = |revision: &Revision| KeptRevision {
            number: revision.number,
            hunks: revision.hunks.iter().filter_map(to_kept).collect(),
        };
        KeptHunks {
            revisions: self.revisions.iter().map(revision).collect(),
            shown: self.current_revision().revision,
            directive: self.directive.as_ref().map(Directive::to_kept),
        }
    }

    /// The way back, with a name for it. None where this is no proposal on a text like `base`, of which only the length and
    /// the lines that are known need be right.
    pub fn from_kept(id: ProposalId, kept: KeptHunks, base: &Text) -> Option<Proposal> {
        let fits = |range: &Range<usize>| {
            range.start <= range.end && base.is_boundary(range.start) && base.is_boundary(range.end)
        };
        let mut proposal = Proposal::new(id);
        for KeptRevision { number, hunks } in kept.revisions {
            let is_next = number > proposal.n_revisions();
            let mut numbers = BTreeSet::new();
            let is_whole = hunks.iter().all(|hunk| {
                fits(&hunk.range) && hunk.number > 0 && numbers.insert(hunk.number) && hunk.old != hunk.new
            });
            let hunks: Vec<Hunk> = hunks.into_iter().map(|hunk| from_kept(id, number, hunk)).collect();
            let is_sorted = hunks.is_sorted_by_key(|hunk| (hunk.range.start, hunk.range.end));
            let pending: Vec<&Hunk> = hunks.iter().filter(|hunk| hunk.status == Status::Pending).collect();
            let is_apart = pending.windows(2).all(|two| match two {
                [one, other] => !overlaps(&one.range, &other.range) && one.range.end <= other.range.start,
                _ => true,
            });
            let has_lengths = pending.iter().all(|hunk| hunk.range.len() == hunk.old.len());
            if !(is_next && is_whole && is_sorted && is_apart && has_lengths) {
                return None;
            }
            proposal.revisions.push(Revision { number, hunks, free: None });
        }
        proposal.current = proposal.revisions.iter().position(|revision| revision.number == kept.shown)?;
        if let Some(directive) = kept.directive {
            proposal.directive = Some(Directive::from_kept(directive)).filter(|of| fits(of.range()));
            proposal.directive.as_ref()?;
        }
        Some(proposal)
    }

    /// What stands on a text of which the lines were found again, in `now`: hunks that are not where they are thought to be,
    /// or of which `is_certain` does not say so, are stale for good, or stay what they are and are neither undone nor refined.
    /// It is asked with the hunk, or none for the comment that asked, and where that stands.
    pub fn confirm(&mut self, now: &Text, is_certain: impl Fn(Option<HunkId>, &Range<usize>) -> bool) {
        for hunk in self.revisions.iter_mut().flat_map(|revision| &mut revision.hunks) {
            let standing = match hunk.status {
                Status::Stale => continue,
                Status::Accepted => &hunk.new,
                Status::Provisional | Status::Pending | Status::Rejected { .. } => &hunk.old,
            };
            if now.is_at(&hunk.range, standing) && is_certain(Some(hunk.id), &hunk.range) {
                continue;
            }
            hunk.is_adrift = true;
            if matches!(hunk.status, Status::Provisional | Status::Pending) {
                hunk.status = Status::Stale;
            }
        }
        // The comment stays in the text then.
        let is_known = |directive: &Directive| is_certain(None, directive.range());
        self.directive = self.directive.take().filter(is_known);
    }
}

fn to_kept(hunk: &Hunk) -> Option<KeptHunk> {
    let status = match &hunk.status {
        Status::Provisional => return None,
        Status::Pending => KeptStatus::Pending,
        Status::Accepted => KeptStatus::Accepted,
        Status::Rejected { reason } => KeptStatus::Rejected { reason: reason.clone() },
        Status::Stale => KeptStatus::Stale,
    };
    Some(KeptHunk {
        number: hunk.id.hunk,
        range: hunk.range.clone(),
        old: hunk.old.clone(),
        new: hunk.new.clone(),
        status,
        is_outside: hunk.is_outside,
        // The lines that it could be found by are not kept.
        is_adrift: hunk.is_lost(),
    })
}

fn from_kept(proposal: ProposalId, revision: u32, kept: KeptHunk) -> Hunk {
    let status = match kept.status {
        KeptStatus::Pending => Status::Pending,
        KeptStatus::Accepted => Status::Accepted,
        KeptStatus::Rejected { reason } => Status::Rejected { reason },
        KeptStatus::Stale => Status::Stale,
    };
    Hunk {
        id: HunkId { proposal, revision, hunk: kept.number },
        range: kept.range,
        old: kept.old,
        new: kept.new,
        status,
        is_outside: kept.is_outside,
        cut: None,
        is_adrift: kept.is_adrift,
    }
}
