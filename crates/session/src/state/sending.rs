//! To whom requests go, what that takes, and what requests have come to.
//!
//! Owns the estimate of tokens, which is corrected by what the provider counts. Knows no proposal.

use std::collections::{BTreeMap, BTreeSet};

use model::{Dollars, LimitSource, Limits, Price, TokenFactor, Usage};
use text::estimate_tokens;

use crate::job::JobId;
use crate::provider::ProviderState;

use super::preview::Previews;

/// Output tokens asked for when the settings say nothing: a rewrite of 80 long lines with room to spare.
const MAX_OUTPUT_TOKENS: u32 = 8_192;

/// Of a small context at most this part is kept for an answer whose length nobody has set, and of any at most half.
const OUTPUT_PART: u64 = 3;

/// Tokens of the template round one message.
const TURN_TOKENS: usize = 8;

/// Who is asked, and what is known of it.
pub(super) struct Sending {
    /// Who is asked when nothing names another.
    usual: Known,
    /// Models by their names in the settings, as far as one was wanted.
    named: BTreeMap<String, Named>,
    /// The models of which the user was told that nothing is known.
    told_of: BTreeSet<String>,
    /// How the tokens of each model compare with the estimate.
    factors: BTreeMap<String, TokenFactor>,
    /// What the requests of today came to when it was last looked up; also those of other servers.
    pub(super) today: Option<store::Spent>,
    /// Requests that are only looked at.
    pub(super) previews: Previews,
}

/// A model, and what is known of it.
pub(super) struct Known {
    pub(super) provider: ProviderState,
    /// Whether the server was asked what its model takes.
    pub(super) asked: AskedLimits,
}

/// A model with a name in the settings.
enum Named {
    /// It is being connected.
    Connecting(JobId),
    /// It can be asked, or it is known why not.
    Known(Box<Known>),
}

/// Whether the server was asked what its model takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AskedLimits {
    /// Not yet: nothing is sent to it before the user wants something of it.
    No,
    /// It was.
    Running {
        /// The question.
        job: JobId,
        /// Requests wait for the answer until this is over; none where something is known without it.
        timer: Option<JobId>,
    },
    /// It has answered, or has nothing to say.
    Done,
}

impl Sending {
    pub(super) fn new() -> Sending {
        Sending {
            usual: Known::new(ProviderState::Missing(model::Error::not_configured())),
            named: BTreeMap::new(),
            told_of: BTreeSet::new(),
            factors: BTreeMap::new(),
            today: None,
            previews: Previews::default(),
        }
    }

    /// Who is asked when nothing names another.
    pub(super) fn usual(&self) -> &ProviderState {
        &self.usual.provider
    }

    /// A model by its name in the settings; the usual one without.
    pub(super) fn to(&self, name: Option<&str>) -> Destination<'_> {
        let known = match name {
            None => Some(&self.usual),
            Some(name) => self.named(name),
        };
        Destination { known, factors: &self.factors }
    }

    /// What is known of a named model; none where it is not connected.
    pub(super) fn named(&self, name: &str) -> Option<&Known> {
        match self.named.get(name)? {
            Named::Known(known) => Some(known),
            Named::Connecting(_) => None,
        }
    }

    pub(super) fn known_mut(&mut self, name: Option<&str>) -> Option<&mut Known> {
        let Some(name) = name else { return Some(&mut self.usual) };
        match self.named.get_mut(name)? {
            Named::Known(known) => Some(known),
            Named::Connecting(_) => None,
        }
    }

    pub(super) fn is_connecting(&self, name: &str) -> bool {
        matches!(self.named.get(name), Some(Named::Connecting(_)))
    }

    pub(super) fn connecting(&mut self, name: &str, job: JobId) {
        self.named.insert(name.to_owned(), Named::Connecting(job));
    }

    pub(super) fn connected(&mut self, name: String, provider: ProviderState) {
        self.named.insert(name, Named::Known(Box::new(Known::new(provider))));
    }

    /// Begins anew with another usual model; the jobs that look for what is known of those before.
    pub(super) fn replace(&mut self, usual: ProviderState) -> Vec<JobId> {
        let before = std::mem::replace(&mut self.usual, Known::new(usual));
        let named = std::mem::take(&mut self.named).into_values();
        let jobs = named.flat_map(|named| match named {
            Named::Connecting(job) => vec![job],
            Named::Known(known) => known.asked.jobs(),
        });
        before.asked.jobs().into_iter().chain(jobs).collect()
    }

    /// What the user should be told of a guess, once for each model.
    pub(super) fn take_notice(&mut self, name: Option<&str>) -> Option<String> {
        let to = self.to(name);
        let model = to.identity()?.model.clone();
        let notice = to.limits()?.notice(&model)?;
        let notice = match name {
            Some(name) => notice.replace("`provider.", &format!("`models.{name}.")),
            None => notice,
        };
        self.told_of.insert(model).then_some(notice)
    }

    /// The provider has counted a prompt that was estimated.
    pub(super) fn counted(&mut self, name: Option<&str>, estimated: usize, usage: &Usage) {
        let to = self.to(name);
        let Some(identity) = to.identity() else { return };
        let (model, factor) = (identity.model.clone(), to.factor());
        if let Some(counted) = usage.input_tokens {
            self.factors.insert(model, factor.corrected(estimated, counted));
        }
    }
}

impl Known {
    fn new(provider: ProviderState) -> Known {
        Known { provider, asked: AskedLimits::No }
    }
}

impl AskedLimits {
    /// The jobs that wait for an answer.
    pub(super) fn jobs(self) -> Vec<JobId> {
        match self {
            AskedLimits::Running { job, timer } => timer.into_iter().chain([job]).collect(),
            AskedLimits::No | AskedLimits::Done => Vec::new(),
        }
    }
}

/// One model, to be asked what it takes and what something comes to there.
#[derive(Clone, Copy)]
pub(super) struct Destination<'a> {
    known: Option<&'a Known>,
    factors: &'a BTreeMap<String, TokenFactor>,
}

impl<'a> Destination<'a> {
    pub(super) fn identity(&self) -> Option<&'a model::Identity> {
        match &self.known?.provider {
            ProviderState::Ready { identity, .. } => Some(identity),
            ProviderState::Missing(_) => None,
        }
    }

    pub(super) fn limits(&self) -> Option<Limits> {
        match &self.known?.provider {
            ProviderState::Ready { limits, .. } => Some(*limits),
            ProviderState::Missing(_) => None,
        }
    }

    /// Whether the server may know better what its model takes.
    pub(super) fn is_worth_asking(&self) -> bool {
        let is_said = |limits: Limits| limits.source == LimitSource::Settings;
        self.known.is_some_and(|known| known.asked == AskedLimits::No)
            && self.limits().is_some_and(|limits| !is_said(limits))
    }

    /// Whether nothing is known of the context.
    pub(super) fn is_guessing(&self) -> bool {
        self.limits().is_some_and(|limits| limits.source == LimitSource::Assumed)
    }

    /// Most tokens of an answer.
    pub(super) fn max_output_tokens(&self) -> u32 {
        let Some(limits) = self.limits() else { return MAX_OUTPUT_TOKENS };
        let wanted = self.identity().and_then(|identity| identity.max_output_tokens);
        let part = if wanted.is_some() { 2 } else { OUTPUT_PART };
        let most = limits.output_tokens.unwrap_or(u64::MAX).min(limits.context_tokens / part).max(1);
        wanted.unwrap_or(MAX_OUTPUT_TOKENS).min(u32::try_from(most).unwrap_or(u32::MAX))
    }

    /// Most tokens of a prompt.
    pub(super) fn max_prompt_tokens(&self) -> u64 {
        let Some(limits) = self.limits() else { return u64::MAX };
        let left = limits.context_tokens.saturating_sub(u64::from(self.max_output_tokens()));
        limits.input_tokens.map_or(left, |most| most.min(left))
    }

    /// How the model's tokens compare with the estimate.
    fn factor(&self) -> TokenFactor {
        let model = self.identity().map_or("", |identity| identity.model.as_str());
        self.factors.get(model).copied().unwrap_or_else(|| model::token_factor(model))
    }

    /// Tokens of the model for estimated ones.
    pub(super) fn tokens(&self, estimated: usize) -> u64 {
        self.factor().tokens(estimated)
    }

    /// Estimated tokens that come to at most so many of the model.
    pub(super) fn estimated(&self, tokens: u64) -> usize {
        self.factor().estimated(tokens)
    }

    /// What an answer cost, where that is known.
    pub(super) fn cost(&self, usage: &Usage) -> Option<Dollars> {
        self.limits()?.cost(usage)
    }

    /// What a prompt and an answer of so many tokens would cost, where the price is known.
    pub(super) fn price(&self, prompt: u64, answer: u64) -> Option<Dollars> {
        let price: Price = self.limits()?.price?;
        let usage = Usage { input_tokens: Some(prompt), output_tokens: Some(answer), ..Usage::default() };
        price.of(&usage)
    }
}

/// Estimated tokens of a prompt, before any model's factor.
pub(super) fn estimate(system: &str, turns: &[edit::Turn]) -> usize {
    let texts = turns.iter().map(|turn| turn.text.as_str()).chain([system]);
    texts.map(|text| estimate_tokens(text) + TURN_TOKENS).sum()
}
