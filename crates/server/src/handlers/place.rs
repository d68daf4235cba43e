//! `hunkwise/place`: where the caret is, in the form that commands take, for clients with commands of their own.

use serde_json::{Value, json};
use session::{Answer, Query, Uri};
use tower_lsp::gen_lsp_types::Range;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::backend::{Backend, answer};
use crate::wire;

pub(crate) async fn handle(backend: &Backend, params: Value) -> Result<Value> {
    let wrong = |error: serde_json::Error| Error {
        code: ErrorCode::InvalidParams,
        message: format!("hunkwise/place: range: {error}").into(),
        data: None,
    };
    let range: Range = serde_json::from_value(params["range"].clone()).map_err(wrong)?;
    let uri = Uri::from(params["uri"].as_str().unwrap_or_default());
    let reply = backend.ready()?.mailbox.query(Query::Place { uri, range: wire::to_range(range) });
    match answer(reply).await? {
        Answer::Place(Some(place)) => Ok(json!(place.to_string())),
        _ => Ok(Value::Null),
    }
}
