//! Anthropic Messages: named events, ended by `message_stop`.
//!
//! Events, blocks and deltas of unknown kinds are ignored, as the API's versioning asks. Tools that the provider runs
//! itself are none of ours.

use serde_json::Value;

use super::gathered::{Gathered, Slot, arguments};
use super::sse::SseEvent;
use super::{Fault, Wire, count, json_of, plain, push_reasoning, push_text, text};
use crate::event::{Event, Stop, ToolCall};

/// Names whose data must be JSON; data of other names is not looked at when it is none.
const KNOWN: [&str; 8] = [
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
    "ping",
    "error",
];

/// What is known of an answer so far.
#[derive(Debug, Default)]
pub(super) struct Anthropic {
    is_stopped: bool,
    stop_reason: Option<String>,
    explanation: String,
    gathered: Gathered,
    /// The index of the tool call that is open, if the open block is one.
    open_call: Option<u64>,
    counts: Counts,
}

/// The counts that came last: later events repeat only some of them.
#[derive(Debug, Default)]
struct Counts {
    input: Option<u64>,
    cache_read: Option<u64>,
    cache_write: Option<u64>,
    output: Option<u64>,
    reasoning: Option<u64>,
}

impl Wire for Anthropic {
    fn event(&mut self, event: SseEvent<'_>, out: &mut Vec<Event>) -> Result<(), Fault> {
        if let Some(piece) = plain::anthropic(event.data) {
            push_text(&piece, out);
            return Ok(());
        }
        let Some(value) = json_of(event, &KNOWN)? else { return Ok(()) };
        match text(&value, "/type").unwrap_or(event.name) {
            "message_start" => self.count(value.pointer("/message/usage")),
            "content_block_start" => self.begin_block(&value, out)?,
            "content_block_delta" => self.delta(&value, out)?,
            "content_block_stop" => self.end_block(),
            "message_delta" => {
                if let Some(reason) = text(&value, "/delta/stop_reason") {
                    self.stop_reason = Some(reason.to_owned());
                }
                if let Some(why) = text(&value, "/delta/stop_details/explanation") {
                    self.explanation = why.to_owned();
                }
                self.count(value.get("usage"));
            }
            "message_stop" => self.is_stopped = true,
            "error" => return Err(Fault::said(&value)),
            _ => {}
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.is_stopped
    }

    fn end(&self) -> Option<Stop> {
        self.is_stopped.then(|| match self.stop_reason.as_deref() {
            Some("end_turn" | "stop_sequence") if self.gathered.has_calls() => Stop::ToolUse,
            Some("end_turn" | "stop_sequence") => Stop::Complete,
            Some("max_tokens" | "model_context_window_exceeded") => Stop::MaxTokens,
            Some("tool_use") => Stop::ToolUse,
            Some("refusal") => Stop::Refusal(self.explanation.clone()),
            Some("pause_turn" | "compaction") => Stop::Paused,
            other => Stop::Other(other.unwrap_or_default().to_owned()),
        })
    }

    fn gathered(&self) -> &Gathered {
        &self.gathered
    }
}

impl Anthropic {
    fn begin_block(&mut self, value: &Value, out: &mut Vec<Event>) -> Result<(), Fault> {
        self.open_call = None;
        match text(value, "/content_block/type") {
            Some("text") => push_text(text(value, "/content_block/text").unwrap_or_default(), out),
            Some("thinking") => {
                push_reasoning(text(value, "/content_block/thinking").unwrap_or_default(), out);
            }
            Some("tool_use") => {
                let index = count(value, "/index").unwrap_or(0);
                let input = value.pointer("/content_block/input").filter(|input| {
                    // An empty object stands here for arguments that follow in pieces.
                    input.as_object().is_some_and(|members| !members.is_empty())
                });
                let call = ToolCall {
                    id: text(value, "/content_block/id").map(str::to_owned),
                    name: text(value, "/content_block/name").unwrap_or_default().to_owned(),
                    arguments: arguments(input),
                    is_free_text: false,
                };
                self.open_call = Some(index);
                match self.gathered.at(index) {
                    // A block that begins again takes the place of the first.
                    Some(again) => *again = call,
                    None => self.gathered.open(Slot::Index(index), call)?,
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end_block(&mut self) {
        if let Some(call) = self.open_call.take().and_then(|index| self.gathered.at(index))
            && call.arguments.is_empty()
        {
            "{}".clone_into(&mut call.arguments);
        }
    }

    fn delta(&mut self, value: &Value, out: &mut Vec<Event>) -> Result<(), Fault> {
        match text(value, "/delta/type") {
            Some("text_delta") => push_text(text(value, "/delta/text").unwrap_or_default(), out),
            Some("thinking_delta") => push_reasoning(text(value, "/delta/thinking").unwrap_or_default(), out),
            Some("input_json_delta") => {
                let index = count(value, "/index").unwrap_or(0);
                let piece = text(value, "/delta/partial_json").unwrap_or_default();
                if self.open_call == Some(index) {
                    self.gathered.take(piece.len())?;
                    if let Some(call) = self.gathered.at(index) {
                        call.arguments.push_str(piece);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn count(&mut self, usage: Option<&Value>) {
        let Some(usage) = usage.filter(|usage| usage.is_object()) else { return };
        let counts = &mut self.counts;
        let mut take = |place: fn(&mut Counts) -> &mut Option<u64>, pointer: &str| {
            if let Some(n) = count(usage, pointer) {
                *place(counts) = Some(n);
            }
        };
        take(|counts| &mut counts.input, "/input_tokens");
        take(|counts| &mut counts.cache_read, "/cache_read_input_tokens");
        take(|counts| &mut counts.cache_write, "/cache_creation_input_tokens");
        take(|counts| &mut counts.output, "/output_tokens");
        take(|counts| &mut counts.reasoning, "/output_tokens_details/thinking_tokens");
        // What is left out was not cached.
        let (read, written) = (counts.cache_read.unwrap_or(0), counts.cache_write.unwrap_or(0));
        let usage = &mut self.gathered.usage;
        // The API counts cached tokens apart from the others.
        usage.input_tokens = counts.input.map(|fresh| fresh.saturating_add(read).saturating_add(written));
        usage.cached_input_tokens = counts.input.map(|_| read);
        usage.cache_write_tokens = counts.input.map(|_| written);
        usage.output_tokens = counts.output;
        usage.reasoning_tokens = counts.reasoning;
    }
}
