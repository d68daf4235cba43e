//! What must happen next: the answer to the message at hand, jobs for the driver, and acts of the edge.

use std::sync::Arc;

use edit::ProposalId;
use text::PositionRange;
use workspace::{Document, Uri};

use crate::job::{Job, JobId};
use crate::message::Token;
use crate::notice::Notice;
use crate::sent::Preview;
use crate::status::StatusView;
use crate::view::{Action, Completions, Hover, Lens, Mark, ProposalView};

/// One consequence of a message.
#[derive(Debug)]
pub enum Effect {
    /// The answer to the command or question just handled; exactly one for each of these.
    Answer(Answer),
    /// Start a job. It reports by [`crate::Message::Report`].
    Start(JobId, Job),
    /// Stop a job; what it still reports is dropped.
    Stop(JobId),
    /// Watch exactly these files from now on. What happens to one comes back as [`crate::Message::ChangedOnDisk`].
    Watch(Vec<Uri>),
    /// Keep the indexes of folders as these say.
    Index(IndexOrder),
    /// Something that the edge does.
    Edge(EdgeEffect),
}

/// What the indexes are to follow, in this order.
#[derive(Debug, Clone)]
pub enum IndexOrder {
    /// Exactly these folders have one.
    Folders(Vec<Uri>),
    /// A document has another text: when it has been quiet for a while, ask for it by [`crate::Message::Quiet`].
    Changed(Uri),
    /// A document says this.
    Document(Arc<Document>),
    /// Exactly these documents are open; of all others the disk says what they hold.
    Open(Vec<Uri>),
}

/// The answer to one request.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Done; nothing to say.
    Done,
    /// Work began on this proposal, or it was changed.
    Proposal(ProposalId),
    /// The command could not be carried out; nothing was changed.
    Refused(Notice),
    /// To [`crate::Query::Actions`].
    Actions(Vec<Action>),
    /// To [`crate::Query::Lenses`].
    Lenses(Vec<Lens>),
    /// To [`crate::Query::Hover`].
    Hover(Option<Box<Hover>>),
    /// To [`crate::Query::Completion`].
    Completions(Completions),
    /// To [`crate::Query::Proposal`].
    View(Option<Box<ProposalView>>),
    /// To [`crate::Query::ReviewText`] and [`crate::Query::ProposedText`].
    Text(Option<String>),
    /// To [`crate::Query::DocumentText`].
    Document(Option<DocumentText>),
}

/// An open document as the session has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentText {
    /// Its text.
    pub text: String,
    /// Its version.
    pub version: i32,
    /// Changes whose version did not grow.
    pub n_inversions: u32,
}

/// An act of the edge, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub enum EdgeEffect {
    /// Replace what is shown along the text of a document (diagnostics).
    Publish {
        /// The document.
        uri: Uri,
        /// Its version.
        version: i32,
        /// All marks; empty clears.
        marks: Vec<Mark>,
    },
    /// Apply an edit to a document of the client and reply with [`crate::EdgeReply::Applied`].
    Apply {
        /// For the reply.
        token: Token,
        /// What undo menus may show.
        label: String,
        /// The edit.
        edit: DocumentEdit,
    },
    /// Open a document and put the caret on a range.
    Show {
        /// The document or review document.
        uri: Uri,
        /// What to select; empty for a caret.
        range: PositionRange,
    },
    /// Tell the user.
    Tell(Notice),
    /// Let the user choose; reply with [`crate::EdgeReply::Chosen`].
    Choose {
        /// For the reply.
        token: Token,
        /// The question.
        title: String,
        /// The entries.
        choices: Vec<String>,
    },
    /// Ask for an instruction; reply with [`crate::EdgeReply::Prompted`] or `PromptUnsupported`.
    Prompt {
        /// For the reply.
        token: Token,
        /// The question.
        title: String,
        /// Text to begin with.
        value: String,
        /// Instructions given before, newest first.
        history: Vec<String>,
        /// Names of recipes.
        choices: Vec<String>,
    },
    /// A request that was to be looked at, or why there is none. It is not sent.
    Previewed(Result<Box<Preview>, Notice>),
    /// Work on a proposal began, went on or ended.
    Progress(ProposalId, Progress),
    /// The state of a proposal, whole, with a sequence number.
    Updated(u64, Box<ProposalView>),
    /// How things stand; only after [`crate::Message::Listening`].
    Status(StatusView),
    /// Lenses changed: ask again.
    RefreshLenses,
}

/// A versioned edit of one document. Edits are sorted and disjoint; texts use the document's line ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentEdit {
    /// The document.
    pub uri: Uri,
    /// The client's version that the positions refer to.
    pub version: i32,
    /// Ranges and their new texts.
    pub edits: Vec<(PositionRange, String)>,
}

/// How far work on a proposal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// It began; what the user asked for.
    Begin(String),
    /// Something moved.
    Report(String),
    /// It is over.
    End(String),
}
