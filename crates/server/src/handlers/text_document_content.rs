//! `workspace/textDocumentContent`: a proposal's review document, or its document as proposed, for clients that show documents
//! of the server's.

use serde_json::{Value, json};
use session::{Answer, Query};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::backend::{Backend, answer};
use crate::lsp_ext;

pub(crate) async fn handle(backend: &Backend, params: Value) -> Result<Value> {
    let uri = params["uri"].as_str().unwrap_or_default();
    let unknown = || Error {
        code: ErrorCode::InvalidParams,
        message: format!("{uri} is no document of a proposal that there is").into(),
        data: None,
    };
    let query = match lsp_ext::proposed(uri) {
        Some(id) => Query::ProposedText(id.parse().map_err(|_| unknown())?),
        None => {
            let name = uri.rsplit('/').next().unwrap_or_default().trim_end_matches(".md");
            Query::ReviewText(name.parse().map_err(|_| unknown())?)
        }
    };
    let reply = backend.ready()?.mailbox.query(query);
    match answer(reply).await? {
        Answer::Text(Some(text)) => Ok(json!({ "text": text })),
        _ => Err(unknown()),
    }
}
