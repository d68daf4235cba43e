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
    /// OpenAI responses.
    OpenaiResponses,
    /// Gemini's `streamGenerateContent`.
    Gemini,
    /// Ollama's own chat.
    Ollama,
}

impl Protocol {
    /// All protocols.
    pub const ALL: [Protocol; 5] = [
        Protocol::AnthropicMessages,
        Protocol::OpenaiChat,
        Protocol::OpenaiResponses,
        Protocol::Gemini,
        Protocol::Ollama,
    ];

    /// The name in settings and in `HUNKWISE_PROTOCOL`.
    pub fn name(self) -> &'static str {
        match self {
            Protocol::AnthropicMessages => "anthropic-messages",
            Protocol::OpenaiChat => "openai-chat",
            Protocol::OpenaiResponses => "openai-responses",
            Protocol::Gemini => "gemini",
            Protocol::Ollama => "ollama",
        }
    }

    /// The protocol of a name, if there is one.
    pub fn from_name(name: &str) -> Option<Protocol> {
        Protocol::ALL.into_iter().find(|protocol| protocol.name() == name)
    }
}

/// How a provider is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// Over HTTP, in a wire format.
    Http(Protocol),
    /// Through the editor, which lends its model.
    Editor,
}

impl Via {
    /// The name of the wire format, or `editor`.
    pub fn name(self) -> &'static str {
        match self {
            Via::Http(protocol) => protocol.name(),
            Via::Editor => "editor",
        }
    }
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
