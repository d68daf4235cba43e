//! `textDocument/hover`

use serde_json::{Value, json};
use session::{Answer, Query};
use tower_lsp::gen_lsp_types::HoverParams;
use tower_lsp::jsonrpc::Result;

use crate::backend::{Backend, answer};
use crate::{titles, wire};

pub(crate) async fn handle(backend: &Backend, params: HoverParams) -> Result<Value> {
    let at = params.text_document_position_params;
    let query =
        Query::Hover { uri: wire::to_uri(&at.text_document.uri), position: wire::to_position(at.position) };
    let reply = backend.ready()?.mailbox.query(query);
    match answer(reply).await? {
        Answer::Hover(Some(hover)) => Ok(json!({
            "contents": { "kind": "markdown", "value": titles::hover(&hover) },
            "range": wire::range(hover.range),
        })),
        _ => Ok(Value::Null),
    }
}
