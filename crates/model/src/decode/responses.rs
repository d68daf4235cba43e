//! OpenAI Responses: named events, ended by `response.completed` or `response.incomplete`.
//!
//! Text is taken from the deltas. A server that sends none has its text in the items that are done, or only in the last
//! event; it is taken from there then, and only then.

use serde_json::Value;

use super::gathered::{Gathered, Slot, whole_arguments};
use super::sse::SseEvent;
use super::{Fault, Wire, count, json_of, list, plain, push_reasoning, push_text, text};
use crate::error::Error;
use crate::event::{Event, Stop, ToolCall};

/// What is known of an answer so far.
#[derive(Debug, Default)]
pub(super) struct Responses {
    /// The status at the end, and the reason when it is `incomplete`.
    end: Option<(String, String)>,
    gathered: Gathered,
    /// Whether the item that is open sent pieces.
    has_pieces: bool,
    /// Whether anything came before the last event.
    has_content: bool,
}

impl Wire for Responses {
    fn event(&mut self, event: SseEvent<'_>, out: &mut Vec<Event>) -> Result<(), Fault> {
        if event.data.trim() == "[DONE]" {
            return Ok(());
        }
        if let Some(piece) = plain::responses(event.data) {
            self.has_pieces |= !piece.is_empty();
            push_text(&piece, out);
            return Ok(());
        }
        let known = |name: &str| name == "message" || name.starts_with("response.");
        let names = if known(event.name) { [event.name] } else { [""] };
        let Some(value) = json_of(event, &names)? else { return Ok(()) };
        match text(&value, "/type").unwrap_or(event.name) {
            "response.output_text.delta" => {
                let piece = text(&value, "/delta").unwrap_or_default();
                self.has_pieces |= !piece.is_empty();
                push_text(piece, out);
            }
            "response.refusal.delta" => {
                self.has_pieces = true;
                self.gathered.refuse(text(&value, "/delta").unwrap_or_default())?;
            }
            "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => {
                push_reasoning(text(&value, "/delta").unwrap_or_default(), out);
            }
            "response.output_item.added" => self.has_pieces = false,
            "response.output_item.done" => {
                if let Some(item) = value.get("item") {
                    self.item(item, out)?;
                }
            }
            name @ ("response.completed" | "response.incomplete") => {
                let nothing = Value::Null;
                self.conclude(name, value.get("response").unwrap_or(&nothing), out)?;
            }
            "response.failed" => return Err(Fault::said(value.get("response").unwrap_or(&value))),
            "response.cancelled" => {
                return Err(Error::CutOff { cause: "the provider cancelled it".to_owned() }.into());
            }
            "error" => return Err(Fault::said(&value)),
            // A gateway's error keeps its own shape.
            "" if super::has_error(&value) => return Err(Fault::said(&value)),
            _ => {}
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.end.is_some()
    }

    fn end(&self) -> Option<Stop> {
        let (status, reason) = self.end.as_ref()?;
        let refusal = self.gathered.refusal();
        Some(match (status.as_str(), reason.as_str()) {
            _ if !refusal.is_empty() => Stop::Refusal(refusal.to_owned()),
            ("completed", _) if self.gathered.has_calls() => Stop::ToolUse,
            ("completed", _) => Stop::Complete,
            ("incomplete", "max_output_tokens" | "max_tokens" | "length") => Stop::MaxTokens,
            ("incomplete", "content_filter") => Stop::ContentFilter,
            ("incomplete", reason) if !reason.is_empty() => Stop::Other(reason.to_owned()),
            (status, _) => Stop::Other(status.to_owned()),
        })
    }

    fn gathered(&self) -> &Gathered {
        &self.gathered
    }
}

impl Responses {
    fn item(&mut self, item: &Value, out: &mut Vec<Event>) -> Result<(), Fault> {
        let has_pieces = std::mem::take(&mut self.has_pieces);
        self.has_content = true;
        match text(item, "/type") {
            Some("message") if !has_pieces => {
                for part in list(item, "/content") {
                    push_text(text(part, "/text").unwrap_or_default(), out);
                    self.gathered.refuse(text(part, "/refusal").unwrap_or_default())?;
                }
            }
            Some("function_call") => self.call(item, whole_arguments(item.get("arguments")), false)?,
            Some("custom_tool_call") => {
                self.call(item, text(item, "/input").unwrap_or_default().to_owned(), true)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn call(&mut self, item: &Value, arguments: String, is_free_text: bool) -> Result<(), Fault> {
        let id = text(item, "/call_id").or_else(|| text(item, "/id")).map(str::to_owned);
        let name = text(item, "/name").unwrap_or_default().to_owned();
        Ok(self.gathered.open(Slot::Whole, ToolCall { id, name, arguments, is_free_text })?)
    }

    fn conclude(&mut self, name: &str, response: &Value, out: &mut Vec<Event>) -> Result<(), Fault> {
        if !self.has_content && !self.has_pieces {
            for item in list(response, "/output") {
                self.item(item, out)?;
            }
        }
        if let Some(usage) = response.get("usage").filter(|usage| usage.is_object()) {
            let counted = &mut self.gathered.usage;
            counted.input_tokens = count(usage, "/input_tokens");
            counted.cached_input_tokens = count(usage, "/input_tokens_details/cached_tokens");
            counted.cache_write_tokens = count(usage, "/input_tokens_details/cache_write_tokens");
            counted.output_tokens = count(usage, "/output_tokens");
            counted.reasoning_tokens = count(usage, "/output_tokens_details/reasoning_tokens");
        }
        let by_name = name.trim_start_matches("response.");
        let status = text(response, "/status").unwrap_or(by_name).to_owned();
        let reason = text(response, "/incomplete_details/reason").unwrap_or_default().to_owned();
        self.end = Some((status, reason));
        Ok(())
    }
}
