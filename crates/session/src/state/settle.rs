//! A whole answer: what it means, whether the model is asked again for what is wrong with it, and what is offered.

use edit::{Block, Placed, ProposalId};

use crate::job::{Job, SettleJob};
use crate::notice::Notice;

use super::Session;
use super::early::is_decided;
use super::effects::Purpose;
use super::proposal::{Phase, RequestKind};
use super::stream::offer_each;

/// Why the model is asked again where no check has a say.
const NOT_PLACED: &str = "for what could not be placed";

impl Session {
    /// Finds out what the rest of an answer means, and whether all of it may stand together.
    pub(super) fn settle_answer(&mut self, id: ProposalId, blocks: Vec<Block>) {
        let Some(proposal) = self.proposals.get(&id) else { return };
        let Phase::Streaming(stream) = &proposal.phase else { return };
        let document = self.workspace.document(&proposal.uri);
        let settle = SettleJob {
            ground: stream.ground.clone(),
            scope: stream.within().clone(),
            language: document.and_then(|document| document.language),
            tree: stream.tree.clone(),
            blocks,
            placed: stream.placed.clone(),
        };
        let job = self.effects.start(Purpose::Proposal(id), Job::Settle(Box::new(settle)));
        if let Some(stream) = self.streaming(id) {
            stream.job = job;
        }
    }

    /// It is known what the answer means: it is offered, or the model is asked again for what is wrong with it.
    pub(super) fn settled(&mut self, purpose: Purpose, settled: edit::Settled) {
        let Purpose::Proposal(id) = purpose else { return };
        let Some(Phase::Streaming(stream)) = self.proposals.get(&id).map(|proposal| &proposal.phase) else {
            return;
        };
        let can_repair = self.can_repair(stream);
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let is_decided = proposal.hunks.hunks().any(|hunk| is_decided(&hunk.status));
        let Phase::Streaming(stream) = &mut proposal.phase else { return };
        let before = std::mem::replace(&mut stream.placed, settled.edits.clone());
        // Of one hunk, nothing but its own text may change.
        let is_one_hunk = matches!(stream.kind, RequestKind::OneHunk(_));
        let reasons = if is_one_hunk { settled.outside_refused() } else { None };
        stream.refusals.extend(settled.refusals.into_iter().chain(reasons));
        if !is_one_hunk {
            stream.go_outside(settled.imports.into_iter().chain(settled.outside));
        }
        let is_first = stream.kind == RequestKind::First;
        match settled.unfit {
            // What the user decided already is not asked for again; the check says what is wrong with it.
            Some(unfit) if !can_repair || is_first && is_decided => stream.unfit = Some(unfit),
            // It is a revision of its own, which the check says more about.
            Some(unfit) if is_syntax(&unfit) && stream.refusals.is_empty() => stream.unfit = Some(unfit),
            Some(unfit) => {
                stream.placed.clear();
                stream.outside.clear();
                stream.refusals.push(unfit);
            }
            None => {}
        }
        let needs_repair = !stream.refusals.is_empty() && can_repair;
        let has_nothing = stream.placed.is_empty() && stream.outside.is_empty() && stream.refusals.is_empty();
        if is_first && stream.placed != before {
            self.offer_early(id, &before);
        }
        if needs_repair {
            self.repair(id, &[], NOT_PLACED);
        } else if has_nothing {
            self.nothing_to_change(id);
        } else {
            self.offer_all(id);
        }
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
        // A syntax error is shown on the hunk that causes it; nothing else may be offered against a rule.
        if let Some(unfit) = stream.unfit.as_ref().filter(|unfit| !is_syntax(unfit)) {
            let said = unplaceable(unfit);
            return self.withdraw(id, said);
        }
        let (revision, kind, refusals) = (stream.revision, stream.kind.clone(), stream.refusals.clone());
        let is_first = kind == RequestKind::First;
        let placed = match &kind {
            RequestKind::First | RequestKind::FollowUp => stream.at_end(),
            RequestKind::OneHunk(hunk) => {
                Placed { edits: stream.one_hunk(proposal, *hunk, &text), outside: Vec::new() }
            }
        };
        let edits = match kind {
            RequestKind::OneHunk(_) => placed.edits.into_iter().map(Some).collect(),
            RequestKind::First | RequestKind::FollowUp => stream.carried(&placed.edits, &text),
        };
        let outside = stream.carried(&placed.outside, &text);
        offer_each(proposal, revision, edits, &text, edit::Proposal::offer);
        offer_each(proposal, revision, outside, &text, edit::Proposal::offer_outside);
        let left_out = match &proposal.phase {
            Phase::Streaming(stream) => stream.left_out.notice().map(Notice::warning),
            _ => None,
        };
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
        if nothing && self.repair_unfit(id) {
            return;
        }
        if nothing {
            let nothing = || Notice::info("nothing is left to change. Your text is unchanged");
            let refused = refusals.first().map(unplaceable);
            return self.withdraw(id, left_out.or(refused).unwrap_or_else(nothing));
        }
        if let Some(said) = left_out {
            self.effects.tell(said);
        }
        self.check(id);
    }

    /// Asks again for an answer that does not parse and of which nothing can be shown. Whether it may.
    fn repair_unfit(&mut self, id: ProposalId) -> bool {
        let Some(Phase::Streaming(stream)) = self.proposals.get(&id).map(|proposal| &proposal.phase) else {
            return false;
        };
        if stream.unfit.is_none() || !self.can_ask_again(id, stream) {
            return false;
        }
        let Some(stream) = self.streaming(id) else { return false };
        stream.placed.clear();
        stream.outside.clear();
        stream.refusals.extend(stream.unfit.take());
        self.repair(id, &[], NOT_PLACED);
        true
    }
}

fn is_syntax(unfit: &edit::Refusal) -> bool {
    matches!(unfit.reason, edit::Reason::Syntax { .. })
}

fn unplaceable(refusal: &edit::Refusal) -> Notice {
    Notice::error(format!(
        "the answer could not be placed: {refusal}. Your text is unchanged; word the request differently or choose a smaller scope"
    ))
}
