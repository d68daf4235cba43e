//! From bytes to events: one pure state machine per protocol, with no I/O and no clock.
//!
//! Owns the rule that an answer is whole only after the protocol's own terminal event. Bytes may come in pieces of any
//! size, cut anywhere.

mod anthropic;
mod chat;
mod sse;
mod think;

use serde_json::Value;

use crate::error::Error;
use crate::event::{Event, Stop, Usage};
use crate::protocol::Protocol;

pub use sse::MAX_EVENT_BYTES;

use sse::{Sse, SseEvent};

/// Reads one answer.
#[derive(Debug)]
pub struct Decoder {
    sse: Sse,
    wire: Wire,
    failure: Option<Error>,
}

impl Decoder {
    /// A decoder for one answer of a protocol.
    pub fn new(protocol: Protocol) -> Decoder {
        let wire = match protocol {
            Protocol::AnthropicMessages => Wire::Anthropic(anthropic::Anthropic::default()),
            Protocol::OpenaiChat => Wire::Chat(chat::Chat::default()),
        };
        Decoder { sse: Sse::default(), wire, failure: None }
    }

    /// The text and reasoning that these bytes complete. After a failure nothing comes any more; see [`Decoder::finish`].
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut out = Vec::new();
        if self.failure.is_some() {
            return out;
        }
        let mut events = Vec::new();
        let pushed = self.sse.push(bytes, &mut events);
        for event in &events {
            if let Err(failure) = self.wire.event(event, &mut out) {
                self.failure = Some(failure);
                return out;
            }
        }
        self.failure = pushed.err();
        out
    }

    /// Whether the protocol's last word was said, or the answer failed: more bytes change nothing.
    pub fn is_over(&self) -> bool {
        self.failure.is_some() || self.wire.is_over()
    }

    /// The end of the bytes: what was still held back, then exactly one [`Event::End`] or one error.
    pub fn finish(mut self) -> Vec<Result<Event, Error>> {
        let mut out = Vec::new();
        let mut is_last_whole = true;
        if self.failure.is_none() {
            // Several servers leave out the empty line after the last event.
            for event in self.sse.finish() {
                match self.wire.event(&event, &mut out) {
                    Ok(()) => {}
                    // An event that does not parse and was not terminated is the place of the cut.
                    Err(Error::Protocol { .. }) => is_last_whole = false,
                    Err(failure) => self.failure = Some(failure),
                }
            }
        }
        self.wire.flush(&mut out);
        let end = match (self.failure, self.wire.end()) {
            (Some(failure), _) => Err(failure),
            (None, Some((stop, usage))) if is_last_whole => Ok(Event::End { stop, usage }),
            (None, _) => Err(Error::CutOff { cause: "the stream ended before the answer did".to_owned() }),
        };
        out.into_iter().map(Ok).chain([end]).collect()
    }
}

/// One protocol's reading of events.
#[derive(Debug)]
enum Wire {
    Anthropic(anthropic::Anthropic),
    Chat(chat::Chat),
}

impl Wire {
    fn event(&mut self, event: &SseEvent, out: &mut Vec<Event>) -> Result<(), Error> {
        match self {
            Wire::Anthropic(anthropic) => anthropic.event(event, out),
            Wire::Chat(chat) => chat.event(event, out),
        }
    }

    fn is_over(&self) -> bool {
        match self {
            Wire::Anthropic(anthropic) => anthropic.is_over(),
            Wire::Chat(chat) => chat.is_over(),
        }
    }

    /// Text that waited for more.
    fn flush(&mut self, out: &mut Vec<Event>) {
        match self {
            Wire::Anthropic(_) => {}
            Wire::Chat(chat) => chat.flush(out),
        }
    }

    /// How the answer ended, once its terminal event has come.
    fn end(&self) -> Option<(Stop, Usage)> {
        match self {
            Wire::Anthropic(anthropic) => anthropic.end(),
            Wire::Chat(chat) => chat.end(),
        }
    }
}

fn json(data: &str) -> Result<Value, Error> {
    serde_json::from_str(data)
        .map_err(|error| Error::Protocol { message: format!("an event is not JSON ({error})") })
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
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
