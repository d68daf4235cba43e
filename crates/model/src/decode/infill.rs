//! The `/infill` of llama.cpp's server: unnamed chunks, the last with `"stop":true` and the reason.

use serde_json::Value;

use super::gathered::Gathered;
use super::sse::SseEvent;
use super::{Fault, Wire, count, has_error, json_of, push_text, text};
use crate::event::{Event, Stop};

/// What is known of an answer so far.
#[derive(Debug, Default)]
pub(super) struct LlamaInfill {
    stop: Option<Stop>,
    gathered: Gathered,
}

impl Wire for LlamaInfill {
    fn event(&mut self, event: SseEvent<'_>, out: &mut Vec<Event>) -> Result<(), Fault> {
        if event.data.trim() == "[DONE]" {
            return Ok(());
        }
        let Some(value) = json_of(event, &["message"])? else { return Ok(()) };
        if event.name == "error" || has_error(&value) {
            return Err(Fault::said(&value));
        }
        push_text(text(&value, "/content").unwrap_or_default(), out);
        if is_set(&value, "stop") {
            self.stop = Some(match text(&value, "/stop_type") {
                Some("eos" | "word") => Stop::Complete,
                Some("limit") => Stop::MaxTokens,
                // Versions before `stop_type` have a member for each reason.
                None if is_set(&value, "stopped_limit") => Stop::MaxTokens,
                None if is_set(&value, "stopped_eos") || is_set(&value, "stopped_word") => Stop::Complete,
                other => Stop::Other(other.unwrap_or_default().to_owned()),
            });
            let usage = &mut self.gathered.usage;
            usage.input_tokens = count(&value, "/tokens_evaluated");
            usage.output_tokens = count(&value, "/tokens_predicted");
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.stop.is_some()
    }

    fn end(&self) -> Option<Stop> {
        self.stop.clone()
    }

    fn gathered(&self) -> &Gathered {
        &self.gathered
    }
}

fn is_set(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or(false)
}
