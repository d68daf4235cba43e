//! Every request leaves a receipt: one when it goes out, and in its place another when it has ended.

use edit::ProposalId;
use model::{Error, Stop, Usage};

use crate::job::{Job, JobId, Record};

use super::Session;
use super::effects::Purpose;
use super::proposal::{Phase, Stream, UnderWay};
use super::sending::estimate;

/// How a request ended that the user, or what happened to its document, put an end to.
const CANCELLED: &str = "cancelled";

impl Session {
    /// A request of a proposal went out.
    pub(super) fn sent(
        &mut self,
        id: ProposalId,
        job: JobId,
        estimated: usize,
        n_hidden: usize,
        content: Option<String>,
    ) {
        let Some(stream) = self.streaming(id) else { return };
        let (route, revision) = (stream.route.clone(), stream.revision);
        let to = self.sending.to(route.name());
        let Some(identity) = to.identity().cloned() else { return };
        let estimated_tokens = to.tokens(estimated);
        let Some(stream) = self.streaming(id) else { return };
        let shown = stream.shown.iter().map(|shown| store::ShownLines {
            path: shown.path.clone(),
            lines: shown.lines.clone(),
            why: shown.why.clone(),
        });
        let receipt = store::Receipt {
            name: job.0.to_string(),
            revision: revision.to_string(),
            instead_of: route.instead_of(),
            endpoint: identity.endpoint,
            protocol: identity.via.name().to_owned(),
            model: identity.model,
            shown: shown.collect(),
            n_hidden: Some(n_hidden as u64),
            estimated_tokens,
            end: store::UNDER_WAY.to_owned(),
            content,
            ..store::Receipt::default()
        };
        stream.sent = Some(UnderWay { receipt: receipt.clone(), estimated });
        self.keep(receipt);
    }

    /// The answer to a proposal's request ended by its protocol.
    pub(super) fn counted(&mut self, id: ProposalId, stop: &Stop, usage: &Usage) {
        let Some(route) = self.streaming(id).map(|stream| stream.route.clone()) else { return };
        let Some(UnderWay { mut receipt, estimated }) = self.take_sent(id) else { return };
        self.sending.counted(route.name(), estimated, usage);
        let cost = self.sending.to(route.name()).cost(usage);
        if let Some(proposal) = self.proposals.get_mut(&id) {
            proposal.spent.add(usage, cost);
        }
        receipt.input_tokens = usage.input_tokens;
        receipt.cached_tokens = usage.cached_input_tokens;
        receipt.output_tokens = usage.output_tokens;
        receipt.cost = cost.map(model::Dollars::amount);
        receipt.end = match stop {
            Stop::Complete => "complete",
            Stop::MaxTokens => "cut",
            Stop::Refusal(_) | Stop::ContentFilter => "refused",
            Stop::Paused | Stop::ToolUse | Stop::Other(_) => "ended early",
        }
        .to_owned();
        self.keep(receipt);
    }

    /// A proposal's request failed.
    pub(super) fn send_failed(&mut self, id: ProposalId, error: &Error) {
        let Some(UnderWay { receipt, .. }) = self.take_sent(id) else { return };
        let end = match error {
            Error::CutOff { .. } => "cut",
            error if error.unavailable().is_some() => "unavailable",
            _ => "error",
        };
        self.keep(store::Receipt { end: end.to_owned(), ..receipt });
    }

    /// Work on a proposal ends while its request may be under way.
    pub(super) fn send_cancelled(&mut self, id: ProposalId) {
        let Some(UnderWay { receipt, .. }) = self.take_sent(id) else { return };
        if let Some(proposal) = self.proposals.get_mut(&id) {
            proposal.spent.add(&Usage::default(), None);
        }
        self.keep(store::Receipt { end: CANCELLED.to_owned(), ..receipt });
    }

    /// The messages for a receipt, where the user wants them there.
    pub(super) fn content_of(&self, request: &model::Request) -> Option<String> {
        let turns = request.messages.iter().map(|message| {
            let role = match message.role {
                model::Role::User => "user",
                model::Role::Assistant => "assistant",
            };
            serde_json::json!({ "role": role, "text": message.text })
        });
        let content =
            || serde_json::json!({ "system": request.system, "messages": turns.collect::<Vec<_>>() });
        self.config.receipts.content.then(|| content().to_string())
    }

    /// Whether a request may be repeated with what was wrong with its answer: it has room, and keeps to the user's
    /// limits, for nobody is asked then.
    pub(super) fn may_repair(&self, stream: &Stream) -> bool {
        // The answer comes again, and the scope in words about the format.
        let more = text::estimate_tokens(&stream.answer);
        let scope = text::estimate_tokens(&stream.ground.shown().slice(stream.within().clone()));
        let to = self.sending.to(stream.route.name());
        let tokens = to.tokens(estimate(&stream.system, &stream.turns) + more + scope);
        let limits = &self.config.limits;
        let is_small = limits.request_tokens.is_none_or(|most| tokens <= most);
        let today = self.sending.today.map_or(0.0, |today| today.cost);
        let cost = to.price(tokens, to.tokens(more)).map_or(0.0, model::Dollars::amount);
        let is_cheap = limits.daily_cost.is_none_or(|limit| today + cost <= limit);
        tokens <= to.max_prompt_tokens() && (stream.approved.is_some() || is_small && is_cheap)
    }

    /// The answer of a proposal while it streams.
    pub(super) fn streaming(&mut self, id: ProposalId) -> Option<&mut Stream> {
        match &mut self.proposals.get_mut(&id)?.phase {
            Phase::Streaming(stream) => Some(stream),
            Phase::Waiting(_)
            | Phase::Held { .. }
            | Phase::Gathering { .. }
            | Phase::Checking { .. }
            | Phase::Verifying { .. }
            | Phase::Ready
            | Phase::Answered
            | Phase::Failed(_)
            | Phase::Cancelled => None,
        }
    }

    fn take_sent(&mut self, id: ProposalId) -> Option<UnderWay> {
        self.streaming(id)?.sent.take()
    }

    fn keep(&mut self, receipt: store::Receipt) {
        self.effects.start(Purpose::Record, Job::Record(Record::Receipt(Box::new(receipt))));
    }
}
