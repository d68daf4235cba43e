//! An answer arrives: its blocks are placed as they close, its end decides what is offered.

use edit::{Block, ProposalId, carry};
use model::{Event, Stop, Usage};
use text::Edit;

use crate::effect::Progress;
use crate::job::{CheckJob, Job, Record};
use crate::notice::Notice;
use crate::provider::ProviderState;

use super::Session;
use super::early::is_decided;
use super::effects::Purpose;
use super::proposal::{LeftOut, Mode, Phase, Proposal, RequestKind, SinceRevision, Stream};

/// Automatic repair turns per request, whatever their cause.
const MAX_REPAIRS: u32 = 2;

impl Session {
    pub(super) fn streamed(&mut self, purpose: Purpose, event: Event) {
        let Purpose::Proposal(id) = purpose else { return };
        match event {
            Event::Text(chunk) => self.answer_grew(id, &chunk),
            Event::Reasoning(_) => {}
            Event::Waiting { reason, seconds } => {
                self.effects.progress(id, Progress::Report(format!("{reason}; trying again in {seconds} s")));
            }
            Event::End { stop, usage } => self.answer_ended(id, stop, &usage),
        }
    }

    /// The stream broke off: half an answer must never look like a whole one.
    pub(super) fn stream_failed(&mut self, purpose: Purpose, error: &model::Error) {
        let Purpose::Proposal(id) = purpose else { return };
        self.withdraw(id, Notice::error(error.user_message()));
    }

    pub(super) fn job_panicked(&mut self, purpose: Purpose, what: &str) {
        let notice =
            Notice::error(format!("an internal check failed ({what}); your text is unchanged. Ask again"));
        match purpose {
            Purpose::Proposal(id) => self.withdraw(id, notice),
            // The whole answer is checked once more.
            Purpose::Early(id) => self.checked_early(id, &[]),
            Purpose::Tree | Purpose::Edit(_) | Purpose::Record | Purpose::Open(_) | Purpose::Compare => {
                self.effects.tell(notice);
            }
        }
    }

    fn answer_grew(&mut self, id: ProposalId, chunk: &str) {
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Phase::Streaming(stream) = &mut proposal.phase else { return };
        let chunk = stream.restore.push(chunk);
        stream.answer.push_str(&chunk);
        if proposal.mode == Mode::Answer {
            proposal.prose.push_str(&chunk);
            return;
        }
        let n_before = stream.placed.len();
        for block in stream.parser.push(&chunk) {
            stream.place(&block);
        }
        let new = stream.placed.get(n_before..).unwrap_or(&[]).to_vec();
        if new.is_empty() {
            return;
        }
        let n_blocks = stream.placed.len();
        // A follow-up's blocks change the last proposal, so its hunks are known only at the end.
        if stream.kind == RequestKind::First {
            self.offer_early(id, &new);
            self.check_early(id);
        }
        self.effects.progress(id, Progress::Report(format!("{n_blocks} changes so far")));
    }

    /// Shows blocks that closed, as provisional hunks.
    fn offer_early(&mut self, id: ProposalId, new: &[Edit]) {
        let Some(uri) = self.proposals.get(&id).map(|proposal| proposal.uri.clone()) else { return };
        let Some(text) = self.text_of(&uri).cloned() else { return };
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Phase::Streaming(stream) = &proposal.phase else { return };
        let revision = stream.revision;
        if let Ok(edits) = stream.ground.hunks(new) {
            let carried = stream.carried(&edits, &text);
            offer_each(proposal, revision, carried, &text);
        }
    }

    fn answer_ended(&mut self, id: ProposalId, stop: Stop, usage: &Usage) {
        self.count(id, usage);
        let why = match stop {
            Stop::Complete => None,
            Stop::MaxTokens => Some("the answer hit the limit of output tokens and was cut off. Ask for less at once, or raise `provider.max_output_tokens`".to_owned()),
            Stop::Refusal(reason) if reason.is_empty() => Some("the model refused. Word the request differently".to_owned()),
            Stop::Refusal(reason) => Some(format!("the model refused: {reason}. Word the request differently")),
            other => Some(format!("the answer ended early ({other}). Ask again")),
        };
        match why {
            Some(why) => self.withdraw(id, Notice::error(format!("{why}. Your text is unchanged"))),
            None => self.answer_complete(id),
        }
    }

    fn answer_complete(&mut self, id: ProposalId) {
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Phase::Streaming(stream) = &mut proposal.phase else { return };
        let rest = stream.restore.finish();
        stream.answer.push_str(&rest);
        if proposal.mode == Mode::Answer {
            proposal.prose.push_str(&rest);
            proposal.hunks.withdraw(stream.revision);
            proposal.phase = Phase::Answered;
            self.effects.end_progress(id, "answered");
            let done = self.open_review_of(id);
            return self.tell_refusal(done);
        }
        let n_before = stream.placed.len();
        for block in stream.parser.push(&rest) {
            stream.place(&block);
        }
        let parser = std::mem::replace(&mut stream.parser, edit::AnswerParser::new(stream.format));
        let answer = parser.finish(edit::Ending::Complete);
        for block in &answer.blocks {
            stream.place(block);
        }
        stream.refusals.extend(answer.problems);
        proposal.prose = answer.prose;
        let late = stream.placed.get(n_before..).unwrap_or(&[]).to_vec();
        let needs_repair = !stream.refusals.is_empty() && stream.n_repairs < MAX_REPAIRS;
        let has_nothing = stream.placed.is_empty() && stream.refusals.is_empty();
        let is_first = stream.kind == RequestKind::First;
        if is_first && !late.is_empty() {
            self.offer_early(id, &late);
        }
        if needs_repair {
            self.repair(id);
        } else if has_nothing {
            self.nothing_to_change(id);
        } else {
            self.offer_all(id);
        }
    }

    /// Tells the model what of its answer could not be placed, and asks for that part again.
    fn repair(&mut self, id: ProposalId) {
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Phase::Streaming(stream) = &mut proposal.phase else { return };
        stream.n_repairs += 1;
        let refusals = std::mem::take(&mut stream.refusals);
        let n_placed = stream.placed.len();
        // What one format cannot say, the other often can.
        if stream.n_repairs == MAX_REPAIRS {
            stream.format = stream.format.other();
        }
        let shown = stream.region.as_ref().unwrap_or(stream.ground.scope()).clone();
        let turn =
            edit::repair_turn(&refusals, &[], n_placed, stream.format, &stream.ground.shown().slice(shown));
        let answer = stream.redaction.redact(&stream.answer);
        stream.turns.push(edit::Turn { role: edit::TurnRole::Assistant, text: answer });
        let text = stream.redaction.redact(&turn.text);
        stream.turns.push(edit::Turn { text, ..turn });
        stream.answer.clear();
        stream.parser = edit::AnswerParser::new(stream.format);
        stream.restore = stream.redaction.restore_stream();
        let (system, turns) = (stream.system.clone(), stream.turns.clone());
        let request = self.chat(&system, &turns);
        let job = self.effects.start(Purpose::Proposal(id), Job::Complete(Box::new(request)));
        if let Some(Phase::Streaming(stream)) =
            self.proposals.get_mut(&id).map(|proposal| &mut proposal.phase)
        {
            stream.job = job;
        }
        self.effects.progress(id, Progress::Report("asking again for what could not be placed".to_owned()));
    }

    fn nothing_to_change(&mut self, id: ProposalId) {
        let Some(proposal) = self.proposals.get(&id) else { return };
        let said = if proposal.prose.trim().is_empty() { "it gave no reason" } else { proposal.prose.trim() };
        let notice = Notice::info(format!("the model proposed no change: {said}. Your text is unchanged"));
        self.withdraw(id, notice);
    }

    /// The answer is whole: its hunks are placed on the text as it is and checked.
    fn offer_all(&mut self, id: ProposalId) {
        let Some(uri) = self.proposals.get(&id).map(|proposal| proposal.uri.clone()) else { return };
        let Some(text) = self.text_of(&uri).cloned() else {
            return self.withdraw(id, Notice::warning("the file is gone; nothing was offered"));
        };
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Phase::Streaming(stream) = &proposal.phase else { return };
        let (revision, kind, refusals) = (stream.revision, stream.kind.clone(), stream.refusals.clone());
        let is_first = kind == RequestKind::First;
        let edits = match &kind {
            RequestKind::First => Vec::new(),
            RequestKind::FollowUp => stream.ground.hunks(&stream.placed).unwrap_or_default(),
            RequestKind::OneHunk(hunk) => stream.one_hunk(proposal, *hunk, &text),
        };
        let carried = match kind {
            RequestKind::OneHunk(_) => edits.into_iter().map(Some).collect(),
            RequestKind::First | RequestKind::FollowUp => stream.carried(&edits, &text),
        };
        offer_each(proposal, revision, carried, &text);
        if let Phase::Streaming(stream) = &proposal.phase
            && let Some(said) = stream.left_out.notice()
        {
            self.effects.tell(Notice::warning(said));
        }
        if let Some(refusal) = refusals.first() {
            self.effects.tell(Notice::warning(format!(
                "{} of the changes could not be placed and are left out: {refusal}. Refine the proposal or ask again",
                refusals.len()
            )));
        }
        let nothing = self.proposals.get(&id).is_none_or(|proposal| {
            let is_done = is_first && proposal.hunks.hunks().any(|hunk| is_decided(&hunk.status));
            proposal.hunks.live(revision).next().is_none() && !is_done
        });
        if nothing {
            let notice = match refusals.first() {
                Some(refusal) => Notice::error(format!(
                    "the answer could not be placed: {refusal}. Your text is unchanged; word the request differently or choose a smaller scope"
                )),
                None => Notice::info("nothing is left to change. Your text is unchanged"),
            };
            return self.withdraw(id, notice);
        }
        self.check(id);
    }

    /// Starts the checks on the revision that was just offered.
    pub(super) fn check(&mut self, id: ProposalId) {
        let Some(proposal) = self.proposals.get(&id) else { return };
        let revision = proposal.hunks.current_revision();
        let Some((check, hunks)) = self.check_job(id, revision) else { return };
        self.end_early(id);
        let job = self.effects.start(Purpose::Proposal(id), Job::Check(check));
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        proposal.phase = Phase::Checking { job, revision, hunks };
    }

    /// The check of a revision's hunks that are or will be offered, and which they are.
    pub(super) fn check_job(
        &self,
        id: ProposalId,
        revision: edit::RevisionId,
    ) -> Option<(CheckJob, Vec<edit::HunkId>)> {
        let proposal = self.proposals.get(&id)?;
        let live = || proposal.hunks.live(revision);
        let document = self.workspace.document(&proposal.uri);
        let check = CheckJob {
            language: document.and_then(|document| document.language),
            tree: document.and_then(|document| document.current_tree().cloned()),
            text: self.text_of(&proposal.uri)?.clone(),
            edits: live().map(|hunk| Edit::new(hunk.range.clone(), hunk.new.as_str())).collect(),
        };
        Some((check, live().map(|hunk| hunk.id).collect()))
    }

    /// Checks are done: hunks are offered, with what was found.
    pub(super) fn checked(&mut self, purpose: Purpose, findings: Vec<Vec<verify::Finding>>) {
        let id = match purpose {
            Purpose::Early(id) => return self.checked_early(id, &findings),
            Purpose::Proposal(id) => id,
            _ => return,
        };
        let Some(uri) = self.proposals.get(&id).map(|proposal| proposal.uri.clone()) else { return };
        let text = self.text_of(&uri).cloned();
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Phase::Checking { revision, hunks, .. } = &mut proposal.phase else { return };
        let (revision, hunks) = (*revision, std::mem::take(hunks));
        for (hunk, findings) in hunks.into_iter().zip(findings) {
            proposal.findings.insert(hunk, findings.iter().map(ToString::to_string).collect());
        }
        proposal.hunks.finish(revision);
        proposal.phase = Phase::Ready;
        proposal.since_revision = text.map(|text| SinceRevision { text, scope: proposal.scope.clone() });
        let n_hunks = proposal.hunks.live(revision).count();
        self.effects.end_progress(id, &format!("{n_hunks} hunks to review"));
    }

    /// Ends an answer that must not be used: what was not accepted is withdrawn.
    pub(super) fn withdraw(&mut self, id: ProposalId, mut notice: Notice) {
        self.end_early(id);
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        if proposal.hunks.has_accepted() {
            notice.text.push_str(". What you had accepted stays");
        }
        match &proposal.phase {
            Phase::Streaming(stream) => proposal.hunks.withdraw(stream.revision),
            Phase::Checking { revision, .. } => proposal.hunks.withdraw(*revision),
            Phase::Waiting(_) | Phase::Gathering { .. } => {}
            Phase::Ready | Phase::Answered | Phase::Failed(_) | Phase::Cancelled => return,
        }
        // Hunks of the revision before are offered again rather than lost.
        if proposal.hunks.has_undecided() {
            proposal.phase = Phase::Ready;
            self.effects.end_progress(id, &notice.text);
            self.effects.tell(notice);
        } else {
            self.fail(id, notice);
        }
    }

    /// Adds up what the provider counted, and keeps a receipt.
    fn count(&mut self, id: ProposalId, usage: &Usage) {
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        proposal.tokens.0 += usage.input_tokens.unwrap_or(0);
        proposal.tokens.1 += usage.output_tokens.unwrap_or(0);
        let ProviderState::Ready(identity) = &self.provider else { return };
        let receipt = store::Receipt {
            proposal: id.to_string(),
            provider: identity.to_string(),
            model: identity.model.clone(),
            input_tokens: usage.input_tokens,
            output_tokens: usage.output_tokens,
            sent: vec![self.workspace.display_path(&proposal.uri)],
        };
        self.effects.start(Purpose::Record, Job::Record(Record::Receipt(receipt)));
    }
}

impl Stream {
    /// Places a closed block on the shown text, or remembers why it cannot be.
    fn place(&mut self, block: &Block) {
        let within = self.region.as_ref().unwrap_or(self.ground.scope());
        let taken: Vec<_> = self.placed.iter().map(|edit| edit.range.clone()).collect();
        match edit::place(block, self.ground.shown(), within, &taken) {
            Ok(edits) => {
                self.placed.extend(edits);
                self.placed.sort_by_key(|edit| (edit.range.start, edit.range.end));
            }
            Err(refusal) => self.refusals.push(refusal),
        }
    }

    /// Edits of the document at the request, on the text as it is; none where the user was there meanwhile.
    fn carried(&self, edits: &[Edit], text: &text::Text) -> Vec<Option<Edit>> {
        edits.iter().map(|edit| carry(edit, &self.since, self.ground.document(), text)).collect()
    }

    /// The edit that replaces one hunk, on the text as it is. Empty when the hunk's text is gone or the answer undoes it.
    fn one_hunk(&self, proposal: &Proposal, hunk: edit::HunkId, text: &text::Text) -> Vec<Edit> {
        let (Some(hunk), Some(range)) = (proposal.hunks.hunk(hunk), &self.refined) else { return Vec::new() };
        match self.ground.region_after(range, &self.placed) {
            Ok(new) if text.is_at(&hunk.range, &hunk.old) && new != hunk.old => {
                vec![Edit::new(hunk.range.clone(), new)]
            }
            Ok(_) | Err(_) => Vec::new(),
        }
    }
}

/// Offers each edit that could be carried over, and counts what is left out in the stream.
fn offer_each(
    proposal: &mut Proposal,
    revision: edit::RevisionId,
    edits: Vec<Option<Edit>>,
    text: &text::Text,
) {
    let mut left_out = LeftOut::default();
    for edit in edits {
        let Some(edit) = edit else {
            left_out.edited += 1;
            continue;
        };
        match proposal.hunks.offer(revision, vec![edit], text) {
            Ok(_) => {}
            Err(edit::Refused::Overlap { .. }) => left_out.taken += 1,
            Err(refused) => tracing::info!(%refused, "a change was left out"),
        }
    }
    if let Phase::Streaming(stream) = &mut proposal.phase {
        stream.left_out.edited += left_out.edited;
        stream.left_out.taken += left_out.taken;
    }
}
