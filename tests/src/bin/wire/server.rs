//! A server on this machine that delivers one body, once.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::Recording;
use crate::delivery::{Delivery, Mode};

/// The pause behind an event.
const PACE: Duration = Duration::from_millis(5);

/// Headers that belong to the connection on which the answer was recorded.
const OWN: [&str; 7] = [
    "content-type",
    "content-encoding",
    "content-length",
    "transfer-encoding",
    "connection",
    "server",
    "date",
];

/// Starts the server; gives its address.
pub(crate) async fn serve(recording: &Recording, delivery: &Delivery) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let head = head(recording, delivery.mode);
    let (mode, pieces) = (delivery.mode, delivery.pieces.clone());
    tokio::spawn(async move {
        // A client that goes away has read what it wanted.
        if let Ok((stream, _)) = listener.accept().await {
            let _ = answer(stream, &head, mode, &pieces).await;
        }
    });
    Ok(format!("http://{address}"))
}

fn head(recording: &Recording, mode: Mode) -> String {
    let kind = recording.headers.iter().find(|(name, _)| name == "content-type");
    let usual = match recording.extension.as_str() {
        "sse" => "text/event-stream",
        "ndjson" => "application/x-ndjson",
        _ => "application/json",
    };
    let kind = kind.map_or(usual, |(_, value)| value);
    let mut head = format!("HTTP/1.1 {} Recorded\r\ncontent-type: {kind}\r\n", recording.status);
    for (name, value) in recording.headers.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if mode == Mode::Gzip {
        head.push_str("content-encoding: gzip\r\n");
    }
    // One answer is looked at, not the calls after it.
    head.push_str("x-should-retry: false\r\ntransfer-encoding: chunked\r\n\r\n");
    head
}

async fn answer(mut stream: TcpStream, head: &str, mode: Mode, pieces: &[Vec<u8>]) -> io::Result<()> {
    stream.set_nodelay(true)?;
    read_request(&mut stream).await?;
    stream.write_all(head.as_bytes()).await?;
    let mut gzip = Gzip::default();
    for (idx, piece) in pieces.iter().enumerate() {
        match mode {
            Mode::Gzip => chunk(&mut stream, &gzip.piece(piece, idx == 0)).await?,
            _ => chunk(&mut stream, piece).await?,
        }
        if mode == Mode::Slow {
            // tidy allows sleep: a slow delivery is what is made here
            tokio::time::sleep(PACE).await;
        }
    }
    match mode {
        Mode::Gzip => chunk(&mut stream, &gzip.end()).await?,
        // Comes back when the client has given up.
        Mode::Stalled(_) => return stream.read(&mut [0; 16]).await.map(drop),
        Mode::Reset(_) => return stream.set_zero_linger(),
        _ => {}
    }
    stream.write_all(b"0\r\n\r\n").await?;
    stream.shutdown().await
}

async fn read_request(stream: &mut TcpStream) -> io::Result<()> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let head = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let length: usize = length.unwrap_or(0);
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await? == 0 {
            break;
        }
    }
    Ok(())
}

async fn chunk(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    stream.write_all(&chunk).await
}

/// Bytes in gzip's format, in stored blocks: each can be read when it has come.
#[derive(Default)]
struct Gzip {
    crc: u32,
    n_bytes: u32,
}

impl Gzip {
    fn piece(&mut self, bytes: &[u8], is_first: bool) -> Vec<u8> {
        let mut packed = Vec::new();
        if is_first {
            packed.extend([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
        }
        for block in bytes.chunks(usize::from(u16::MAX)) {
            let len = u16::try_from(block.len()).unwrap_or(u16::MAX);
            packed.push(0);
            packed.extend(len.to_le_bytes());
            packed.extend((!len).to_le_bytes());
            packed.extend_from_slice(block);
        }
        let step = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
        self.crc = !bytes
            .iter()
            .fold(!self.crc, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)));
        self.n_bytes = self.n_bytes.wrapping_add(u32::try_from(bytes.len()).unwrap_or(0));
        packed
    }

    fn end(&self) -> Vec<u8> {
        let mut packed = vec![1, 0, 0, 0xff, 0xff];
        packed.extend(self.crc.to_le_bytes());
        packed.extend(self.n_bytes.to_le_bytes());
        packed
    }
}
