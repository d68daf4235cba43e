//! OpenAI chat completions and their dialects, and the legacy completions: unnamed chunks, ended by a finish reason and
//! mostly by `[DONE]`.
//!
//! Only the first choice is read. An error may come in any chunk, also after the finish reason.

use serde_json::Value;

use super::gathered::{Gathered, Slot, arguments};
use super::sse::SseEvent;
use super::think::Think;
use super::{Fault, Wire, count, has_error, json_of, list, plain, push_reasoning, text};
use crate::error::Error;
use crate::event::{Dollars, Event, Stop, ToolCall, Usage};

/// Where calls in the deprecated form of one function stand among those with an index.
const FUNCTION_CALL: u64 = u64::MAX;

/// What is known of an answer so far.
#[derive(Debug)]
pub(super) struct Chat {
    is_done: bool,
    finish_reason: Option<String>,
    gathered: Gathered,
    think: Think,
}

impl Chat {
    pub(super) fn new() -> Chat {
        Chat::with(Think::default())
    }

    /// For answers in which a tag is text wherever it stands.
    pub(super) fn without_tags() -> Chat {
        Chat::with(Think::off())
    }

    fn with(think: Think) -> Chat {
        Chat { is_done: false, finish_reason: None, gathered: Gathered::default(), think }
    }
}

impl Wire for Chat {
    fn event(&mut self, event: SseEvent<'_>, out: &mut Vec<Event>) -> Result<(), Fault> {
        if event.data.trim() == "[DONE]" {
            self.is_done = true;
            return Ok(());
        }
        if matches!(event.name, "" | "message")
            && let Some(piece) = plain::chat(event.data)
        {
            self.think.push(&piece, out);
            return Ok(());
        }
        let Some(value) = json_of(event, &["message"])? else { return Ok(()) };
        let choices = list(&value, "/choices");
        for choice in choices.iter().filter(|choice| count(choice, "/index").unwrap_or(0) == 0) {
            self.choice(choice, out)?;
        }
        self.count(&value, choices);
        // vLLM's older versions mark an error by its kind alone, Groq puts one beside its own counts.
        let is_error = event.name == "error" || has_error(&value) || text(&value, "/object") == Some("error");
        if is_error {
            return Err(Fault::said(&value));
        }
        if let Some(own) = value.get("x_groq").filter(|own| has_error(own)) {
            return Err(Fault::said(own));
        }
        match self.finish_reason.as_deref() {
            Some("error") => Err(Fault::in_words("the provider ended the answer with an error")),
            // DeepSeek's word for having no capacity left.
            Some("insufficient_system_resource") => Err(Error::Overloaded {
                retry_after: None,
                message: "the provider ran out of resources".to_owned(),
            }
            .into()),
            _ => Ok(()),
        }
    }

    fn is_over(&self) -> bool {
        self.is_done
    }

    fn flush(&mut self, out: &mut Vec<Event>) {
        self.think.flush(out);
    }

    /// Some servers leave out `[DONE]`, so the finish reason ends the answer when the stream ends after it.
    fn end(&self) -> Option<Stop> {
        (self.is_done || self.finish_reason.is_some()).then(|| self.stop())
    }

    fn gathered(&self) -> &Gathered {
        &self.gathered
    }
}

impl Chat {
    fn stop(&self) -> Stop {
        let refusal = self.gathered.refusal();
        match self.finish_reason.as_deref() {
            _ if !refusal.is_empty() => Stop::Refusal(refusal.to_owned()),
            Some("stop" | "eos" | "eos_token" | "end_turn" | "stop_sequence") => Stop::Complete,
            Some("length" | "max_tokens" | "model_length" | "model_context_window_exceeded") => {
                Stop::MaxTokens
            }
            Some("tool_calls" | "tool_use" | "function_call") => Stop::ToolUse,
            Some("content_filter" | "sensitive" | "safety") => Stop::ContentFilter,
            Some("refusal") => Stop::Refusal(String::new()),
            other => Stop::Other(other.unwrap_or_default().to_owned()),
        }
    }

    fn choice(&mut self, choice: &Value, out: &mut Vec<Event>) -> Result<(), Fault> {
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
        // The legacy completions.
        self.think.push(text(choice, "/text").unwrap_or_default(), out);
        self.gathered.refuse(text(choice, "/delta/refusal").unwrap_or_default())?;
        for piece in list(choice, "/delta/tool_calls") {
            self.tool_call(piece)?;
        }
        if let Some(function) = choice.pointer("/delta/function_call").filter(|call| call.is_object()) {
            self.call_piece(Some(FUNCTION_CALL), None, function)?;
        }
        if let Some(reason) = text(choice, "/finish_reason").filter(|reason| !reason.is_empty()) {
            self.finish_reason = Some(reason.to_owned());
        }
        Ok(())
    }

    fn part(&mut self, part: &Value, out: &mut Vec<Event>) {
        match text(part, "/type") {
            Some("text") => self.think.push(text(part, "/text").unwrap_or_default(), out),
            Some("thinking") => {
                push_reasoning(text(part, "/thinking").unwrap_or_default(), out);
                for inner in list(part, "/thinking") {
                    push_reasoning(text(inner, "/text").unwrap_or_default(), out);
                }
            }
            _ => {}
        }
    }

    fn tool_call(&mut self, piece: &Value) -> Result<(), Fault> {
        let id = text(piece, "/id").filter(|id| !id.is_empty());
        let nothing = Value::Null;
        self.call_piece(count(piece, "/index"), id, piece.get("function").unwrap_or(&nothing))
    }

    fn call_piece(&mut self, index: Option<u64>, id: Option<&str>, function: &Value) -> Result<(), Fault> {
        let name = text(function, "/name").filter(|name| !name.is_empty());
        let arguments = arguments(function.get("arguments"));
        let known = match index {
            Some(index) => self.gathered.at(index),
            // A piece that says nothing of where it belongs goes on with the last one.
            None if id.is_none() && name.is_none() => self.gathered.last(),
            None => None,
        };
        // Some servers give all calls of an answer the same index, and tell them apart by id and name alone.
        let goes_on = known.filter(|call| {
            let is_other = id.is_some_and(|id| call.id.as_deref().is_some_and(|known| known != id));
            !(is_other && name.is_some())
        });
        let Some(call) = goes_on else {
            let call = ToolCall {
                id: id.map(str::to_owned),
                name: name.unwrap_or_default().to_owned(),
                arguments,
                is_free_text: false,
            };
            return Ok(self.gathered.open(index.map_or(Slot::Whole, Slot::Index), call)?);
        };
        if call.id.is_none() {
            call.id = id.map(str::to_owned);
        }
        if call.name.is_empty() {
            name.unwrap_or_default().clone_into(&mut call.name);
        }
        call.arguments.push_str(&arguments);
        Ok(self.gathered.take(arguments.len())?)
    }

    /// Counts stand in the chunk; Groq and Moonshot put them elsewhere.
    fn count(&mut self, value: &Value, choices: &[Value]) {
        let usage = value
            .get("usage")
            .filter(|usage| usage.is_object())
            .or_else(|| value.pointer("/x_groq/usage").filter(|usage| usage.is_object()))
            .or_else(|| {
                choices.iter().find_map(|choice| choice.get("usage")).filter(|usage| usage.is_object())
            });
        let Some(usage) = usage else { return };
        // OpenRouter sends a number, Perplexity an object of parts.
        let cost = usage.pointer("/cost/total_cost").or_else(|| usage.get("cost")).and_then(Value::as_f64);
        self.gathered.usage = Usage {
            input_tokens: count(usage, "/prompt_tokens"),
            cached_input_tokens: count(usage, "/prompt_tokens_details/cached_tokens")
                .or_else(|| count(usage, "/prompt_cache_hit_tokens"))
                .or_else(|| count(usage, "/cached_tokens")),
            cache_write_tokens: count(usage, "/prompt_tokens_details/cache_write_tokens"),
            output_tokens: count(usage, "/completion_tokens"),
            reasoning_tokens: count(usage, "/completion_tokens_details/reasoning_tokens"),
            cost: cost.and_then(Dollars::new),
        };
    }
}
