//! An answer arrives: its blocks are placed as they close, its end decides what is offered.

use std::ops::Range;

use edit::{Block, Placed, ProposalId, carry};
use model::{Event, Stop, Usage};
use text::Edit;

use crate::effect::Progress;
use crate::job::{CheckJob, Checks, Job};
use crate::notice::Notice;
use crate::provider::ProviderState;

use super::Session;
use super::effects::Purpose;
use super::proposal::{LeftOut, Mode, Phase, Proposal, RequestKind, Stream};
use super::repair::Wrong;

impl Session {
    pub(super) fn streamed(&mut self, purpose: Purpose, event: Event) {
        let Purpose::Proposal(id) = purpose else { return };
        let has_begun = !matches!(event, Event::Waiting { .. });
        if let Some(Phase::Streaming(stream)) =
            self.proposals.get_mut(&id).map(|proposal| &mut proposal.phase)
        {
            stream.has_begun |= has_begun;
        }
        match event {
            Event::Text(chunk) => self.answer_grew(id, &chunk),
            Event::Reasoning(_) | Event::ToolCall(_) => {}
            Event::Waiting { reason, seconds } => {
                self.effects.progress(id, Progress::Report(format!("{reason}; trying again in {seconds} s")));
            }
            Event::End { stop, usage } => self.answer_ended(id, stop, &usage),
        }
    }

    /// The stream broke off: half an answer must never look like a whole one.
    pub(super) fn stream_failed(&mut self, purpose: Purpose, error: &model::Error) {
        let Purpose::Proposal(id) = purpose else { return };
        self.send_failed(id, error);
        if self.fall_back(id, error) {
            return;
        }
        self.withdraw(id, Notice::error(error.user_message()));
    }

    pub(super) fn job_panicked(&mut self, purpose: Purpose, what: &str) {
        let notice =
            Notice::error(format!("an internal check failed ({what}); your text is unchanged. Ask again"));
        match purpose {
            Purpose::Proposal(id) => self.withdraw(id, notice),
            // The whole answer is checked once more.
            Purpose::Early(id) => self.checked_early(id, &Checks::default()),
            Purpose::Recheck(id) => self.rechecked(id, &Checks::default()),
            Purpose::Project(id) | Purpose::ProjectWait(id) => self.project_failed(id, what),
            Purpose::Warm(_) => self.warmed(purpose),
            Purpose::Tree(uri) => self.parse_failed(&uri, what),
            Purpose::Names => self.named(None),
            Purpose::Limits(_) => self.limited(purpose, None),
            Purpose::Connect(_) => {
                let why = format!("connecting it failed ({what})");
                let error = model::Error::BadSetting { key: "models".to_owned(), why };
                self.connected(purpose, ProviderState::Missing(error));
            }
            Purpose::Preview(number) => self.previewed(number, Err(notice)),
            Purpose::Keep | Purpose::Kept | Purpose::Take(..) | Purpose::TakeAgain(..) => self.not_kept(what),
            Purpose::Edit(_) | Purpose::Record | Purpose::Open(_) | Purpose::Compare | Purpose::Trust(_) => {
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
        let before = stream.placed.clone();
        for block in stream.parser.push(&chunk) {
            stream.place(&block);
        }
        if stream.placed == before {
            return;
        }
        let n_blocks = stream.placed.len();
        // A follow-up's blocks change the last proposal, so its hunks are known only at the end.
        if stream.kind == RequestKind::First {
            self.offer_early(id, &before);
            self.check_early(id);
        }
        self.effects.progress(id, Progress::Report(format!("{n_blocks} changes so far")));
    }

    /// Shows what was placed since `before`, as provisional hunks.
    pub(super) fn offer_early(&mut self, id: ProposalId, before: &[Edit]) {
        let Some(uri) = self.proposals.get(&id).map(|proposal| proposal.uri.clone()) else { return };
        let Some(text) = self.text_of(&uri).cloned() else { return };
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Phase::Streaming(stream) = &proposal.phase else { return };
        let revision = stream.revision;
        // A block that goes on from an earlier one changes what that came to.
        let goes_on = before.iter().any(|edit| !stream.placed.contains(edit));
        let is_new = |edit: &&Edit| goes_on || !before.contains(edit);
        let new: Vec<Edit> = stream.placed.iter().filter(is_new).cloned().collect();
        if goes_on {
            proposal.hunks.retract(revision);
        }
        let Phase::Streaming(stream) = &proposal.phase else { return };
        if let Ok(edits) = stream.ground.hunks(&new) {
            let carried = stream.carried(&edits, &text);
            offer_each(proposal, revision, carried, &text, edit::Proposal::offer);
        }
    }

    fn answer_ended(&mut self, id: ProposalId, stop: Stop, usage: &Usage) {
        self.counted(id, &stop, usage);
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
        let parser = std::mem::replace(&mut stream.parser, edit::AnswerParser::new(stream.format));
        let (last, answer) = finished(parser, &rest);
        let mut blocks = std::mem::take(&mut stream.unplaced);
        blocks.extend(last);
        blocks.extend(answer.blocks);
        stream.refusals.extend(answer.problems);
        proposal.prose = answer.prose;
        self.settle_answer(id, blocks);
    }

    /// Starts the checks on the revision that was just offered.
    pub(super) fn check(&mut self, id: ProposalId) {
        let Some(proposal) = self.proposals.get(&id) else { return };
        let revision = proposal.hunks.current_revision();
        let Some((check, hunks)) = self.check_job(id, revision) else { return };
        self.end_early(id);
        let job = self.effects.start(Purpose::Proposal(id), Job::Check(check));
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let stream = match std::mem::replace(&mut proposal.phase, Phase::Ready) {
            Phase::Streaming(stream) => Some(stream),
            _ => None,
        };
        proposal.phase = Phase::Checking { job, revision, hunks, stream };
        proposal.checks();
    }

    /// The check of a revision's hunks that are or will be offered, and which they are. Behind them come those that were
    /// rejected and may be needed.
    pub(super) fn check_job(
        &self,
        id: ProposalId,
        revision: edit::RevisionId,
    ) -> Option<(CheckJob, Vec<edit::HunkId>)> {
        let proposal = self.proposals.get(&id)?;
        let live = || proposal.hunks.live(revision);
        let document = self.workspace.document(&proposal.uri);
        let text = self.text_of(&proposal.uri)?;
        let rejected = || proposal.hunks.rejected(revision, text);
        let edit = |hunk: &edit::Hunk| Edit::new(hunk.range.clone(), hunk.new.as_str());
        let check = CheckJob {
            language: document.and_then(|document| document.language),
            tree: document.and_then(|document| document.current_tree().cloned()),
            text: text.clone(),
            edits: live().map(edit).collect(),
            outside: live().map(|hunk| hunk.is_outside).collect(),
            rejected: rejected().map(edit).collect(),
            instructions: proposal.instructions(),
            snapshot: self.workspace.snapshot(),
            uri: proposal.uri.clone(),
            indexer: None,
        };
        Some((check, live().chain(rejected()).map(|hunk| hunk.id).collect()))
    }

    /// Checks are done: hunks are offered, with what was found.
    pub(super) fn checked(&mut self, purpose: Purpose, checks: &Checks) {
        let id = match purpose {
            Purpose::Early(id) => return self.checked_early(id, checks),
            Purpose::Recheck(id) => return self.rechecked(id, checks),
            Purpose::Proposal(id) => id,
            _ => return,
        };
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Phase::Checking { revision, hunks, stream, .. } = &mut proposal.phase else { return };
        let (revision, hunks, stream) = (*revision, std::mem::take(hunks), stream.take());
        proposal.found(&hunks, checks);
        let live = proposal.hunks.live(revision).filter_map(|hunk| proposal.remarks.get(&hunk.id));
        let findings: Vec<verify::Finding> =
            live.flat_map(|remarks| remarks.errors().chain(remarks.inventions())).cloned().collect();
        let unfit = stream.as_ref().and_then(|stream| stream.unfit.clone());
        let is_error = |finding: &verify::Finding| finding.severity == verify::Severity::Error;
        let is_broken = findings.iter().any(is_error) || unfit.is_some();
        match stream {
            Some(stream) if (is_broken || !findings.is_empty()) && self.can_ask_again(id, &stream) => {
                let what = verify::badge(&findings);
                // The refusal says the same with the lines near by.
                let told = findings.iter().filter(|finding| unfit.is_none() || !is_error(finding));
                let findings = told.map(verify::Finding::told).collect();
                let wrong = Wrong { refusals: unfit.into_iter().collect(), findings, what };
                self.ask_again(id, revision, stream, wrong);
            }
            _ if is_broken => self.offer(id, revision),
            stream => self.verify(id, revision, stream),
        }
    }

    /// Ends an answer that must not be used: what was not accepted is withdrawn.
    pub(super) fn withdraw(&mut self, id: ProposalId, mut notice: Notice) {
        self.end_early(id);
        self.send_cancelled(id);
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        if proposal.hunks.has_accepted() {
            notice.text.push_str(". What you had accepted stays");
        }
        match &proposal.phase {
            Phase::Streaming(stream) => proposal.hunks.withdraw(stream.revision),
            Phase::Checking { revision, .. } | Phase::Verifying { revision, .. } => {
                proposal.hunks.withdraw(*revision);
            }
            Phase::Waiting(_) | Phase::Held { .. } | Phase::Gathering { .. } => {}
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
}

/// The blocks that the last piece of an answer closes, and the rest of it.
fn finished(mut parser: edit::AnswerParser, rest: &str) -> (Vec<Block>, edit::Answer) {
    let blocks = parser.push(rest);
    (blocks, parser.finish(edit::Ending::Complete))
}

impl Stream {
    /// Places a closed block on the shown text, or keeps it until the answer is whole.
    fn place(&mut self, block: &Block) {
        let site = edit::Site::new(self.ground.shown(), self.within(), None);
        match edit::place(block, &site, &self.placed) {
            Ok(placed) => self.placed = placed,
            // With a tree, at the end, it may be found to mean something outside of the scope.
            Err(_) => self.unplaced.push(block.clone()),
        }
    }

    /// The part of the shown text that may change.
    pub(super) fn within(&self) -> &Range<usize> {
        self.region.as_ref().unwrap_or(self.ground.scope())
    }

    /// Adds edits outside of the scope; a repaired answer may bring one again.
    pub(super) fn go_outside(&mut self, edits: impl Iterator<Item = Edit>) {
        for edit in edits {
            let touches =
                |known: &Edit| known.range.start <= edit.range.end && edit.range.start <= known.range.end;
            if !self.outside.iter().any(touches) {
                self.outside.push(edit);
            }
        }
    }

    /// What is placed at the end of the answer in the document: of a first answer, the hunks of the scope are offered already.
    pub(super) fn at_end(&self) -> Placed {
        let placed = if self.kind == RequestKind::First { &[][..] } else { &self.placed };
        self.ground.placed(placed, &self.outside).unwrap_or_default()
    }

    /// Edits of the document at the request, on the text as it is; none where the user was there meanwhile.
    pub(super) fn carried(&self, edits: &[Edit], text: &text::Text) -> Vec<Option<Edit>> {
        edits.iter().map(|edit| carry(edit, &self.since, self.ground.document(), text)).collect()
    }

    /// The edit that replaces one hunk, on the text as it is. Empty when the hunk's text is gone or the answer undoes it.
    pub(super) fn one_hunk(&self, proposal: &Proposal, hunk: edit::HunkId, text: &text::Text) -> Vec<Edit> {
        let (Some(hunk), Some(range)) = (proposal.hunks.hunk(hunk), &self.refined) else { return Vec::new() };
        match self.ground.region_after(range, &self.placed) {
            Ok(new) if text.is_at(&hunk.range, &hunk.old) && new != hunk.old => {
                vec![Edit::new(hunk.range.clone(), new)]
            }
            Ok(_) | Err(_) => Vec::new(),
        }
    }
}

/// How edits are offered: as those of the scope, or as others.
pub(super) type Offer = fn(
    &mut edit::Proposal,
    edit::RevisionId,
    Vec<Edit>,
    &text::Text,
) -> Result<Vec<edit::HunkId>, edit::Refused>;

/// Offers each edit that could be carried over, and counts what is left out in the stream.
pub(super) fn offer_each(
    proposal: &mut Proposal,
    revision: edit::RevisionId,
    edits: Vec<Option<Edit>>,
    text: &text::Text,
    offer: Offer,
) {
    let mut left_out = LeftOut::default();
    for edit in edits {
        let Some(edit) = edit else {
            left_out.edited += 1;
            continue;
        };
        match proposal.redaction.keeps(&text.slice(edit.range.clone()), &edit.text) {
            Ok(()) => {}
            Err(context::Touched::Secret) => {
                left_out.secret += 1;
                continue;
            }
            Err(context::Touched::Unknown) => {
                left_out.unknown += 1;
                continue;
            }
        }
        match offer(&mut proposal.hunks, revision, vec![edit], text) {
            Ok(_) => {}
            Err(edit::Refused::Overlap { .. }) => left_out.taken += 1,
            Err(refused) => tracing::info!(%refused, "a change was left out"),
        }
    }
    if let Phase::Streaming(stream) = &mut proposal.phase {
        stream.left_out.add(left_out);
    }
}
