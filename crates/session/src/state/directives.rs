//! Directives of the open documents, and what those that were run or inserted belong to.
//!
//! Ranges move with every change, so that they are right while a document's tree is behind.

use std::collections::BTreeMap;
use std::ops::Range;

use edit::{HunkId, ProposalId};
use syntax::Directive;
use text::{Bias, ChangeSet};
use workspace::Uri;

/// What a directive's next run refines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BoundTo {
    /// The next revision of a proposal.
    Proposal(ProposalId),
    /// One hunk.
    Hunk(HunkId),
}

impl BoundTo {
    fn proposal(&self) -> ProposalId {
        match self {
            BoundTo::Proposal(id) => *id,
            BoundTo::Hunk(id) => id.proposal,
        }
    }
}

#[derive(Debug)]
struct Bound {
    uri: Uri,
    range: Range<usize>,
    to: BoundTo,
}

/// All directives known.
#[derive(Debug, Default)]
pub(super) struct Directives {
    found: BTreeMap<Uri, Vec<Directive>>,
    bound: Vec<Bound>,
}

impl Directives {
    /// The directives of a document, in order.
    pub(super) fn of(&self, uri: &Uri) -> &[Directive] {
        self.found.get(uri).map_or(&[], Vec::as_slice)
    }

    /// Replaces what is known of a document by what its new tree shows; whether that is something else.
    pub(super) fn found(&mut self, uri: &Uri, directives: Vec<Directive>) -> bool {
        let is_new = self.of(uri) != directives;
        if is_new {
            self.found.insert(uri.clone(), directives);
        }
        is_new
    }

    /// Forgets a document's directives.
    pub(super) fn forget(&mut self, uri: &Uri) {
        self.found.remove(uri);
    }

    /// The directive that a range of its document touches.
    pub(super) fn at(&self, uri: &Uri, range: &Range<usize>) -> Option<&Directive> {
        self.of(uri).iter().find(|directive| touches(&directive.range, range))
    }

    /// Ties the directive at `range`, or the one about to be inserted there, to a proposal or hunk.
    pub(super) fn bind(&mut self, uri: &Uri, range: Range<usize>, to: BoundTo) {
        self.bound.retain(|bound| bound.uri != *uri || !touches(&bound.range, &range));
        self.bound.push(Bound { uri: uri.clone(), range, to });
    }

    /// What the directive at `range` belongs to.
    pub(super) fn bound_to(&self, uri: &Uri, range: &Range<usize>) -> Option<&BoundTo> {
        self.bound
            .iter()
            .find(|bound| bound.uri == *uri && touches(&bound.range, range))
            .map(|bound| &bound.to)
    }

    /// Where the directive of a proposal stands.
    pub(super) fn place_of(&self, id: ProposalId) -> Option<(&Uri, Range<usize>)> {
        let bound = self.bound.iter().find(|bound| bound.to == BoundTo::Proposal(id))?;
        Some((&bound.uri, bound.range.clone()))
    }

    /// Forgets what belongs to a proposal.
    pub(super) fn release(&mut self, id: ProposalId) {
        self.bound.retain(|bound| bound.to.proposal() != id);
    }

    /// A document changed.
    pub(super) fn on_change(&mut self, uri: &Uri, changes: &ChangeSet) {
        let moved = |range: &mut Range<usize>| {
            *range =
                changes.map_offset(range.start, Bias::Before)..changes.map_offset(range.end, Bias::After);
        };
        if let Some(found) = self.found.get_mut(uri) {
            for directive in found.iter_mut() {
                let start = changes.map_offset(directive.range.start, Bias::After);
                directive.range = start..changes.map_offset(directive.range.end, Bias::Before).max(start);
                directive.target = changes.map_offset(directive.target, Bias::After);
            }
            found.retain(|directive| !directive.range.is_empty());
        }
        self.bound.iter_mut().filter(|bound| bound.uri == *uri).for_each(|bound| moved(&mut bound.range));
    }

    /// A document has another name.
    pub(super) fn renamed(&mut self, old: &Uri, new: &Uri) {
        if let Some(found) = self.found.remove(old) {
            self.found.insert(new.clone(), found);
        }
        self.bound.iter_mut().filter(|bound| bound.uri == *old).for_each(|bound| bound.uri = new.clone());
    }
}

fn touches(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end || a.start <= b.start && b.start < a.end.max(a.start + 1)
}
