//! `workspace/textDocumentContent`: a proposal's review document, for clients that show documents of the server's.

use serde_json::{Value, json};
use session::{Answer, Query};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::backend::{Backend, answer};

pub(crate) async fn handle(backend: &Backend, params: Value) -> Result<Value> {
    let uri = params["uri"].as_str().unwrap_or_default();
    let name = uri.rsplit('/').next().unwrap_or_default().trim_end_matches(".md");
    let unknown = || Error {
        code: ErrorCode::InvalidParams,
        message: format!("{uri} is no review document").into(),
        data: None,
    };
    let id = name.parse().map_err(|_| unknown())?;
    let reply = backend.ready()?.mailbox.query(Query::ReviewText(id));
    match answer(reply).await? {
        Answer::Text(Some(text)) => Ok(json!({ "text": text })),
        _ => Err(unknown()),
    }
}
