//! What a stream yields: pieces of an answer and how it ended.

use std::fmt;

use serde_json::{Map, Value};

/// One item of a stream that works. A stream ends with exactly one `End` or one error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The next piece of the answer.
    Text(String),
    /// The next piece of the model's reasoning; never part of the answer.
    Reasoning(String),
    /// A tool call of an answer that ended. It may be acted on only when [`ToolCall::arguments_object`] has a value.
    ToolCall(ToolCall),
    /// Nothing came yet and the call is tried again after a pause. Only before the first text or reasoning.
    Waiting {
        /// Why, as a clause: `the provider is overloaded`.
        reason: String,
        /// Seconds until the next try, rounded up.
        seconds: u64,
    },
    /// The answer is whole as far as the protocol goes; `stop` says whether it says all it wanted to.
    End {
        /// Why the model stopped.
        stop: Stop,
        /// Tokens the provider counted.
        usage: Usage,
    },
}

/// Why a model stopped. Only `Complete` is a whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The model was done.
    Complete,
    /// The limit of output tokens, or of the context, was reached.
    MaxTokens,
    /// The model declined; the text says why and may be empty.
    Refusal(String),
    /// The provider's filter held the answer back.
    ContentFilter,
    /// The provider paused a long turn.
    Paused,
    /// The model called a tool, although none was offered.
    ToolUse,
    /// A reason this crate does not know, in the provider's word; empty when none was given.
    Other(String),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Complete => f.write_str("complete"),
            Stop::MaxTokens => f.write_str("limit of output tokens"),
            Stop::Refusal(why) if why.is_empty() => f.write_str("refused"),
            Stop::Refusal(why) => write!(f, "refused: {why}"),
            Stop::ContentFilter => f.write_str("held back by the provider's content filter"),
            Stop::Paused => f.write_str("paused by the provider"),
            Stop::ToolUse => f.write_str("the model asked for a tool"),
            Stop::Other(reason) if reason.is_empty() => f.write_str("no reason given"),
            Stop::Other(reason) => write!(f, "reason `{reason}`"),
        }
    }
}

/// A call of a tool, in the order of the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolCall {
    /// The provider's id; some give none.
    pub id: Option<String>,
    /// The tool.
    pub name: String,
    /// What it is called with: a text of JSON, which ends anywhere when the answer hit a limit.
    pub arguments: String,
    /// Whether the tool takes free text, so that `arguments` is no JSON.
    pub is_free_text: bool,
}

impl ToolCall {
    /// The arguments, if they are whole. The reason why an answer stopped says nothing about this: a gateway may report
    /// a call that a limit cut as complete.
    pub fn arguments_object(&self) -> Option<Map<String, Value>> {
        serde_json::from_str(&self.arguments).ok()
    }
}

/// Tokens as the provider counted them; `None` where it did not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt, cached ones included.
    pub input_tokens: Option<u64>,
    /// Of those, how many were read from the provider's cache.
    pub cached_input_tokens: Option<u64>,
    /// Of those, how many were written to the provider's cache.
    pub cache_write_tokens: Option<u64>,
    /// Tokens of the answer, reasoning included where the provider counts it so.
    pub output_tokens: Option<u64>,
    /// Of those, how many were reasoning.
    pub reasoning_tokens: Option<u64>,
    /// What the provider charges, where it says so.
    pub cost: Option<Dollars>,
}

/// An amount of US dollars.
///
/// Invariant: finite and not negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Dollars(f64);

/// Holds because no value is NaN.
impl Eq for Dollars {}

impl Dollars {
    /// The amount, if it is one.
    pub fn new(amount: f64) -> Option<Dollars> {
        (amount.is_finite() && amount >= 0.0).then_some(Dollars(amount))
    }

    /// The amount as a number.
    pub fn amount(self) -> f64 {
        self.0
    }
}

/// Cents from a cent up, else as many places as show two digits.
impl fmt::Display for Dollars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount = self.0;
        match amount {
            _ if amount == 0.0 => f.write_str("$0"),
            _ if amount >= 0.1 => write!(f, "${amount:.2}"),
            _ if amount >= 0.001 => write!(f, "${amount:.4}"),
            _ => write!(f, "${amount:.6}"),
        }
    }
}
