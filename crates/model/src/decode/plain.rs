//! The events that an answer is made of, one for every token, read without a tree of values.
//!
//! Must never read an event otherwise than the long way does: whatever holds anything but a piece of text gives nothing
//! here and is read the long way.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

/// A piece of an Anthropic answer.
#[derive(Deserialize)]
struct AnthropicDelta<'a> {
    r#type: &'a str,
    #[serde(borrow)]
    delta: TextDelta<'a>,
}

#[derive(Deserialize)]
struct TextDelta<'a> {
    r#type: &'a str,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

pub(super) fn anthropic(data: &str) -> Option<Cow<'_, str>> {
    let event: AnthropicDelta<'_> = serde_json::from_str(data).ok()?;
    (event.r#type == "content_block_delta" && event.delta.r#type == "text_delta").then_some(event.delta.text)
}

/// A piece of a chat completion.
#[derive(Deserialize)]
struct ChatChunk<'a> {
    object: Option<&'a str>,
    #[serde(borrow)]
    choices: [ChatChoice<'a>; 1],
    usage: Option<IgnoredAny>,
    error: Option<IgnoredAny>,
    x_groq: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct ChatChoice<'a> {
    index: Option<u64>,
    #[serde(borrow)]
    delta: ChatDelta<'a>,
    text: Option<IgnoredAny>,
    finish_reason: Option<IgnoredAny>,
    usage: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct ChatDelta<'a> {
    #[serde(borrow)]
    content: Cow<'a, str>,
    reasoning_content: Option<IgnoredAny>,
    reasoning: Option<IgnoredAny>,
    refusal: Option<IgnoredAny>,
    tool_calls: Option<IgnoredAny>,
    function_call: Option<IgnoredAny>,
}

pub(super) fn chat(data: &str) -> Option<Cow<'_, str>> {
    let chunk: ChatChunk<'_> = serde_json::from_str(data).ok()?;
    let [choice] = chunk.choices;
    let delta = choice.delta;
    let others = [chunk.usage, chunk.error, chunk.x_groq, choice.text, choice.finish_reason, choice.usage];
    let parts =
        [delta.reasoning_content, delta.reasoning, delta.refusal, delta.tool_calls, delta.function_call];
    let is_plain = others.iter().chain(&parts).all(Option::is_none)
        && chunk.object != Some("error")
        && choice.index.unwrap_or(0) == 0;
    is_plain.then_some(delta.content)
}

/// A piece of a response.
#[derive(Deserialize)]
struct ResponsesDelta<'a> {
    r#type: &'a str,
    #[serde(borrow)]
    delta: Cow<'a, str>,
}

pub(super) fn responses(data: &str) -> Option<Cow<'_, str>> {
    let event: ResponsesDelta<'_> = serde_json::from_str(data).ok()?;
    (event.r#type == "response.output_text.delta").then_some(event.delta)
}

/// A chunk of Gemini's that holds one piece of text, and the counts so far.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GeminiChunk<'a> {
    #[serde(borrow)]
    candidates: [GeminiCandidate<'a>; 1],
    usage_metadata: Option<GeminiCounts>,
    prompt_feedback: Option<IgnoredAny>,
    error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GeminiCandidate<'a> {
    index: Option<u64>,
    #[serde(borrow)]
    content: GeminiContent<'a>,
    finish_reason: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct GeminiContent<'a> {
    #[serde(borrow)]
    parts: [GeminiPart<'a>; 1],
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GeminiPart<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    thought: Option<IgnoredAny>,
    function_call: Option<IgnoredAny>,
}

/// Gemini's counts.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GeminiCounts {
    pub(super) prompt_token_count: Option<u64>,
    pub(super) tool_use_prompt_token_count: Option<u64>,
    pub(super) cached_content_token_count: Option<u64>,
    pub(super) candidates_token_count: Option<u64>,
    pub(super) thoughts_token_count: Option<u64>,
}

pub(super) fn gemini(data: &str) -> Option<(Cow<'_, str>, Option<GeminiCounts>)> {
    let chunk: GeminiChunk<'_> = serde_json::from_str(data).ok()?;
    let [candidate] = chunk.candidates;
    let [part] = candidate.content.parts;
    let others =
        [chunk.prompt_feedback, chunk.error, candidate.finish_reason, part.thought, part.function_call];
    let is_plain = others.iter().all(Option::is_none) && candidate.index.unwrap_or(0) == 0;
    is_plain.then_some((part.text, chunk.usage_metadata))
}

/// A line of Ollama's.
#[derive(Deserialize)]
struct OllamaLine<'a> {
    #[serde(borrow)]
    message: OllamaMessage<'a>,
    done: bool,
    error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct OllamaMessage<'a> {
    #[serde(borrow)]
    content: Cow<'a, str>,
    thinking: Option<IgnoredAny>,
    tool_calls: Option<IgnoredAny>,
}

pub(super) fn ollama(data: &str) -> Option<Cow<'_, str>> {
    let line: OllamaLine<'_> = serde_json::from_str(data).ok()?;
    let others = [line.error, line.message.thinking, line.message.tool_calls];
    (!line.done && others.iter().all(Option::is_none)).then_some(line.message.content)
}

#[cfg(test)]
mod tests {
    use crate::decode::Decoder;
    use crate::protocol::Protocol;

    /// A member that comes twice is read the long way, where the last one counts.
    #[track_caller]
    fn check(protocol: Protocol, event: &str, twice: &str) {
        let framed = |event: &str| match protocol {
            Protocol::Ollama => format!("{event}\n"),
            Protocol::AnthropicMessages
            | Protocol::OpenaiChat
            | Protocol::OpenaiResponses
            | Protocol::Gemini => format!("data: {event}\n\n"),
        };
        let read = |event: &str| {
            let mut decoder = Decoder::new(protocol);
            let events = decoder.push(framed(event).as_bytes());
            (events, decoder.usage(), format!("{:?}", decoder.finish()))
        };
        let doubled = event.replacen('{', &format!("{{{twice},"), 1);
        assert_eq!(read(event), read(&doubled), "{event}");
    }

    #[test]
    fn the_short_way_reads_what_the_long_way_reads() {
        let anthropic =
            |delta: &str| format!(r#"{{"type":"content_block_delta","index":1,"delta":{delta}}}"#);
        for delta in [
            r#"{"type":"text_delta","text":"a\né"}"#,
            r#"{"text":"","type":"text_delta"}"#,
            r#"{"type":"thinking_delta","thinking":"a","text":"b"}"#,
            r#"{"type":"text_delta","text":null}"#,
        ] {
            check(Protocol::AnthropicMessages, &anthropic(delta), r#""type":"x""#);
        }
        let chat = |choice: &str| format!(r#"{{"object":"c","choices":[{choice}],"usage":null}}"#);
        for choice in [
            r#"{"index":0,"delta":{"role":"assistant","content":"a"},"finish_reason":null}"#,
            r#"{"delta":{"content":"a","reasoning":"b"}}"#,
            r#"{"delta":{"content":"a","reasoning":null,"tool_calls":null}}"#,
            r#"{"delta":{"content":"a","refusal":"b"}}"#,
            r#"{"delta":{"content":"a"},"finish_reason":"stop"}"#,
            r#"{"delta":{"content":"a"},"text":"b"}"#,
            r#"{"index":1,"delta":{"content":"a"}}"#,
            r#"{"index":"0","delta":{"content":"a"}}"#,
            r#"{"delta":{"content":"a"},"usage":{"prompt_tokens":3}}"#,
            r#"{"delta":{"content":"a"}},{"index":0,"delta":{"content":"b"}}"#,
        ] {
            check(Protocol::OpenaiChat, &chat(choice), r#""object":"x""#);
        }
        check(
            Protocol::OpenaiResponses,
            r#"{"type":"response.output_text.delta","delta":"a","logprobs":[]}"#,
            r#""type":"x""#,
        );
        let gemini = |rest: &str| {
            format!(r#"{{"usageMetadata":{{"promptTokenCount":3,"thoughtsTokenCount":2}},{rest}}}"#)
        };
        for rest in [
            r#""candidates":[{"content":{"parts":[{"text":"a"}]},"index":0}]"#,
            r#""candidates":[{"content":{"parts":[{"text":"a","thought":true}]}}]"#,
            r#""candidates":[{"content":{"parts":[{"text":"a"},{"text":"b"}]}}]"#,
            r#""candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]"#,
            r#""candidates":[{"content":{"parts":[{"text":"a"}]}}],"promptFeedback":{"blockReason":"OTHER"}"#,
        ] {
            check(Protocol::Gemini, &gemini(rest), r#""usageMetadata":null"#);
        }
        for line in [
            r#"{"done":false,"message":{"content":"a"}}"#,
            r#"{"done":false,"message":{"content":"a","thinking":"b"}}"#,
            r#"{"done":true,"message":{"content":"a"},"done_reason":"stop","eval_count":2}"#,
            r#"{"done":false,"message":{"content":"a"},"error":"b"}"#,
        ] {
            check(Protocol::Ollama, line, r#""done":false"#);
        }
    }
}
