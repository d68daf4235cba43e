//! The wire formats this crate speaks, by name.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A wire format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// Anthropic Messages.
    AnthropicMessages,
    /// OpenAI chat completions, and what speaks like them.
    OpenaiChat,
}

impl Protocol {
    /// All protocols.
    pub const ALL: [Protocol; 2] = [Protocol::AnthropicMessages, Protocol::OpenaiChat];

    /// The name in settings and in `HUNKWISE_PROTOCOL`.
    pub fn name(self) -> &'static str {
        match self {
            Protocol::AnthropicMessages => "anthropic-messages",
            Protocol::OpenaiChat => "openai-chat",
        }
    }

    /// The protocol of a name, if there is one.
    pub fn from_name(name: &str) -> Option<Protocol> {
        Protocol::ALL.into_iter().find(|protocol| protocol.name() == name)
    }

    /// What follows the version in the address of a call.
    pub(crate) fn operation(self) -> &'static str {
        match self {
            Protocol::AnthropicMessages => "messages",
            Protocol::OpenaiChat => "chat/completions",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
