//! Text as values: documents on a rope, offsets, positions in three encodings, change sets, diffs by lines and words, token estimate.
//!
//! Owns the rope and the diff library; neither shows in the public API. Everything here is a pure value: no I/O, no
//! clock, no identity of documents.
//!
//! `offset` is always a byte offset into the UTF-8 text. A line ends at `\n`, `\r\n` or a lone `\r`, as LSP counts them.

mod change_set;
mod diff;
mod document;
mod endings;
pub mod fixture;
mod position;
mod refined;
mod tokens;
mod trace;
mod words;

pub use change_set::{Bias, ChangeError, ChangeSet, Edit};
pub use diff::{LineChange, diff_lines, diff_words, similarity, split_lines, unified_diff};
pub use document::Text;
pub use endings::{LineEnding, with_line_ending};
pub use position::{Encoding, Position, PositionRange};
pub use tokens::estimate_tokens;
pub use trace::{Retraced, Trace};
pub use words::{BlockPieces, Piece, block_pieces};
