//! Carries messages between a client and the protocol's service: one thread reads, one task decides, one thread writes.
//!
//! Owns the order of messages, the limits of a connection and its end. Every message is handled up to its first wait
//! in the order of arrival, before the next one is looked at; what remains runs beside. Must never wait for a handler,
//! for the client to read, or for an answer of the client.

mod connection;
mod frame;
mod message;
mod parent;
pub mod pipe;
mod reader;
mod writer;

use std::fmt::Display;
use std::io::{Read, Write};
use std::time::Duration;

use tower::Service;
use tower_lsp::ClientSocket;
use tower_lsp::jsonrpc::{self, Error, ErrorCode, Request, Response};

use crate::front::REQUEST_FAILED;
use connection::Connection;
pub use parent::watch_parent;

/// The limits of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Requests in flight; those beyond are answered with an error at once.
    pub max_in_flight: usize,
    /// Bytes of one message; a longer one is answered with an error and passed over.
    pub max_message_bytes: usize,
    /// Bytes that wait for the client to read them; when there are more, the connection ends.
    pub max_queued_bytes: usize,
    /// How long the end waits for the client to read what is queued.
    pub flush_limit: Duration,
    /// How often the client's process is looked for.
    pub parent_interval: Duration,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            max_in_flight: 1_000,
            max_message_bytes: 64 << 20,
            max_queued_bytes: 64 << 20,
            // The protocol's task needs a moment as well; together they stay under half a second.
            flush_limit: Duration::from_millis(400),
            parent_interval: Duration::from_secs(3),
        }
    }
}

/// Why a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The client is gone: its input ended, or its process is no more.
    Eof,
    /// The client sent `exit`.
    Exit {
        /// It had sent `shutdown` before, as the protocol asks.
        after_shutdown: bool,
    },
    /// The client cannot be written to, or has left too much unread.
    WriterDead,
}

/// Serves one client until the connection ends, and says why it did.
///
/// `service` must be ready at all times, as tower-lsp's is. When this returns, whatever was in flight is cancelled and
/// what was queued is written, unless the client did not read it within the limit. The thread that reads `input` ends
/// only when `input` does, so the process or `input` should end next.
pub async fn serve<S>(
    service: S,
    socket: ClientSocket,
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    options: Options,
) -> End
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Send + 'static,
    S::Error: Display + Send + 'static,
{
    let mut connection = Connection::open(service, socket, input, output, options);
    let end = connection.run().await;
    connection.close(end).await;
    tracing::info!(?end, "the connection ended");
    end
}

/// What `answer` resolves to, or an error when the client has not answered within `limit`.
///
/// Every request to a client needs this: an editor may show a question that nobody answers, or lose it.
pub async fn with_timeout<T>(
    limit: Duration,
    answer: impl Future<Output = jsonrpc::Result<T>>,
) -> jsonrpc::Result<T> {
    tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| {
        Err(Error {
            code: ErrorCode::ServerError(REQUEST_FAILED),
            message: format!("the client did not answer within {limit:?}").into(),
            data: None,
        })
    })
}
