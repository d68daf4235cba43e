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
use super::sending::AskedLimits;
use super::wording::Worded;

/// How long requests wait for a server to say what its model takes, where nothing else says it: one on this machine answers
/// in milliseconds.
const WAIT_MS: u64 = 1_000;

impl Session {
    pub(super) fn use_provider(&mut self, provider: ProviderState) {
        self.end_asking();
        self.sending.provider = provider;
        self.sending.asked = AskedLimits::No;
        self.all_go_on();
    }

    /// Whether a request has to wait for the server to say what its model takes. Asks it with the first request.
    pub(super) fn is_waiting_for_limits(&mut self) -> bool {
        if self.sending.is_worth_asking() {
            let job = self.effects.start(Purpose::Limits, Job::Limits);
            let guesses = self.sending.is_guessing();
            let timer = guesses.then(|| self.effects.start(Purpose::Limits, Job::Wait { after_ms: WAIT_MS }));
            self.sending.asked = AskedLimits::Running { job, timer };
        }
        matches!(self.sending.asked, AskedLimits::Running { timer: Some(_), .. })
    }

    /// The server has said what its model takes, or nothing.
    pub(super) fn limited(&mut self, said: Option<model::Limits>) {
        self.end_asking();
        self.sending.asked = AskedLimits::Done;
        if let (ProviderState::Ready { limits, .. }, Some(said)) = (&mut self.sending.provider, said) {
            *limits = said;
        }
        self.tell_guess();
        self.all_go_on();
    }

    /// The server has not said it in time.
    pub(super) fn stop_waiting_for_limits(&mut self) {
        if let AskedLimits::Running { timer, .. } = &mut self.sending.asked {
            *timer = None;
        }
        self.tell_guess();
        self.all_go_on();
    }

    fn tell_guess(&mut self) {
        if let Some(notice) = self.sending.take_notice() {
            self.effects.tell(Notice::info(notice));
        }
    }

    fn end_asking(&mut self) {
        if let AskedLimits::Running { job, timer } = self.sending.asked {
            timer.into_iter().chain([job]).for_each(|job| self.effects.stop(job));
        }
    }

    /// What waited for something that is known now goes on.
    fn all_go_on(&mut self) {
        let waits = |phase: &Phase| matches!(phase, Phase::Waiting(_));
        let waiting = self.proposals.iter().filter(|(_, proposal)| waits(&proposal.phase));
        let waiting: Vec<ProposalId> = waiting.map(|(id, _)| *id).collect();
        waiting.into_iter().for_each(|id| self.prepare(id));
        self.previews_go_on();
    }

    /// Looks up what today's requests came to, where the user limits that and this request does not know it.
    pub(super) fn must_look_up_day(&mut self, id: ProposalId, request: &NextRequest) -> bool {
        let is_limited = self.config.limits.daily_cost.is_some();
        if !is_limited || request.knows_day || self.sending.price(0, 0).is_none() {
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
        let tokens = self.sending.tokens(worded.estimated());
        if request.approved.is_some_and(|approved| tokens <= approved + approved / 10) {
            return None;
        }
        let most = self.config.limits.request_tokens.filter(|most| tokens > *most);
        let too_long = most.map(|most| {
            format!("this request has about {tokens} tokens, and `limits.request_tokens` is {most}")
        });
        // An answer is seldom longer than what it is about.
        let answer = self.sending.tokens(text::estimate_tokens(&worded.scope_text()));
        let reasons: Vec<String> = too_long.into_iter().chain(self.too_dear(tokens, answer)).collect();
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }

    /// Why a prompt and an answer of so many tokens come to more than a day may.
    fn too_dear(&self, prompt: u64, answer: u64) -> Option<String> {
        let cost = self.sending.price(prompt, answer)?;
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
        let approved = Some(self.sending.tokens(worded.estimated()));
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
    pub(super) fn too_large(&self, worded: &Worded) -> Notice {
        let scope = self.sending.tokens(text::estimate_tokens(&worded.scope_text()));
        let whole = self.sending.tokens(worded.estimated());
        let (most, output) = (self.sending.max_prompt_tokens(), self.sending.max_output_tokens());
        let limits = self.sending.limits();
        let context = limits.map_or(0, |limits| limits.context_tokens);
        let guessed = match limits.map(|limits| limits.source) {
            Some(LimitSource::Assumed) => " (assumed: set `provider.context_tokens`)",
            Some(LimitSource::Settings | LimitSource::Server | LimitSource::Catalog) | None => "",
        };
        let model = self.sending.identity().map_or_else(String::new, |identity| identity.model.clone());
        Notice::error(format!(
            "the scope is about {scope} tokens, the whole request at least {whole}, and {model} takes {most} beside an answer of {output} (context {context}{guessed}): choose a smaller scope or a model that takes more; nothing was sent"
        ))
    }
}
