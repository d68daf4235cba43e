//! OpenAI chat completions and their dialects: unnamed chunks, ended by a finish reason and mostly by `[DONE]`.
//!
//! Only the first choice is read. An error may come in any chunk, also after the finish reason.

use serde_json::Value;

use super::sse::SseEvent;
use super::think::Think;
use super::{count, json, push_reasoning, text};
use crate::error::{Error, from_event};
use crate::event::{Event, Stop, Usage};

/// What is known of an answer so far.
#[derive(Debug, Default)]
pub(super) struct Chat {
    is_done: bool,
    finish_reason: Option<String>,
    refusal: String,
    usage: Usage,
    think: Think,
}

impl Chat {
    pub(super) fn event(&mut self, event: &SseEvent, out: &mut Vec<Event>) -> Result<(), Error> {
        if event.data.trim() == "[DONE]" {
            self.is_done = true;
            return Ok(());
        }
        let value = match json(&event.data) {
            Ok(value) => value,
            Err(_) if event.name == "error" => return Err(from_event(&Value::String(event.data.clone()))),
            Err(error) if matches!(event.name.as_str(), "" | "message") => return Err(error),
            Err(_) => return Ok(()),
        };
        let choices = value.get("choices").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for choice in choices.iter().filter(|choice| count(choice, "/index").unwrap_or(0) == 0) {
            self.choice(choice, out);
        }
        self.count(&value, choices);
        if event.name == "error" || value.get("error").is_some_and(|error| !error.is_null()) {
            return Err(from_event(&value));
        }
        match self.finish_reason.as_deref() {
            Some("error") => {
                Err(from_event(&Value::String("the provider ended the answer with an error".to_owned())))
            }
            // DeepSeek's word for having no capacity left.
            Some("insufficient_system_resource") => Err(Error::Overloaded {
                retry_after: None,
                message: "the provider ran out of resources".to_owned(),
            }),
            _ => Ok(()),
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_done
    }

    pub(super) fn flush(&mut self, out: &mut Vec<Event>) {
        self.think.flush(out);
    }

    pub(super) fn end(&self) -> Option<(Stop, Usage)> {
        (self.is_done || self.finish_reason.is_some()).then(|| (self.stop(), self.usage))
    }

    fn stop(&self) -> Stop {
        match self.finish_reason.as_deref() {
            _ if !self.refusal.is_empty() => Stop::Refusal(self.refusal.clone()),
            Some("stop" | "eos" | "end_turn" | "stop_sequence") => Stop::Complete,
            Some("length" | "max_tokens" | "model_length" | "model_context_window_exceeded") => {
                Stop::MaxTokens
            }
            Some("tool_calls" | "tool_use" | "function_call") => Stop::ToolUse,
            Some("content_filter") => Stop::ContentFilter,
            Some("refusal") => Stop::Refusal(String::new()),
            other => Stop::Other(other.unwrap_or_default().to_owned()),
        }
    }

    fn choice(&mut self, choice: &Value, out: &mut Vec<Event>) {
        // Providers name it `reasoning_content` or `reasoning`; some send both with the same text.
        let reasoning = text(choice, "/delta/reasoning_content")
            .filter(|reasoning| !reasoning.is_empty())
            .or_else(|| text(choice, "/delta/reasoning"));
        push_reasoning(reasoning.unwrap_or_default(), out);
        match choice.pointer("/delta/content") {
            Some(Value::String(content)) => self.think.push(content, out),
            // Mistral sends a list of parts where reasoning is among them.
            Some(Value::Array(parts)) => parts.iter().for_each(|part| self.part(part, out)),
            _ => {}
        }
        self.refusal.push_str(text(choice, "/delta/refusal").unwrap_or_default());
        if let Some(reason) = text(choice, "/finish_reason").filter(|reason| !reason.is_empty()) {
            self.finish_reason = Some(reason.to_owned());
        }
    }

    fn part(&mut self, part: &Value, out: &mut Vec<Event>) {
        match text(part, "/type") {
            Some("text") => self.think.push(text(part, "/text").unwrap_or_default(), out),
            Some("thinking") => {
                for inner in part.get("thinking").and_then(Value::as_array).into_iter().flatten() {
                    push_reasoning(text(inner, "/text").unwrap_or_default(), out);
                }
            }
            _ => {}
        }
    }

    /// Counts stand in the chunk; Groq and Moonshot put them elsewhere.
    fn count(&mut self, value: &Value, choices: &[Value]) {
        let usage = value
            .get("usage")
            .filter(|usage| usage.is_object())
            .or_else(|| value.pointer("/x_groq/usage"))
            .or_else(|| {
                choices.iter().find_map(|choice| choice.get("usage")).filter(|usage| usage.is_object())
            });
        let Some(usage) = usage else { return };
        self.usage = Usage {
            input_tokens: count(usage, "/prompt_tokens"),
            cached_input_tokens: count(usage, "/prompt_tokens_details/cached_tokens")
                .or_else(|| count(usage, "/prompt_cache_hit_tokens"))
                .or_else(|| count(usage, "/cached_tokens")),
            cache_write_tokens: count(usage, "/prompt_tokens_details/cache_write_tokens"),
            output_tokens: count(usage, "/completion_tokens"),
            reasoning_tokens: count(usage, "/completion_tokens_details/reasoning_tokens"),
        };
    }
}
