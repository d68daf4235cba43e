//! `textDocument/codeLens`

use serde_json::Value;
use session::{Answer, Query};
use tower_lsp::gen_lsp_types::CodeLensParams;
use tower_lsp::jsonrpc::Result;

use crate::backend::{Backend, answer};
use crate::{actions, wire};

pub(crate) async fn handle(backend: &Backend, params: CodeLensParams) -> Result<Vec<Value>> {
    let reply = backend.ready()?.mailbox.query(Query::Lenses(wire::to_uri(&params.text_document.uri)));
    match answer(reply).await? {
        Answer::Lenses(lenses) => Ok(lenses.iter().map(actions::code_lens).collect()),
        _ => Ok(Vec::new()),
    }
}
