//! The session: all mutable state, and one plain function that changes it.
//!
//! [`Session::handle`] only decides who deals with a message; the modules below decide what. No I/O, no clock, no await.

mod accept;
mod apply;
mod ask;
mod at;
mod decide;
mod directives;
mod documents;
mod early;
mod effects;
mod files;
mod indexing;
mod instruct;
mod kept;
mod ledger;
mod limits;
mod marks;
mod mentionable;
mod prepare;
mod preview;
mod project;
mod proposal;
mod publish;
mod queries;
mod receipts;
mod refine;
mod repair;
mod reports;
mod review;
mod route;
mod sending;
mod settle;
mod status;
mod stream;
mod ties;
mod trust;
mod undo;
mod views;
mod walk;
mod warm;
mod wording;

use std::collections::BTreeMap;

use text::Encoding;
use workspace::{Uri, Workspace};

use crate::config::Config;
use crate::effect::{Answer, DocumentText, Effect};
use crate::job::{Outcome, Report};
use crate::message::{Command, Message, Query};
use crate::notice::Notice;
use crate::provider::ProviderState;
use directives::Directives;
use edit::ProposalId;
use effects::{Effects, Purpose};
use files::Disk;
use instruct::Instructions;
use ledger::Ledger;
use proposal::Proposal;
use publish::Published;
pub use review::fenced_diff;
use sending::Sending;

/// All state of one server or terminal run.
pub struct Session {
    workspace: Workspace,
    config: Config,
    /// Who is asked, and what that takes and costs.
    sending: Sending,
    /// Oldest first; a newer proposal hides an older one where they overlap.
    proposals: BTreeMap<ProposalId, Proposal>,
    /// Directives of open documents, and those that belong to a hunk or proposal.
    directives: Directives,
    /// Edits on their way to the client.
    ledger: Ledger,
    /// Instructions that the user is being asked for.
    instructions: Instructions,
    /// Files of documents, as far as they are watched and differ.
    disk: Disk,
    /// What the edge shows now.
    published: Published,
    /// Effects of the message at hand, and numbers for jobs and tokens.
    effects: Effects,
}

impl Session {
    /// A session without documents, settings or provider.
    pub fn new(encoding: Encoding) -> Session {
        Session {
            workspace: Workspace::new(encoding),
            config: Config::default(),
            sending: Sending::new(),
            proposals: BTreeMap::new(),
            directives: Directives::default(),
            ledger: Ledger::default(),
            instructions: Instructions::default(),
            disk: Disk::default(),
            published: Published::default(),
            effects: Effects::default(),
        }
    }

    /// Applies one message and says what must happen next. Never blocks, never awaits.
    ///
    /// A command or question gets exactly one [`Effect::Answer`].
    pub fn handle(&mut self, message: Message) -> Vec<Effect> {
        self.published.unsettle();
        match message {
            Message::Opened { uri, language_id, version, text } => {
                self.opened(uri, &language_id, version, &text)
            }
            Message::Changed { uri, version, changes } => self.changed(&uri, version, changes),
            Message::Diagnosed { uri, version, diagnostics } => self.diagnosed(&uri, version, &diagnostics),
            Message::Saved(uri) => self.saved(&uri),
            Message::Closed(uri) => self.closed(&uri),
            Message::Renamed(files) => self.renamed(files),
            Message::Deleted(uris) => self.deleted(&uris),
            Message::Quiet(uri) => self.index_now(&uri),
            Message::ChangedOnDisk(uris) => self.changed_on_disk(uris),
            Message::Folders(roots) => self.use_folders(roots),
            Message::Configured { config, provider } => self.configured(*config, provider),
            Message::Listening => self.published.status.listens(),
            Message::Notice(notice) => self.effects.tell(notice),
            Message::ShowText { name, text } => self.show_text(name, text),
            Message::ExplainProvider => self.explain_provider(),
            Message::Command(command) => {
                let answer = self.command(command);
                self.effects.answer(answer);
            }
            Message::CommandAt { uri, range, command } => {
                let answer = match self.place(&uri, range) {
                    Some(place) => self.command(command.at(place)),
                    None => {
                        Answer::Refused(Notice::warning(format!("{uri} is not open; open it and try again")))
                    }
                };
                self.effects.answer(answer);
            }
            Message::Query(query) => {
                self.attend(&query);
                let answer = self.query(query);
                self.effects.answer(answer);
                self.published.settle();
            }
            Message::Report(report) => self.report(report),
            Message::Replied { token, reply } => self.replied(token, reply),
            Message::ProgressCancelled(id) => self.cancel(id),
        }
        self.recheck();
        self.verify_again();
        self.stop_warming();
        self.watch_files();
        self.publish();
        self.keep_later();
        self.effects.take()
    }

    fn command(&mut self, command: Command) -> Answer {
        let command = match self.meant(command) {
            Ok(command) => command,
            Err(notice) => return Answer::Refused(notice),
        };
        let result = match command {
            Command::Ask { place, instruction } => self.ask(place, instruction),
            Command::Run { place } => self.run(&place),
            Command::Accept(target) => self.accept(&target),
            Command::AcceptWith(target) => self.accept_with(&target),
            Command::Reject { target, reason } => self.reject(&target, reason),
            Command::DropNoise(target) => self.drop_noise(&target),
            Command::Refine { target, instruction } => self.refine(&target, instruction),
            Command::Again(target) => self.again(&target),
            Command::Revise { target, text } => self.revise(&target, text),
            Command::Revision { proposal, step } => self.step(proposal, step),
            Command::Review(target) => self.open_review(&target),
            Command::Undo(target) => self.undo(&target),
            Command::Cancel(target) => self.cancel_target(&target),
            Command::Applied(target) => self.applied(&target),
            Command::Next(target) => self.walk(&target, walk::Direction::Next),
            Command::Previous(target) => self.walk(&target, walk::Direction::Previous),
            Command::More(target) => self.more(&target),
            Command::Dismiss(target) => self.dismiss(&target),
            Command::Verify(target) => self.verify_now(&target),
            Command::Trust(target) => self.trust(&target),
            Command::Preview { target, instruction } => self.preview(&target, instruction),
        };
        result.unwrap_or_else(Answer::Refused)
    }

    fn query(&self, query: Query) -> Answer {
        match query {
            Query::Actions { uri, range, diagnostics } => {
                Answer::Actions(self.actions(&uri, range, &diagnostics))
            }
            Query::Lenses(uri) => Answer::Lenses(self.lenses(&uri)),
            Query::Hover { uri, position } => Answer::Hover(self.hover(&uri, position).map(Box::new)),
            Query::Completion { uri, position } => Answer::Completions(self.completions(&uri, position)),
            Query::Proposal(id) => Answer::View(self.view(id).map(Box::new)),
            Query::ReviewText(id) => Answer::Text(self.review_text(id)),
            Query::ProposedText(id) => Answer::Text(self.proposed_text(id)),
            Query::DocumentText(uri) => {
                Answer::Document(self.workspace.document(&uri).map(|document| DocumentText {
                    text: document.text.to_string(),
                    version: document.version,
                    n_inversions: document.n_inversions,
                }))
            }
        }
    }

    /// Passes a job's report on. A job that was stopped is not known any more, so what it still says is dropped here.
    fn report(&mut self, Report { job, outcome }: Report) {
        let Some(purpose) = self.effects.purpose(job, outcome.is_last()) else { return };
        match outcome {
            Outcome::Parsed(parsed) => self.parsed(*parsed),
            Outcome::ParseStopped(uri) => self.parse_stopped(&uri),
            Outcome::Gathered(context) => self.gathered(purpose, *context),
            Outcome::Named(names) => self.named(Some(names)),
            Outcome::Streamed(event) => self.streamed(purpose, event),
            Outcome::StreamFailed(error) => self.stream_failed(purpose, &error),
            Outcome::Settled(settled) => self.settled(purpose, *settled),
            Outcome::Checked(checked) => self.checked(purpose, &checked),
            Outcome::LookedUp(looked) => self.looked_up(purpose, *looked),
            Outcome::Verifying(name, number, of) => self.verifying(purpose, &name, number, of),
            Outcome::Verified(verified) => self.verified(purpose, *verified),
            Outcome::Warmed => self.warmed(purpose),
            Outcome::TrustKept(folder, word) => self.trust_kept(&folder, &word),
            Outcome::Elapsed => self.elapsed(purpose),
            Outcome::Recorded(path) => self.recorded(purpose, path),
            Outcome::NotRecorded(what) if purpose == Purpose::Kept => self.not_kept(&what),
            Outcome::NotRecorded(what) => self.effects.tell(Notice::warning(what)),
            Outcome::Taken(taken) => self.taken(purpose, *taken),
            Outcome::Limits(limits) => self.limited(purpose, limits),
            Outcome::Connected(provider) => self.connected(purpose, provider),
            Outcome::Spent(spent) => self.spent(purpose, spent),
            Outcome::Compared(files) => self.compared(files),
            Outcome::Panicked(what) => self.job_panicked(purpose, &what),
        }
    }

    fn configured(&mut self, config: Config, provider: ProviderState) {
        self.config = config;
        self.use_keeping();
        self.published.status.provider_is(&provider);
        self.use_provider(provider);
    }

    /// Says which provider is asked, or why none is and what to do.
    fn explain_provider(&mut self) {
        let notice = match self.sending.usual() {
            ProviderState::Ready { identity, .. } => Notice::info(format!("requests go to {identity}")),
            ProviderState::Missing(error) => Notice::error(error.user_message()),
        };
        self.effects.tell(notice);
    }

    /// The text that the proposals of `uri` stand on: the open document's, or the one it had when it was closed.
    fn text_of(&self, uri: &Uri) -> Option<&text::Text> {
        match self.workspace.document(uri) {
            Some(document) => Some(&document.text),
            None => self.proposals.values().filter(|p| p.uri == *uri).find_map(|p| p.parked.as_ref()),
        }
    }
}

/// What a command comes to: its answer, or why nothing was done.
type Done = Result<Answer, Notice>;
