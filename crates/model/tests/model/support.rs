//! What the tests ask with: a call whose stream becomes a text.

use futures::StreamExt;
use futures::stream::BoxStream;
use model::recorded::{RecordedAnswer, RecordedModel, Recording};
use model::{Env, Error, Event, Message, Protocol, Request, Settings, provider, resolve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

pub(crate) fn request() -> Request {
    Request {
        system: "answer".to_owned(),
        messages: vec![Message::user("greet the world")],
        max_output_tokens: 100,
        temperature: Some(0.0),
        effort: None,
        asked: String::new(),
    }
}

/// Multiplies the counts of random tests.
pub(crate) fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// A server with these answers.
pub(crate) async fn serve(answers: Vec<RecordedAnswer>) -> RecordedModel {
    RecordedModel::start(Recording { answers, ..Recording::default() }).await.unwrap()
}

/// Settings that ask `model`, with pauses that a test can wait for.
pub(crate) fn settings(model: &RecordedModel, protocol: Protocol) -> Settings {
    let mut settings = model.settings(protocol);
    settings.timeouts.retry_delay_ms = 1;
    settings
}

/// The stream of a call.
pub(crate) fn stream(settings: &Settings, env: &Env) -> BoxStream<'static, Result<Event, Error>> {
    provider(resolve(settings, env).unwrap()).unwrap().stream(request())
}

/// All items of a stream. Checks that nothing follows the last one.
pub(crate) async fn items(mut stream: BoxStream<'static, Result<Event, Error>>) -> Vec<Result<Event, Error>> {
    let mut items = Vec::new();
    while let Some(item) = stream.next().await {
        items.push(item);
    }
    let is_last = |item: &Result<Event, Error>| matches!(item, Ok(Event::End { .. }) | Err(_));
    assert_eq!(items.iter().filter(|item| is_last(item)).count(), 1, "{items:?}");
    assert!(items.last().is_some_and(is_last), "{items:?}");
    items
}

/// A stream as text: one line per item, neighboring pieces joined.
pub(crate) async fn transcript(stream: BoxStream<'static, Result<Event, Error>>) -> String {
    let mut lines: Vec<(&str, String)> = Vec::new();
    for item in items(stream).await {
        let (kind, text) = match item {
            Ok(Event::Text(text)) => ("text", text),
            Ok(Event::Reasoning(text)) => ("reasoning", text),
            Ok(Event::ToolCall(call)) => ("tool", format!("{} {}", call.name, call.arguments)),
            Ok(Event::Waiting { reason, seconds }) => ("waiting", format!("{reason}, {seconds} s")),
            Ok(Event::End { stop, usage }) => {
                let (input, output) = (usage.input_tokens, usage.output_tokens);
                ("end", format!("{stop}; tokens in {input:?} out {output:?}"))
            }
            Err(error) => ("error", error.to_string()),
        };
        match lines.last_mut() {
            Some((last, joined)) if *last == kind && matches!(kind, "text" | "reasoning") => {
                joined.push_str(&text)
            }
            _ => lines.push((kind, text)),
        }
    }
    lines.into_iter().map(|(kind, text)| format!("{kind}: {text}\n")).collect()
}

/// An address on this machine where nothing listens.
pub(crate) fn deserted() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// A server that answers one connection with these bytes, whatever was asked, and its address.
pub(crate) async fn serve_bytes(bytes: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        while !asked.windows(4).any(|window| window == b"\r\n\r\n") {
            assert!(stream.read_buf(&mut asked).await.unwrap() > 0);
        }
        stream.write_all(&bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        // The client sees the end only after it has read everything.
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    });
    base_url
}
