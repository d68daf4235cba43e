//! From what a model answers to hunks that a user decides on. Pure values: no I/O, no clock, no provider.
//!
//! Owns the answer formats with their parser, placement, hunks, what is remarkable about a hunk, and the text of a request.

mod answer;
mod detect;
mod ground;
mod hunk;
mod hunks;
mod id;
mod import;
mod needs;
mod omission;
mod place;
mod prompt;
mod proposal;
mod refusal;

pub use answer::{
    Answer, AnswerParser, Block, Change as DiffChange, Ending, Format, fence_for, instructions,
};
pub use detect::{Asked, Detection, DetectionKind, detect};
pub use ground::{Ground, Placed, carry};
pub use hunk::{Hunk, Status};
pub use hunks::{hunks, hunks_between, hunks_within, is_blank_noise, summary};
pub use id::{BadId, HunkId, ProposalId, RevisionId, Target};
pub use import::import_edit;
pub use needs::{Need, Needs, Tie, needs, needs_until};
pub use place::{Settled, Site, place, resolve, settle};
pub use prompt::{
    Ask, Attachment, Change, Excerpt, Prompt, Rejected, Round, Rules, Task, Turn, TurnRole, prompt,
    repair_turn,
};
pub use proposal::{KeptDirective, KeptHunk, KeptHunks, KeptRevision, KeptStatus, Proposal, Refused, Start};
pub use refusal::{Difference, Nearest, Reason, Refusal};
