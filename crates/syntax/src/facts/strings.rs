//! The strings of a file's facts, one after the other in one text.
//!
//! Owns their form. A file has hundreds of them: each on its own costs more time to be made and freed than to be read.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::StringId;

/// Strings by number.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strings {
    text: String,
    /// Where each ends in the text; the next begins there.
    ends: Vec<u32>,
}

impl Strings {
    pub(super) fn with_capacity(n_strings: usize) -> Strings {
        Strings { text: String::with_capacity(8 * n_strings), ends: Vec::with_capacity(n_strings) }
    }

    /// Adds a string behind the others, whose bytes must be less than 4 GiB together.
    pub(super) fn push(&mut self, string: &str) {
        self.text.push_str(string);
        self.ends.push(self.text.len() as u32);
    }

    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// The string with an id; empty where there is none.
    pub fn get(&self, id: StringId) -> &str {
        let idx = id as usize;
        let start =
            idx.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        let end = self.ends.get(idx).map_or(start, |end| *end as usize);
        // Read back from bytes, ends can be anything.
        self.text.get(start..end).unwrap_or("")
    }

    /// All strings in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len() as u32).map(|id| self.get(id))
    }

    /// How many strings there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

impl fmt::Debug for Strings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
