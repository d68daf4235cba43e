//! What a decoder keeps of an answer besides its text: tool calls, the words of a refusal, counts. Bounded in size.

use serde_json::Value;

use super::MAX_EVENT_BYTES;
use crate::error::Error;
use crate::event::{ToolCall, Usage};

/// What one tool call costs besides its text, so that many empty ones are bounded too.
const CALL_BYTES: usize = 256;

/// What is kept of an answer.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) usage: Usage,
    refusal: String,
    calls: Vec<(Slot, ToolCall)>,
    n_bytes: usize,
}

/// What tells the pieces of one tool call from those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// The provider's index.
    Index(u64),
    /// A call that comes in one piece.
    Whole,
}

impl Gathered {
    pub(super) fn refusal(&self) -> &str {
        &self.refusal
    }

    pub(super) fn has_calls(&self) -> bool {
        !self.calls.is_empty()
    }

    pub(super) fn tool_calls(&self) -> Vec<ToolCall> {
        self.calls.iter().map(|(_, call)| call.clone()).collect()
    }

    /// Adds words of a refusal.
    pub(super) fn refuse(&mut self, words: &str) -> Result<(), Error> {
        self.take(words.len())?;
        self.refusal.push_str(words);
        Ok(())
    }

    /// Begins a tool call.
    pub(super) fn open(&mut self, slot: Slot, call: ToolCall) -> Result<(), Error> {
        let n_bytes = call.id.as_ref().map_or(0, String::len) + call.name.len() + call.arguments.len();
        self.take(n_bytes + CALL_BYTES)?;
        self.calls.push((slot, call));
        Ok(())
    }

    /// The latest tool call at an index.
    pub(super) fn at(&mut self, index: u64) -> Option<&mut ToolCall> {
        let is_there = |(slot, _): &&mut (Slot, ToolCall)| *slot == Slot::Index(index);
        self.calls.iter_mut().rev().find(is_there).map(|(_, call)| call)
    }

    /// The tool call that came last.
    pub(super) fn last(&mut self) -> Option<&mut ToolCall> {
        self.calls.last_mut().map(|(_, call)| call)
    }

    /// Makes room for a piece of a tool call; fails when an answer holds too much.
    pub(super) fn take(&mut self, n_bytes: usize) -> Result<(), Error> {
        self.n_bytes = self.n_bytes.saturating_add(n_bytes);
        if self.n_bytes <= MAX_EVENT_BYTES {
            return Ok(());
        }
        let message = format!("the tool calls of an answer are larger than {} MiB", MAX_EVENT_BYTES >> 20);
        Err(Error::Protocol { message })
    }
}

/// Arguments as a text: most providers send a text of JSON, some the JSON itself.
pub(super) fn arguments(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// Arguments that came in one piece, where nothing means none.
pub(super) fn whole_arguments(value: Option<&Value>) -> String {
    match arguments(value) {
        empty if empty.is_empty() => "{}".to_owned(),
        arguments => arguments,
    }
}
