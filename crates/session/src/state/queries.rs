//! Answers about the state as it is: local, no model, no parse. An action list is asked for on every move of the caret.

use std::ops::Range;

use edit::{HunkId, Status};
use text::{Position, PositionRange};
use workspace::Uri;

use crate::message::ForeignDiagnostic;
use crate::notice::Notice;
use crate::place::Place;
use crate::provider::ProviderState;
use crate::sent::Spending;
use crate::view::{
    Action, ActionKind, Completion, CompletionKind, Completions, Hover, HunkView, Lens, LensKind, Mark,
    MarkKind, NeedView,
};

use super::Session;
use super::proposal::Proposal;

/// Recipes offered at one place.
const MAX_RECIPES: usize = 3;
/// Actions offered on one hunk; what has no room is behind "More…".
const MAX_HUNK_ACTIONS: usize = 8;

impl Session {
    /// What can be done at a range, the most specific first.
    pub(super) fn actions(
        &self,
        uri: &Uri,
        range: PositionRange,
        diagnostics: &[ForeignDiagnostic],
    ) -> Vec<Action> {
        let Some(document) = self.workspace.document(uri) else { return Vec::new() };
        if self.instructions.document(uri).is_some() {
            return self.document_actions(uri);
        }
        let marks = self.marks_at(uri, &range);
        let mut actions = Vec::new();
        for mark in &marks {
            actions.extend(
                self.mark_actions(uri, mark)
                    .into_iter()
                    .map(|kind| Action { kind, mark: Some(mark.clone()) }),
            );
        }
        let is_free = !marks
            .iter()
            .any(|mark| !matches!(mark.kind, MarkKind::Decided { .. } | MarkKind::Failed { .. }));
        if is_free {
            let offsets = document.text.offsets(range, self.workspace.encoding());
            // Some editors send at least one character: that is a cursor.
            let is_cursor = document.text.slice(offsets.clone()).chars().count() <= 1;
            let offsets = if is_cursor { offsets.start..offsets.start } else { offsets };
            let place = Place { uri: uri.clone(), version: document.version, range: offsets };
            actions.extend(
                self.free_actions(&place, diagnostics).into_iter().map(|kind| Action { kind, mark: None }),
            );
        }
        actions
    }

    /// A range of an open document as an argument of commands.
    pub(super) fn place(&self, uri: &Uri, range: PositionRange) -> Option<Place> {
        let document = self.workspace.document(uri)?;
        let range = document.text.offsets(range, self.workspace.encoding());
        Some(Place { uri: uri.clone(), version: document.version, range })
    }

    fn mark_actions(&self, uri: &Uri, mark: &Mark) -> Vec<ActionKind> {
        match &mark.kind {
            MarkKind::Directive => match self.run_action(uri, mark) {
                Some(ActionKind::Run { place, text }) => {
                    vec![ActionKind::Run { place: place.clone(), text }, ActionKind::Preview(place)]
                }
                other => other.into_iter().collect(),
            },
            MarkKind::Working { proposal, .. } => vec![ActionKind::Cancel(*proposal)],
            MarkKind::Hunk(hunk) => self.hunk_actions(uri, hunk),
            MarkKind::Stale(hunk) => {
                vec![ActionKind::AskAgain(hunk.id), ActionKind::RejectHunk(hunk.clone())]
            }
            MarkKind::Decided { proposal, n_accepted, .. } => {
                let mut actions = Vec::new();
                if *n_accepted > 0 {
                    if self.can_verify(*proposal) {
                        actions.push(ActionKind::Verify(*proposal));
                    }
                    actions.push(ActionKind::Undo(*proposal));
                }
                actions.extend([
                    ActionKind::FollowUp(*proposal),
                    ActionKind::Review(*proposal),
                    ActionKind::Dismiss(*proposal),
                ]);
                actions
            }
            MarkKind::Failed { proposal, .. } => {
                vec![ActionKind::Retry(*proposal), ActionKind::Dismiss(*proposal)]
            }
        }
    }

    fn hunk_actions(&self, uri: &Uri, hunk: &HunkView) -> Vec<ActionKind> {
        let id = hunk.id.proposal;
        if hunk.status == Status::Provisional {
            return vec![ActionKind::Cancel(id)];
        }
        let mut actions = Vec::new();
        if let Ok(edit) = self.accepting_edit(uri, &self.with_imports(vec![hunk.id])) {
            actions.push(ActionKind::AcceptHunk { hunk: hunk.clone(), edit });
        }
        let with = if hunk.needs.is_empty() { None } else { self.closure(hunk.id).ok() };
        let has_with = with.is_some();
        let findings = self.proposals.get(&id).map(|proposal| &proposal.remarks);
        let count = |with: &[HunkId]| -> usize {
            with.iter().filter_map(|hunk| findings?.get(hunk)).map(|remarks| remarks.texts.len()).sum()
        };
        actions.extend(with.map(|with| ActionKind::AcceptWith {
            hunk: hunk.clone(),
            n_hunks: with.len(),
            n_findings: count(&with),
        }));
        actions.push(ActionKind::RejectHunk(hunk.clone()));
        actions.push(ActionKind::RefineHunk(hunk.clone()));
        let here = |proposal: &Proposal| proposal.uri == *uri;
        let (in_file, needs) = self.on_in(here);
        let (in_all, needs_in_all) = self.on_in(|_| true);
        if in_file > 1 {
            let needs_outside =
                self.proposals.values().any(|proposal| here(proposal) && proposal.ties.needs_outside);
            actions.push(ActionKind::AcceptFile { uri: uri.clone(), n_hunks: in_file, needs, needs_outside });
        }
        actions.push(ActionKind::Review(id));
        if in_all > in_file {
            actions.push(ActionKind::AcceptAll { n_hunks: in_all, needs: needs_in_all });
        }
        // Where there is no room, rejecting all is behind "more".
        if self.pending_hunks(id).len() > 1 && !has_with {
            actions.push(ActionKind::RejectAll(id));
        }
        let n_noise = self.noise_hunks(id).len();
        if n_noise > 0 && actions.len() < MAX_HUNK_ACTIONS - 1 {
            actions.push(ActionKind::DropNoise { proposal: id, n_hunks: n_noise });
        }
        actions.push(ActionKind::More(hunk.id));
        actions
    }

    /// How many hunks are accepted when none is named, and what they need that is not among them.
    fn on_in(&self, is_meant: impl Fn(&Proposal) -> bool) -> (usize, Vec<NeedView>) {
        let meant = self.proposals.iter().filter(|(_, proposal)| is_meant(proposal));
        let on: Vec<_> = meant.map(|(id, _)| (*id, self.on_hunks(*id))).collect();
        let needs = on.iter().flat_map(|(id, hunks)| self.unmet(*id, hunks)).collect();
        (on.iter().map(|(_, hunks)| hunks.len()).sum(), needs)
    }

    fn run_action(&self, uri: &Uri, mark: &Mark) -> Option<ActionKind> {
        let document = self.workspace.document(uri)?;
        let range = document.text.offsets(mark.range, self.workspace.encoding());
        let directive = self.directive_at(uri, &range)?;
        if let ProviderState::Missing(error) = self.sending.usual() {
            return Some(ActionKind::NoProvider(Notice::error(error.user_message())));
        }
        let place = Place { uri: uri.clone(), version: document.version, range: directive.range.clone() };
        (!directive.text.is_empty()).then(|| ActionKind::Run { place, text: directive.text.clone() })
    }

    /// What can be asked where nothing is pending.
    fn free_actions(&self, place: &Place, diagnostics: &[ForeignDiagnostic]) -> Vec<ActionKind> {
        if let ProviderState::Missing(error) = self.sending.usual() {
            return vec![ActionKind::NoProvider(Notice::error(error.user_message()))];
        }
        let mut actions = Vec::new();
        for diagnostic in diagnostics {
            let source = diagnostic.source.as_ref().map_or_else(String::new, |source| format!(" ({source})"));
            actions.push(ActionKind::Fix {
                place: place.clone(),
                instruction: format!(
                    "Fix this problem, reported at line {}{source}: {}",
                    diagnostic.range.start.line + 1,
                    unmentioned(&diagnostic.message)
                ),
                message: diagnostic.message.clone(),
                index: diagnostic.index,
            });
        }
        actions.push(ActionKind::Ask(place.clone()));
        let kind =
            self.scope_at(&place.uri, &place.range).map(|scope| scope.kind.label()).unwrap_or_default();
        let recipes = self.config.all_recipes().into_iter();
        let fitting = recipes
            .filter(|recipe| recipe.scopes.is_empty() || recipe.scopes.iter().any(|scope| scope == kind));
        actions.extend(fitting.take(MAX_RECIPES).map(|recipe| ActionKind::Recipe {
            place: place.clone(),
            title: recipe.title,
            instruction: format!("/{}", recipe.name),
        }));
        actions
    }

    /// In a review or request document: run what is written there.
    fn document_actions(&self, uri: &Uri) -> Vec<Action> {
        let Some(document) = self.workspace.document(uri) else { return Vec::new() };
        let Some((range, text)) = self.written_instruction(uri) else { return Vec::new() };
        let place = Place { uri: uri.clone(), version: document.version, range };
        vec![Action { kind: ActionKind::Run { place, text }, mark: None }]
    }

    /// The lenses of a document.
    pub(super) fn lenses(&self, uri: &Uri) -> Vec<Lens> {
        let mut lenses = Vec::new();
        for mark in self.marks(uri) {
            let start = mark.range.start;
            let range = PositionRange { start, end: start };
            let kinds = match &mark.kind {
                MarkKind::Directive => match self.run_action(uri, &mark) {
                    Some(ActionKind::Run { place, .. }) => vec![LensKind::Run(place)],
                    Some(_) | None => Vec::new(),
                },
                MarkKind::Working { proposal, .. } => {
                    vec![LensKind::Working(*proposal), LensKind::Cancel(*proposal)]
                }
                MarkKind::Hunk(hunk) if hunk.status == Status::Provisional => Vec::new(),
                MarkKind::Hunk(hunk) => vec![
                    LensKind::Accept(hunk.id),
                    LensKind::Reject(hunk.id),
                    LensKind::Refine(hunk.id),
                    LensKind::Review(hunk.id.proposal, self.spending(hunk.id.proposal), hunk.badge()),
                ],
                MarkKind::Stale(hunk) => vec![LensKind::AskAgain(hunk.id), LensKind::Reject(hunk.id)],
                MarkKind::Decided { .. } | MarkKind::Failed { .. } => Vec::new(),
            };
            lenses.extend(kinds.into_iter().map(|kind| Lens { range, kind }));
        }
        lenses
    }

    fn spending(&self, id: edit::ProposalId) -> Spending {
        self.proposals.get(&id).map_or_else(Spending::default, |proposal| proposal.spent)
    }

    /// The hunk at a position, with what was asked for.
    pub(super) fn hover(&self, uri: &Uri, position: Position) -> Option<Hover> {
        let at = PositionRange { start: position, end: position };
        let is_hunk = |mark: &Mark| matches!(mark.kind, MarkKind::Hunk(_) | MarkKind::Stale(_));
        let mark = self.marks_at(uri, &at).into_iter().find(is_hunk)?;
        let (MarkKind::Hunk(hunk) | MarkKind::Stale(hunk)) = mark.kind else { return None };
        let instruction = self.proposals.get(&hunk.id.proposal)?.asked.clone();
        Some(Hover { range: mark.range, hunk, instruction })
    }

    /// Whether an instruction is written at an offset.
    pub(super) fn is_instruction(&self, uri: &Uri, offset: usize) -> bool {
        let Some(document) = self.workspace.document(uri) else { return false };
        let mut directives = self.directives.of(uri).iter();
        let line = |offset| document.text.line_of(offset);
        directives.any(|directive| {
            let Range { start, end } = directive.range.clone();
            // What was typed behind it is a part of it for the next tree.
            start <= offset && (offset <= end || document.is_awaiting_tree() && line(end) == line(offset))
        }) || self.instructions.document(uri).is_some()
    }

    /// Mentions behind `@`, and recipes behind `/`, inside a directive or a document of ours.
    pub(super) fn completions(&self, uri: &Uri, position: Position) -> Completions {
        self.mention_completions(uri, position)
            .unwrap_or_else(|| Completions { items: self.recipes(uri, position), is_incomplete: false })
    }

    fn recipes(&self, uri: &Uri, position: Position) -> Vec<Completion> {
        let Some(document) = self.workspace.document(uri) else { return Vec::new() };
        let encoding = self.workspace.encoding();
        let offset = document.text.offset(position, encoding);
        if !self.is_instruction(uri, offset) {
            return Vec::new();
        }
        let line = document.text.line_start(document.text.line_of(offset));
        let before = document.text.slice(line..offset);
        let Some(slash) = before.rfind('/') else { return Vec::new() };
        let typed = before.get(slash + 1..).unwrap_or("");
        if typed.contains(char::is_whitespace) {
            return Vec::new();
        }
        let range = document.text.positions(&(line + slash..offset), encoding);
        let recipes = self.config.all_recipes().into_iter().filter(|recipe| recipe.name.starts_with(typed));
        recipes
            .map(|recipe| {
                let text = format!("/{}", recipe.name);
                Completion { range, label: recipe.title, text, kind: CompletionKind::Recipe }
            })
            .collect()
    }
}

/// Somebody else's text in an instruction: what looks like a mention in it is none.
fn unmentioned(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains('@') {
        return text.into();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    format!("{ticks} {text} {ticks}").into()
}
