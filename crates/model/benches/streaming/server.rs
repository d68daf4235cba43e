//! A server that sends the same answer to every request, on a thread of its own.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use model::Protocol;

/// The pause behind a token: long enough for the reader to have waited for the next one.
const PACE: Duration = Duration::from_micros(100);

/// The server; it runs as long as the process.
pub(crate) struct Served {
    pub(crate) base_url: String,
}

impl Served {
    /// Answers of `n_tokens`, an event a packet or many events a packet.
    pub(crate) fn start(protocol: Protocol, n_tokens: usize, joins: bool) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base_url = format!("http://{}", listener.local_addr().expect("an address"));
        let mut packets = events(protocol, n_tokens);
        if joins {
            packets = packets.chunks(100).map(<[String]>::concat).collect();
        }
        Served::listen(listener, base_url, protocol, packets, Duration::ZERO)
    }

    /// Answers of `n_tokens` with a pause behind each.
    pub(crate) fn paced(protocol: Protocol, n_tokens: usize) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base_url = format!("http://{}", listener.local_addr().expect("an address"));
        Served::listen(listener, base_url, protocol, events(protocol, n_tokens), PACE)
    }

    fn listen(
        listener: TcpListener,
        base_url: String,
        protocol: Protocol,
        packets: Vec<String>,
        pace: Duration,
    ) -> Served {
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let packets = packets.clone();
                thread::spawn(move || serve(stream, protocol, &packets, pace));
            }
        });
        Served { base_url }
    }
}

fn serve(stream: TcpStream, protocol: Protocol, packets: &[String], pace: Duration) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    let kind = if protocol == Protocol::Ollama { "application/x-ndjson" } else { "text/event-stream" };
    while read_request(&mut reader)? {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ntransfer-encoding: chunked\r\n\r\n");
        writer.write_all(head.as_bytes())?;
        for packet in packets {
            writer.write_all(format!("{:x}\r\n{packet}\r\n", packet.len()).as_bytes())?;
            if !pace.is_zero() {
                thread::sleep(pace);
            }
        }
        writer.write_all(b"0\r\n\r\n")?;
    }
    Ok(())
}

/// Reads a request away; gives whether there was one.
fn read_request(reader: &mut BufReader<TcpStream>) -> io::Result<bool> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(false);
        }
        let line = line.trim().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.is_empty() {
            break;
        }
    }
    reader.read_exact(&mut vec![0; length])?;
    Ok(true)
}

/// The events of an answer, as providers send them.
fn events(protocol: Protocol, n_tokens: usize) -> Vec<String> {
    let token = |n: usize| format!(" token{n}\\n");
    let named =
        |name: &str, members: &str| format!("event: {name}\ndata: {{\"type\":\"{name}\",{members}}}\n\n");
    let tokens = 0..n_tokens;
    match protocol {
        Protocol::AnthropicMessages => {
            let delta = |n| {
                let members =
                    format!("\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":\"{}\"}}", token(n));
                named("content_block_delta", &members)
            };
            let end = [
                named(
                    "message_delta",
                    "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":9}",
                ),
                named("message_stop", "\"x\":0"),
            ];
            let start = named("message_start", "\"message\":{\"usage\":{\"input_tokens\":9}}");
            std::iter::once(start).chain(tokens.map(delta)).chain(end).collect()
        }
        Protocol::OpenaiChat => {
            let chunk = |rest: String| {
                format!(
                    "data: {{\"id\":\"chatcmpl-CkqQ2hYb1WzR4vXf8nJmT6\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,\"model\":\"gpt-5.4\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_1a2b3c4d5e\",\"choices\":[{{\"index\":0,{rest},\"logprobs\":null}}],\"usage\":null,\"obfuscation\":\"aB3dE5\"}}\n\n"
                )
            };
            let delta =
                |n| chunk(format!("\"delta\":{{\"content\":\"{}\"}},\"finish_reason\":null", token(n)));
            let end =
                [chunk("\"delta\":{},\"finish_reason\":\"stop\"".to_owned()), "data: [DONE]\n\n".to_owned()];
            tokens.map(delta).chain(end).collect()
        }
        Protocol::OpenaiResponses => {
            let delta = |n| {
                let members = format!(
                    "\"sequence_number\":{n},\"item_id\":\"msg_0123456789abcdef\",\"output_index\":0,\"content_index\":0,\"delta\":\"{}\",\"logprobs\":[],\"obfuscation\":\"aB3dE5\"",
                    token(n)
                );
                named("response.output_text.delta", &members)
            };
            let end = named("response.completed", "\"response\":{\"status\":\"completed\",\"output\":[]}");
            tokens.map(delta).chain([end]).collect()
        }
        Protocol::Gemini => {
            let chunk = |text: String, more: &str| {
                format!(
                    "data: {{\"candidates\":[{{\"content\":{{\"parts\":[{{\"text\":\"{text}\"}}],\"role\":\"model\"}},\"index\":0{more}}}],\"usageMetadata\":{{\"promptTokenCount\":9,\"candidatesTokenCount\":7,\"totalTokenCount\":16}},\"modelVersion\":\"gemini-2.5-pro\"}}\r\n\r\n"
                )
            };
            let end = chunk(String::new(), ",\"finishReason\":\"STOP\"");
            tokens.map(|n| chunk(token(n), "")).chain([end]).collect()
        }
        Protocol::Ollama => {
            let line = |text: String, more: &str| {
                format!(
                    "{{\"model\":\"qwen3\",\"created_at\":\"2026-11-25T01:00:00.000000Z\",\"message\":{{\"role\":\"assistant\",\"content\":\"{text}\"}},{more}}}\n"
                )
            };
            let end = line(String::new(), "\"done\":true,\"done_reason\":\"stop\"");
            tokens.map(|n| line(token(n), "\"done\":false")).chain([end]).collect()
        }
    }
}
