//! The trait that everything above this crate asks through, and a call that shows whether it works.

use std::fmt;
use std::time::{Duration, Instant};

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::BoxStream;

use crate::error::Error;
use crate::event::{Event, Stop, Usage};
use crate::key::KeySource;
use crate::limits::{Limits, ServerLimits};
use crate::message::{Message, Request};
use crate::protocol::Via;

/// Whoever answers.
pub trait Provider: Send + Sync {
    /// Who it is, without secrets.
    fn identity(&self) -> &Identity;

    /// How much its model takes and what it costs, given what the server says.
    fn limits(&self, server: ServerLimits) -> Limits;

    /// What the server says of its model; nothing where it does not say within three seconds. Sends the key, to the host it
    /// is for.
    fn ask_limits(&self) -> BoxFuture<'static, ServerLimits>;

    /// A text without the key and without where requests go, for what others may see.
    fn anonymous(&self, text: &str) -> String;

    /// Asks. The stream's last item is exactly one [`Event::End`] or one error. Nothing is sent before the stream is
    /// polled, and dropping it ends the call on the wire.
    fn stream(&self, request: Request) -> BoxStream<'static, Result<Event, Error>>;
}

/// Who answers: to show, to log, to write into a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// How it is asked.
    pub via: Via,
    /// The model, in the provider's word.
    pub model: String,
    /// Host, and port where it is not the usual one.
    pub endpoint: String,
    /// Where the key comes from.
    pub key_source: KeySource,
    /// Most tokens of an answer, where settings say so.
    pub max_output_tokens: Option<u32>,
    /// Tokens the model can take in all, where settings say so.
    pub context_tokens: Option<u64>,
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.model, self.endpoint)
    }
}

/// Room for a word, and for the reasoning of models that reason before they say it.
const TEST_OUTPUT_TOKENS: u32 = 512;

/// Estimated tokens of the prompt of a test call.
pub const TEST_PROMPT_TOKENS: u64 = 12;

/// What a test call showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestCall {
    /// What the model said.
    pub text: String,
    /// How the answer ended.
    pub stop: Stop,
    /// What the provider counted.
    pub usage: Usage,
    /// From sending to the end.
    pub took: Duration,
}

/// Asks for one word and waits for the end. Costs a few tokens. Fails as any call fails.
pub async fn test_call(provider: &dyn Provider) -> Result<TestCall, Error> {
    let request = Request {
        system: "You answer with one word.".to_owned(),
        messages: vec![Message::user("Say OK.")],
        max_output_tokens: TEST_OUTPUT_TOKENS,
        temperature: None,
        effort: None,
        asked: String::new(),
    };
    let started = Instant::now();
    let mut text = String::new();
    let mut stream = provider.stream(request);
    while let Some(event) = stream.next().await {
        match event? {
            Event::Text(piece) => text.push_str(&piece),
            Event::Reasoning(_) | Event::ToolCall(_) | Event::Waiting { .. } => {}
            Event::End { stop, usage } => return Ok(TestCall { text, stop, usage, took: started.elapsed() }),
        }
    }
    Err(Error::CutOff { cause: "the stream ended without an end".to_owned() })
}
