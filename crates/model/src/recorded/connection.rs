//! One connection of the recorded model: a request, its answer with its faults and pauses, the end.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::http::{read_request, write_chunk, write_end, write_head, write_whole};
use super::wire::{self, Frame};
use super::{Fault, Received, RecordedAnswer, Shared};
use crate::protocol::Protocol;

/// Serves one request. A client that goes away early is counted; nothing else is done about it.
pub(super) async fn serve(mut stream: TcpStream, shared: &Shared) {
    // Latency only: without it the system may join pieces.
    let _ = stream.set_nodelay(true);
    let Ok(Some(received)) = read_request(&mut stream).await else { return };
    let is_of_model = received.method == "GET" || received.path == "/api/show";
    if !is_of_model {
        shared.receive(received.clone());
    }
    match answer(&mut stream, shared, &received).await {
        Ok(()) => {
            // The other side may still be reading.
            let _ = stream.shutdown().await;
        }
        Err(_) => shared.counts.send_modify(|counts| counts.n_abandoned += 1),
    }
}

async fn answer(stream: &mut TcpStream, shared: &Shared, received: &Received) -> io::Result<()> {
    let json = [("content-type".to_owned(), "application/json".to_owned())];
    if received.method == "GET" && received.path.ends_with("/models") {
        return write_whole(stream, 200, &json, wire::models_body().as_bytes()).await;
    }
    if received.path == "/api/show" {
        return write_whole(stream, 200, &json, wire::ollama_model_body().as_bytes()).await;
    }
    if received.method == "GET" && received.path.contains("/models/") {
        return write_whole(stream, 200, &json, wire::model_body().as_bytes()).await;
    }
    let Some(protocol) = wire::protocol_of(&received.path).filter(|_| received.method == "POST") else {
        let message = format!("the recorded model has nothing at {} {}", received.method, received.path);
        let body = wire::error_body(Protocol::OpenaiChat, "not_found_error", &message);
        return write_whole(stream, 404, &json, body.as_bytes()).await;
    };
    if !has_key(protocol, shared, received) {
        let body = wire::error_body(protocol, "authentication_error", "invalid key");
        return write_whole(stream, 401, &json, body.as_bytes()).await;
    }
    let answer = match shared.take_answer(&received.prompt()) {
        Ok(answer) => answer,
        Err(message) => {
            let body = wire::error_body(protocol, "invalid_request_error", &message);
            return write_whole(stream, 422, &json, body.as_bytes()).await;
        }
    };
    Sending { stream, shared, answer: &answer, n_sent: 0 }.send(protocol, received).await
}

fn has_key(protocol: Protocol, shared: &Shared, received: &Received) -> bool {
    let Some(key) = &shared.recording.key else { return true };
    match protocol {
        Protocol::AnthropicMessages => received.header("x-api-key") == Some(key),
        Protocol::Gemini => received.header("x-goog-api-key") == Some(key),
        Protocol::OpenaiChat | Protocol::OpenaiResponses | Protocol::Ollama => {
            received.header("authorization") == Some(&format!("Bearer {key}"))
        }
    }
}

/// An answer on its way.
struct Sending<'a> {
    stream: &'a mut TcpStream,
    shared: &'a Shared,
    answer: &'a RecordedAnswer,
    /// Bytes of the body.
    n_sent: usize,
}

/// Whether to go on.
enum Next {
    Go,
    /// A fault ended the answer.
    Stop,
}

impl Sending<'_> {
    async fn send(mut self, protocol: Protocol, received: &Received) -> io::Result<()> {
        match self.answer.fault {
            Some(Fault::StallBeforeHead) => return self.until_closed().await,
            Some(Fault::CloseBeforeHead) => return Ok(()),
            _ => {}
        }
        let status = if self.answer.status == 0 { 200 } else { self.answer.status };
        let mut headers: Vec<(String, String)> = self.answer.headers.clone().into_iter().collect();
        let has_type = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let is_stream = status == 200 && self.answer.body.is_none();
        if !has_type {
            let kind = match protocol {
                _ if !is_stream => "application/json",
                Protocol::Ollama => "application/x-ndjson",
                Protocol::AnthropicMessages
                | Protocol::OpenaiChat
                | Protocol::OpenaiResponses
                | Protocol::Gemini => "text/event-stream",
            };
            headers.push(("content-type".to_owned(), kind.to_owned()));
        }
        let frames = match &self.answer.body {
            Some(body) => vec![Frame { bytes: body.clone().into_bytes(), is_piece: false }],
            None => wire::frames(protocol, self.answer, &received.body, self.shared.recording.piece_chars),
        };
        let frames = match self.answer.fault {
            Some(Fault::CloseBeforeEnd) => without_end(frames),
            _ => frames,
        };
        write_head(self.stream, status, &headers).await?;
        let mut n_pieces = 0;
        let mut hold = self.answer.hold;
        for frame in frames {
            if hold == Some(n_pieces) && (frame.is_piece || n_pieces > 0) {
                hold = None;
                self.hold().await?;
            }
            n_pieces += usize::from(frame.is_piece);
            if matches!(self.frame(&frame.bytes).await?, Next::Stop) {
                return Ok(());
            }
            if frame.is_piece && self.shared.recording.pace_ms > 0 {
                self.pause(Duration::from_millis(self.shared.recording.pace_ms)).await?;
            }
        }
        self.end().await
    }

    /// Sends bytes in chunks, up to the place of a fault.
    async fn frame(&mut self, bytes: &[u8]) -> io::Result<Next> {
        let limit = match self.answer.fault {
            Some(
                Fault::CloseAfter(n) | Fault::EndAfter(n) | Fault::StallAfter(n) | Fault::GarbageAfter(n),
            ) => n,
            Some(Fault::StallBeforeHead | Fault::CloseBeforeHead | Fault::CloseBeforeEnd) | None => {
                usize::MAX
            }
        };
        let n_allowed = bytes.len().min(limit.saturating_sub(self.n_sent));
        let (allowed, beyond) = bytes.split_at(n_allowed);
        let chunk_bytes = self.shared.recording.chunk_bytes.unwrap_or(usize::MAX).max(1);
        for chunk in allowed.chunks(chunk_bytes) {
            write_chunk(self.stream, chunk).await?;
        }
        self.n_sent += n_allowed;
        if beyond.is_empty() {
            return Ok(Next::Go);
        }
        self.end().await?;
        Ok(Next::Stop)
    }

    /// Ends the body, as its fault says.
    async fn end(&mut self) -> io::Result<()> {
        match self.answer.fault {
            Some(Fault::StallAfter(_)) => self.until_closed().await,
            Some(Fault::GarbageAfter(_)) => self.stream.write_all(b"this is no chunk\r\n").await,
            Some(Fault::CloseAfter(_) | Fault::CloseBeforeEnd) => Ok(()),
            Some(Fault::EndAfter(_) | Fault::StallBeforeHead | Fault::CloseBeforeHead) | None => {
                write_end(self.stream).await
            }
        }
    }

    /// Waits for a release.
    async fn hold(&mut self) -> io::Result<()> {
        self.shared.counts.send_modify(|counts| counts.n_held += 1);
        tokio::select! {
            permit = self.shared.gate.acquire() => {
                if let Ok(permit) = permit {
                    permit.forget();
                }
                Ok(())
            }
            closed = closed(self.stream) => Err(closed),
        }
    }

    async fn pause(&mut self, pause: Duration) -> io::Result<()> {
        tokio::select! {
            () = tokio::time::sleep(pause) => Ok(()),
            closed = closed(self.stream) => Err(closed),
        }
    }

    /// Sends nothing until the client closes the connection.
    async fn until_closed(&mut self) -> io::Result<()> {
        Err(closed(self.stream).await)
    }
}

/// The frames up to the last piece of text.
fn without_end(mut frames: Vec<Frame>) -> Vec<Frame> {
    let n_kept = frames.iter().rposition(|frame| frame.is_piece).map_or(0, |last| last + 1);
    frames.truncate(n_kept);
    frames
}

/// Comes back when the client closed the connection; what it still sends is read and dropped.
async fn closed(stream: &mut TcpStream) -> io::Error {
    let mut bytes = [0; 1024];
    loop {
        match stream.read(&mut bytes).await {
            Ok(0) => return io::ErrorKind::ConnectionAborted.into(),
            Ok(_) => {}
            Err(error) => return error,
        }
    }
}
