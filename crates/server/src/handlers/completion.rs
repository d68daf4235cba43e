//! `textDocument/completion`: recipes, only inside a directive or a document of ours.

use serde_json::{Value, json};
use session::{Answer, Query};
use tower_lsp::gen_lsp_types::CompletionParams;
use tower_lsp::jsonrpc::Result;

use crate::backend::{Backend, answer};
use crate::wire;

pub(crate) async fn handle(backend: &Backend, params: CompletionParams) -> Result<Value> {
    let at = params.text_document_position_params;
    let query = Query::Completion {
        uri: wire::to_uri(&at.text_document.uri),
        position: wire::to_position(at.position),
    };
    let reply = backend.ready()?.mailbox.query(query);
    let Answer::Completions(found) = answer(reply).await? else { return Ok(Value::Null) };
    let items: Vec<Value> = found
        .iter()
        .map(|item| {
            json!({
                "label": item.text,
                "detail": item.label,
                "kind": 15,
                "filterText": item.text,
                "textEdit": { "range": wire::range(item.range), "newText": item.text },
            })
        })
        .collect();
    Ok(Value::Array(items))
}
