//! The hunks that one request proposes to one document, over all its revisions.
//!
//! Offsets only: nothing here knows files, versions, models or editors. State follows the text: what a change did decides
//! what is accepted, and an undo brings a hunk back.

mod accept;
mod directive;
mod follow;
mod kept;
mod revise;

use std::collections::BTreeSet;
use std::ops::Range;

use text::{ChangeSet, Edit, Text};

use crate::hunk::overlaps;
use crate::{Hunk, HunkId, ProposalId, RevisionId, Status};
use directive::Directive;
pub use kept::{KeptDirective, KeptHunk, KeptHunks, KeptRevision, KeptStatus};

/// Changes a model proposes to one document, placed against its current text.
///
/// Invariant: the undecided hunks of a revision are disjoint and sorted by offset; a hunk, once offered, is never diffed again.
#[derive(Debug, Clone)]
pub struct Proposal {
    id: ProposalId,
    revisions: Vec<Revision>,
    current: usize,
    directive: Option<Directive>,
    /// Hunks that a command is about to accept.
    expected: BTreeSet<HunkId>,
}

#[derive(Debug, Clone)]
struct Revision {
    number: u32,
    hunks: Vec<Hunk>,
    /// The hunk that is being refined; the one that replaces it takes over its number and where it belongs.
    free: Option<Free>,
}

/// What a refined hunk leaves to the one that replaces it.
#[derive(Debug, Clone, Copy)]
struct Free {
    number: u32,
    is_outside: bool,
}

impl Revision {
    /// Of hunks found again by their text alone, those at a place that another hunk has are given up.
    fn disclaim(&mut self, settled: &[HunkId]) {
        for id in settled {
            let Some(claim) = self.hunks.iter().find(|hunk| hunk.id == *id).map(|hunk| hunk.range.clone())
            else {
                continue;
            };
            let is_taken = self.hunks.iter().any(|hunk| {
                let is_placed = !matches!(hunk.status, Status::Stale | Status::Rejected { .. });
                hunk.id != *id && is_placed && hunk.overlaps(&claim)
            });
            self.hunks.iter_mut().filter(|hunk| is_taken && hunk.id == *id).for_each(follow::disclaim);
        }
        // An undo can bring a hunk back to a place that another was offered for meanwhile: the newer one gives way.
        let open = |hunk: &Hunk| matches!(hunk.status, Status::Provisional | Status::Pending);
        let places: Vec<(u32, Range<usize>)> = self
            .hunks
            .iter()
            .filter(|hunk| open(hunk))
            .map(|hunk| (hunk.id.hunk, hunk.range.clone()))
            .collect();
        for hunk in self.hunks.iter_mut().filter(|hunk| open(hunk)) {
            if places.iter().any(|(number, place)| *number < hunk.id.hunk && overlaps(place, &hunk.range)) {
                hunk.status = Status::Stale;
            }
        }
    }
}

/// How a revision begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// With what was accepted, as history.
    Fresh,
    /// With every hunk of the current revision but this one, byte-identical.
    Refine {
        /// The hunk to replace.
        hunk: HunkId,
    },
}

/// Why hunks were not offered or accepted. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such revision or hunk.
    #[error("{id} does not exist")]
    Unknown {
        /// The id.
        id: String,
    },
    /// An edit overlaps another hunk, or text that was accepted.
    #[error("a change at offset {offset} overlaps another hunk or accepted text")]
    Overlap {
        /// Start of the edit.
        offset: usize,
    },
    /// An edit changes nothing or lies outside the text.
    #[error("a change at offset {offset} does not fit the text")]
    DoesNotFit {
        /// Start of the edit.
        offset: usize,
    },
    /// The hunk is not pending.
    #[error("{id} is not pending")]
    NotPending {
        /// The hunk.
        id: HunkId,
    },
    /// The text at the hunk's place is not the one it replaces.
    #[error("{id} no longer fits: the text at its place was changed")]
    Stale {
        /// The hunk.
        id: HunkId,
    },
}

impl Proposal {
    /// A proposal without revisions.
    pub fn new(id: ProposalId) -> Proposal {
        Proposal { id, revisions: Vec::new(), current: 0, directive: None, expected: BTreeSet::new() }
    }

    /// The hunks of the revision shown, in order; none before the first revision.
    pub fn hunks(&self) -> impl Iterator<Item = &Hunk> {
        self.revisions.get(self.current).into_iter().flat_map(|revision| &revision.hunks)
    }

    /// A hunk of any revision.
    pub fn hunk(&self, id: HunkId) -> Option<&Hunk> {
        self.all_hunks().find(|hunk| hunk.id == id)
    }

    /// The revision shown; number 0 before the first.
    pub fn current_revision(&self) -> RevisionId {
        let revision = self.revisions.get(self.current).map_or(0, |revision| revision.number);
        RevisionId { proposal: self.id, revision }
    }

    /// How many revisions there are; they are numbered from 1.
    pub fn n_revisions(&self) -> u32 {
        self.revisions.last().map_or(0, |revision| revision.number)
    }

    /// Whether a hunk of the revision shown waits for a decision.
    pub fn has_undecided(&self) -> bool {
        self.hunks().any(Hunk::is_undecided)
    }

    /// Whether something of it stands in the document.
    pub fn has_accepted(&self) -> bool {
        self.all_hunks().any(|hunk| hunk.status == Status::Accepted)
    }

    /// The edits of the pending hunks of the revision shown, in the current text.
    pub fn pending_edits(&self) -> Vec<Edit> {
        let pending = self.hunks().filter(|hunk| hunk.status == Status::Pending);
        pending.map(|hunk| Edit::new(hunk.range.clone(), hunk.new.as_str())).collect()
    }

    /// The hunks of a revision that are or will be offered.
    pub fn live(&self, revision: RevisionId) -> impl Iterator<Item = &Hunk> {
        let is_live = |hunk: &&Hunk| matches!(hunk.status, Status::Provisional | Status::Pending);
        self.all_hunks().filter(move |hunk| hunk.id.revision == revision.revision).filter(is_live)
    }

    /// The rejected hunks of a revision that could still be accepted: their text stands, and no live hunk lies there.
    pub fn rejected(&self, revision: RevisionId, text: &Text) -> impl Iterator<Item = &Hunk> {
        let is_free = move |hunk: &&Hunk| {
            let stands = !hunk.is_adrift && text.is_at(&hunk.range, &hunk.old);
            stands && !self.live(revision).any(|live| live.overlaps(&hunk.range))
        };
        let of = self.all_hunks().filter(move |hunk| hunk.id.revision == revision.revision);
        of.filter(|hunk| matches!(hunk.status, Status::Rejected { .. })).filter(is_free)
    }

    /// Hunks of a revision that an id from an older menu means: only a byte-identical one.
    pub fn map_forward(&self, id: HunkId) -> Option<HunkId> {
        if self.hunks().any(|hunk| hunk.id == id) {
            return Some(id);
        }
        let old = self.hunk(id)?;
        let is_same = |hunk: &&Hunk| hunk.range == old.range && hunk.old == old.old && hunk.new == old.new;
        self.hunks().find(is_same).map(|hunk| hunk.id)
    }

    /// The hunk was seen and is not wanted. Nothing happens to one that is decided.
    pub fn reject(&mut self, id: HunkId, reason: Option<String>) {
        let hunk =
            self.revisions.iter_mut().flat_map(|revision| &mut revision.hunks).find(|hunk| hunk.id == id);
        if let Some(hunk) = hunk.filter(|hunk| hunk.is_undecided()) {
            hunk.status = Status::Rejected { reason };
        }
    }

    /// A command is about to accept these hunks: the next change may do it in any shape.
    pub fn expect(&mut self, hunks: &[HunkId]) {
        self.expected.extend(hunks.iter().copied());
    }

    /// No command is about to accept anything any more.
    pub fn clear_expectation(&mut self) {
        self.expected.clear();
    }

    /// The document changed from `before` to `after`: hunks move with it.
    ///
    /// `changes` is what one notification did, so that "accept file" is seen hunk by hunk. A change is an acceptance when it
    /// is exactly the hunk's edit, or when the new text stands at its place and a command named the hunk. Any other change
    /// inside an undecided hunk makes it stale; text that is back at the hunk's base makes it pending again.
    pub fn on_change(&mut self, changes: &ChangeSet, before: &Text, after: &Text) {
        if changes.is_identity() {
            return;
        }
        let plain = self.explained(changes, before, after);
        let changes = plain.as_ref().unwrap_or(changes);
        let had_accepted = self.n_accepted();
        for revision in &mut self.revisions {
            let mut settled: Vec<HunkId> = Vec::new();
            for hunk in &mut revision.hunks {
                if follow::follow(hunk, changes, before, after, self.expected.contains(&hunk.id)) {
                    settled.push(hunk.id);
                }
            }
            revision.disclaim(&settled);
            revision.hunks.sort_by_key(|hunk| (hunk.range.start, hunk.range.end));
        }
        let is_ours = self.n_accepted() > had_accepted;
        if let Some(directive) = &mut self.directive {
            directive.on_change(changes, after, is_ours);
        }
        let accepted: Vec<HunkId> =
            self.all_hunks().filter(|hunk| hunk.status == Status::Accepted).map(|hunk| hunk.id).collect();
        self.expected.retain(|id| !accepted.contains(id));
    }

    /// The change as exactly the edits of some hunks, if that is what it comes to, in whatever shape a client sent it.
    ///
    /// [`Proposal::on_change`] finds this for itself; it is for whoever else follows or remembers the change.
    pub fn explained(&self, changes: &ChangeSet, before: &Text, after: &Text) -> Option<ChangeSet> {
        let comes_to = |ids: &[HunkId]| {
            let edits = self.accept_edits(ids, before).ok()?;
            let plain = ChangeSet::new(before.len(), edits).ok()?;
            (plain.len_after() == after.len() && before.apply(&plain).ok()? == *after).then_some(plain)
        };
        let expected: Vec<HunkId> =
            self.hunks().map(|hunk| hunk.id).filter(|id| self.expected.contains(id)).collect();
        if let Some(plain) = (!expected.is_empty()).then(|| comes_to(&expected)).flatten() {
            return Some(plain);
        }
        // Without a command: one hunk's edits, slid along equal lines or with text around them.
        let (first, last) = (changes.edits().first()?, changes.edits().last()?);
        let near = self.hunks().filter(|hunk| hunk.status == Status::Pending);
        let near =
            near.filter(|hunk| hunk.range.start <= last.range.end && hunk.range.end >= first.range.start);
        near.map(|hunk| hunk.id).find_map(|id| comes_to(&[id]))
    }

    fn n_accepted(&self) -> usize {
        self.all_hunks().filter(|hunk| hunk.status == Status::Accepted).count()
    }

    fn all_hunks(&self) -> impl Iterator<Item = &Hunk> {
        self.revisions.iter().flat_map(|revision| &revision.hunks)
    }

    /// Whether an edit of `range` would touch another hunk of a revision, or accepted text of any.
    fn is_taken(&self, revision: RevisionId, range: &Range<usize>) -> bool {
        self.all_hunks().any(|hunk| {
            let is_in_the_way = match hunk.status {
                Status::Accepted => true,
                Status::Provisional | Status::Pending | Status::Stale => {
                    hunk.id.revision == revision.revision
                }
                Status::Rejected { .. } => false,
            };
            is_in_the_way && overlaps(&hunk.range, range)
        })
    }
}
