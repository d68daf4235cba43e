//! From a proposal to a request: wait for the tree, find the scope, gather context, word it, send it.

use std::collections::BTreeMap;
use std::ops::Range;

use edit::{AnswerParser, Start};
use text::ChangeSet;

use crate::effect::Progress;
use crate::job::{GatherJob, Job};
use crate::notice::Notice;

use super::Session;
use super::effects::Purpose;
use super::proposal::{LeftOut, NextRequest, Phase, Proposal, RequestKind, Stream};
use super::route::Route;
use super::sending::estimate;
use super::wording::Worded;

/// What is going to be gathered for a request.
pub(super) struct Plan {
    pub(super) gather: GatherJob,
    pub(super) scope: Range<usize>,
    /// Name of the scope, where it was looked for.
    pub(super) label: Option<String>,
}

/// A request as it is sent.
pub(super) struct Finished {
    pub(super) request: model::Request,
    pub(super) redaction: context::Redaction,
    pub(super) system: String,
    pub(super) turns: Vec<edit::Turn>,
    /// Estimated tokens of the prompt.
    pub(super) estimated: usize,
}

impl Session {
    /// Takes a waiting proposal on: gathers context, or goes on waiting for the tree.
    pub(super) fn prepare(&mut self, id: edit::ProposalId) {
        let Some(proposal) = self.proposals.get(&id) else { return };
        let Phase::Waiting(request) = &proposal.phase else { return };
        let request = request.clone();
        match self.is_waiting_for_model(&request.route) {
            Ok(false) => {}
            Ok(true) => return,
            Err(notice) => return self.cannot_ask(id, request, notice),
        }
        if self.is_waiting_for_limits(&request.route) || self.must_look_up_day(id, &request) {
            return;
        }
        let Some(proposal) = self.proposals.get(&id) else { return };
        let plan = match self.plan(proposal, &request) {
            Ok(Some(plan)) => plan,
            Ok(None) => return,
            Err(notice) => return self.withdraw(id, notice),
        };
        let job = self.effects.start(Purpose::Proposal(id), Job::Gather(Box::new(plan.gather)));
        if let Some(proposal) = self.proposals.get_mut(&id) {
            proposal.scope = plan.scope;
            if let Some(label) = plan.label {
                proposal.scope_label = label;
            }
            proposal.phase = Phase::Gathering { job, request };
        }
    }

    /// A request's model cannot be asked: the next one of the chain is, where it was one of a chain.
    fn cannot_ask(&mut self, id: edit::ProposalId, request: NextRequest, notice: Notice) {
        let next =
            (!request.route.passed.is_empty()).then(|| self.next_model(request, &notice.text)).flatten();
        match next {
            Some(next) => self.go_on_with(id, next),
            None => self.withdraw(id, notice),
        }
    }

    /// What is to be gathered for a request; none while the document's tree is behind.
    pub(super) fn plan(&self, proposal: &Proposal, request: &NextRequest) -> Result<Option<Plan>, Notice> {
        let Some(document) = self.workspace.document(&proposal.uri) else {
            return Err(Notice::warning(
                "the file was closed before the request was made; open it and ask again",
            ));
        };
        if document.is_awaiting_tree() {
            return Ok(None);
        }
        let scope = proposal.scope.clone();
        let (scope, label) = if request.kind == RequestKind::First {
            // The comment may have been run while the tree was behind: what it stands above is known now.
            let own = proposal.hunks.directive();
            let directive = own.and_then(|range| self.directives.at(&proposal.uri, &range));
            let meant = directive.map_or(scope, |directive| directive.target..directive.target);
            let found = syntax::scope_at(document.current_tree(), &document.text, meant);
            let label = scope_label(&found);
            (found.range, Some(label))
        } else {
            // An edit over its border and the undo of it can have left it inside a line.
            (document.text.whole_lines(scope), None)
        };
        let pending = match request.kind {
            RequestKind::First => Vec::new(),
            RequestKind::FollowUp | RequestKind::OneHunk(_) => proposal.hunks.pending_edits(),
        };
        let gather = GatherJob {
            pending,
            sent: proposal.excerpts.clone(),
            snapshot: self.workspace.snapshot(),
            uri: proposal.uri.clone(),
            scope: scope.clone(),
            instruction: proposal.instructions_with(&request.instruction),
            recent: context::rank::Recent::default(),
            indexer: None,
            is_as_on_disk: false,
            mentions: self.mentions(proposal, &request.instruction),
            secrets: Some(proposal.redaction.clone()),
            rules: self.config.rules.kinds(),
            budget_tokens: self.budget(proposal, &scope, request)?,
            count: text::estimate_tokens,
        };
        Ok(Some(Plan { gather, scope, label }))
    }

    /// What an instruction mentions, and those before it.
    fn mentions(&self, proposal: &Proposal, instruction: &str) -> context::Mentions {
        let earlier: Vec<&str> = proposal.rounds.iter().map(|round| round.instruction.as_str()).collect();
        let mut diagnostics = self.reported(&proposal.uri);
        diagnostics.extend(proposal.open_findings());
        let pages = self.config.mention_urls.then(BTreeMap::new);
        context::Mentions { diagnostics, pages, ..context::Mentions::of(instruction, &earlier) }
    }

    /// Context is there: the request goes out, unless the user has to be asked.
    pub(super) fn gathered(&mut self, purpose: Purpose, context: context::Context) {
        // The job tells the index of open documents, and one may have been closed meanwhile.
        self.index_open();
        let id = match purpose {
            Purpose::Preview(number) => return self.preview_gathered(number, context),
            Purpose::Proposal(id) => id,
            _ => return,
        };
        let Some(proposal) = self.proposals.get(&id) else { return };
        let Phase::Gathering { request, .. } = &proposal.phase else { return };
        let request = request.clone();
        if !context.unmet.is_empty() {
            return self.withdraw(id, unmet(&context.unmet));
        }
        if context.is_partial {
            let said =
                "the folder is still being read; what the model is shown comes from the files known so far";
            self.effects.progress(id, Progress::Report(said.to_owned()));
        }
        let Some(proposal) = self.proposals.get(&id) else { return };
        match self.fitted(proposal, &proposal.scope, &request, context) {
            Ok(worded) => match self.over_limit(&request, &worded) {
                Some(why) => self.hold(id, request, &worded, &why),
                None => self.complete(id, request, worded),
            },
            Err(notice) => self.withdraw(id, notice),
        }
    }

    /// A request as it is sent: what is secret is hidden, by the names that the requests before it gave it.
    pub(super) fn finished(&self, proposal: &Proposal, request: &NextRequest, worded: &Worded) -> Finished {
        let Worded { system, turns, secrets, .. } = worded;
        let mut redaction = proposal.redaction.clone();
        redaction.adopt(secrets);
        // What is given away anywhere is hidden everywhere, also in front of that.
        redaction.learn(system);
        turns.iter().for_each(|turn| redaction.learn(&turn.text));
        let system = redaction.cover(system);
        let turns: Vec<edit::Turn> = turns.iter().map(|turn| covered(&mut redaction, turn)).collect();
        let estimated = estimate(&system, &turns);
        let asked = redaction.redact(&request.instruction);
        let request = self.chat(&request.route, &asked, &system, &turns);
        Finished { request, redaction, system, turns, estimated }
    }

    fn complete(&mut self, id: edit::ProposalId, request: NextRequest, worded: Worded) {
        let shown = self.shown(&request.route, &worded);
        let Some(proposal) = self.proposals.get(&id) else { return };
        let Finished { request: message, redaction, system, turns, estimated } =
            self.finished(proposal, &request, &worded);
        let Worded { ground, tree, region, refined, format, rounds, rules, excerpts, .. } = worded;
        let (n_hidden, restore) = (redaction.n_secrets(), redaction.restore_stream());
        let content = self.content_of(&message);
        let model = request.route.model.clone();
        let complete = Job::Complete { model, request: Box::new(message) };
        let job = self.effects.start(Purpose::Proposal(id), complete);
        let asked_of = self.asked_of(&request.route);
        let said_before = self.said_before(&proposal.uri);
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let start = match request.kind {
            RequestKind::First | RequestKind::FollowUp => Start::Fresh,
            RequestKind::OneHunk(hunk) => Start::Refine { hunk },
        };
        // What an accept under way does to hunks of the revision before is told by its own edit; beyond that, their text may
        // be part of a hunk of this one.
        proposal.hunks.clear_expectation();
        let revision = proposal.hunks.begin_revision(start);
        proposal.asked_of = asked_of;
        if request.kind == RequestKind::First {
            proposal.said_before = said_before;
        }
        proposal.rounds = rounds;
        proposal.rules = rules;
        proposal.excerpts = excerpts;
        proposal.redaction = redaction;
        proposal.prose.clear();
        proposal.attempts.clear();
        let since = ChangeSet::identity(ground.document().len());
        proposal.phase = Phase::Streaming(Box::new(Stream {
            job,
            early: None,
            revision,
            kind: request.kind,
            route: request.route,
            has_begun: false,
            approved: request.approved,
            ground,
            tree,
            region,
            refined,
            since,
            parser: AnswerParser::new(format),
            format,
            restore,
            placed: Vec::new(),
            outside: Vec::new(),
            unplaced: Vec::new(),
            refusals: Vec::new(),
            unfit: None,
            system,
            turns,
            shown,
            sent: None,
            answer: String::new(),
            n_repairs: 0,
            left_out: LeftOut::default(),
        }));
        let hidden = match n_hidden {
            0 => String::new(),
            1 => " (1 secret is hidden from it)".to_owned(),
            n => format!(" ({n} secrets are hidden from it)"),
        };
        self.effects.progress(id, Progress::Report(format!("waiting for the model{hidden}")));
        self.sent(id, job, estimated, n_hidden, content);
        self.warm(id);
    }

    /// Who is asked, and in whose place.
    fn asked_of(&self, route: &Route) -> Option<String> {
        let identity = self.sending.to(route.name()).identity()?;
        let instead = route.instead_of().map_or_else(String::new, |passed| format!(", in place of {passed}"));
        Some(format!("{identity}{instead}"))
    }

    /// A request to the model.
    pub(super) fn chat(
        &self,
        route: &Route,
        asked: &str,
        system: &str,
        turns: &[edit::Turn],
    ) -> model::Request {
        let message = |turn: &edit::Turn| model::Message {
            role: match turn.role {
                edit::TurnRole::User => model::Role::User,
                edit::TurnRole::Assistant => model::Role::Assistant,
            },
            text: turn.text.clone(),
            n_stable: turn.n_stable,
        };
        model::Request {
            system: system.to_owned(),
            messages: turns.iter().map(message).collect(),
            max_output_tokens: self.sending.to(route.name()).max_output_tokens(),
            temperature: None,
            effort: route.effort,
            asked: asked.to_owned(),
        }
    }

    /// Ends work on a proposal without an answer.
    pub(super) fn fail(&mut self, id: edit::ProposalId, notice: Notice) {
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        self.effects.end_progress(id, &notice.text);
        self.effects.tell(notice.clone());
        proposal.phase = Phase::Failed(notice);
    }
}

/// A turn that was learned from, with its secrets hidden.
pub(super) fn covered(redaction: &mut context::Redaction, turn: &edit::Turn) -> edit::Turn {
    let text = redaction.cover(&turn.text);
    // All secrets are known by now, so the rest alone reads as it does in the whole.
    let rest = redaction.cover(turn.text.get(turn.n_stable..).unwrap_or_default());
    let n_stable = if text.ends_with(&rest) { text.len() - rest.len() } else { 0 };
    edit::Turn { text, n_stable, ..turn.clone() }
}

/// Why a request did not go out without what it mentions.
pub(super) fn unmet(unmet: &[context::Unmet]) -> Notice {
    let said: Vec<String> = unmet.iter().map(ToString::to_string).collect();
    Notice::warning(format!("nothing was sent: {}", said.join(". ")))
}

pub(super) fn scope_label(scope: &syntax::Scope) -> String {
    let kind = scope.kind.label();
    scope.name.as_ref().map_or_else(|| kind.to_owned(), |name| format!("{kind} {name}"))
}
