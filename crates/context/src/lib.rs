//! What the model is shown besides the scope, and why; and what is hidden from it.
//!
//! Pure: a snapshot in, values out. It keeps no state between requests, reads no file itself, and never shows text of a file
//! that may not be sent or that lies outside the folder of the document asked about.

mod budget;
mod definition;
mod excerpt;
mod family;
mod gather;
mod mention;
mod others;
mod own;
pub mod rank;
mod recent;
mod redaction;
mod reuse;
mod rules;

pub use excerpt::{Attachment, Context, Excerpt, Left};
pub use gather::{Request, gather, index_of_open};
pub use mention::{Mentions, Name, NameKind, Names, Unmet, typed_mention};
pub use redaction::{Redaction, Restore, Touched};
pub use reuse::Reuse;
pub use rules::{MAX_ALL_RULES_TOKENS, MAX_RULES_TOKENS, Rule, Rules};
