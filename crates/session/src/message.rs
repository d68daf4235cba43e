//! What the session is told: notifications and requests of an edge, reports of jobs. Plain values, no protocol types.
//!
//! Positions are in the encoding the session was made with; they become offsets when the message is handled, in order.

use text::PositionRange;
use workspace::{ContentChange, Uri};

use crate::config::Config;
use crate::job::Report;
use crate::notice::Notice;
use crate::place::{Place, Target};
use crate::provider::ProviderState;

/// One thing that happened. Handled in the order of arrival.
#[derive(Debug)]
pub enum Message {
    /// A document was opened in the editor.
    Opened {
        /// Identity, echoed byte for byte.
        uri: Uri,
        /// Language as the editor names it; may be empty.
        language_id: String,
        /// Version as the client counts.
        version: i32,
        /// Whole text.
        text: String,
    },
    /// A document changed: all changes of one notification.
    Changed {
        /// The document.
        uri: Uri,
        /// Version after the changes.
        version: i32,
        /// Changes in the client's order, each against the result of the one before.
        changes: Vec<ContentChange>,
    },
    /// What other servers say about a document, all of it, in place of what was known.
    Diagnosed {
        /// The document.
        uri: Uri,
        /// The version that the ranges are of; none for the newest. Of another one nothing is taken.
        version: Option<i32>,
        /// The diagnostics.
        diagnostics: Vec<ForeignDiagnostic>,
    },
    /// A document was written to disk by the editor.
    Saved(Uri),
    /// A document was closed. Its proposals wait until it is opened again.
    Closed(Uri),
    /// Files were renamed, old to new.
    Renamed(Vec<(Uri, Uri)>),
    /// Files were deleted.
    Deleted(Vec<Uri>),
    /// Nothing more happened to a document for a while: see [`crate::IndexOrder::Changed`].
    Quiet(Uri),
    /// Something happened to files on disk: they may be changed, gone, or back.
    ChangedOnDisk(Vec<Uri>),
    /// The workspace folders are now these.
    Folders(Vec<Uri>),
    /// Settings, or the provider that they lead to, changed.
    Configured {
        /// Settings of all layers, merged.
        config: Box<Config>,
        /// The provider to ask from now on, or why there is none.
        provider: ProviderState,
    },
    /// The edge can be told how things stand: from now on it is, by [`crate::EdgeEffect::Status`].
    Listening,
    /// The edge found something that the user should know.
    Notice(Notice),
    /// The edge has a text to be shown as a document that is only read.
    ShowText {
        /// A file name for it.
        name: String,
        /// The text.
        text: String,
    },
    /// The user asked why no model can be asked.
    ExplainProvider,
    /// A command. Answered in the same turn.
    Command(Command),
    /// A command whose place or target is where a range stands in the text as it is when the command's turn comes.
    CommandAt {
        /// The document.
        uri: Uri,
        /// Cursor or selection.
        range: PositionRange,
        /// The command; its own place or target does not count.
        command: Command,
    },
    /// A question. Answered in the same turn, changes nothing.
    Query(Query),
    /// A job reports.
    Report(Report),
    /// The edge answered an effect that carried a token.
    Replied {
        /// Token of the effect.
        token: Token,
        /// What the user or the client did.
        reply: EdgeReply,
    },
    /// The user pressed cancel on the progress of a proposal.
    ProgressCancelled(edit::ProposalId),
}

/// What a user asks for, by whatever means the edge has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Ask for an edit at a place. Without an instruction the edge is made to ask for one (prompt, directive or request document).
    Ask {
        /// Where.
        place: Place,
        /// What to do.
        instruction: Option<String>,
    },
    /// Run the directive at a place, or the follow-up or instruction of a review document.
    Run {
        /// Where the directive stands.
        place: Place,
    },
    /// Accept pending hunks: of a hunk, revision, proposal, file, or all.
    Accept(Target),
    /// Accept a hunk together with all hunks that it needs.
    AcceptWith(Target),
    /// Reject pending hunks, with an optional reason that the next round is told.
    Reject {
        /// What.
        target: Target,
        /// Why.
        reason: Option<String>,
    },
    /// Reject the pending hunks of a proposal that change nothing but blanks, line breaks or quotes.
    DropNoise(Target),
    /// Ask for the next revision of a proposal, or of one hunk while every other stays byte-identical.
    Refine {
        /// Proposal or hunk.
        target: Target,
        /// What to change; without it the edge is made to ask.
        instruction: Option<String>,
    },
    /// Ask again: a failed request as it was, a stale hunk on the text as it is.
    Again(Target),
    /// Replace the proposed text of a pending hunk by the user's own: a new revision in which only this hunk differs.
    Revise {
        /// The hunk.
        target: Target,
        /// The whole new text of the hunk.
        text: String,
    },
    /// Step to another revision.
    Revision {
        /// The proposal.
        proposal: edit::ProposalId,
        /// Which.
        step: RevisionStep,
    },
    /// Open the review document.
    Review(Target),
    /// Take the accepted hunks of a proposal (or one of them) out again: only their bytes.
    Undo(Target),
    /// Stop work on a proposal. What was accepted stays.
    Cancel(Target),
    /// The client says that it applied the inline edit of a hunk's accept action.
    Applied(Target),
    /// Move to the next pending hunk behind a place or hunk, over files.
    Next(Target),
    /// Move to the previous pending hunk.
    Previous(Target),
    /// Offer what is rarer than the code actions show.
    More(Target),
    /// Forget a decided or failed proposal.
    Dismiss(Target),
    /// Make the project's own checks of a proposal now.
    Verify(Target),
    /// Ask whether the checkout that a document lies in is trusted.
    Trust(Target),
    /// Make the next request of a proposal or hunk, or that of an ask at a place, and show it instead of sending it.
    Preview {
        /// What it is of.
        target: Target,
        /// What would be asked; without it, what the proposal asks next or the directive at the place says.
        instruction: Option<String>,
    },
}

impl Command {
    /// The same command at a place. One that steps to a revision is about no place.
    pub fn at(mut self, at: Place) -> Command {
        match &mut self {
            Command::Ask { place, .. } | Command::Run { place } => *place = at,
            Command::Accept(target)
            | Command::AcceptWith(target)
            | Command::Reject { target, .. }
            | Command::DropNoise(target)
            | Command::Refine { target, .. }
            | Command::Again(target)
            | Command::Revise { target, .. }
            | Command::Review(target)
            | Command::Undo(target)
            | Command::Cancel(target)
            | Command::Applied(target)
            | Command::Next(target)
            | Command::Previous(target)
            | Command::More(target)
            | Command::Dismiss(target)
            | Command::Verify(target)
            | Command::Trust(target)
            | Command::Preview { target, .. } => *target = Target::Place(at),
            Command::Revision { .. } => {}
        }
        self
    }
}

/// Which revision to step to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevisionStep {
    /// The one before the current.
    Previous,
    /// The one behind the current.
    Next,
    /// This number.
    Number(u32),
}

/// A question of the edge about the state as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Which actions there are at a range.
    Actions {
        /// The document.
        uri: Uri,
        /// Cursor or selection.
        range: PositionRange,
        /// Diagnostics of other servers in the request's context.
        diagnostics: Vec<ForeignDiagnostic>,
    },
    /// The lenses of a document.
    Lenses(Uri),
    /// What to say about the hunk at a position.
    Hover {
        /// The document.
        uri: Uri,
        /// Where.
        position: text::Position,
    },
    /// What could be completed at a position: recipes and mentions inside a directive or a document of ours.
    Completion {
        /// The document.
        uri: Uri,
        /// Where.
        position: text::Position,
    },
    /// The whole state of a proposal.
    Proposal(edit::ProposalId),
    /// The text of a review document.
    ReviewText(edit::ProposalId),
    /// The text that a proposal's document would have if all its pending hunks were accepted.
    ProposedText(edit::ProposalId),
    /// The newest text of an open document: for edges that own the document (terminal, tests).
    DocumentText(Uri),
}

/// A diagnostic of another server. `index` is its place in the request's list, so that the edge can echo it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignDiagnostic {
    /// Place in the request's list.
    pub index: usize,
    /// Its range.
    pub range: PositionRange,
    /// Its message.
    pub message: String,
    /// Who says so.
    pub source: Option<String>,
}

/// Ties the reply of an edge to the effect that asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

/// What came back from the edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EdgeReply {
    /// The client answered an edit. Its `applied` is a hint: state follows the text.
    Applied {
        /// What the client says; `None` for a null answer.
        applied: Option<bool>,
        /// The client's reason.
        failure: Option<String>,
    },
    /// The user typed an instruction, or dismissed the prompt.
    Prompted(Option<String>),
    /// The client has no prompt: fall back to a directive or request document.
    PromptUnsupported,
    /// The user chose an entry by its index, or none.
    Chosen(Option<usize>),
}
