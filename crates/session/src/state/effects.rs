//! The effects of the message at hand, and the book of running jobs: what each is for.

use std::collections::BTreeMap;
use std::path::PathBuf;

use edit::ProposalId;
use workspace::Uri;

use crate::effect::{Answer, EdgeEffect, Effect, IndexOrder, Progress};
use crate::job::{Job, JobId};
use crate::message::Token;
use crate::notice::Notice;

use super::instruct::DocumentPurpose;

/// What a job was started for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A document's tree.
    Tree(Uri),
    /// Work on a proposal.
    Proposal(ProposalId),
    /// A check of what came so far of a proposal's answer.
    Early(ProposalId),
    /// A check of what is left of a proposal, since something was decided.
    Recheck(ProposalId),
    /// The project's own checks of a proposal.
    Project(ProposalId),
    /// The same checks without its hunks, while its answer still comes.
    Warm(ProposalId),
    /// How long these are waited for, or until what is left is checked again.
    ProjectWait(ProposalId),
    /// Whether the checkout of a folder is to be trusted.
    Trust(PathBuf),
    /// Whether an edit that the client acknowledged arrives.
    Edit(Token),
    /// A record; nobody waits.
    Record,
    /// A document in the state directory that is to be opened.
    Open(DocumentPurpose),
    /// The names that an instruction can mention.
    Names,
    /// Until proposals are written that have changed.
    Keep,
    /// They are written; nobody waits.
    Kept,
    /// What runs that are gone have left of a document, and how often it was looked for before.
    Take(Uri, usize),
    /// Until it is looked for again.
    TakeAgain(Uri, usize),
    /// Files compared with open documents.
    Compare,
    /// What a model takes, by its name in the settings.
    Limits(Option<String>),
    /// A named model that is to be connected.
    Connect(String),
    /// A request that is only looked at.
    Preview(u64),
}

/// Collects effects and gives out numbers.
#[derive(Debug, Default)]
pub(super) struct Effects {
    collected: Vec<Effect>,
    jobs: BTreeMap<JobId, Purpose>,
    next_job: u64,
    next_token: u64,
    next_update: u64,
    next_proposal: u32,
}

impl Effects {
    pub(super) fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.collected)
    }

    pub(super) fn answer(&mut self, answer: Answer) {
        self.collected.push(Effect::Answer(answer));
    }

    pub(super) fn edge(&mut self, effect: EdgeEffect) {
        self.collected.push(Effect::Edge(effect));
    }

    pub(super) fn tell(&mut self, notice: Notice) {
        self.edge(EdgeEffect::Tell(notice));
    }

    pub(super) fn progress(&mut self, id: ProposalId, progress: Progress) {
        self.edge(EdgeEffect::Progress(id, progress));
    }

    pub(super) fn start(&mut self, purpose: Purpose, job: Job) -> JobId {
        self.next_job += 1;
        let id = JobId(self.next_job);
        self.jobs.insert(id, purpose);
        self.collected.push(Effect::Start(id, job));
        id
    }

    /// Stops a job if it still runs.
    pub(super) fn stop(&mut self, job: JobId) {
        if self.jobs.remove(&job).is_some() {
            self.collected.push(Effect::Stop(job));
        }
    }

    pub(super) fn watch(&mut self, files: Vec<Uri>) {
        self.collected.push(Effect::Watch(files));
    }

    /// Stops the parse of a document if one runs: its tree would be of a text or name that is gone.
    pub(super) fn stop_parse(&mut self, uri: &Uri) {
        let is_its = |purpose: &Purpose| matches!(purpose, Purpose::Tree(of) if of == uri);
        let running = self.jobs.iter().find(|(_, purpose)| is_its(purpose)).map(|(job, _)| *job);
        running.into_iter().for_each(|job| self.stop(job));
    }

    pub(super) fn index(&mut self, order: IndexOrder) {
        self.collected.push(Effect::Index(order));
    }

    /// What a reporting job is for; forgets it with its last report.
    pub(super) fn purpose(&mut self, job: JobId, is_last: bool) -> Option<Purpose> {
        if is_last { self.jobs.remove(&job) } else { self.jobs.get(&job).cloned() }
    }

    pub(super) fn token(&mut self) -> Token {
        self.next_token += 1;
        Token(self.next_token)
    }

    pub(super) fn update_number(&mut self) -> u64 {
        self.next_update += 1;
        self.next_update
    }

    /// Numbers of proposals begin here.
    pub(super) fn number_proposals_from(&mut self, first: u32) {
        self.next_proposal = first;
    }

    /// The number of the next proposal.
    pub(super) fn next_proposal(&self) -> ProposalId {
        ProposalId(self.next_proposal.max(1))
    }

    /// Ends the progress of a proposal with a last word.
    pub(super) fn end_progress(&mut self, id: ProposalId, text: &str) {
        self.progress(id, Progress::End(text.to_owned()));
    }
}
