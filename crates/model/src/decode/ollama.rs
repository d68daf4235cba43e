//! Ollama's own chat: one JSON value a line, the last with `"done":true`.

use super::gathered::{Gathered, Slot, whole_arguments};
use super::sse::SseEvent;
use super::think::Think;
use super::{Fault, Wire, count, has_error, json_of, list, plain, push_reasoning, text};
use crate::event::{Event, Stop, ToolCall};

/// What is known of an answer so far.
#[derive(Debug, Default)]
pub(super) struct Ollama {
    /// The reason given with the end; empty when none was.
    done_reason: Option<String>,
    gathered: Gathered,
    think: Think,
}

impl Wire for Ollama {
    fn event(&mut self, event: SseEvent<'_>, out: &mut Vec<Event>) -> Result<(), Fault> {
        if let Some(piece) = plain::ollama(event.data) {
            self.think.push(&piece, out);
            return Ok(());
        }
        let Some(value) = json_of(event, &[])? else { return Ok(()) };
        if has_error(&value) {
            return Err(Fault::said(&value));
        }
        push_reasoning(text(&value, "/message/thinking").unwrap_or_default(), out);
        self.think.push(text(&value, "/message/content").unwrap_or_default(), out);
        for call in list(&value, "/message/tool_calls") {
            let call = ToolCall {
                id: text(call, "/id").filter(|id| !id.is_empty()).map(str::to_owned),
                name: text(call, "/function/name").unwrap_or_default().to_owned(),
                arguments: whole_arguments(call.pointer("/function/arguments")),
                is_free_text: false,
            };
            self.gathered.open(Slot::Whole, call)?;
        }
        if value.get("done").and_then(serde_json::Value::as_bool).unwrap_or(false) {
            self.done_reason = Some(text(&value, "/done_reason").unwrap_or_default().to_owned());
            self.gathered.usage.input_tokens = count(&value, "/prompt_eval_count");
            self.gathered.usage.output_tokens = count(&value, "/eval_count");
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.done_reason.is_some()
    }

    fn flush(&mut self, out: &mut Vec<Event>) {
        self.think.flush(out);
    }

    fn end(&self) -> Option<Stop> {
        Some(match self.done_reason.as_deref()? {
            "stop" if self.gathered.has_calls() => Stop::ToolUse,
            "stop" => Stop::Complete,
            "length" => Stop::MaxTokens,
            reason => Stop::Other(reason.to_owned()),
        })
    }

    fn gathered(&self) -> &Gathered {
        &self.gathered
    }
}
