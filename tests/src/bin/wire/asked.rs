//! What comes of a delivery: over HTTP through a provider, and through the decoder alone.

use std::time::Duration;

use anyhow::{Context, Result};
use futures::StreamExt;
use model::decode::Decoder;
use model::{
    Env, Error, Event, InfillFormat, InfillRequest, Message, Protocol, Report, Request, Settings, Stop,
    ToolCall, Usage, infill, provider, resolve,
};

use crate::Recording;
use crate::delivery::{Delivery, Mode};

/// How long silence lasts until it is told, where it lasts for ever.
const STALL: Duration = Duration::from_millis(400);

/// The sum of an answer.
#[derive(Default)]
pub(crate) struct Sum {
    pub(crate) text: String,
    pub(crate) reasoning: String,
    pub(crate) calls: Vec<ToolCall>,
    pub(crate) usage: Usage,
    /// How it ended; `None` where only the body's end would say.
    pub(crate) end: Option<Result<Stop, Error>>,
    /// The provider's own words for a failure.
    pub(crate) report: Option<Report>,
}

impl Sum {
    fn take(&mut self, item: Result<Event, Error>) {
        match item {
            Ok(Event::Text(piece)) => self.text.push_str(&piece),
            Ok(Event::Reasoning(piece)) => self.reasoning.push_str(&piece),
            Ok(Event::ToolCall(call)) => self.calls.push(call),
            Ok(Event::Waiting { .. }) => {}
            Ok(Event::End { stop, usage }) => {
                self.usage = usage;
                self.end = Some(Ok(stop));
            }
            Err(error) => self.end = Some(Err(error)),
        }
    }
}

/// What a recording is the answer to.
enum Kind {
    Chat(Protocol),
    Infill(InfillFormat),
    /// An answer with an error's status.
    Failure(Protocol),
}

fn kind(recording: &Recording) -> Kind {
    let by_vendor = || match recording.vendor.as_str() {
        "anthropic" => Protocol::AnthropicMessages,
        "google" | "gemini" | "vertex" => Protocol::Gemini,
        "ollama" | "ollama-cloud" => Protocol::Ollama,
        _ => Protocol::OpenaiChat,
    };
    match Protocol::from_name(&recording.protocol) {
        Some(protocol) if recording.status < 400 => Kind::Chat(protocol),
        Some(protocol) => Kind::Failure(protocol),
        None if recording.protocol == InfillFormat::OpenaiCompletions.name() => {
            Kind::Infill(InfillFormat::OpenaiCompletions)
        }
        None => Kind::Failure(by_vendor()),
    }
}

/// The sum of what a provider yields.
pub(crate) async fn over_http(recording: &Recording, delivery: &Delivery, base_url: String) -> Result<Sum> {
    let kind = kind(recording);
    let protocol = match kind {
        Kind::Chat(protocol) | Kind::Failure(protocol) => protocol,
        Kind::Infill(_) => Protocol::OpenaiChat,
    };
    let mut settings = Settings {
        protocol: Some(protocol),
        base_url: Some(base_url),
        model: Some("recorded".to_owned()),
        ..Settings::default()
    };
    if matches!(delivery.mode, Mode::Stalled(_)) {
        let limit = u64::try_from(STALL.as_millis()).unwrap_or(u64::MAX);
        settings.timeouts.idle_ms = limit;
        settings.timeouts.first_byte_ms = limit * 5;
    }
    let chosen = resolve(&settings, &Env::default()).context("choose the provider")?;
    let mut stream = match kind {
        Kind::Infill(format) => {
            let request = InfillRequest {
                prefix: "a".to_owned(),
                suffix: String::new(),
                max_output_tokens: 1_000_000,
                temperature: None,
                stop: Vec::new(),
            };
            infill(chosen, format, request)?
        }
        Kind::Chat(_) | Kind::Failure(_) => provider(chosen)?.stream(Request {
            system: String::new(),
            messages: vec![Message::user("a")],
            max_output_tokens: 1_000_000,
            temperature: None,
            effort: None,
            asked: String::new(),
        }),
    };
    let mut sum = Sum::default();
    while let Some(item) = stream.next().await {
        sum.take(item);
    }
    Ok(sum)
}

/// The sum of what the decoder makes of the same pieces, with what it knows of an answer that failed.
pub(crate) fn decoder_alone(recording: &Recording, delivery: &Delivery) -> Sum {
    let mut decoder = match kind(recording) {
        Kind::Chat(protocol) => Decoder::new(protocol),
        Kind::Infill(format) => Decoder::infill(format),
        Kind::Failure(_) => {
            let report = Report::of_body(&delivery.pieces.concat());
            let end = Some(Err(report.error(recording.status, None)));
            return Sum { end, report: Some(report), ..Sum::default() };
        }
    };
    let mut sum = Sum::default();
    for piece in &delivery.pieces {
        decoder.push(piece).into_iter().for_each(|event| sum.take(Ok(event)));
    }
    if delivery.mode.ends() {
        decoder.finish().into_iter().for_each(|item| sum.take(item));
    }
    sum.report = decoder.report().cloned();
    sum.usage = decoder.usage();
    sum.calls = decoder.tool_calls();
    sum
}
