//! `hunkwise/documentText`: for tests and for a client that wants to compare.

use serde_json::{Value, json};
use session::{Answer, Query, Uri};
use tower_lsp::jsonrpc::Result;

use crate::backend::{Backend, answer};

pub(crate) async fn handle(backend: &Backend, params: Value) -> Result<Value> {
    let uri = Uri::from(params["uri"].as_str().unwrap_or_default());
    let reply = backend.ready()?.mailbox.query(Query::DocumentText(uri));
    match answer(reply).await? {
        Answer::Document(Some(document)) => Ok(json!({
            "text": document.text,
            "version": document.version,
            "inversions": document.n_inversions,
        })),
        _ => Ok(Value::Null),
    }
}
