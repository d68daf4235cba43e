//! What of the proposals lies in the state directory: written some time after a change, and taken up again when a document
//! is opened that a run which is gone had hunks for.
//!
//! Owns what was written last. Nothing waits for it: it is written by a job, and what is found comes as a report.

use std::collections::{BTreeMap, BTreeSet};

use edit::{HunkId, ProposalId, Status};
use store::RowId;
use text::Text;
use workspace::Uri;

use crate::effect::Effect;
use crate::job::{Job, JobId, Record};
use crate::kept::{Found, Kept, Spent, TakeJob, Taken, ToKeep};
use crate::notice::Notice;
use crate::sent::Spending;

use super::Session;
use super::directives::BoundTo;
use super::effects::Purpose;
use super::proposal::{Mode, NextRequest, Phase, Proposal, Remarks, RequestKind, SinceRevision};
use super::route::Route;

/// How long changes are gathered before they are written: with every key that is typed, hunks move.
const KEEP_MS: u64 = 500;

/// When it is looked again for what a run has that is still alive: an editor may start a server before the one before it has
/// ended.
const TAKE_AGAIN_MS: [u64; 3] = [1_000, 4_000, 20_000];

/// What of the proposals lies in the state directory.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    /// Whether there are runs that it can be kept for.
    can_keep: bool,
    /// Whether the settings say so, too.
    is_on: bool,
    /// Until what has changed is written.
    timer: Option<JobId>,
    /// What was written last.
    written: BTreeMap<ProposalId, Written>,
    /// Paths of which the user was told that something there cannot be read.
    told: BTreeSet<String>,
    /// Whether the user was told that nothing can be written.
    has_told: bool,
}

/// What was written last of a proposal.
#[derive(Debug)]
struct Written {
    row: RowId,
    /// The version of its document, if that was open, and what was written; none where that is to be written anew.
    content: Option<(Option<i32>, Kept)>,
}

impl Session {
    /// Keeps undecided proposals of files for a later run, as the settings say; `is_on` is what they say at the start.
    pub fn keep_proposals(&mut self, is_on: bool) {
        self.disk.keeping.can_keep = true;
        self.disk.keeping.is_on = is_on;
        if !is_on {
            self.remove_kept();
        }
    }

    /// The settings may say otherwise now.
    pub(super) fn use_keeping(&mut self) {
        let is_on = self.config.keep_proposals;
        let keeping = &mut self.disk.keeping;
        if !keeping.can_keep || keeping.is_on == is_on {
            return;
        }
        keeping.is_on = is_on;
        if is_on {
            return self.workspace.uris().iter().for_each(|uri| self.take_kept(uri));
        }
        self.remove_kept();
    }

    /// Removes all that this run and those that are gone have kept.
    fn remove_kept(&mut self) {
        let keeping = &mut self.disk.keeping;
        keeping.written.clear();
        let timer = keeping.timer.take();
        timer.into_iter().for_each(|timer| self.effects.stop(timer));
        self.effects.start(Purpose::Kept, Job::Record(Record::NoProposals));
    }

    /// Something may have changed: it is written in a while.
    pub(super) fn keep_later(&mut self) {
        let keeping = &self.disk.keeping;
        if !keeping.is_on || keeping.timer.is_some() || self.published.is_settled() {
            return;
        }
        let is_kept = |proposal: &Proposal| proposal.hunks.has_undecided();
        if !keeping.written.is_empty() || self.proposals.values().any(is_kept) {
            let timer = self.effects.start(Purpose::Keep, Job::Wait { after_ms: KEEP_MS });
            self.disk.keeping.timer = Some(timer);
        }
    }

    /// What the last message left to be written, now: the run ends.
    pub fn keep_at_end(&mut self) -> Vec<Effect> {
        self.keep_now();
        self.effects.take()
    }

    /// Has written what has changed, and removed what is decided.
    pub(super) fn keep_now(&mut self) {
        self.disk.keeping.timer = None;
        if !self.disk.keeping.is_on {
            return;
        }
        let (mut put, mut remove) = (Vec::new(), Vec::new());
        let mut open: BTreeSet<ProposalId> = BTreeSet::new();
        for (id, proposal) in &self.proposals {
            let Some((path, text)) = path_of(&proposal.uri).zip(self.text_of(&proposal.uri)) else {
                continue;
            };
            let Some(kept) = proposal.to_kept(*id) else { continue };
            open.insert(*id);
            let version = self.workspace.document(&proposal.uri).map(|document| document.version);
            let row = RowId { root: path, name: id.to_string() };
            let content = Some((version, kept));
            let written = self.disk.keeping.written.get(id);
            if written.is_some_and(|written| written.row == row && written.content == content) {
                continue;
            }
            if let Some(before) = written.filter(|written| written.row != row) {
                remove.push(before.row.clone());
            }
            let Some((_, kept)) = content.clone() else { continue };
            let to_keep = ToKeep { kept, text: text.clone(), redaction: proposal.redaction.clone() };
            put.push((row.clone(), to_keep));
            self.disk.keeping.written.insert(*id, Written { row, content });
        }
        let gone: Vec<ProposalId> =
            self.disk.keeping.written.keys().filter(|id| !open.contains(id)).copied().collect();
        let gone = gone.iter().filter_map(|id| self.disk.keeping.written.remove(id));
        remove.extend(gone.map(|written| written.row));
        if !put.is_empty() || !remove.is_empty() {
            let record = Record::Proposals(Box::new(crate::job::ProposalRecord { put, remove }));
            self.effects.start(Purpose::Kept, Job::Record(record));
        }
    }

    /// Nothing could be written. The next change tries again, and the user is told once.
    pub(super) fn not_kept(&mut self, what: &str) {
        let keeping = &mut self.disk.keeping;
        keeping.written.values_mut().for_each(|written| written.content = None);
        if !std::mem::replace(&mut keeping.has_told, true) {
            self.effects.tell(Notice::warning(format!(
                "{what}; hunks that are not decided would not outlive this server"
            )));
        }
        self.published.settle();
    }

    /// A document is open: what a run that is gone has left of it is looked for.
    pub(super) fn take_kept(&mut self, uri: &Uri) {
        self.take_kept_again(uri, 0);
    }

    fn take_kept_again(&mut self, uri: &Uri, n_tries: usize) {
        let Some(document) = self.workspace.document(uri).filter(|_| self.disk.keeping.is_on) else { return };
        let Some(path) = path_of(uri) else { return };
        let take = TakeJob { uri: uri.clone(), path, text: document.text.clone() };
        self.effects.start(Purpose::Take(uri.clone(), n_tries), Job::Take(Box::new(take)));
    }

    /// It is time to look again.
    pub(super) fn take_waited(&mut self, uri: &Uri, n_tries: usize) {
        self.take_kept_again(uri, n_tries);
    }

    /// What was left of a document is this session's now.
    pub(super) fn taken(&mut self, purpose: Purpose, taken: Taken) {
        let Purpose::Take(uri, n_tries) = purpose else { return };
        let Taken { found, n_living, n_newer, n_damaged } = taken;
        let is_open = self.workspace.document(&uri).is_some();
        if let Some(after_ms) = TAKE_AGAIN_MS.get(n_tries).filter(|_| n_living > 0 && is_open) {
            let again = Purpose::TakeAgain(uri.clone(), n_tries + 1);
            self.effects.start(again, Job::Wait { after_ms: *after_ms });
        }
        self.tell_unreadable(&uri, n_newer, n_damaged);
        if found.is_empty() {
            return self.published.settle();
        }
        let ids: Vec<ProposalId> =
            found.into_iter().filter_map(|(name, found)| self.take_up(&uri, name, found)).collect();
        // From the text that it was looked for with. All else has followed what was typed since.
        self.unpark_proposals(&uri);
        self.taken_up(&uri, &ids);
    }

    /// Makes a proposal of what was found, under its old number where that is free, and parks it on the text that it was
    /// placed on. None where nothing of it is left to decide.
    fn take_up(&mut self, uri: &Uri, name: String, found: Found) -> Option<ProposalId> {
        let number = ProposalId(found.kept.proposal);
        let id = if self.proposals.contains_key(&number) || number.0 == 0 {
            self.take_next_proposal()
        } else {
            number
        };
        // Written anew under this session's name for it, or removed, with the next that is written.
        let row = RowId { root: path_of(uri)?, name };
        self.disk.keeping.written.insert(id, Written { row, content: None });
        let proposal = Proposal::from_found(id, uri.clone(), found)?;
        if !self.disk.keeping.is_on || !proposal.hunks.has_undecided() {
            return None;
        }
        self.proposals.insert(id, proposal);
        Some(id)
    }

    fn taken_up(&mut self, uri: &Uri, ids: &[ProposalId]) {
        let (mut n_pending, mut n_stale) = (0, 0);
        for id in ids {
            let Some(proposal) = self.proposals.get(id) else { continue };
            let n_of = |status: &Status| proposal.hunks.hunks().filter(|hunk| hunk.status == *status).count();
            n_pending += n_of(&Status::Pending);
            n_stale += n_of(&Status::Stale);
            let revision = proposal.hunks.current_revision();
            if let Some(range) = proposal.hunks.directive() {
                self.directives.bind(uri, range, BoundTo::Proposal(*id));
            }
            if self.workspace.document(uri).is_some() {
                self.look_up(*id, revision, false);
            }
        }
        let stale = match n_stale {
            0 => String::new(),
            1 => ", 1 no longer fits".to_owned(),
            n => format!(", {n} no longer fit"),
        };
        if n_pending + n_stale > 0 {
            let n = n_pending + n_stale;
            let hunks = if n == 1 { "1 hunk".to_owned() } else { format!("{n} hunks") };
            let verb = if n == 1 { "is" } else { "are" };
            let path = self.workspace.display_path(uri);
            self.effects
                .tell(Notice::info(format!("{hunks} of an earlier run {verb} back in {path}{stale}")));
        }
    }

    fn tell_unreadable(&mut self, uri: &Uri, n_newer: usize, n_damaged: usize) {
        let why = match (n_newer, n_damaged) {
            (0, 0) => return,
            (_, 0) => "a newer version of Hunkwise wrote them",
            _ => "what was written is damaged",
        };
        if self.disk.keeping.told.insert(uri.to_string()) {
            let path = self.workspace.display_path(uri);
            self.effects.tell(Notice::warning(format!(
                "hunks of an earlier run in {path} are left out: {why}. Your text is unchanged; ask again"
            )));
        }
    }
}

impl Proposal {
    /// What is kept of it; none where nothing is to be decided.
    fn to_kept(&self, id: ProposalId) -> Option<Kept> {
        if !self.hunks.has_undecided() && !matches!(self.phase, Phase::Streaming(_)) {
            return None;
        }
        let mut hunks = self.hunks.clone();
        match &self.phase {
            // As after a cancel.
            Phase::Streaming(stream) => hunks.withdraw(stream.revision),
            Phase::Checking { revision, .. } => hunks.withdraw(*revision),
            Phase::Verifying { revision, .. } => hunks.finish(*revision),
            Phase::Waiting(_)
            | Phase::Held { .. }
            | Phase::Gathering { .. }
            | Phase::Ready
            | Phase::Answered
            | Phase::Failed(_)
            | Phase::Cancelled => {}
        }
        hunks.has_undecided().then(|| Kept {
            proposal: id.0,
            scope: self.scope.clone(),
            scope_label: self.scope_label.clone(),
            model: self.route.model.clone(),
            effort: self.route.effort,
            asked_of: self.asked_of.clone(),
            asked: self.asked.clone(),
            rounds: self.rounds.clone(),
            prose: self.prose.clone(),
            spent: Spent {
                input_tokens: self.spent.input_tokens,
                cached_tokens: self.spent.cached_tokens,
                output_tokens: self.spent.output_tokens,
                cost: self.spent.cost.map(model::Dollars::amount),
                n_unpriced: self.spent.n_unpriced,
            },
            hunks: hunks.to_kept(),
        })
    }

    /// A proposal on the text in which its lines were found, parked there.
    fn from_found(id: ProposalId, uri: Uri, found: Found) -> Option<Proposal> {
        let Found { kept, retraced, changes, text } = found;
        let base: &Text = retraced.base();
        let before: BTreeMap<(u32, u32), _> = kept
            .hunks
            .revisions
            .iter()
            .flat_map(|revision| revision.hunks.iter().map(move |hunk| (revision.number, hunk)))
            .map(|(revision, hunk)| ((revision, hunk.number), hunk.range.clone()))
            .collect();
        let directive = kept.hunks.directive.as_ref().map(|directive| directive.range.clone());
        let route = Route { model: kept.model, effort: kept.effort, passed: Vec::new() };
        let request = NextRequest::new(kept.asked, RequestKind::FollowUp, route);
        let mut proposal = Proposal::new(id, uri, kept.scope, Mode::Edit, request);
        proposal.scope_label = kept.scope_label;
        proposal.asked_of = kept.asked_of;
        proposal.rounds = kept.rounds;
        proposal.prose = kept.prose;
        proposal.spent = Spending {
            input_tokens: kept.spent.input_tokens,
            cached_tokens: kept.spent.cached_tokens,
            output_tokens: kept.spent.output_tokens,
            cost: kept.spent.cost.and_then(model::Dollars::new),
            n_unpriced: kept.spent.n_unpriced,
        };
        proposal.hunks = edit::Proposal::from_kept(id, kept.hunks, base)?;
        proposal.phase = Phase::Ready;
        proposal.text_changed(&changes, base, &text);
        proposal.hunks.confirm(&text, |hunk: Option<HunkId>, now| {
            let before = match hunk {
                Some(hunk) => before.get(&(hunk.revision, hunk.hunk)),
                None => directive.as_ref(),
            };
            before.is_some_and(|before| retraced.is_certain(before, now, &text))
        });
        let hunks: Vec<HunkId> = proposal.hunks.hunks().map(|hunk| hunk.id).collect();
        proposal.remarks.extend(hunks.into_iter().map(|hunk| (hunk, Remarks::unchecked())));
        // What the user did before is not known; from here on it is.
        proposal.since_revision = Some(SinceRevision { text: text.clone(), scope: proposal.scope.clone() });
        proposal.parked = Some(text);
        Some(proposal)
    }
}

/// The path that a document is known by in the state directory; none for one that is no file.
fn path_of(uri: &Uri) -> Option<String> {
    uri.to_path()?.to_str().map(str::to_owned)
}
