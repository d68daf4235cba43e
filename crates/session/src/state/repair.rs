//! Asking the model again by itself for what was wrong with its answer, and what is offered in the end.
//!
//! Owns the count of turns, whatever their cause. Must never ask again for what the user decided meanwhile.

use edit::{ProposalId, Refusal, RevisionId, Start, Status};

use crate::effect::Progress;
use crate::job::Job;

use super::Session;
use super::early::is_decided;
use super::effects::Purpose;
use super::proposal::{LeftOut, Phase, Proposal, RequestKind, SinceRevision, Stream};
use super::sending::estimate;

/// Automatic repair turns per request, whatever their cause.
const MAX_REPAIRS: u32 = 2;

/// A revision that was not offered at first, because of what checks say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attempt {
    pub(super) revision: RevisionId,
    /// What was wrong with it, in few words.
    pub(super) what: String,
}

/// What is wrong with an answer.
pub(super) struct Wrong {
    pub(super) refusals: Vec<Refusal>,
    /// What checks say, as the model is told.
    pub(super) findings: Vec<String>,
    /// The same in few words.
    pub(super) what: String,
}

impl Session {
    /// Whether the model may be asked again about an answer.
    pub(super) fn can_repair(&self, stream: &Stream) -> bool {
        stream.n_repairs < MAX_REPAIRS.min(self.config.checks.repairs) && self.may_repair(stream)
    }

    /// Whether the model is asked again for what checks found: not about hunks that the user decided already.
    pub(super) fn can_ask_again(&self, id: ProposalId, stream: &Stream) -> bool {
        let Some(proposal) = self.proposals.get(&id) else { return false };
        let is_first = stream.kind == RequestKind::First;
        let is_begun = is_first && proposal.hunks.hunks().any(|hunk| is_decided(&hunk.status));
        !is_begun && self.can_repair(stream)
    }

    /// Keeps a revision to be looked at, and asks the model for the next one with what is wrong with this.
    pub(super) fn ask_again(
        &mut self,
        id: ProposalId,
        revision: RevisionId,
        mut stream: Box<Stream>,
        wrong: Wrong,
    ) {
        let text = self.proposals.get(&id).and_then(|proposal| self.text_of(&proposal.uri)).cloned();
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        proposal.hunks.finish(revision);
        proposal.attempts.push(Attempt { revision, what: wrong.what.clone() });
        // Should the next answer be of no use, this is the revision that the user goes on from.
        proposal.since_revision = text.map(|text| SinceRevision { text, scope: proposal.scope.clone() });
        let start = match &stream.kind {
            RequestKind::First | RequestKind::FollowUp => Start::Fresh,
            RequestKind::OneHunk(hunk) => {
                Start::Refine { hunk: edit::HunkId { revision: revision.revision, ..*hunk } }
            }
        };
        proposal.hunks.clear_expectation();
        stream.revision = proposal.hunks.begin_revision(start);
        stream.placed.clear();
        stream.outside.clear();
        stream.unplaced.clear();
        stream.unfit = None;
        stream.left_out = LeftOut::default();
        stream.refusals = wrong.refusals;
        proposal.phase = Phase::Streaming(stream);
        self.repair(id, &wrong.findings, &wrong.what);
    }

    /// Tells the model what is wrong with its answer, and asks for that part again; `why` is what people read.
    pub(super) fn repair(&mut self, id: ProposalId, findings: &[String], why: &str) {
        let most = MAX_REPAIRS.min(self.config.checks.repairs);
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Phase::Streaming(stream) = &mut proposal.phase else { return };
        stream.n_repairs += 1;
        let n_repairs = stream.n_repairs;
        let refusals = std::mem::take(&mut stream.refusals);
        let n_placed = stream.placed.len();
        // What one format cannot say, the other often can.
        if n_repairs == MAX_REPAIRS && findings.is_empty() {
            stream.format = stream.format.other();
        }
        let shown = stream.within().clone();
        let shown = stream.ground.shown().slice(shown);
        let turn = edit::repair_turn(&refusals, findings, n_placed, stream.format, &shown);
        let answer = proposal.redaction.redact(&stream.answer);
        stream.turns.push(edit::Turn { role: edit::TurnRole::Assistant, text: answer, n_stable: 0 });
        let text = proposal.redaction.redact(&turn.text);
        stream.turns.push(edit::Turn { text, ..turn });
        stream.answer.clear();
        stream.parser = edit::AnswerParser::new(stream.format);
        stream.restore = proposal.redaction.restore_stream();
        let (system, turns) = (stream.system.clone(), stream.turns.clone());
        let asked = proposal.redaction.redact(&proposal.asked);
        let n_hidden = proposal.redaction.n_secrets();
        let route = stream.route.clone();
        let request = self.chat(&route, &asked, &system, &turns);
        let content = self.content_of(&request);
        let complete = Job::Complete { model: route.model, request: Box::new(request) };
        let job = self.effects.start(Purpose::Proposal(id), complete);
        if let Some(stream) = self.streaming(id) {
            stream.job = job;
        }
        self.effects.progress(id, Progress::Report(format!("asking again ({n_repairs} of {most}): {why}")));
        self.sent(id, job, estimate(&system, &turns), n_hidden, content);
    }

    /// Offers the hunks of a revision, or those of an earlier attempt that is better.
    pub(super) fn offer(&mut self, id: ProposalId, revision: RevisionId) {
        let Some(uri) = self.proposals.get(&id).map(|proposal| proposal.uri.clone()) else { return };
        let text = self.text_of(&uri).cloned();
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        proposal.hunks.finish(revision);
        proposal.phase = Phase::Ready;
        let best = proposal.best_of(revision);
        if let Some(text) = text {
            if best != revision {
                proposal.hunks.select(best.revision, &text);
            }
            proposal.since_revision = Some(SinceRevision { text, scope: proposal.scope.clone() });
        }
        let n_hunks = proposal.hunks.live(best).count();
        let tried = proposal.tried().map_or_else(String::new, |tried| format!("; {tried}"));
        self.effects.end_progress(id, &format!("{n_hunks} hunks to review{tried}"));
    }
}

impl Proposal {
    /// The revision of this request with the fewest errors, the newest of several.
    fn best_of(&self, newest: RevisionId) -> RevisionId {
        let all = self.attempts.iter().map(|attempt| attempt.revision).chain([newest]);
        all.rev().min_by_key(|revision| self.badness(*revision)).unwrap_or(newest)
    }

    /// How bad a revision is: what does not parse is worse than anything else. What may be made up comes before what a command
    /// says, because a revision with such names was asked about again before any command ran.
    fn badness(&self, revision: RevisionId) -> (usize, usize, usize) {
        let open = self.hunks.live(revision).filter(|hunk| hunk.status != Status::Stale);
        let remarks: Vec<_> = open.filter_map(|hunk| self.remarks.get(&hunk.id)).collect();
        let n_errors = remarks.iter().map(|remarks| remarks.errors().count()).sum();
        let n_inventions = remarks.iter().map(|remarks| remarks.inventions().count()).sum();
        (n_errors, n_inventions, remarks.iter().map(|remarks| remarks.project.len()).sum())
    }

    /// What was tried before what is offered; none where nothing was.
    pub(super) fn tried(&self) -> Option<String> {
        let tried = self.attempts.iter().map(|attempt| format!("{}: {}", attempt.revision, attempt.what));
        let tried: Vec<String> = tried.collect();
        let times = match tried.len() {
            0 => return None,
            1 => "once".to_owned(),
            n => format!("{n} times"),
        };
        Some(format!("the model was asked again {times} by itself ({})", tried.join("; ")))
    }
}
