//! `textDocument/completion`: recipes and mentions, only inside a directive or a document of ours.

use serde_json::{Value, json};
use session::{Answer, CompletionKind, Query};
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
        .items
        .iter()
        .enumerate()
        .map(|(idx, item)| {
            json!({
                "label": item.text,
                "detail": item.label,
                "kind": kind(item.kind),
                "sortText": format!("{idx:03}"),
                "filterText": item.text,
                "textEdit": { "range": wire::range(item.range), "newText": item.text },
            })
        })
        .collect();
    Ok(json!({ "isIncomplete": found.is_incomplete, "items": items }))
}

/// LSP's number of a kind: snippet, keyword, file, reference.
fn kind(kind: CompletionKind) -> u32 {
    match kind {
        CompletionKind::Recipe => 15,
        CompletionKind::Keyword => 14,
        CompletionKind::File => 17,
        CompletionKind::Symbol => 18,
    }
}
