//! The one owner of state: documents, proposals, and what happens next.
//!
//! [`Session::handle`] is a plain function from a message to effects: no await, no I/O, no clock. The [`driver`] is the
//! only asynchronous part: it feeds the mailbox, runs jobs, and hands acts of the edge to whoever speaks to the user.
//! Nothing here knows LSP, a terminal or a provider's wire format.

mod check;
pub mod config;
pub mod driver;
mod effect;
mod job;
mod kept;
mod level;
mod message;
mod names;
mod notice;
mod offline;
mod place;
pub mod project;
mod provider;
mod sent;
mod state;
mod status;
mod view;

pub use context::rank::Recent;
pub use effect::{Answer, DocumentEdit, DocumentText, EdgeEffect, Effect, IndexOrder, Progress};
pub use job::{
    CheckJob, Checked, Checks, GatherJob, Job, JobId, NamesJob, Outcome, ProposalRecord, Record, Report,
    TrustWord,
};
pub use kept::{Found, TakeJob, Taken, Unreadable};
pub use level::{Levels, NamesLevel, ProjectLevel};
pub use message::{Command, EdgeReply, ForeignDiagnostic, Message, Query, RevisionStep, Token};
pub use notice::{Level, Notice};
pub use offline::{FileAsk, FileContext, gather_for_file};
pub use place::{BadTarget, Place, Target};
pub use provider::ProviderState;
pub use sent::{Preview, ShownLines, Spending};
pub use state::{Session, fenced_diff};
pub use status::{Now, StatusView};
pub use view::{
    Action, ActionKind, Completion, CompletionKind, Completions, Hover, HunkView, Lens, LensKind, Mark,
    MarkKind, NeedView, ProposalState, ProposalView,
};
// The ids and documents that the front door speaks of.
pub use edit::{HunkId, ProposalId, RevisionId, Status};
pub use syntax::Stop;
pub use verify::Severity;
pub use workspace::{ContentChange, OnDisk, Uri, words};

/// The project's own checks, as `verify` makes them: for the terminal, and for jobs.
pub mod checks {
    pub use verify::project::{
        CheckCommand, CheckOptions, CheckReport, CheckRequest, NotChecked, Offer, ProjectChecks, Proposed,
        offered,
    };
    pub use verify::run::{own_env, supervise};
}

/// Names of the languages that are parsed.
pub fn languages() -> Vec<&'static str> {
    syntax::all_languages().map(syntax::Language::name).collect()
}
