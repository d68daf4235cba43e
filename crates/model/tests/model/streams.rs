//! Streams to decode, in every wire format.

use model::decode::Decoder;
use model::{InfillFormat, Protocol};

/// A wire format whose answers are streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Chat(Protocol),
    Infill(InfillFormat),
}

impl Format {
    pub(crate) fn decoder(self) -> Decoder {
        match self {
            Format::Chat(protocol) => Decoder::new(protocol),
            Format::Infill(format) => Decoder::infill(format),
        }
    }
}

/// A stream, and the shortest text at whose end the answer is whole.
pub(crate) struct Sample {
    pub(crate) format: Format,
    pub(crate) stream: &'static str,
    pub(crate) terminal: &'static str,
}

const fn chat(protocol: Protocol, stream: &'static str, terminal: &'static str) -> Sample {
    Sample { format: Format::Chat(protocol), stream, terminal }
}

const fn infill(format: InfillFormat, stream: &'static str, terminal: &'static str) -> Sample {
    Sample { format: Format::Infill(format), stream, terminal }
}

const STOPPED: &str = "{\"type\":\"message_stop\"}";
const COMPLETED: &str = "\"output_tokens\":12}}}";

/// Answers with a text.
pub(crate) static TEXTS: [Sample; 8] = [
    chat(Protocol::AnthropicMessages, include_str!("streams/anthropic.sse"), STOPPED),
    chat(
        Protocol::OpenaiChat,
        include_str!("streams/chat.sse"),
        "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
    ),
    chat(Protocol::OpenaiResponses, include_str!("streams/responses.sse"), COMPLETED),
    chat(Protocol::Gemini, include_str!("streams/gemini.sse"), "\"thoughtsTokenCount\":2}}"),
    chat(Protocol::Ollama, include_str!("streams/ollama.ndjson"), "\"eval_count\":12}"),
    infill(
        InfillFormat::OpenaiCompletions,
        include_str!("streams/completions.sse"),
        "{\"index\":0,\"text\":\"\",\"finish_reason\":\"stop\"}]}",
    ),
    infill(
        InfillFormat::MistralFim,
        include_str!("streams/mistral-fim.sse"),
        "\"usage\":{\"prompt_tokens\":13,\"completion_tokens\":12}}",
    ),
    infill(InfillFormat::LlamaInfill, include_str!("streams/llama-infill.sse"), "\"tokens_predicted\":12}"),
];

/// Answers with two tool calls, one of them without arguments.
pub(crate) static TOOLS: [Sample; 6] = [
    chat(Protocol::AnthropicMessages, include_str!("streams/anthropic-tool.sse"), STOPPED),
    chat(
        Protocol::OpenaiChat,
        include_str!("streams/chat-tool.sse"),
        "\"x_groq\":{\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":12}}}",
    ),
    chat(Protocol::OpenaiResponses, include_str!("streams/responses-tool.sse"), COMPLETED),
    chat(Protocol::Gemini, include_str!("streams/gemini-tool.sse"), "\"candidatesTokenCount\":12}}"),
    chat(Protocol::Gemini, include_str!("streams/gemini-partial.sse"), "\"candidatesTokenCount\":12}}"),
    chat(Protocol::Ollama, include_str!("streams/ollama-tool.ndjson"), "\"eval_count\":12}"),
];

/// All of them.
pub(crate) fn samples() -> impl Iterator<Item = &'static Sample> {
    TEXTS.iter().chain(&TOOLS)
}
