//! The terminal as a client of the session: it owns one document, applies the edits it is told to, and waits for a
//! proposal to come to rest. The same messages as an editor's, without a protocol between.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use model::recorded::Recorder;
use session::driver::{self, Mailbox};
use session::{
    Answer, Command, ContentChange, EdgeEffect, EdgeReply, HunkId, Message, Place, Preview, Progress,
    ProposalId, ProposalState, ProposalView, Status, Target, Uri,
};
use text::{ChangeSet, Edit, Encoding, Text};
use tokio::sync::mpsc;

/// What a client tells while it waits.
pub(crate) trait Listener {
    /// Work moved on.
    fn progress(&mut self, text: &str);
    /// A hunk can be seen for the first time.
    fn hunk(&mut self, hunk: &session::HunkView);
    /// Which of some choices is made, by its place; none where nobody answers.
    fn choose(&mut self, question: &str, choices: &[String]) -> Option<usize>;
}

/// One document under review.
pub(crate) struct Client {
    mailbox: Mailbox,
    effects: mpsc::UnboundedReceiver<EdgeEffect>,
    uri: Uri,
    version: i32,
    text: Text,
    view: Option<ProposalView>,
    notices: Vec<String>,
}

impl Client {
    /// A client with one open document.
    pub(crate) fn open(
        mailbox: Mailbox,
        effects: mpsc::UnboundedReceiver<EdgeEffect>,
        uri: Uri,
        text: &str,
    ) -> Client {
        mailbox.tell(Message::Opened {
            uri: uri.clone(),
            language_id: String::new(),
            version: 1,
            text: text.to_owned(),
        });
        Client { mailbox, effects, uri, version: 1, text: Text::from(text), view: None, notices: Vec::new() }
    }

    /// The document as it is.
    pub(crate) fn text(&self) -> String {
        self.text.to_string()
    }

    /// The proposal as it is.
    pub(crate) fn view(&self) -> Option<&ProposalView> {
        self.view.as_ref()
    }

    /// Asks for an edit of zero-based `lines` and waits for the hunks.
    pub(crate) async fn ask(
        &mut self,
        lines: Option<std::ops::Range<usize>>,
        instruction: &str,
        listener: &mut impl Listener,
    ) -> anyhow::Result<ProposalView> {
        let place = self.place(lines);
        let id = self.start(Command::Ask { place, instruction: Some(instruction.to_owned()) }).await?;
        self.settled(id, listener).await
    }

    /// What asking for an edit of zero-based `lines` would send.
    pub(crate) async fn preview(
        &mut self,
        lines: Option<std::ops::Range<usize>>,
        instruction: &str,
    ) -> anyhow::Result<Preview> {
        let target = Target::Place(self.place(lines));
        let command = Command::Preview { target, instruction: Some(instruction.to_owned()) };
        if let Answer::Refused(notice) = self.mailbox.command(command).await.context("the session ended")? {
            bail!("{notice}");
        }
        loop {
            let effect =
                self.effects.recv().await.context("the session ended before the request was made")?;
            match effect {
                EdgeEffect::Previewed(Ok(preview)) => return Ok(*preview),
                EdgeEffect::Previewed(Err(notice)) => bail!("{notice}"),
                other => self.perform(other, &mut Silent)?,
            }
        }
    }

    /// Zero-based lines as a place: one line is a caret, none all.
    fn place(&self, lines: Option<std::ops::Range<usize>>) -> Place {
        let range = match lines {
            None => 0..self.text.len(),
            Some(lines) if lines.len() == 1 => {
                let line = self.text.line(lines.start);
                let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
                let at =
                    self.text.line_start(lines.start) + indent.min(line.trim_end_matches(['\r', '\n']).len());
                at..at
            }
            Some(lines) => self.text.line_start(lines.start)..self.text.line_start(lines.end),
        };
        Place { uri: self.uri.clone(), version: self.version, range }
    }

    /// Asks for another revision of a hunk and waits for it.
    pub(crate) async fn refine(
        &mut self,
        hunk: HunkId,
        instruction: &str,
        listener: &mut impl Listener,
    ) -> anyhow::Result<ProposalView> {
        let instruction = Some(instruction.to_owned());
        let id = self.start(Command::Refine { target: Target::Hunk(hunk), instruction }).await?;
        self.settled(id, listener).await
    }

    /// Puts the user's own text in a hunk's place and waits for the revision.
    pub(crate) async fn revise(
        &mut self,
        hunk: HunkId,
        text: String,
        listener: &mut impl Listener,
    ) -> anyhow::Result<ProposalView> {
        let id = self.start(Command::Revise { target: Target::Hunk(hunk), text }).await?;
        self.settled(id, listener).await
    }

    /// Accepts a hunk; returns when the document has its text.
    pub(crate) async fn accept(&mut self, hunk: HunkId) -> anyhow::Result<()> {
        self.decide(Command::Accept(Target::Hunk(hunk))).await?;
        self.landed(hunk).await
    }

    /// Accepts a hunk with all that it needs; returns when the document has their text.
    pub(crate) async fn accept_with(&mut self, hunk: HunkId) -> anyhow::Result<()> {
        self.decide(Command::AcceptWith(Target::Hunk(hunk))).await?;
        self.landed(hunk).await
    }

    /// How many hunks are accepted.
    pub(crate) fn n_accepted(&self) -> usize {
        let hunks = self.view.iter().flat_map(|view| &view.hunks);
        hunks.filter(|hunk| hunk.status == Status::Accepted).count()
    }

    async fn landed(&mut self, hunk: HunkId) -> anyhow::Result<()> {
        loop {
            let status = self
                .view
                .as_ref()
                .and_then(|view| view.hunks.iter().find(|view| view.id == hunk))
                .map(|view| &view.status);
            match status {
                Some(Status::Accepted) => return Ok(()),
                Some(Status::Stale) => bail!("{hunk} no longer fits the text; nothing was changed"),
                Some(Status::Pending | Status::Provisional | Status::Rejected { .. }) | None => {}
            }
            let effect =
                self.effects.recv().await.context("the session ended before the hunk was accepted")?;
            self.perform(effect, &mut Silent)?;
        }
    }

    /// Rejects a hunk.
    pub(crate) async fn reject(&mut self, hunk: HunkId, reason: Option<String>) -> anyhow::Result<()> {
        self.decide(Command::Reject { target: Target::Hunk(hunk), reason }).await
    }

    /// Rejects the pending hunks of the proposal that are noise.
    pub(crate) async fn drop_noise(&mut self, proposal: ProposalId) -> anyhow::Result<()> {
        self.decide(Command::DropNoise(Target::Proposal(proposal))).await
    }

    async fn decide(&mut self, command: Command) -> anyhow::Result<()> {
        let done = self.start(command).await;
        // A refusal, too, may come with news that explains it.
        self.catch_up(&mut Silent)?;
        done.map(|_| ())
    }

    /// What the session told since the last time.
    pub(crate) fn take_notices(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notices)
    }

    async fn start(&mut self, command: Command) -> anyhow::Result<ProposalId> {
        let answer = self.mailbox.command(command).await.context("the session ended")?;
        match answer {
            Answer::Proposal(id) => Ok(id),
            Answer::Refused(notice) => bail!("{notice}"),
            other => bail!("unexpected answer {other:?}"),
        }
    }

    /// Waits until a proposal neither works nor checks.
    async fn settled(
        &mut self,
        id: ProposalId,
        listener: &mut impl Listener,
    ) -> anyhow::Result<ProposalView> {
        // What came before the answer may show the proposal as it was before the command.
        self.catch_up(listener)?;
        loop {
            let view = self.view.as_ref().filter(|view| view.proposal == id);
            match view.map(|view| view.state) {
                Some(ProposalState::Preparing | ProposalState::Streaming | ProposalState::Checking)
                | None => {}
                Some(
                    ProposalState::Pending
                    | ProposalState::Decided
                    | ProposalState::Answered
                    | ProposalState::Failed
                    | ProposalState::Cancelled
                    | ProposalState::Dismissed,
                ) => return view.cloned().context("a proposal without a view"),
            }
            let effect = self.effects.recv().await.context("the session ended before an answer came")?;
            self.perform(effect, listener)?;
        }
    }

    /// Takes what the session has said already, which is all that led to its last answer.
    fn catch_up(&mut self, listener: &mut impl Listener) -> anyhow::Result<()> {
        while let Ok(effect) = self.effects.try_recv() {
            self.perform(effect, listener)?;
        }
        Ok(())
    }

    fn perform(&mut self, effect: EdgeEffect, listener: &mut impl Listener) -> anyhow::Result<()> {
        match effect {
            EdgeEffect::Apply { token, edit, .. } => {
                let reply = self.apply(&edit)?;
                self.mailbox.tell(Message::Replied { token, reply });
            }
            EdgeEffect::Updated(_, view) => {
                let known = self.view.take();
                let is_new = |hunk: &session::HunkView| {
                    known.as_ref().is_none_or(|known| known.hunks.iter().all(|known| known.id != hunk.id))
                };
                view.hunks.iter().filter(|hunk| is_new(hunk)).for_each(|hunk| listener.hunk(hunk));
                self.view = Some(*view);
            }
            EdgeEffect::Progress(_, Progress::Begin(text) | Progress::Report(text)) => {
                listener.progress(&text)
            }
            EdgeEffect::Tell(notice) => self.notices.push(notice.text),
            EdgeEffect::Choose { token, title, choices } => {
                let reply = EdgeReply::Chosen(listener.choose(&title, &choices));
                self.mailbox.tell(Message::Replied { token, reply });
            }
            EdgeEffect::Progress(_, Progress::End(_))
            | EdgeEffect::Publish { .. }
            | EdgeEffect::Show { .. }
            | EdgeEffect::Previewed(_)
            | EdgeEffect::Prompt { .. }
            | EdgeEffect::Status(_)
            | EdgeEffect::RefreshLenses => {}
        }
        Ok(())
    }

    /// Applies an edit of the session to the document, as an editor would.
    fn apply(&mut self, edit: &session::DocumentEdit) -> anyhow::Result<EdgeReply> {
        if edit.version != self.version || edit.uri != self.uri {
            let failure = Some("the document has another version".to_owned());
            return Ok(EdgeReply::Applied { applied: Some(false), failure });
        }
        let offsets = edit
            .edits
            .iter()
            .map(|(range, new)| Edit::new(self.text.offsets(*range, Encoding::Utf8), new.as_str()));
        let changes = ChangeSet::new(self.text.len(), offsets.collect())?;
        self.text = self.text.apply(&changes)?;
        self.version += 1;
        // Each change refers to the text after the one before it, so the last one goes first.
        let changes = edit.edits.iter().rev();
        let changes =
            changes.map(|(range, new)| ContentChange { range: Some(*range), text: new.clone() }).collect();
        self.mailbox.tell(Message::Changed { uri: self.uri.clone(), version: self.version, changes });
        Ok(EdgeReply::Applied { applied: Some(true), failure: None })
    }
}

/// Tells nothing.
pub(crate) struct Silent;

impl Listener for Silent {
    fn progress(&mut self, _: &str) {}
    fn hunk(&mut self, _: &session::HunkView) {}
    fn choose(&mut self, _: &str, _: &[String]) -> Option<usize> {
        None
    }
}

/// A session for the terminal. Without a state directory nothing is kept.
pub(crate) fn start(
    config: session::config::Config,
    provider: driver::ProviderResult,
    state_dir: Option<std::path::PathBuf>,
    recorder: Option<Arc<Recorder>>,
) -> (Mailbox, mpsc::UnboundedReceiver<EdgeEffect>) {
    let options = driver::Options {
        encoding: Encoding::Utf8,
        state_dir,
        watches_files: false,
        keeps_proposals: None,
        waits_for_index: true,
        recorder,
        lender: None,
        checks: crate::check::setup(false),
    };
    let (mailbox, effects) = driver::start(options);
    mailbox.configure(config, provider);
    (mailbox, effects)
}
