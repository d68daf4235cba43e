//! A request as it would be sent, to be looked at. It takes the same way as one that is sent, and is not sent.

use std::collections::BTreeMap;

use edit::ProposalId;
use syntax::DirectiveKind;

use crate::effect::{Answer, EdgeEffect};
use crate::job::{Job, JobId};
use crate::notice::Notice;
use crate::place::{Place, Target};
use crate::sent::Preview;

use super::directives::BoundTo;
use super::effects::Purpose;
use super::prepare::{Finished, Plan, unmet};
use super::proposal::{Mode, NextRequest, Phase, Proposal, RequestKind};
use super::route::Wish;
use super::{Done, Session};

/// Requests that are being made to be looked at.
#[derive(Default)]
pub(super) struct Previews {
    next: u64,
    open: BTreeMap<u64, Open>,
}

/// One of them.
struct Open {
    subject: Subject,
    request: NextRequest,
    /// Gathers context; none while it waits.
    job: Option<JobId>,
    scope: std::ops::Range<usize>,
}

/// What a request is of.
enum Subject {
    /// A proposal that there would be.
    New(Box<Proposal>),
    /// One that there is.
    Known(ProposalId),
}

impl Session {
    /// Makes the next request of a proposal or hunk, or that of an ask at a place, and shows it.
    pub(super) fn preview(&mut self, target: &Target, instruction: Option<String>) -> Done {
        let instruction = instruction.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let (subject, request) = match target {
            Target::Place(place) => self.preview_at(place, instruction)?,
            Target::Hunk(hunk) if instruction.is_some() => {
                let hunk = self.known(hunk.proposal)?.hunks.map_forward(*hunk);
                let hunk = hunk.ok_or_else(|| super::decide::gone(&target.to_string()))?;
                let kind = RequestKind::OneHunk(hunk);
                let request = self.next_of(hunk.proposal, &instruction.unwrap_or_default(), kind);
                (Subject::Known(hunk.proposal), request)
            }
            Target::Hunk(_) | Target::Proposal(_) | Target::Revision(_) | Target::File(_) | Target::All => {
                let id = self.proposal_of(target)?;
                (Subject::Known(id), self.next_request(id, instruction)?)
            }
        };
        let previews = &mut self.sending.previews;
        previews.next += 1;
        let number = previews.next;
        previews.open.insert(number, Open { subject, request, job: None, scope: 0..0 });
        self.prepare_preview(number);
        Ok(Answer::Done)
    }

    /// The first request at a place: with an instruction, or that of the directive there.
    fn preview_at(
        &self,
        place: &Place,
        instruction: Option<String>,
    ) -> Result<(Subject, NextRequest), Notice> {
        self.can_ask(&place.uri)?;
        if let Some(instruction) = instruction {
            let (proposal, request) = self.first(place, None, &instruction, Mode::Edit)?;
            return Ok((Subject::New(Box::new(proposal)), request));
        }
        let directive = self.directive_at(&place.uri, &place.range).filter(|found| !found.text.is_empty());
        let Some(directive) = directive else {
            return Err(Notice::info(
                "there is no instruction; give one, or write what should change behind `ai:`",
            ));
        };
        let instruction = directive.text;
        match self.directives.bound_to(&place.uri, &directive.range) {
            Some(BoundTo::Proposal(id)) if self.proposals.contains_key(id) => {
                Ok((Subject::Known(*id), self.next_of(*id, &instruction, RequestKind::FollowUp)))
            }
            Some(BoundTo::Hunk(hunk)) if self.proposals.contains_key(&hunk.proposal) => {
                let request = self.next_of(hunk.proposal, &instruction, RequestKind::OneHunk(*hunk));
                Ok((Subject::Known(hunk.proposal), request))
            }
            Some(_) | None => {
                let mode = match directive.kind {
                    DirectiveKind::Answer => Mode::Answer,
                    DirectiveKind::Edit | DirectiveKind::OnSave => Mode::Edit,
                };
                let at = Place { range: directive.target..directive.target, ..place.clone() };
                let (proposal, request) = self.first(&at, Some(directive.range), &instruction, mode)?;
                Ok((Subject::New(Box::new(proposal)), request))
            }
        }
    }

    /// What a proposal asks next: what it is about to, what is asked with an instruction, else the last request again.
    fn next_request(&self, id: ProposalId, instruction: Option<String>) -> Result<NextRequest, Notice> {
        let proposal = self.known(id)?;
        match (&proposal.phase, instruction) {
            (Phase::Waiting(request), None)
            | (Phase::Held { request, .. } | Phase::Gathering { request, .. }, None) => Ok(request.clone()),
            (_, Some(instruction)) => Ok(self.next_of(id, &instruction, RequestKind::FollowUp)),
            (_, None) => Ok(self.repeated(id)?),
        }
    }

    /// The request of a proposal that an instruction would be.
    fn next_of(&self, id: ProposalId, instruction: &str, kind: RequestKind) -> NextRequest {
        let Wish { instruction, route } = self.wish(instruction);
        let usual = || self.proposals.get(&id).map(|proposal| proposal.route.clone()).unwrap_or_default();
        NextRequest::new(instruction, kind, route.unwrap_or_else(usual))
    }

    /// Takes a preview on as far as it goes.
    fn prepare_preview(&mut self, number: u64) {
        let Some(open) = self.sending.previews.open.get(&number) else { return };
        let route = open.request.route.clone();
        match self.is_waiting_for_model(&route) {
            Ok(false) => {}
            Ok(true) => return,
            Err(notice) => return self.previewed(number, Err(notice)),
        }
        if self.is_waiting_for_limits(&route) {
            return;
        }
        let plan = self.planned_preview(number);
        let Some(open) = self.sending.previews.open.get_mut(&number) else { return };
        match plan {
            Some(Ok(Some(Plan { gather, scope, .. }))) => {
                open.scope = scope;
                open.job = Some(self.effects.start(Purpose::Preview(number), Job::Gather(Box::new(gather))));
            }
            Some(Ok(None)) => {}
            Some(Err(notice)) => self.previewed(number, Err(notice)),
            None => self.previewed(number, Err(Notice::warning("the proposal is gone; ask anew"))),
        }
    }

    /// What is to be gathered for a preview; none when its proposal is gone.
    fn planned_preview(&self, number: u64) -> Option<Result<Option<Plan>, Notice>> {
        let open = self.sending.previews.open.get(&number)?;
        Some(self.plan(self.subject(&open.subject)?, &open.request))
    }

    fn subject<'a>(&'a self, subject: &'a Subject) -> Option<&'a Proposal> {
        match subject {
            Subject::New(proposal) => Some(proposal),
            Subject::Known(id) => self.proposals.get(id),
        }
    }

    /// What previews wait for may be there.
    pub(super) fn previews_go_on(&mut self) {
        let waits = self.sending.previews.open.iter().filter(|(_, open)| open.job.is_none());
        let waiting: Vec<u64> = waits.map(|(number, _)| *number).collect();
        waiting.into_iter().for_each(|number| self.prepare_preview(number));
    }

    /// Context for a preview is there.
    pub(super) fn preview_gathered(&mut self, number: u64, context: context::Context) {
        let made = if context.unmet.is_empty() {
            self.made_preview(number, context)
        } else {
            Some(Err(unmet(&context.unmet)))
        };
        let gone = || Err(Notice::warning("the proposal is gone; ask anew"));
        self.previewed(number, made.unwrap_or_else(gone));
    }

    fn made_preview(&self, number: u64, context: context::Context) -> Option<Result<Preview, Notice>> {
        let open = self.sending.previews.open.get(&number)?;
        let proposal = self.subject(&open.subject)?;
        let to = self.sending.to(open.request.route.name());
        let identity = to.identity()?.clone();
        let worded = match self.fitted(proposal, &open.scope, &open.request, context) {
            Ok(worded) => worded,
            Err(notice) => return Some(Err(notice)),
        };
        let Finished { request, redaction, estimated, .. } = self.finished(proposal, &open.request, &worded);
        let tokens = to.tokens(estimated);
        Some(Ok(Preview {
            instruction: redaction.hide(&open.request.instruction),
            identity,
            shown: self.shown(&open.request.route, &worded),
            n_hidden: redaction.n_secrets(),
            tokens,
            context_tokens: to.limits().map_or(0, |limits| limits.context_tokens),
            prompt_cost: to.price(tokens, 0),
            most_cost: to.price(tokens, u64::from(request.max_output_tokens)),
            request,
        }))
    }

    /// A preview is made, or cannot be.
    pub(super) fn previewed(&mut self, number: u64, made: Result<Preview, Notice>) {
        if self.sending.previews.open.remove(&number).is_some() {
            self.effects.edge(EdgeEffect::Previewed(made.map(Box::new)));
        }
    }
}
