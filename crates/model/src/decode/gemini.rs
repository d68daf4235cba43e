//! Gemini's `streamGenerateContent` as server-sent events: whole chunks, the last with a finish reason.
//!
//! There is no event behind the last chunk, so that only the end of the stream ends the answer.

mod partial;

use serde_json::Value;

use super::gathered::{Gathered, Slot, whole_arguments};
use super::plain::GeminiCounts;
use super::sse::SseEvent;
use super::{Fault, Wire, count, has_error, json_of, list, plain, push_reasoning, push_text, text};
use crate::event::{Event, Stop, ToolCall};
use partial::Partial;

/// What is known of an answer so far.
#[derive(Debug, Default)]
pub(super) struct Gemini {
    finish_reason: Option<String>,
    /// Why the prompt was not answered.
    block_reason: Option<String>,
    gathered: Gathered,
    /// The arguments of the last call while they come in pieces.
    partial: Option<Partial>,
}

impl Wire for Gemini {
    fn event(&mut self, event: SseEvent<'_>, out: &mut Vec<Event>) -> Result<(), Fault> {
        if event.data.trim() == "[DONE]" {
            return Ok(());
        }
        if event.name != "error"
            && let Some((piece, counts)) = plain::gemini(event.data)
        {
            push_text(&piece, out);
            self.count(counts);
            return Ok(());
        }
        let Some(value) = json_of(event, &["message"])? else { return Ok(()) };
        let inner = value.get(0).unwrap_or(&value);
        if event.name == "error" || has_error(inner) {
            return Err(Fault::said(&value));
        }
        if let Some(reason) = text(&value, "/promptFeedback/blockReason").filter(|reason| is_said(reason)) {
            self.block_reason = Some(reason.to_owned());
        }
        let is_first = |candidate: &&Value| count(candidate, "/index").unwrap_or(0) == 0;
        for candidate in list(&value, "/candidates").iter().filter(is_first) {
            for part in list(candidate, "/content/parts") {
                self.part(part, out)?;
            }
            if let Some(reason) = text(candidate, "/finishReason").filter(|reason| is_said(reason)) {
                self.finish_reason = Some(reason.to_owned());
            }
        }
        self.count(counts(&value));
        Ok(())
    }

    fn is_over(&self) -> bool {
        false
    }

    fn end(&self) -> Option<Stop> {
        if self.block_reason.is_some() {
            return Some(Stop::ContentFilter);
        }
        Some(match self.finish_reason.as_deref()? {
            "STOP" if self.gathered.has_calls() => Stop::ToolUse,
            "STOP" => Stop::Complete,
            "MAX_TOKENS" => Stop::MaxTokens,
            "SAFETY" | "RECITATION" | "LANGUAGE" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII"
            | "MODEL_ARMOR" => Stop::ContentFilter,
            reason if reason.starts_with("IMAGE_") => Stop::ContentFilter,
            reason => Stop::Other(reason.to_owned()),
        })
    }

    fn gathered(&self) -> &Gathered {
        &self.gathered
    }
}

impl Gemini {
    fn part(&mut self, part: &Value, out: &mut Vec<Event>) -> Result<(), Fault> {
        let words = text(part, "/text").unwrap_or_default();
        if part.get("thought").and_then(Value::as_bool).unwrap_or(false) {
            push_reasoning(words, out);
        } else {
            push_text(words, out);
        }
        let Some(call) = part.get("functionCall").filter(|call| call.is_object()) else { return Ok(()) };
        let is_partial = call.get("partialArgs").is_some();
        let goes_on = call.get("willContinue").and_then(Value::as_bool).unwrap_or(false);
        if let Some(name) = text(call, "/name") {
            // One whose arguments never ended keeps none, and cannot be acted on.
            self.partial = (is_partial || goes_on).then(Partial::default);
            let arguments = match self.partial {
                Some(_) => String::new(),
                None => whole_arguments(call.get("args")),
            };
            let id = text(call, "/id").map(str::to_owned);
            let call = ToolCall { id, name: name.to_owned(), arguments, is_free_text: false };
            self.gathered.open(Slot::Whole, call)?;
        }
        let Some(partial) = &mut self.partial else { return Ok(()) };
        for piece in list(call, "/partialArgs") {
            self.gathered.take(piece.to_string().len())?;
            partial.add(piece)?;
        }
        if !goes_on && let (Some(partial), Some(last)) = (self.partial.take(), self.gathered.last()) {
            last.arguments = partial.arguments();
        }
        Ok(())
    }

    /// Counts of zero are left out on this wire.
    fn count(&mut self, counts: Option<GeminiCounts>) {
        let Some(counts) = counts else { return };
        let sum = |first: Option<u64>, second: Option<u64>| {
            Some(first.unwrap_or(0).saturating_add(second.unwrap_or(0)))
        };
        let usage = &mut self.gathered.usage;
        usage.input_tokens = sum(counts.prompt_token_count, counts.tool_use_prompt_token_count);
        usage.cached_input_tokens = counts.cached_content_token_count;
        usage.output_tokens = sum(counts.candidates_token_count, counts.thoughts_token_count);
        usage.reasoning_tokens = counts.thoughts_token_count;
    }
}

/// The counts in a chunk.
fn counts(value: &Value) -> Option<GeminiCounts> {
    let counts = value.get("usageMetadata").filter(|counts| counts.is_object())?;
    let named = |name: &str| counts.get(name).and_then(Value::as_u64);
    Some(GeminiCounts {
        prompt_token_count: named("promptTokenCount"),
        tool_use_prompt_token_count: named("toolUsePromptTokenCount"),
        cached_content_token_count: named("cachedContentTokenCount"),
        candidates_token_count: named("candidatesTokenCount"),
        thoughts_token_count: named("thoughtsTokenCount"),
    })
}

/// Whether a reason is one: Vertex AI names the lack of one.
fn is_said(reason: &str) -> bool {
    !reason.is_empty() && !reason.ends_with("_UNSPECIFIED")
}
