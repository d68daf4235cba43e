//! What the model takes and what the user lets a request take: asking for the one, keeping to the other.

use edit::ProposalId;
use model::LimitSource;

use crate::effect::{EdgeEffect, Progress};
use crate::job::Job;
use crate::message::Token;
use crate::notice::Notice;
use crate::provider::ProviderState;

use super::Session;
use super::effects::Purpose;
use super::instruct::Choice;
use super::proposal::{Hold, NextRequest, Phase};
use super::route::Route;
use super::sending::AskedLimits;
use super::wording::Worded;

/// How long requests wait for a server to say what its model takes, where nothing else says it: one on this machine answers
/// in milliseconds.
const WAIT_MS: u64 = 1_000;

impl Session {
    pub(super) fn use_provider(&mut self, provider: ProviderState) {
        self.sending.replace(provider).into_iter().for_each(|job| self.effects.stop(job));
        self.all_go_on();
    }

    /// Whether a request has to wait for the server to say what its model takes. Asks it with the first request.
    pub(super) fn is_waiting_for_limits(&mut self, route: &Route) -> bool {
        let to = self.sending.to(route.name());
        let (is_worth_asking, is_guessing) = (to.is_worth_asking(), to.is_guessing());
        let Some(known) = self.sending.known_mut(route.name()) else { return false };
        if is_worth_asking {
            let purpose = || Purpose::Limits(route.model.clone());
            let job = self.effects.start(purpose(), Job::Limits(route.model.clone()));
            let timer = is_guessing.then(|| self.effects.start(purpose(), Job::Wait { after_ms: WAIT_MS }));
            known.asked = AskedLimits::Running { job, timer };
        }
        matches!(known.asked, AskedLimits::Running { timer: Some(_), .. })
    }

    /// The server has said what its model takes, or nothing.
    pub(super) fn limited(&mut self, purpose: Purpose, said: Option<model::Limits>) {
        let Purpose::Limits(name) = purpose else { return };
        let Some(known) = self.sending.known_mut(name.as_deref()) else { return };
        let asked = std::mem::replace(&mut known.asked, AskedLimits::Done);
        if let (ProviderState::Ready { limits, .. }, Some(said)) = (&mut known.provider, said) {
            *limits = said;
        }
        asked.jobs().into_iter().for_each(|job| self.effects.stop(job));
        self.tell_guess(name.as_deref());
        self.all_go_on();
    }

    /// The server has not said it in time.
    pub(super) fn stop_waiting_for_limits(&mut self, name: Option<&str>) {
        let asked = self.sending.known_mut(name).map(|known| &mut known.asked);
        if let Some(AskedLimits::Running { timer, .. }) = asked {
            *timer = None;
        }
        self.tell_guess(name);
        self.all_go_on();
    }

    fn tell_guess(&mut self, name: Option<&str>) {
        if let Some(notice) = self.sending.take_notice(name) {
            self.effects.tell(Notice::info(notice));
        }
    }

    /// What waited for something that is known now goes on.
    pub(super) fn all_go_on(&mut self) {
        let waits = |phase: &Phase| matches!(phase, Phase::Waiting(_));
        let waiting = self.proposals.iter().filter(|(_, proposal)| waits(&proposal.phase));
        let waiting: Vec<ProposalId> = waiting.map(|(id, _)| *id).collect();
        waiting.into_iter().for_each(|id| self.prepare(id));
        self.previews_go_on();
    }

    /// Looks up what today's requests came to, where the user limits that and this request does not know it.
    pub(super) fn must_look_up_day(&mut self, id: ProposalId, request: &NextRequest) -> bool {
        let is_limited = self.config.limits.daily_cost.is_some();
        if !is_limited || request.knows_day || self.sending.to(request.route.name()).price(0, 0).is_none() {
            return false;
        }
        let job = self.effects.start(Purpose::Proposal(id), Job::Today);
        if let Some(proposal) = self.proposals.get_mut(&id) {
            proposal.phase = Phase::Held { request: request.clone(), by: Hold::Day(job) };
        }
        true
    }

    /// It is known what today's requests came to.
    pub(super) fn spent(&mut self, purpose: Purpose, spent: Option<store::Spent>) {
        self.sending.today = spent.or(self.sending.today);
        let Purpose::Proposal(id) = purpose else { return };
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Phase::Held { request, by: Hold::Day(_) } = &proposal.phase else { return };
        proposal.phase = Phase::Waiting(NextRequest { knows_day: true, ..request.clone() });
        self.prepare(id);
    }

    /// Why the user has to be asked before a request is sent; none where it may be.
    pub(super) fn over_limit(&self, request: &NextRequest, worded: &Worded) -> Option<String> {
        let to = self.sending.to(request.route.name());
        let tokens = to.tokens(worded.estimated());
        if request.approved.is_some_and(|approved| tokens <= approved + approved / 10) {
            return None;
        }
        let most = self.config.limits.request_tokens.filter(|most| tokens > *most);
        let too_long = most.map(|most| {
            format!("this request has about {tokens} tokens, and `limits.request_tokens` is {most}")
        });
        // An answer is seldom longer than what it is about.
        let answer = to.tokens(text::estimate_tokens(&worded.scope_text()));
        let too_dear = to.price(tokens, answer).and_then(|cost| self.too_dear(cost));
        let reasons: Vec<String> = too_long.into_iter().chain(too_dear).collect();
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }

    /// Why a request that costs so much comes to more than a day may.
    fn too_dear(&self, cost: model::Dollars) -> Option<String> {
        let today = self.sending.today.unwrap_or_default();
        let limit = self.config.limits.daily_cost.filter(|limit| today.cost + cost.amount() > *limit)?;
        let spent = model::Dollars::new(today.cost).unwrap_or_default();
        let unpriced = match today.n_unpriced {
            0 => String::new(),
            n => format!(" besides {n} of unknown price"),
        };
        Some(format!(
            "this request costs about {cost}, today's came to {spent}{unpriced}, and `limits.daily_cost` is ${limit}"
        ))
    }

    /// Asks the user whether a request goes out.
    pub(super) fn hold(&mut self, id: ProposalId, request: NextRequest, worded: &Worded, why: &str) {
        let approved = Some(self.sending.to(request.route.name()).tokens(worded.estimated()));
        let token = self.effects.token();
        self.instructions.choose(token, vec![Choice::Send(id), Choice::DoNotSend(id)]);
        let choices = vec!["Send".to_owned(), "Do not send".to_owned()];
        self.effects.progress(id, Progress::Report("waiting for you: may this be sent?".to_owned()));
        self.effects.edge(EdgeEffect::Choose { token, title: format!("{why}. Send it?"), choices });
        if let Some(proposal) = self.proposals.get_mut(&id) {
            let request = NextRequest { approved, ..request };
            proposal.phase = Phase::Held { request, by: Hold::Person { token, why: why.to_owned() } };
        }
    }

    /// The user has said whether a request goes out; no answer is none.
    pub(super) fn released(&mut self, id: ProposalId, of: Token, is_sent: bool) {
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Phase::Held { request, by: Hold::Person { token, why } } = &proposal.phase else { return };
        if *token != of {
            return;
        }
        if is_sent {
            proposal.phase = Phase::Waiting(request.clone());
            return self.prepare(id);
        }
        let notice = format!(
            "nothing was sent: {why}. Your text and what was proposed before are as they were; ask again for a smaller scope, or change the limit in your settings file"
        );
        self.withdraw(id, Notice::warning(notice));
    }

    /// Why a prompt does not go to the model, however little is shown besides the scope.
    pub(super) fn too_large(&self, route: &Route, worded: &Worded) -> Notice {
        let to = self.sending.to(route.name());
        let scope = to.tokens(text::estimate_tokens(&worded.scope_text()));
        let whole = to.tokens(worded.estimated());
        let (most, output) = (to.max_prompt_tokens(), to.max_output_tokens());
        let limits = to.limits();
        let context = limits.map_or(0, |limits| limits.context_tokens);
        let guessed = match limits.map(|limits| limits.source) {
            Some(LimitSource::Assumed) => " (assumed: set `provider.context_tokens`)",
            Some(LimitSource::Settings | LimitSource::Server | LimitSource::Catalog) | None => "",
        };
        let model = to.identity().map_or_else(String::new, |identity| identity.model.clone());
        Notice::error(format!(
            "the scope is about {scope} tokens, the whole request at least {whole}, and {model} takes {most} beside an answer of {output} (context {context}{guessed}): choose a smaller scope or a model that takes more; nothing was sent"
        ))
    }
}
