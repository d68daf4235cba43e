//! Puts secrets back into an answer while it streams.
//!
//! Owns the few bytes that may be the beginning of a placeholder. Must never hold back text that cannot be one.

use std::fmt;
use std::sync::Arc;

use super::placeholder::{self, Match};

/// The way back for one stream.
#[derive(Clone)]
pub struct Restore {
    secrets: Arc<[String]>,
    held: String,
}

impl Restore {
    pub(super) fn new(secrets: &[String]) -> Restore {
        Restore { secrets: secrets.into(), held: String::new() }
    }

    /// What can be said after the next piece: all text so far with secrets in place, less the start of what may become a
    /// placeholder.
    pub fn push(&mut self, piece: &str) -> String {
        let mut text = std::mem::take(&mut self.held);
        text.push_str(piece);
        let mut restored = String::with_capacity(text.len());
        let mut offset = 0;
        let mut from = 0;
        while let Some(start) = placeholder::candidate(&text, from) {
            let rest = text.get(start..).unwrap_or("");
            match placeholder::at_start(rest) {
                Match::Whole(len) => {
                    let found = rest.get(..len).unwrap_or("");
                    restored.push_str(text.get(offset..start).unwrap_or(""));
                    restored.push_str(self.secret(found).unwrap_or(found));
                    offset = start + len;
                    from = offset;
                }
                Match::Partial => {
                    restored.push_str(text.get(offset..start).unwrap_or(""));
                    self.held = rest.to_owned();
                    return restored;
                }
                Match::None => from = start + 1,
            }
        }
        restored.push_str(text.get(offset..).unwrap_or(""));
        restored
    }

    /// What was held back, at the end of the stream.
    pub fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }

    fn secret(&self, found: &str) -> Option<&str> {
        let number = placeholder::number(found)?;
        self.secrets.get(number.checked_sub(1)?).map(String::as_str)
    }
}

impl fmt::Debug for Restore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Restore({} hidden, {} bytes held)", self.secrets.len(), self.held.len())
    }
}
