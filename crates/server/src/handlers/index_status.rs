//! `hunkwise/indexStatus`: for tests, for benchmarks, and for a person who wonders what is known.

use serde_json::Value;
use tower_lsp::jsonrpc::Result;

use crate::backend::{Backend, received};
use crate::lsp_ext;

pub(crate) async fn handle(backend: &Backend, params: Value) -> Result<Value> {
    let with_contents = params["contents"].as_bool().unwrap_or(false);
    let status = backend.ready()?.mailbox.index_status(with_contents);
    let status = lsp_ext::index_status(received(status).await?);
    Ok(serde_json::to_value(status).unwrap_or_default())
}
