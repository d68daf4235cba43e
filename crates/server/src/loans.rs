//! Asks the model that the editor lends: a request to the client, whose pieces come as notifications beside it.
//!
//! Owns the answers that are on their way. Must never decide whether one is whole.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt;
use model::{Lender, Lending, LentAsk, LentEnd, LentFailure, Role, Stop, Usage};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tower::Service;
use tower_lsp::Client;
use tower_lsp::jsonrpc::{Id, Request};

use crate::lsp_ext::{MODEL, ModelEnd, ModelMessage, ModelParams, ModelResult, ModelRole};
use crate::outgoing::notify;

/// Where the pieces of each answer go.
type Answers = HashMap<String, mpsc::UnboundedSender<(u64, String)>>;

/// The answers on their way. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Loans {
    client: Client,
    open: Arc<Mutex<Answers>>,
    n_asked: Arc<AtomicU64>,
}

impl Loans {
    pub(crate) fn new(client: Client) -> Loans {
        Loans { client, open: Arc::default(), n_asked: Arc::default() }
    }

    /// Hands on a piece of an answer; one of an answer that nobody waits for is dropped.
    pub(crate) fn piece(&self, id: &str, number: u64, text: String) {
        if let Some(tx) = self.lock().get(id) {
            // The other end is gone when the answer was given up just now.
            let _ = tx.send((number, text));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Answers> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lender for Loans {
    fn lend(&self, ask: LentAsk) -> Lending {
        let id = format!("m{}", self.n_asked.fetch_add(1, Ordering::Relaxed) + 1);
        let (tx, pieces) = mpsc::unbounded_channel();
        self.lock().insert(id.clone(), tx);
        let request_id = self.client.next_request_id();
        let open = Arc::new(Open {
            loans: self.clone(),
            id: id.clone(),
            request: request_id.clone(),
            is_answered: AtomicBool::new(false),
        });
        let request = Request::build(MODEL).params(params(id, ask)).id(request_id).finish();
        Lending { pieces, end: ended(Arc::clone(&open), request).boxed(), open: Box::new(open) }
    }
}

/// Sends the question and waits for the end of its answer.
async fn ended(open: Arc<Open>, request: Request) -> Result<LentEnd, LentFailure> {
    let answer = open.loans.client.clone().call(request).await;
    open.is_answered.store(true, Ordering::Relaxed);
    match answer {
        Ok(Some(response)) => match response.into_parts().1 {
            Ok(result) => end(result),
            Err(error) => Err(LentFailure::Refused(error.message.into_owned())),
        },
        Ok(None) | Err(_) => Err(LentFailure::Refused("the client is gone".to_owned())),
    }
}

fn end(result: Value) -> Result<LentEnd, LentFailure> {
    let unreadable =
        |error| LentFailure::Unreadable(format!("what the editor says of its end cannot be read: {error}"));
    let result: ModelResult = serde_json::from_value(result).map_err(unreadable)?;
    let stop = match result.end {
        ModelEnd::Complete => Stop::Complete,
        ModelEnd::MaxTokens => Stop::MaxTokens,
        ModelEnd::Refused => Stop::Refusal(result.message),
        ModelEnd::Filtered => Stop::ContentFilter,
    };
    let usage =
        Usage { input_tokens: result.input_tokens, output_tokens: result.output_tokens, ..Usage::default() };
    Ok(LentEnd { stop, n_pieces: result.deltas, usage })
}

fn params(id: String, ask: LentAsk) -> Value {
    let messages = ask.messages.into_iter().map(|message| {
        let role = match message.role {
            Role::User => ModelRole::User,
            Role::Assistant => ModelRole::Assistant,
        };
        ModelMessage { role, text: message.text }
    });
    let params = ModelParams {
        id,
        model: ask.model,
        system: ask.system,
        messages: messages.collect(),
        max_output_tokens: ask.max_output_tokens,
        effort: ask.effort,
    };
    serde_json::to_value(params).unwrap_or_default()
}

/// A question that waits for its answer. One that is dropped before is taken back.
struct Open {
    loans: Loans,
    id: String,
    request: Id,
    is_answered: AtomicBool,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.loans.lock().remove(&self.id);
        if self.is_answered.load(Ordering::Relaxed) {
            return;
        }
        let (client, params) = (self.loans.client.clone(), json!({ "id": self.request }));
        // Outside of a runtime the server ends, and the client with it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { notify(&client, "$/cancelRequest", params).await });
        }
    }
}
