//! The one way into a session. Putting a message in never blocks and never waits.

use text::PositionRange;
use tokio::sync::{mpsc, oneshot};
use workspace::Uri;

use crate::config::Config;
use crate::effect::Answer;
use crate::job::JobId;
use crate::message::{Command, Message, Query};

use super::ProviderResult;
use super::index::{Asked, IndexStatus};

pub(super) type Reply = oneshot::Sender<Answer>;

pub(super) enum Mail {
    Message(Message, Option<Reply>),
    Configure(Box<Config>, ProviderResult),
    /// A named model is ready, or cannot be asked.
    Connected {
        job: JobId,
        name: String,
        provider: ProviderResult,
    },
    IndexStatus(Asked),
    Stop(oneshot::Sender<()>),
}

/// Puts messages into a session, in order. Cheap to clone.
#[derive(Clone)]
pub struct Mailbox {
    tx: mpsc::UnboundedSender<Mail>,
}

/// A mailbox that does not keep its session alive: for jobs.
#[derive(Clone)]
pub(super) struct WeakMailbox {
    tx: mpsc::WeakUnboundedSender<Mail>,
}

pub(super) fn channel() -> (Mailbox, mpsc::UnboundedReceiver<Mail>) {
    let (tx, rx) = mpsc::unbounded_channel();
    (Mailbox { tx }, rx)
}

impl Mailbox {
    /// Puts a notification in. Dropped when the session has ended.
    pub fn tell(&self, message: Message) {
        let _ = self.tx.send(Mail::Message(message, None));
    }

    /// Puts a command in; its answer comes in the turn that handles it. The receiver fails only when the session has ended.
    pub fn command(&self, command: Command) -> oneshot::Receiver<Answer> {
        self.ask(Message::Command(command))
    }

    /// Puts a command in for where a range stands when its turn comes; as [`Mailbox::command`].
    pub fn command_at(&self, uri: Uri, range: PositionRange, command: Command) -> oneshot::Receiver<Answer> {
        self.ask(Message::CommandAt { uri, range, command })
    }

    /// Puts a question in; as [`Mailbox::command`].
    pub fn query(&self, query: Query) -> oneshot::Receiver<Answer> {
        self.ask(Message::Query(query))
    }

    /// Changes the settings and the provider for all that is asked from now on.
    pub fn configure(&self, config: Config, provider: ProviderResult) {
        let _ = self.tx.send(Mail::Configure(Box::new(config), provider));
    }

    /// Asks how far the indexes are with all that came before, and for what stands for their contents: that takes a while for
    /// large folders. The receiver fails when the session has ended.
    pub fn index_status(&self, with_contents: bool) -> oneshot::Receiver<IndexStatus> {
        let (reply, status) = oneshot::channel();
        let _ = self.tx.send(Mail::IndexStatus(Asked { with_contents, reply }));
        status
    }

    /// Ends the session: running jobs are stopped, messages behind this one are dropped. The receiver is told when all that is
    /// kept of it is written, and fails when it had ended.
    pub fn stop(&self) -> oneshot::Receiver<()> {
        let (done, receiver) = oneshot::channel();
        let _ = self.tx.send(Mail::Stop(done));
        receiver
    }

    pub(super) fn weak(&self) -> WeakMailbox {
        WeakMailbox { tx: self.tx.downgrade() }
    }

    fn ask(&self, message: Message) -> oneshot::Receiver<Answer> {
        let (reply, answer) = oneshot::channel();
        let _ = self.tx.send(Mail::Message(message, Some(reply)));
        answer
    }
}

impl WeakMailbox {
    /// Puts a message in if the session is still there.
    pub(super) fn tell(&self, message: Message) {
        self.put(Mail::Message(message, None));
    }

    /// Hands over a named model.
    pub(super) fn connected(&self, job: JobId, name: String, provider: ProviderResult) {
        self.put(Mail::Connected { job, name, provider });
    }

    fn put(&self, mail: Mail) {
        if let Some(tx) = self.tx.upgrade() {
            let _ = tx.send(mail);
        }
    }
}
