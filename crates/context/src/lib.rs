//! What the model is shown besides the scope, and why; and what is hidden from it.
//!
//! Pure: values in, values out. It reads no file, keeps no state between requests, and never shows text of a file that may
//! not be sent.

mod redaction;

pub use redaction::{Redaction, Restore};
