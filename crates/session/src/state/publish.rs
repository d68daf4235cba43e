//! What is shown along the text, sent again only when it differs from what the edge has.

use std::collections::BTreeMap;

use edit::{ProposalId, Status};
use text::PositionRange;
use workspace::Uri;

use crate::effect::EdgeEffect;
use crate::view::{Mark, MarkKind, ProposalView};

use super::Session;
use super::proposal::{Phase, Proposal};

/// What the edge has.
#[derive(Debug, Default)]
pub(super) struct Published {
    marks: BTreeMap<Uri, Vec<Mark>>,
    views: BTreeMap<ProposalId, ProposalView>,
}

impl Published {
    /// The edge lost what it had of a document.
    pub(super) fn forget(&mut self, uri: &Uri) {
        self.marks.remove(uri);
    }
}

impl Session {
    /// Sends what differs from what the edge has.
    pub(super) fn publish(&mut self) {
        let mut has_changed = false;
        for uri in self.workspace.uris() {
            let marks = self.marks(&uri);
            let is_same = match self.published.marks.get(&uri) {
                Some(known) => *known == marks,
                None => marks.is_empty(),
            };
            if is_same {
                continue;
            }
            let version = self.workspace.document(&uri).map_or(0, |document| document.version);
            self.published.marks.insert(uri.clone(), marks.clone());
            self.effects.edge(EdgeEffect::Publish { uri, version, marks });
            has_changed = true;
        }
        self.published.marks.retain(|uri, _| self.workspace.document(uri).is_some());
        self.publish_views();
        if has_changed {
            self.effects.edge(EdgeEffect::RefreshLenses);
        }
    }

    fn publish_views(&mut self) {
        let ids: Vec<ProposalId> = self.proposals.keys().copied().collect();
        for id in ids {
            let Some(view) = self.view(id) else { continue };
            if self.published.views.get(&id) != Some(&view) {
                self.published.views.insert(id, view.clone());
                let number = self.effects.update_number();
                self.effects.edge(EdgeEffect::Updated(number, Box::new(view)));
            }
        }
        self.published.views.retain(|id, _| self.proposals.contains_key(id));
    }

    /// The marks of an open document, sorted by place.
    pub(super) fn marks(&self, uri: &Uri) -> Vec<Mark> {
        let Some(document) = self.workspace.document(uri) else { return Vec::new() };
        let encoding = self.workspace.encoding();
        let mut marks = Vec::new();
        for directive in self.directives.of(uri) {
            let bound = self.directives.bound_to(uri, &directive.range);
            let works = |id: ProposalId| self.proposals.get(&id).is_some_and(Proposal::is_working);
            let is_working = match bound {
                Some(super::directives::BoundTo::Proposal(id)) => works(*id),
                Some(super::directives::BoundTo::Hunk(id)) => works(id.proposal),
                None => false,
            };
            if !is_working {
                let content =
                    document.text.content_end(document.text.line_of(directive.range.end.saturating_sub(1)));
                let range =
                    directive.range.start..directive.range.end.min(content).max(directive.range.start);
                marks.push(Mark {
                    range: document.text.positions(&range, encoding),
                    kind: MarkKind::Directive,
                });
            }
        }
        for (id, proposal) in self.proposals.iter().filter(|(_, proposal)| proposal.uri == *uri) {
            marks.extend(self.proposal_marks(*id, proposal));
        }
        marks.sort_by_key(|mark| (mark.range.start, mark.range.end));
        marks
    }

    fn proposal_marks(&self, id: ProposalId, proposal: &Proposal) -> Vec<Mark> {
        let mut marks = Vec::new();
        let views = self.hunk_views(id, proposal);
        if let Some(anchor) = self.anchor(id, proposal) {
            let count =
                |wanted: fn(&Status) -> bool| views.iter().filter(|view| wanted(&view.status)).count();
            let n_accepted = count(|status| *status == Status::Accepted);
            let n_rejected = count(|status| matches!(status, Status::Rejected { .. }));
            let kind = match &proposal.phase {
                Phase::Waiting(_)
                | Phase::Gathering { .. }
                | Phase::Streaming(_)
                | Phase::Checking { .. } => Some(MarkKind::Working {
                    proposal: id,
                    n_hunks: count(|status| matches!(status, Status::Provisional | Status::Pending)),
                }),
                Phase::Ready if !proposal.hunks.has_undecided() => {
                    Some(MarkKind::Decided { proposal: id, n_accepted, n_rejected })
                }
                Phase::Failed(notice) => Some(MarkKind::Failed { proposal: id, notice: notice.clone() }),
                Phase::Ready | Phase::Answered | Phase::Cancelled => None,
            };
            marks.extend(kind.map(|kind| Mark { range: anchor, kind }));
        }
        for view in views {
            let range = view.range;
            match view.status {
                Status::Pending | Status::Provisional => {
                    marks.push(Mark { range, kind: MarkKind::Hunk(view) })
                }
                Status::Stale => marks.push(Mark { range, kind: MarkKind::Stale(view) }),
                Status::Accepted | Status::Rejected { .. } => {}
            }
        }
        marks
    }

    /// The line that stands for a proposal: its directive, else the first line of its scope.
    pub(super) fn anchor(&self, id: ProposalId, proposal: &Proposal) -> Option<PositionRange> {
        let document = self.workspace.document(&proposal.uri)?;
        let directive =
            self.directives.place_of(id).filter(|(uri, range)| **uri == proposal.uri && !range.is_empty());
        let offset = directive.map_or(proposal.scope.start, |(_, range)| range.start);
        let line = document.text.line_of(offset);
        let range = document.text.line_start(line)..document.text.content_end(line);
        Some(document.text.positions(&range, self.workspace.encoding()))
    }
}
