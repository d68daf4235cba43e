//! The marks along the text of a document: directives, hunks, and where work on a proposal stands.

use edit::{Hunk, ProposalId, Status};
use text::PositionRange;
use workspace::{Document, Uri};

use crate::view::{HunkView, Mark, MarkKind, ProposalView};

use super::Session;
use super::directives::BoundTo;
use super::proposal::{Phase, Proposal};

impl Session {
    /// The marks of an open document, sorted by place.
    pub(super) fn marks(&self, uri: &Uri) -> Vec<Mark> {
        self.marks_of(uri, |id, proposal| self.hunk_views(id, proposal, |_| true))
    }

    /// As [`Session::marks`], with the proposals' views at hand.
    pub(super) fn marks_with(&self, uri: &Uri, views: &[ProposalView]) -> Vec<Mark> {
        self.marks_of(uri, |id, _| {
            let view = views.iter().find(|view| view.proposal == id);
            view.map(|view| view.hunks.clone()).unwrap_or_default()
        })
    }

    /// The marks that meet a range. It is asked for on every move of the caret: only hunks on its lines are looked at.
    pub(super) fn marks_at(&self, uri: &Uri, range: &PositionRange) -> Vec<Mark> {
        let Some(document) = self.workspace.document(uri) else { return Vec::new() };
        let start = document.text.line_start(range.start.line as usize);
        let end = document.text.line_end(range.end.line as usize);
        let is_near = |hunk: &Hunk| hunk.range.start <= end && hunk.range.end >= start;
        let mut marks = self.marks_of(uri, |id, proposal| self.hunk_views(id, proposal, is_near));
        marks.retain(|mark| meets(&mark.range, range));
        debug_assert!(
            marks.iter().eq(self.marks(uri).iter().filter(|mark| meets(&mark.range, range))),
            "a mark is met elsewhere"
        );
        marks
    }

    fn marks_of(&self, uri: &Uri, hunks: impl Fn(ProposalId, &Proposal) -> Vec<HunkView>) -> Vec<Mark> {
        let Some(document) = self.workspace.document(uri) else { return Vec::new() };
        let mut marks = self.directive_marks(document);
        for (id, proposal) in self.proposals.iter().filter(|(_, proposal)| proposal.uri == *uri) {
            marks.extend(self.phase_mark(*id, proposal));
            marks.extend(hunks(*id, proposal).into_iter().filter_map(|hunk| self.hunk_mark(document, hunk)));
        }
        marks.sort_by_key(|mark| (mark.range.start, mark.range.end));
        marks
    }

    /// The directives that nobody works on.
    fn directive_marks(&self, document: &Document) -> Vec<Mark> {
        let works = |id: ProposalId| self.proposals.get(&id).is_some_and(Proposal::is_working);
        let text = &document.text;
        let mut marks = Vec::new();
        for directive in self.directives.of(&document.uri) {
            let is_working = match self.directives.bound_to(&document.uri, &directive.range) {
                Some(BoundTo::Proposal(id)) => works(*id),
                Some(BoundTo::Hunk(id)) => works(id.proposal),
                None => false,
            };
            if !is_working {
                let content = text.content_end(text.line_of(directive.range.end.saturating_sub(1)));
                let range =
                    directive.range.start..directive.range.end.min(content).max(directive.range.start);
                let range = text.positions(&range, self.workspace.encoding());
                marks.push(Mark { range, kind: MarkKind::Directive });
            }
        }
        marks
    }

    /// What the anchor of a proposal says.
    fn phase_mark(&self, id: ProposalId, proposal: &Proposal) -> Option<Mark> {
        let count = |is_wanted: fn(&Status) -> bool| {
            let hunks = proposal.hunks.hunks();
            hunks.filter(|hunk| is_wanted(&self.shown_status(id, proposal, hunk))).count()
        };
        let kind = match &proposal.phase {
            Phase::Waiting(_)
            | Phase::Held { .. }
            | Phase::Gathering { .. }
            | Phase::Streaming(_)
            | Phase::Checking { .. }
            | Phase::Verifying { .. } => {
                let n_hunks = count(|status| matches!(status, Status::Provisional | Status::Pending));
                MarkKind::Working { proposal: id, n_hunks }
            }
            Phase::Ready if !proposal.hunks.has_undecided() => MarkKind::Decided {
                proposal: id,
                n_accepted: count(|status| *status == Status::Accepted),
                n_rejected: count(|status| matches!(status, Status::Rejected { .. })),
            },
            Phase::Failed(notice) => MarkKind::Failed { proposal: id, notice: notice.clone() },
            Phase::Ready | Phase::Answered | Phase::Cancelled => return None,
        };
        Some(Mark { range: self.anchor(id, proposal)?, kind })
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

    /// What a hunk that is open says. It ends with the content of the hunk's last line: some editors write it behind the
    /// line where it ends (kakoune-lsp 22).
    fn hunk_mark(&self, document: &Document, hunk: HunkView) -> Option<Mark> {
        let mut range = hunk.range;
        if range.end.character == 0 && range.end > range.start {
            let last = document.text.content_end(range.end.line.saturating_sub(1) as usize);
            range.end = document.text.position(last, self.workspace.encoding());
        }
        match hunk.status {
            Status::Pending | Status::Provisional => Some(Mark { range, kind: MarkKind::Hunk(hunk) }),
            Status::Stale => Some(Mark { range, kind: MarkKind::Stale(hunk) }),
            Status::Accepted | Status::Rejected { .. } => None,
        }
    }
}

/// Whether two ranges touch: a caret at either border counts. A mark that ends at the start of a line does not reach it.
pub(super) fn meets(mark: &PositionRange, asked: &PositionRange) -> bool {
    let is_empty = mark.start == mark.end;
    let end_reaches =
        asked.start < mark.end || asked.start == mark.end && (is_empty || mark.end.character > 0);
    let start_reaches = mark.start <= asked.end || is_empty && mark.start.line == asked.end.line;
    end_reaches && start_reaches
        || is_empty && mark.start.line >= asked.start.line && mark.start.line <= asked.end.line
}
