//! From a proposal to a request: wait for the tree, find the scope, gather context, word it.

use edit::{AnswerParser, Ask, Change, Format, Ground, Rejected, Round, Start, Status, Task};
use text::{ChangeSet, Edit};

use crate::effect::Progress;
use crate::job::{GatherJob, Job};
use crate::notice::Notice;
use crate::provider::ProviderState;

use super::Session;
use super::effects::Purpose;
use super::proposal::{LeftOut, Mode, NextRequest, Phase, Proposal, RequestKind, Stream};

/// Output tokens asked for when the settings say nothing: a rewrite of 80 long lines with room to spare.
const MAX_OUTPUT_TOKENS: u32 = 8_192;

impl Session {
    /// Takes a waiting proposal on: gathers context, or goes on waiting for the tree.
    pub(super) fn prepare(&mut self, id: edit::ProposalId) {
        let Some(proposal) = self.proposals.get(&id) else { return };
        let Phase::Waiting(request) = &proposal.phase else { return };
        let request = request.clone();
        let Some(document) = self.workspace.document(&proposal.uri) else {
            return self.withdraw(
                id,
                Notice::warning("the file was closed before the request was made; open it and ask again"),
            );
        };
        if document.is_awaiting_tree() {
            return;
        }
        let (uri, mut scope) = (proposal.uri.clone(), proposal.scope.clone());
        let mut label = None;
        if request.kind == RequestKind::First {
            let found = syntax::scope_at(document.current_tree(), &document.text, scope);
            label = Some(scope_label(&found));
            scope = found.range;
        } else {
            // An edit over its border and the undo of it can have left it inside a line.
            scope = document.text.whole_lines(scope);
        }
        let pending = match request.kind {
            RequestKind::First => Vec::new(),
            RequestKind::FollowUp | RequestKind::OneHunk(_) => proposal.hunks.pending_edits(),
        };
        let gather = GatherJob {
            pending,
            snapshot: self.workspace.snapshot(),
            uri,
            scope: scope.clone(),
            instruction: proposal.instructions_with(&request.instruction),
            recent: context::rank::Recent::default(),
            indexer: None,
            is_as_on_disk: false,
            mentions: self.mentions(proposal, &request.instruction),
            rules: self.config.rules.kinds(),
            budget_tokens: self.config.context_tokens,
            count: text::estimate_tokens,
        };
        let job = self.effects.start(Purpose::Proposal(id), Job::Gather(gather));
        if let Some(proposal) = self.proposals.get_mut(&id) {
            proposal.scope = scope;
            if let Some(label) = label {
                proposal.scope_label = label;
            }
            proposal.phase = Phase::Gathering { job, request };
        }
    }

    /// What an instruction mentions, and those before it.
    fn mentions(&self, proposal: &Proposal, instruction: &str) -> context::Mentions {
        let earlier: Vec<&str> = proposal.rounds.iter().map(|round| round.instruction.as_str()).collect();
        let mut diagnostics = self.reported(&proposal.uri);
        diagnostics.extend(proposal.open_findings());
        context::Mentions { diagnostics, ..context::Mentions::of(instruction, &earlier) }
    }

    /// Context is there: the request goes out.
    pub(super) fn gathered(&mut self, purpose: Purpose, context: context::Context) {
        // The job tells the index of open documents, and one may have been closed meanwhile.
        self.index_open();
        let Purpose::Proposal(id) = purpose else { return };
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
        match self.worded(proposal, &request, context) {
            Ok(worded) => self.complete(id, request, worded),
            Err(notice) => self.withdraw(id, notice),
        }
    }

    /// The request in words, on the text as it is now.
    fn worded(
        &self,
        proposal: &Proposal,
        request: &NextRequest,
        context: context::Context,
    ) -> Result<Worded, Notice> {
        let Some(text) = self.text_of(&proposal.uri) else {
            return Err(Notice::warning("the file is gone; nothing was sent"));
        };
        let pending: Vec<Edit> = match request.kind {
            RequestKind::First => Vec::new(),
            RequestKind::FollowUp | RequestKind::OneHunk(_) => proposal.hunks.pending_edits(),
        };
        let directive = proposal.hunks.directive().filter(|range| {
            // A directive that the user rewrote, or that is gone, is text like any other.
            self.directives.at(&proposal.uri, range).is_some_and(|found| found.range == *range)
        });
        let ground = Ground::new(text, &proposal.scope, directive.as_ref(), &pending).map_err(|error| {
            Notice::error(format!("the hunks do not fit the text: {error}; nothing was sent"))
        })?;
        let document = self.workspace.document(&proposal.uri);
        let tree = document.and_then(|document| document.current_tree().cloned());
        let borders = tree.as_ref().map(|tree| syntax::borders(tree, text, &proposal.scope));
        let ground = ground.with_borders(&borders.unwrap_or_default());
        let refined = match &request.kind {
            RequestKind::OneHunk(hunk) => Some(proposal.refinable(*hunk)?.range.clone()),
            RequestKind::First | RequestKind::FollowUp => None,
        };
        let region = refined.as_ref().map(|range| ground.region(range));
        let part = region.as_ref().unwrap_or(ground.scope());
        let n_lines = ground.shown().line_of(part.end) - ground.shown().line_of(part.start);
        let format = Format::choose(n_lines, request.kind == RequestKind::FollowUp);
        let language = document.and_then(|document| document.language);
        let mut rounds = proposal.rounds_so_far();
        rounds.push(Round::new(request.instruction.as_str()));
        let ask = Ask {
            path: self.workspace.display_path(&proposal.uri),
            language: language.map_or_else(String::new, |language| language.name().to_owned()),
            style: self.config.style.clone().unwrap_or_default(),
            rules: rules_of(&context.rules),
            excerpts: context.excerpts.into_iter().map(excerpt).collect(),
            attachments: context.attachments.into_iter().map(attachment).collect(),
            // Text around the scope is among the excerpts, within their budget.
            before: String::new(),
            after: String::new(),
            rounds: rounds.clone(),
            user_edits: if request.kind == RequestKind::First {
                String::new()
            } else {
                proposal.user_edits(text)
            },
            findings: proposal.open_findings(),
            pending: proposal.pending_changes(),
            scope: ground.shown().slice(ground.scope().clone()),
            hunk: region.as_ref().map(|region| ground.shown().slice(region.clone())),
            task: if proposal.mode == Mode::Answer { Task::Explain } else { Task::Edit(format) },
        };
        let edit::Prompt { system, turns } = edit::prompt(&ask);
        let rules = context.rules;
        Ok(Worded { ground, tree, region, refined, format, rounds, rules, system, turns })
    }

    fn complete(&mut self, id: edit::ProposalId, request: NextRequest, worded: Worded) {
        let Worded { ground, tree, region, refined, format, rounds, rules, system, turns } = worded;
        let mut redaction = context::Redaction::new();
        let system = redaction.redact(&system);
        let turns: Vec<edit::Turn> =
            turns.into_iter().map(|turn| edit::Turn { text: redaction.redact(&turn.text), ..turn }).collect();
        let message = self.chat(&system, &turns);
        let job = self.effects.start(Purpose::Proposal(id), Job::Complete(Box::new(message)));
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let start = match request.kind {
            RequestKind::First | RequestKind::FollowUp => Start::Fresh,
            RequestKind::OneHunk(hunk) => Start::Refine { hunk },
        };
        // What an accept under way does to hunks of the revision before is told by its own edit; beyond that, their text may
        // be part of a hunk of this one.
        proposal.hunks.clear_expectation();
        let revision = proposal.hunks.begin_revision(start);
        proposal.rounds = rounds;
        proposal.rules = rules;
        proposal.prose.clear();
        let since = ChangeSet::identity(ground.document().len());
        proposal.phase = Phase::Streaming(Box::new(Stream {
            job,
            early: None,
            revision,
            kind: request.kind,
            ground,
            tree,
            region,
            refined,
            since,
            parser: AnswerParser::new(format),
            format,
            restore: redaction.restore_stream(),
            redaction,
            placed: Vec::new(),
            outside: Vec::new(),
            unplaced: Vec::new(),
            refusals: Vec::new(),
            unfit: None,
            system,
            turns,
            answer: String::new(),
            n_repairs: 0,
            left_out: LeftOut::default(),
        }));
        self.effects.progress(id, Progress::Report("waiting for the model".to_owned()));
    }

    /// A request to the model.
    pub(super) fn chat(&self, system: &str, turns: &[edit::Turn]) -> model::Request {
        let max_output_tokens = match &self.provider {
            ProviderState::Ready(identity) => identity.max_output_tokens.unwrap_or(MAX_OUTPUT_TOKENS),
            ProviderState::Missing(_) => MAX_OUTPUT_TOKENS,
        };
        let message = |turn: &edit::Turn| model::Message {
            role: match turn.role {
                edit::TurnRole::User => model::Role::User,
                edit::TurnRole::Assistant => model::Role::Assistant,
            },
            text: turn.text.clone(),
        };
        model::Request {
            system: system.to_owned(),
            messages: turns.iter().map(message).collect(),
            max_output_tokens,
            temperature: None,
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

/// A request in words, and what its answer refers to.
struct Worded {
    ground: Ground,
    tree: Option<syntax::Tree>,
    region: Option<std::ops::Range<usize>>,
    refined: Option<std::ops::Range<usize>>,
    format: Format,
    rounds: Vec<Round>,
    rules: context::Rules,
    system: String,
    turns: Vec<edit::Turn>,
}

impl Proposal {
    /// What the user changed in the scope since the newest revision was finished, as a unified diff; empty for nothing.
    fn user_edits(&self, text: &text::Text) -> String {
        let Some(since) = &self.since_revision else { return String::new() };
        since.user_edits(text, &self.scope)
    }

    /// The rounds with what was decided about the newest one.
    pub(super) fn rounds_so_far(&self) -> Vec<Round> {
        let mut rounds = self.rounds.clone();
        let change = |hunk: &edit::Hunk| Change { old: hunk.old.clone(), new: hunk.new.clone() };
        let known: Vec<Change> = rounds.iter().flat_map(|round| round.accepted.clone()).collect();
        let Some(last) = rounds.last_mut() else { return rounds };
        last.rejected.clear();
        for hunk in self.hunks.hunks() {
            match &hunk.status {
                Status::Accepted if !known.contains(&change(hunk)) => last.accepted.push(change(hunk)),
                Status::Rejected { reason } => {
                    last.rejected.push(Rejected { change: change(hunk), reason: reason.clone() })
                }
                Status::Accepted | Status::Provisional | Status::Pending | Status::Stale => {}
            }
        }
        rounds
    }

    /// What was asked for so far and is asked for now, a line each.
    fn instructions_with(&self, instruction: &str) -> String {
        let rounds = self.rounds.iter().map(|round| round.instruction.as_str());
        rounds.chain([instruction]).collect::<Vec<_>>().join("\n")
    }

    /// Hunks that wait for a decision.
    fn pending_changes(&self) -> Vec<Change> {
        let pending = self.hunks.hunks().filter(|hunk| hunk.status == Status::Pending);
        pending.map(|hunk| Change { old: hunk.old.clone(), new: hunk.new.clone() }).collect()
    }

    /// What checks say about the hunks shown.
    fn open_findings(&self) -> Vec<String> {
        let shown = self.hunks.hunks().filter_map(|hunk| self.remarks.get(&hunk.id));
        shown.flat_map(|remarks| &remarks.texts).cloned().collect()
    }
}

fn excerpt(excerpt: context::Excerpt) -> edit::Excerpt {
    edit::Excerpt { path: excerpt.path, lines: excerpt.lines, text: excerpt.text, why: excerpt.why }
}

fn attachment(attachment: context::Attachment) -> edit::Attachment {
    let context::Attachment { title, text, why, .. } = attachment;
    edit::Attachment { title, text, why }
}

/// Why a request did not go out without what it mentions.
fn unmet(unmet: &[context::Unmet]) -> Notice {
    let said: Vec<String> = unmet.iter().map(ToString::to_string).collect();
    Notice::warning(format!("nothing was sent: {}", said.join(". ")))
}

fn rules_of(rules: &context::Rules) -> edit::Rules {
    let files = rules.files.iter().map(|rule| (rule.path.clone(), rule.text.clone())).collect();
    edit::Rules { files, layout: rules.layout.clone() }
}

pub(super) fn scope_label(scope: &syntax::Scope) -> String {
    let kind = scope.kind.label();
    scope.name.as_ref().map_or_else(|| kind.to_owned(), |name| format!("{kind} {name}"))
}
