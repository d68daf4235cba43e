//! The little of HTTP/1.1 that the recorded model needs: one request per connection, answers in chunks.

use std::io;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Received;

/// A head of a request is far smaller.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// Room for the longest prompt.
const MAX_BODY_BYTES: usize = 256 << 20;

/// Reads one request; `None` when the client closed the connection before it was whole.
pub(super) async fn read_request(stream: &mut TcpStream) -> io::Result<Option<Received>> {
    let mut bytes = Vec::new();
    let (mut received, head_len, body_len) = loop {
        if let Some(head) = parse_head(&bytes)? {
            break head;
        }
        if bytes.len() > MAX_HEAD_BYTES {
            return Err(invalid("the head of the request is too long"));
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    if body_len > MAX_BODY_BYTES {
        return Err(invalid("the body of the request is too long"));
    }
    while bytes.len() < head_len + body_len {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
    let body = bytes.get(head_len..head_len + body_len).unwrap_or_default();
    received.body = serde_json::from_slice(body).unwrap_or(Value::Null);
    Ok(Some(received))
}

/// The head, its length and the length of the body, once the head is whole.
fn parse_head(bytes: &[u8]) -> io::Result<Option<(Received, usize, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    let head_len = match request.parse(bytes).map_err(|error| invalid(&error.to_string()))? {
        httparse::Status::Complete(len) => len,
        httparse::Status::Partial => return Ok(None),
    };
    let headers = request
        .headers
        .iter()
        .map(|header| (header.name.to_lowercase(), String::from_utf8_lossy(header.value).into_owned()));
    let received = Received {
        method: request.method.unwrap_or_default().to_owned(),
        path: request.path.unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body: Value::Null,
    };
    if received.header("transfer-encoding").is_some() {
        return Err(invalid("the body of the request has no length"));
    }
    let body_len = match received.header("content-length") {
        Some(len) => len.parse().map_err(|_| invalid("the length of the request's body is no number"))?,
        None => 0,
    };
    Ok(Some((received, head_len, body_len)))
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Sends a whole answer.
pub(super) async fn write_whole(
    stream: &mut TcpStream,
    status: u16,
    headers: &[(String, String)],
    body: &[u8],
) -> io::Result<()> {
    let mut head = head(status, headers);
    head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    stream.write_all(&[head.as_bytes(), body].concat()).await?;
    stream.flush().await
}

/// Sends the head of an answer in chunks.
pub(super) async fn write_head(
    stream: &mut TcpStream,
    status: u16,
    headers: &[(String, String)],
) -> io::Result<()> {
    let head = format!("{}transfer-encoding: chunked\r\n\r\n", head(status, headers));
    stream.write_all(head.as_bytes()).await?;
    stream.flush().await
}

/// Sends one chunk; an empty one would end the body, so it is not sent.
pub(super) async fn write_chunk(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    let size = format!("{:x}\r\n", bytes.len());
    stream.write_all(&[size.as_bytes(), bytes, b"\r\n"].concat()).await?;
    stream.flush().await
}

/// Ends a body in chunks.
pub(super) async fn write_end(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(b"0\r\n\r\n").await?;
    stream.flush().await
}

fn head(status: u16, headers: &[(String, String)]) -> String {
    let mut head = format!("HTTP/1.1 {status} Recorded\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head
}
