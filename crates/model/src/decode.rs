//! From bytes to events: one pure state machine per wire format, with no I/O and no clock.
//!
//! Owns the rule that an answer is whole only after the protocol's own terminal event. Bytes may come in pieces of any
//! size, cut anywhere. What is kept of an answer is bounded: one event, and the tool calls and refusal of the whole.

mod anthropic;
mod chat;
mod gathered;
mod gemini;
mod infill;
mod lines;
mod ollama;
mod plain;
mod responses;
mod sse;
mod think;

use std::fmt;

use serde_json::Value;

use crate::error::{Error, Report};
use crate::event::{Event, Stop, ToolCall, Usage};
use crate::infill::InfillFormat;
use crate::protocol::Protocol;

pub use sse::MAX_EVENT_BYTES;

pub(crate) use sse::first_data;

use gathered::Gathered;
use lines::Lines;
use sse::{Sse, SseEvent};

/// Reads one answer.
#[derive(Debug)]
pub struct Decoder {
    framing: Framing,
    wire: Box<dyn Wire>,
    failure: Option<Fault>,
}

impl Decoder {
    /// A decoder for one answer of a protocol.
    pub fn new(protocol: Protocol) -> Decoder {
        match protocol {
            Protocol::AnthropicMessages => Decoder::over_sse(Box::new(anthropic::Anthropic::default())),
            Protocol::OpenaiChat => Decoder::over_sse(Box::new(chat::Chat::new())),
            Protocol::OpenaiResponses => Decoder::over_sse(Box::new(responses::Responses::default())),
            Protocol::Gemini => Decoder::over_sse(Box::new(gemini::Gemini::default())),
            Protocol::Ollama => {
                Decoder::over(Framing::Lines(Lines::default()), Box::new(ollama::Ollama::default()))
            }
        }
    }

    /// A decoder for one answer to a request to fill in the middle.
    pub fn infill(format: InfillFormat) -> Decoder {
        match format {
            InfillFormat::OpenaiCompletions => Decoder::over_sse(Box::new(chat::Chat::without_tags())),
            InfillFormat::MistralFim => Decoder::over_sse(Box::new(chat::Chat::without_tags())),
            InfillFormat::LlamaInfill => Decoder::over_sse(Box::new(infill::LlamaInfill::default())),
        }
    }

    /// The text and reasoning that these bytes complete. After a failure nothing comes any more; see [`Decoder::finish`].
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut out = Vec::new();
        if self.failure.is_some() {
            return out;
        }
        let wire = &mut self.wire;
        let mut sink = |event: SseEvent<'_>| wire.event(event, &mut out);
        let pushed = match &mut self.framing {
            Framing::Sse(sse) => sse.push(bytes, &mut sink),
            Framing::Lines(lines) => lines.push(bytes, &mut sink),
        };
        self.failure = pushed.err();
        out
    }

    /// Whether the protocol's last word was said, or the answer failed: more bytes change nothing but to add an error.
    pub fn is_over(&self) -> bool {
        self.failure.is_some() || self.wire.is_over()
    }

    /// What was counted so far; an answer that breaks off was paid for too.
    pub fn usage(&self) -> Usage {
        self.wire.gathered().usage
    }

    /// The tool calls so far, whole or not. They may be acted on only when the answer ended, and then come as events.
    pub fn tool_calls(&self) -> Vec<ToolCall> {
        self.wire.gathered().tool_calls()
    }

    /// The provider's own words for a failure that it reported inside the stream.
    pub fn report(&self) -> Option<&Report> {
        match &self.failure {
            Some(Fault::Said(report)) => Some(report),
            Some(Fault::Error(_)) | None => None,
        }
    }

    /// The end of the bytes: what was still held back and the tool calls, then exactly one [`Event::End`] or one error.
    pub fn finish(&mut self) -> Vec<Result<Event, Error>> {
        let mut out = Vec::new();
        let was_over = self.wire.is_over();
        let mut is_last_whole = true;
        if self.failure.is_none() {
            let wire = &mut self.wire;
            // Several servers leave out the empty line after the last event.
            let mut sink = |event: SseEvent<'_>| match wire.event(event, &mut out) {
                // An event that does not parse and was not terminated is the place of the cut.
                Err(Fault::Error(Error::Protocol { .. })) => {
                    is_last_whole = false;
                    Ok(())
                }
                other => other,
            };
            let finished = match &mut self.framing {
                Framing::Sse(sse) => sse.finish(&mut sink),
                Framing::Lines(lines) => lines.finish(&mut sink),
            };
            self.failure = finished.err();
        }
        self.wire.flush(&mut out);
        let end = match (&self.failure, self.wire.end()) {
            (Some(fault), _) => Err(fault.error()),
            (None, Some(stop)) if is_last_whole || was_over => {
                out.extend(self.tool_calls().into_iter().map(Event::ToolCall));
                Ok(Event::End { stop, usage: self.usage() })
            }
            (None, _) => Err(Error::CutOff { cause: "the stream ended before the answer did".to_owned() }),
        };
        out.into_iter().map(Ok).chain([end]).collect()
    }

    fn over_sse(wire: Box<dyn Wire>) -> Decoder {
        Decoder::over(Framing::Sse(Sse::default()), wire)
    }

    fn over(framing: Framing, wire: Box<dyn Wire>) -> Decoder {
        Decoder { framing, wire, failure: None }
    }
}

/// How a stream is cut into events.
#[derive(Debug)]
enum Framing {
    Sse(Sse),
    Lines(Lines),
}

/// One wire format's reading of events.
trait Wire: fmt::Debug + Send + Sync {
    /// Takes in one event; text and reasoning go to `out`.
    fn event(&mut self, event: SseEvent<'_>, out: &mut Vec<Event>) -> Result<(), Fault>;

    /// Whether the last word was said.
    fn is_over(&self) -> bool;

    /// Gives out text that waited for more.
    fn flush(&mut self, _out: &mut Vec<Event>) {}

    /// How the answer ended, once its terminal event has come.
    fn end(&self) -> Option<Stop>;

    /// What else is known of the answer.
    fn gathered(&self) -> &Gathered;
}

/// Why an answer failed.
#[derive(Debug)]
enum Fault {
    /// The provider said so.
    Said(Report),
    /// It cannot be read.
    Error(Error),
}

impl Fault {
    fn said(value: &Value) -> Fault {
        Fault::Said(Report::of(value))
    }

    fn in_words(words: &str) -> Fault {
        Fault::said(&Value::String(words.to_owned()))
    }

    fn error(&self) -> Error {
        match self {
            Fault::Said(report) => report.error_in_stream(),
            Fault::Error(error) => error.clone(),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Error(error)
    }
}

/// The data of an event; `None` when it is no JSON and the event's name is not one of `known`, so that it may be ignored.
fn json_of(event: SseEvent<'_>, known: &[&str]) -> Result<Option<Value>, Fault> {
    match serde_json::from_str(event.data) {
        Ok(value) => Ok(Some(value)),
        Err(_) if event.name == "error" => Err(Fault::in_words(event.data)),
        Err(error) if event.name.is_empty() || known.contains(&event.name) => {
            Err(Error::Protocol { message: format!("an event is not JSON ({error})") }.into())
        }
        Err(_) => Ok(None),
    }
}

/// Whether a value holds an error: a member of that name that is neither null nor false nor empty.
fn has_error(value: &Value) -> bool {
    match value.get("error") {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(_) => true,
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn count(value: &Value, pointer: &str) -> Option<u64> {
    value.pointer(pointer)?.as_u64()
}

fn push_text(text: &str, out: &mut Vec<Event>) {
    if !text.is_empty() {
        out.push(Event::Text(text.to_owned()));
    }
}

fn push_reasoning(text: &str, out: &mut Vec<Event>) {
    if !text.is_empty() {
        out.push(Event::Reasoning(text.to_owned()));
    }
}
