//! Asking: a place and an instruction become a proposal that works.

use std::ops::Range;

use syntax::{DirectiveKind, Scope};
use workspace::Uri;

use crate::effect::{Answer, Progress};
use crate::notice::Notice;
use crate::place::Place;
use crate::provider::ProviderState;

use super::directives::BoundTo;
use super::instruct::Wanted;
use super::proposal::{Mode, NextRequest, Phase, Proposal, RequestKind};
use super::route::Wish;
use super::{Done, Session};

impl Session {
    pub(super) fn ask(&mut self, place: Place, instruction: Option<String>) -> Done {
        self.can_ask(&place.uri)?;
        match instruction.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) {
            Some(instruction) => self.start(&place, None, instruction, Mode::Edit),
            None => self.want_instruction(Wanted::Ask(place)),
        }
    }

    /// Runs the directive at a place: a first request, or the next revision of what it belongs to.
    pub(super) fn run(&mut self, place: &Place) -> Done {
        if let Some(done) = self.run_document(&place.uri) {
            return done;
        }
        self.can_ask(&place.uri)?;
        let Some(directive) = self.directive_at(&place.uri, &place.range) else {
            return Err(Notice::warning(
                "there is no instruction at that place any more; put the cursor on it and run it again",
            ));
        };
        if directive.text.is_empty() {
            return Err(Notice::info(
                "the instruction is empty; write what should change behind `ai:` and run it again",
            ));
        }
        let instruction = directive.text;
        match self.directives.bound_to(&place.uri, &directive.range).cloned() {
            Some(BoundTo::Proposal(id)) if self.proposals.contains_key(&id) => {
                self.follow_up(id, RequestKind::FollowUp, instruction)
            }
            Some(BoundTo::Hunk(id)) if self.proposals.contains_key(&id.proposal) => {
                self.own_directive(id.proposal, &directive.range);
                self.follow_up(id.proposal, RequestKind::OneHunk(id), instruction)
            }
            Some(_) | None => {
                let mode = match directive.kind {
                    DirectiveKind::Answer => Mode::Answer,
                    DirectiveKind::Edit | DirectiveKind::OnSave => Mode::Edit,
                };
                let target = directive.target..directive.target;
                let at = Place { range: target, ..place.clone() };
                self.start(&at, Some(directive.range), instruction, mode)
            }
        }
    }

    /// The directive that a range touches, as it reads now: the tree may be behind what was typed into it.
    pub(super) fn directive_at(&self, uri: &Uri, range: &Range<usize>) -> Option<syntax::Directive> {
        let text = &self.workspace.document(uri)?.text;
        self.directives.at(uri, range)?.reread(text)
    }

    /// Makes a proposal and sets it to work. `directive` is the comment that asked for it.
    pub(super) fn start(
        &mut self,
        place: &Place,
        directive: Option<Range<usize>>,
        instruction: String,
        mode: Mode,
    ) -> Done {
        self.can_ask(&place.uri)?;
        let (proposal, request) = self.first(place, directive.clone(), &instruction, mode)?;
        let id = self.take_next_proposal();
        self.instructions.given(&request.instruction);
        self.effects.progress(id, Progress::Begin(request.instruction));
        self.proposals.insert(id, proposal);
        if let Some(range) = directive {
            self.directives.bind(&place.uri, range, BoundTo::Proposal(id));
        }
        self.prepare(id);
        Ok(Answer::Proposal(id))
    }

    /// The proposal that an instruction at a place would be, and its request. `directive` is the comment that asks for it.
    pub(super) fn first(
        &self,
        place: &Place,
        directive: Option<Range<usize>>,
        instruction: &str,
        mode: Mode,
    ) -> Result<(Proposal, NextRequest), Notice> {
        let place = self.current_place(place)?;
        let Wish { instruction, route } = self.wish(instruction);
        let request = NextRequest::new(instruction, RequestKind::First, route.unwrap_or_default());
        let id = self.next_proposal();
        let mut proposal = Proposal::new(id, place.uri.clone(), place.range, mode, request.clone());
        if let (Some(range), Some(document)) = (directive, self.workspace.document(&place.uri)) {
            proposal.hunks.set_directive(range.clone(), document.text.slice(range));
        }
        Ok((proposal, request))
    }

    /// Tells a proposal which comment asked for it: its removal goes with the first accepted hunk.
    fn own_directive(&mut self, id: edit::ProposalId, range: &Range<usize>) {
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        if let Some(document) = self.workspace.document(&proposal.uri) {
            proposal.hunks.set_directive(range.clone(), document.text.slice(range.clone()));
        }
    }

    /// The scope that a range of an open document means.
    pub(super) fn scope_at(&self, uri: &Uri, range: &Range<usize>) -> Option<Scope> {
        let document = self.workspace.document(uri)?;
        Some(syntax::scope_at(document.current_tree(), &document.text, range.clone()))
    }

    /// A place in terms of the newest text.
    pub(super) fn current_place(&self, place: &Place) -> Result<Place, Notice> {
        let Some(document) = self.workspace.document(&place.uri) else {
            return Err(Notice::warning(format!("{} is not open; open it and ask again", place.uri)));
        };
        let end = document.text.floor(place.range.end);
        let range = document.text.floor(place.range.start).min(end)..end;
        Ok(Place { uri: place.uri.clone(), version: document.version, range })
    }

    /// Why nothing of a document may be sent, or no model be asked.
    pub(super) fn can_ask(&self, uri: &Uri) -> Result<(), Notice> {
        if let ProviderState::Missing(error) = self.sending.usual() {
            return Err(Notice::error(error.user_message()));
        }
        let Some(document) = self.workspace.document(uri) else {
            return Err(Notice::warning(format!("{uri} is not open; open it and ask again")));
        };
        if let Some(path) = &document.path {
            self.workspace.may_send(path).map_err(|withheld| {
                Notice::warning(format!("nothing was sent: {withheld}. Move the code to a file that is not ignored to ask about it"))
            })?;
        }
        Ok(())
    }

    /// The id of the proposal that is made next: of no other that this session has or had.
    fn next_proposal(&self) -> edit::ProposalId {
        let mut id = self.effects.next_proposal();
        while self.proposals.contains_key(&id) {
            id.0 = id.0.checked_add(1).unwrap_or(1);
        }
        id
    }

    /// The same, for a proposal that is made.
    pub(super) fn take_next_proposal(&mut self) -> edit::ProposalId {
        let id = self.next_proposal();
        self.effects.number_proposals_from(id.0.checked_add(1).unwrap_or(1));
        id
    }

    /// Numbers proposals from here on: the ids of another session are unknown here then.
    pub fn number_proposals_from(&mut self, first: u32) {
        self.effects.number_proposals_from(first);
    }

    /// Stops work on a proposal; what was accepted stays, hunks of an unfinished answer are withdrawn.
    pub(super) fn cancel(&mut self, id: edit::ProposalId) {
        // What gathers for it may have told the index of a document that is closed by now.
        self.index_open();
        let Some(proposal) = self.proposals.get_mut(&id).filter(|proposal| proposal.is_working()) else {
            return self.stop_project(id);
        };
        if matches!(proposal.phase, Phase::Verifying { .. }) {
            return self.stop_verifying(id);
        }
        let jobs = proposal.jobs();
        self.send_cancelled(id);
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let phase = std::mem::replace(&mut proposal.phase, Phase::Cancelled);
        match &phase {
            Phase::Streaming(stream) => proposal.hunks.withdraw(stream.revision),
            Phase::Checking { revision, .. } => proposal.hunks.withdraw(*revision),
            Phase::Waiting(_)
            | Phase::Held { .. }
            | Phase::Gathering { .. }
            | Phase::Verifying { .. }
            | Phase::Ready
            | Phase::Answered
            | Phase::Failed(_)
            | Phase::Cancelled => {}
        }
        if proposal.hunks.has_undecided() {
            proposal.phase = Phase::Ready;
        }
        jobs.into_iter().for_each(|job| self.effects.stop(job));
        self.effects.end_progress(id, "cancelled; nothing but what you accepted is in your text");
    }
}
