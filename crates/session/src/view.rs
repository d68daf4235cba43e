//! What an edge shows: marks along the text, actions, lenses, hover, and the whole state of a proposal. Values without titles.

use std::fmt;
use std::sync::Arc;

use edit::{HunkId, ProposalId, RevisionId, Status};
use text::PositionRange;
use workspace::Uri;

use crate::effect::DocumentEdit;
use crate::level::Levels;
use crate::notice::Notice;
use crate::place::Place;
use crate::sent::Spending;

/// Something shown along the text of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Where.
    pub range: PositionRange,
    /// What.
    pub kind: MarkKind,
}

/// What a mark says.
#[derive(Debug, Clone, PartialEq)]
pub enum MarkKind {
    /// A directive that can be run.
    Directive,
    /// A model works on this.
    Working {
        /// The proposal.
        proposal: ProposalId,
        /// Hunks that arrived so far.
        n_hunks: usize,
    },
    /// A hunk to decide.
    Hunk(HunkView),
    /// A hunk that no longer fits.
    Stale(HunkView),
    /// All hunks of a proposal are decided.
    Decided {
        /// The proposal.
        proposal: ProposalId,
        /// How many of them were accepted.
        n_accepted: usize,
        /// How many of them were rejected.
        n_rejected: usize,
    },
    /// A proposal ended without hunks.
    Failed {
        /// The proposal.
        proposal: ProposalId,
        /// Why, and what to do.
        notice: Notice,
    },
}

/// One hunk as shown. Cheap to clone: an edge is told of all hunks of a document at once, key by key.
#[derive(Debug, Clone, PartialEq)]
pub struct HunkView {
    /// Its id.
    pub id: HunkId,
    /// One-based number among the hunks of its revision.
    pub number: usize,
    /// How many hunks its revision has.
    pub of: usize,
    /// Where it stands in the current text.
    pub range: PositionRange,
    /// Text that it replaces.
    pub old: Arc<str>,
    /// Text that it proposes.
    pub new: Arc<str>,
    /// What stands in its first line in front of it, as long as it can be decided; empty for a hunk of whole lines.
    pub before: String,
    /// What stands in its last line behind it, with the line's ending, as long as it can be decided; empty likewise.
    pub after: String,
    /// Its state; `Stale` also while a newer proposal covers it.
    pub status: Status,
    /// "replaces 4 lines"
    pub summary: Arc<str>,
    /// What checks say about it.
    pub findings: Arc<[String]>,
    /// How far it was checked.
    pub levels: Levels,
    /// Whether it changes nothing but blanks, line breaks or quotes.
    pub is_noise: bool,
    /// Hunks that it needs and that are not accepted.
    pub needs: Vec<NeedView>,
    /// It changes text outside of what was asked about.
    pub is_outside: bool,
    /// It is accepted when no hunk is named: it lies in the scope, or imports what an accepted or pending hunk uses.
    pub is_on: bool,
}

/// A hunk that another one needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedView {
    /// The hunk that is needed.
    pub hunk: HunkId,
    /// Its one-based number among the hunks of its revision.
    pub number: usize,
    /// "`rate` is defined there"
    pub why: String,
}

impl fmt::Display for NeedView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "needs hunk {}: {}", self.number, self.why)
    }
}

/// A code action without its title.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// What it does.
    pub kind: ActionKind,
    /// The mark of ours that it decides, so that the edge can tie it to its diagnostic.
    pub mark: Option<Mark>,
}

/// What a code action does.
#[derive(Debug, Clone, PartialEq)]
pub enum ActionKind {
    /// Run the directive, instruction or follow-up at a place.
    Run {
        /// Where.
        place: Place,
        /// Its text.
        text: String,
    },
    /// Show what running the directive at a place would send.
    Preview(Place),
    /// Ask with an instruction to be given.
    Ask(Place),
    /// Ask with a recipe.
    Recipe {
        /// Where.
        place: Place,
        /// What the user reads.
        title: String,
        /// What the model is asked.
        instruction: String,
    },
    /// Fix another server's diagnostic.
    Fix {
        /// Where.
        place: Place,
        /// What the model is asked.
        instruction: String,
        /// The diagnostic's message.
        message: String,
        /// Place of the diagnostic in the request's list.
        index: usize,
    },
    /// No model can be asked: says why.
    NoProvider(Notice),
    /// Stop work.
    Cancel(ProposalId),
    /// Accept a hunk by the edit inline.
    AcceptHunk {
        /// The hunk.
        hunk: HunkView,
        /// What accepting it does to the document.
        edit: DocumentEdit,
    },
    /// Accept a hunk together with what it needs.
    AcceptWith {
        /// The hunk.
        hunk: HunkView,
        /// How many hunks that are.
        n_hunks: usize,
        /// How many findings checks have about them.
        n_findings: usize,
    },
    /// Reject a hunk.
    RejectHunk(HunkView),
    /// Refine a hunk.
    RefineHunk(HunkView),
    /// Accept all that is pending in the file.
    AcceptFile {
        /// The file.
        uri: Uri,
        /// How many hunks.
        n_hunks: usize,
        /// What they need that is not among them.
        needs: Vec<NeedView>,
        /// They do not parse without hunks outside of the scope.
        needs_outside: bool,
    },
    /// Open the review document.
    Review(ProposalId),
    /// Accept all hunks of all files.
    AcceptAll {
        /// How many hunks.
        n_hunks: usize,
        /// What they need that is not among them.
        needs: Vec<NeedView>,
    },
    /// Reject all pending hunks of a proposal.
    RejectAll(ProposalId),
    /// Reject the pending hunks of a proposal that are noise.
    DropNoise {
        /// The proposal.
        proposal: ProposalId,
        /// How many hunks.
        n_hunks: usize,
    },
    /// Show rarer actions.
    More(HunkId),
    /// Ask again for a stale hunk, with the text as it is now.
    AskAgain(HunkId),
    /// Make the project's own checks of what was accepted.
    Verify(ProposalId),
    /// Undo what was accepted of a proposal.
    Undo(ProposalId),
    /// Ask for a next revision of a decided proposal.
    FollowUp(ProposalId),
    /// Run a failed proposal again.
    Retry(ProposalId),
    /// Forget a proposal.
    Dismiss(ProposalId),
}

/// A lens without its title.
#[derive(Debug, Clone, PartialEq)]
pub struct Lens {
    /// The line that it stands on.
    pub range: PositionRange,
    /// What it does.
    pub kind: LensKind,
}

/// What a lens does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LensKind {
    /// Run a directive.
    Run(Place),
    /// Shows that work goes on.
    Working(ProposalId),
    /// Stop work.
    Cancel(ProposalId),
    /// Accept a hunk.
    Accept(HunkId),
    /// Reject a hunk.
    Reject(HunkId),
    /// Refine a hunk.
    Refine(HunkId),
    /// Open the review document; what the proposal has come to, and the hunk's badge.
    Review(ProposalId, Spending, String),
    /// Ask again for a stale hunk.
    AskAgain(HunkId),
}

/// What a hover shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Hover {
    /// What it is about.
    pub range: PositionRange,
    /// The hunk.
    pub hunk: HunkView,
    /// What was asked for.
    pub instruction: String,
}

/// Something to complete inside a directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Range of the typed word that it replaces.
    pub range: PositionRange,
    /// What the user reads beside it.
    pub label: String,
    /// What it puts into the text.
    pub text: String,
    /// What it is.
    pub kind: CompletionKind,
}

/// What can be completed at a place, the likeliest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// What there is now.
    pub items: Vec<Completion>,
    /// There may be more, or others, when more is typed.
    pub is_incomplete: bool,
}

/// What a completion stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// A recipe.
    Recipe,
    /// A mention with a meaning of its own.
    Keyword,
    /// A file to mention.
    File,
    /// A definition to mention.
    Symbol,
}

/// Where a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposalState {
    /// Nothing came yet.
    Preparing,
    /// An answer streams.
    Streaming,
    /// The answer is complete and is being checked.
    Checking,
    /// Hunks wait for a decision.
    Pending,
    /// All hunks are decided.
    Decided,
    /// The model answered without an edit.
    Answered,
    /// It ended without an answer; the notice says why.
    Failed,
    /// The user stopped it.
    Cancelled,
    /// It is forgotten: the last that is told of it, without hunks.
    Dismissed,
}

/// The whole state of a proposal, idempotent.
#[derive(Debug, Clone, PartialEq)]
pub struct ProposalView {
    /// Its id.
    pub proposal: ProposalId,
    /// The revision shown.
    pub revision: RevisionId,
    /// How many revisions there are.
    pub n_revisions: u32,
    /// Where it stands.
    pub state: ProposalState,
    /// The newest instruction.
    pub instruction: String,
    /// The document.
    pub uri: Uri,
    /// Its version.
    pub version: i32,
    /// Hunks of the revision, in order.
    pub hunks: Vec<HunkView>,
    /// Prose of the model, where it wrote any.
    pub prose: String,
    /// Why it failed, where it did.
    pub notice: Option<Notice>,
    /// What its requests came to, over all rounds.
    pub spent: Spending,
    /// What each of the project's own checks came to, a line each.
    pub checks: Vec<String>,
    /// What was tried before the revision that was offered; none where nothing was.
    pub tried: Option<String>,
}
