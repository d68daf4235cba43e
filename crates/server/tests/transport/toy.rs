//! A service with one handler for each way in which a handler can behave.

use std::time::Duration;

use serde_json::{Value, json};
use server::transport::with_timeout;
use tokio::sync::{Notify, mpsc, oneshot};
use tower::Service;
use tower_lsp::gen_lsp_types::{InitializeParams, InitializeResult};
use tower_lsp::jsonrpc::{Error, Request, Result};
use tower_lsp::{Client, ClientSocket, LanguageServer, LspService};

pub struct Toy {
    client: Client,
    mailbox: mpsc::UnboundedSender<Mail>,
    gate: Notify,
}

enum Mail {
    Change(i64),
    Read(oneshot::Sender<State>),
}

/// What the owner of the state has seen.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    version: i64,
    n_changes: usize,
    n_inversions: usize,
}

/// The toy, to be made inside a runtime.
pub fn service() -> (LspService<Toy>, ClientSocket) {
    LspService::build_with_lifecycle_methods(|client| {
        let (mailbox, mail) = mpsc::unbounded_channel();
        tokio::spawn(own_state(mail));
        Toy { client, mailbox, gate: Notify::new() }
    })
    .custom_method("textDocument/didChange", Toy::did_change)
    .custom_method("toy/read", Toy::read)
    .custom_method("toy/wait", Toy::wait)
    .custom_method("toy/open", Toy::open)
    .custom_method("toy/ask", Toy::ask)
    .custom_method("toy/tell", Toy::tell)
    .custom_method("toy/big", Toy::big)
    .custom_method("toy/panic", Toy::panic)
    .custom_method("toy/panicTold", Toy::panic_told)
    .finish()
}

async fn own_state(mut mail: mpsc::UnboundedReceiver<Mail>) {
    let mut state = State::default();
    while let Some(mail) = mail.recv().await {
        match mail {
            Mail::Change(version) => {
                state.n_inversions += usize::from(version != state.version + 1);
                state.n_changes += 1;
                state.version = version;
            }
            // Whoever was cancelled does not wait any more.
            Mail::Read(reply) => drop(reply.send(state)),
        }
    }
}

impl LanguageServer for Toy {
    async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
        Ok(InitializeResult::default())
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}

impl Toy {
    async fn did_change(&self, params: Value) {
        let version = params["textDocument"]["version"].as_i64().expect("a version");
        self.mailbox.send(Mail::Change(version)).expect("the owner lives");
    }

    /// The state at the moment when the request arrived.
    async fn read(&self) -> Result<Value> {
        let (tx, rx) = oneshot::channel();
        self.mailbox.send(Mail::Read(tx)).expect("the owner lives");
        let state = rx.await.expect("the owner lives");
        Ok(json!([state.version, state.n_changes, state.n_inversions]))
    }

    /// Waits until `toy/open` arrives.
    async fn wait(&self) -> Result<Value> {
        self.gate.notified().await;
        Ok(json!("open"))
    }

    async fn open(&self) {
        self.gate.notify_waiters();
    }

    /// Asks the client `question`, and answers with its answer.
    async fn ask(&self, params: Value) -> Result<Value> {
        let limit = Duration::from_millis(params["limitMs"].as_u64().unwrap_or(60_000));
        let question = Request::build("toy/question").params(params["question"].clone());
        let question = question.id(self.client.next_request_id()).finish();
        let answer = self.client.clone().call(question);
        with_timeout(limit, async {
            match answer.await {
                Ok(Some(response)) => response.into_parts().1,
                Ok(None) | Err(_) => Err(Error::internal_error()),
            }
        })
        .await
    }

    /// Sends `count` notifications, then answers; with no wait of its own when it says `atOnce`.
    async fn tell(&self, params: Value) -> Result<Value> {
        if params["atOnce"] != true {
            tokio::task::yield_now().await;
        }
        for n in 0..params["count"].as_u64().expect("a count") {
            let said = Request::build("toy/said").params(json!([n])).finish();
            self.client.clone().call(said).await.expect("the client is there");
        }
        Ok(json!("told"))
    }

    async fn big(&self, params: Value) -> Result<Value> {
        let n_bytes = params["bytes"].as_u64().expect("a number of bytes");
        Ok(json!("x".repeat(usize::try_from(n_bytes).expect("a small number"))))
    }

    async fn panic(&self, params: Value) -> Result<Value> {
        if params["late"] == true {
            tokio::task::yield_now().await;
        }
        panic!("a request broke")
    }

    async fn panic_told(&self, params: Value) {
        if params["late"] == true {
            tokio::task::yield_now().await;
        }
        panic!("a notification broke")
    }
}
