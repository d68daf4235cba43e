//! What the protocol's service calls. Forwards to the mailbox; keeps no state of its own.

use std::sync::OnceLock;
use std::time::Duration;

use session::driver::Mailbox;
use tokio::sync::oneshot;
use tower_lsp::gen_lsp_types::{InitializeParams, InitializeResult, InitializedParams};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::{Client, LanguageServer};

use crate::client::ClientFacts;
use crate::configure::Configuration;
use crate::handlers;
use crate::loans::Loans;

/// How long `shutdown` waits until what is kept is written: less than editors wait before they kill a server.
const STOP_LIMIT: Duration = Duration::from_secs(1);

/// The server's half of the connection.
pub struct Backend {
    pub(crate) client: Client,
    pub(crate) started: OnceLock<Started>,
    pub(crate) options: crate::Options,
}

/// What exists once `initialize` has been handled.
pub(crate) struct Started {
    pub(crate) facts: ClientFacts,
    pub(crate) mailbox: Mailbox,
    pub(crate) configuration: Configuration,
    pub(crate) loans: Loans,
}

impl Backend {
    pub(crate) fn new(client: Client, options: crate::Options) -> Backend {
        Backend { client, started: OnceLock::new(), options }
    }

    /// The mailbox; none before `initialize`.
    pub(crate) fn mailbox(&self) -> Option<&Mailbox> {
        self.started.get().map(|started| &started.mailbox)
    }

    /// The mailbox, or the protocol's error.
    pub(crate) fn ready(&self) -> Result<&Started> {
        self.started.get().ok_or_else(|| Error {
            code: ErrorCode::ServerError(-32002),
            message: "the server is not initialized".into(),
            data: None,
        })
    }
}

/// The answer to a message that is in the mailbox already.
pub(crate) async fn answer(reply: oneshot::Receiver<session::Answer>) -> Result<session::Answer> {
    received(reply).await
}

/// What comes back for a message that is in the mailbox already.
pub(crate) async fn received<T>(reply: oneshot::Receiver<T>) -> Result<T> {
    reply.await.map_err(|_| Error {
        code: ErrorCode::InternalError,
        message: "the session has ended".into(),
        data: None,
    })
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        handlers::initialize::handle(self, &params)
    }

    async fn initialized(&self, _: InitializedParams) {
        handlers::initialized::handle(self);
    }

    async fn shutdown(&self) -> Result<()> {
        if let Some(mailbox) = self.mailbox() {
            let _ = tokio::time::timeout(STOP_LIMIT, mailbox.stop()).await;
        }
        Ok(())
    }
}
