//! A request in words: what is asked, what is shown beside it, and what of that has room.
//!
//! Must never send anything and change no state: the same is worded to be looked at and to be sent.

use std::ops::Range;

use edit::{Ask, Change, Format, Ground, Rejected, Round, Status, Task};
use text::{Edit, estimate_tokens};

use crate::notice::Notice;
use crate::sent::ShownLines;

use super::Session;
use super::proposal::{Mode, NextRequest, Proposal, RequestKind};
use super::route::Route;
use super::sending::estimate;

/// How often what is shown is cut before a request counts as too large: each time all that is too much goes.
const MAX_CUTS: usize = 8;

/// A request in words, and what its answer refers to.
pub(super) struct Worded {
    pub(super) ground: Ground,
    pub(super) tree: Option<syntax::Tree>,
    pub(super) region: Option<Range<usize>>,
    pub(super) refined: Option<Range<usize>>,
    pub(super) format: Format,
    pub(super) rounds: Vec<Round>,
    pub(super) rules: context::Rules,
    /// What is shown besides the scope.
    pub(super) excerpts: Vec<context::Excerpt>,
    /// What it shows of which files: path, lines, why, estimated tokens.
    shown: Vec<(String, Range<usize>, String, usize)>,
    /// Secrets of the document and of what is shown.
    pub(super) secrets: context::Redaction,
    pub(super) system: String,
    pub(super) turns: Vec<edit::Turn>,
}

impl Worded {
    /// Estimated tokens of the prompt.
    pub(super) fn estimated(&self) -> usize {
        estimate(&self.system, &self.turns)
    }

    pub(super) fn scope_text(&self) -> String {
        scope_text(&self.ground)
    }
}

impl Session {
    /// The request in words, with as much of the context as the model has room for.
    pub(super) fn fitted(
        &self,
        proposal: &Proposal,
        scope: &Range<usize>,
        request: &NextRequest,
        mut context: context::Context,
    ) -> Result<Worded, Notice> {
        let to = self.sending.to(request.route.name());
        let most = to.estimated(to.max_prompt_tokens());
        for _ in 0..MAX_CUTS {
            let worded = self.worded(proposal, scope, request, context.clone())?;
            let over = worded.estimated().saturating_sub(most);
            if over == 0 {
                return Ok(worded);
            }
            if !cut(&mut context, over) {
                return Err(self.too_large(&request.route, &worded));
            }
        }
        let worded = self.worded(proposal, scope, request, context)?;
        if worded.estimated() > most { Err(self.too_large(&request.route, &worded)) } else { Ok(worded) }
    }

    /// Estimated tokens for what is shown beside the scope: what the user wants to spend, or what the model has room for
    /// beside all that is sent anyway. Fails when that alone is too much.
    pub(super) fn budget(
        &self,
        proposal: &Proposal,
        scope: &Range<usize>,
        request: &NextRequest,
    ) -> Result<usize, Notice> {
        let bare = self.worded(proposal, scope, request, context::Context::default())?;
        let to = self.sending.to(request.route.name());
        let most = to.estimated(to.max_prompt_tokens());
        let Some(room) = most.checked_sub(bare.estimated()) else {
            return Err(self.too_large(&request.route, &bare));
        };
        // Rules files have half as much beside the budget, up to their own limit; headings take a tenth.
        let room = (room * 2 / 3).max(room.saturating_sub(context::MAX_ALL_RULES_TOKENS));
        let wanted = to.estimated(self.config.context_tokens as u64);
        Ok(wanted.min(room - room / 10))
    }

    /// What a request shows of which files, in the model's tokens.
    pub(super) fn shown(&self, route: &Route, worded: &Worded) -> Vec<ShownLines> {
        let to = self.sending.to(route.name());
        let pieces = worded.shown.iter().cloned();
        let piece = |(path, lines, why, tokens)| ShownLines { path, lines, why, tokens: to.tokens(tokens) };
        pieces.map(piece).collect()
    }

    /// The request in words, on the text as it is now.
    pub(super) fn worded(
        &self,
        proposal: &Proposal,
        scope: &Range<usize>,
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
        let ground = Ground::new(text, scope, directive.as_ref(), &pending).map_err(|error| {
            Notice::error(format!("the hunks do not fit the text: {error}; nothing was sent"))
        })?;
        let document = self.workspace.document(&proposal.uri);
        let tree = document.and_then(|document| document.current_tree().cloned());
        let borders = tree.as_ref().map(|tree| syntax::borders(tree, text, scope));
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
        let path = self.workspace.display_path(&proposal.uri);
        let scope_lines =
            text.line_of(scope.start)..text.line_of(scope.end.saturating_sub(1).max(scope.start)) + 1;
        let mut shown = shown_lines(&context);
        shown.push((
            path.clone(),
            scope_lines,
            "the scope".to_owned(),
            estimate_tokens(&scope_text(&ground)),
        ));
        let ask = Ask {
            path,
            language: language.map_or_else(String::new, |language| language.name().to_owned()),
            style: self.config.style.clone().unwrap_or_default(),
            rules: rules_of(&context.rules),
            excerpts: context.excerpts.iter().cloned().map(excerpt).collect(),
            attachments: context.attachments.into_iter().map(attachment).collect(),
            // Text around the scope is among the excerpts, within their budget.
            before: String::new(),
            after: String::new(),
            rounds: rounds.clone(),
            user_edits: if request.kind == RequestKind::First {
                String::new()
            } else {
                proposal.user_edits(text, scope)
            },
            findings: self.findings_of(proposal),
            pending: proposal.pending_changes(),
            scope: scope_text(&ground),
            hunk: region.as_ref().map(|region| ground.shown().slice(region.clone())),
            task: if proposal.mode == Mode::Answer { Task::Explain } else { Task::Edit(format) },
        };
        let edit::Prompt { system, turns } = edit::prompt(&ask);
        let (rules, excerpts, secrets) = (context.rules, context.excerpts, context.redaction);
        Ok(Worded {
            ground,
            tree,
            region,
            refined,
            format,
            rounds,
            rules,
            excerpts,
            shown,
            secrets,
            system,
            turns,
        })
    }
}

impl Proposal {
    /// What the user changed in the scope since the newest revision was finished, as a unified diff; empty for nothing.
    fn user_edits(&self, text: &text::Text, scope: &Range<usize>) -> String {
        let Some(since) = &self.since_revision else { return String::new() };
        since.user_edits(text, scope)
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
    pub(super) fn instructions_with(&self, instruction: &str) -> String {
        let rounds = self.rounds.iter().map(|round| round.instruction.as_str());
        rounds.chain([instruction]).collect::<Vec<_>>().join("\n")
    }

    /// Hunks that wait for a decision.
    fn pending_changes(&self) -> Vec<Change> {
        let pending = self.hunks.hunks().filter(|hunk| hunk.status == Status::Pending);
        pending.map(|hunk| Change { old: hunk.old.clone(), new: hunk.new.clone() }).collect()
    }

    /// What checks say about the hunks shown.
    pub(super) fn open_findings(&self) -> Vec<String> {
        let shown = self.hunks.hunks().filter_map(|hunk| self.remarks.get(&hunk.id));
        let mut told: Vec<String> = Vec::new();
        for finding in shown.flat_map(super::proposal::Remarks::told) {
            // What no single hunk causes is said of each.
            if !told.contains(&finding) {
                told.push(finding);
            }
        }
        told
    }
}

fn excerpt(excerpt: context::Excerpt) -> edit::Excerpt {
    edit::Excerpt { path: excerpt.path, lines: excerpt.lines, text: excerpt.text, why: excerpt.why }
}

fn attachment(attachment: context::Attachment) -> edit::Attachment {
    let context::Attachment { title, text, why, .. } = attachment;
    edit::Attachment { title, text, why }
}

fn rules_of(rules: &context::Rules) -> edit::Rules {
    let files = rules.files.iter().map(|rule| (rule.path.clone(), rule.text.clone())).collect();
    edit::Rules { files, layout: rules.layout.clone() }
}

fn scope_text(ground: &Ground) -> String {
    ground.shown().slice(ground.scope().clone())
}

/// Takes out what is needed least and nobody mentioned, so that at least so many estimated tokens are gone. Whether there was
/// anything.
fn cut(context: &mut context::Context, mut over: usize) -> bool {
    let mut has_cut = false;
    while over > 0 {
        let excerpts = &context.excerpts;
        let unasked = excerpts.iter().enumerate().filter(|(_, excerpt)| !excerpt.is_mentioned);
        let least = unasked.max_by_key(|(_, excerpt)| excerpt.rank).map(|(idx, _)| idx);
        let n_tokens = match least {
            Some(idx) => context.excerpts.remove(idx).tokens,
            None => match context.rules.files.pop() {
                Some(rule) => rule.tokens,
                None => break,
            },
        };
        has_cut = true;
        over = over.saturating_sub(n_tokens.max(1));
    }
    has_cut
}

/// What a context shows of which files.
fn shown_lines(context: &context::Context) -> Vec<(String, Range<usize>, String, usize)> {
    let rules = &context.rules;
    let layout =
        rules.layout_paths.iter().map(|path| (path.clone(), 0..0, "layout of the file".to_owned(), 0));
    let rules = rules
        .files
        .iter()
        .map(|rule| (rule.path.clone(), rule.lines.clone(), "rules of the project".to_owned(), rule.tokens));
    let excerpts = context
        .excerpts
        .iter()
        .map(|excerpt| (excerpt.path.clone(), excerpt.lines.clone(), excerpt.why.clone(), excerpt.tokens));
    let attachments = context.attachments.iter().map(|attachment| {
        let lines = 0..attachment.text.lines().count();
        (attachment.title.clone(), lines, attachment.why.clone(), attachment.tokens)
    });
    layout.chain(rules).chain(excerpts).chain(attachments).collect()
}
