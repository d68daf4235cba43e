//! `textDocument/codeAction`: local and small; no model, process or timer.

use serde_json::Value;
use session::{Answer, Query};
use tower_lsp::gen_lsp_types::CodeActionParams;
use tower_lsp::jsonrpc::Result;

use crate::backend::{Backend, answer};
use crate::diagnostics::foreign;
use crate::{actions, wire};

pub(crate) async fn handle(backend: &Backend, params: CodeActionParams) -> Result<Vec<Value>> {
    let query = Query::Actions {
        uri: wire::to_uri(&params.text_document.uri),
        range: wire::to_range(params.range),
        diagnostics: foreign(&params.context.diagnostics),
    };
    let started = backend.ready()?;
    let reply = started.mailbox.query(query);
    let Answer::Actions(found) = answer(reply).await? else { return Ok(Vec::new()) };
    let asked: Vec<Value> = params
        .context
        .diagnostics
        .iter()
        .map(|diagnostic| serde_json::to_value(diagnostic).unwrap_or_default())
        .collect();
    let only: Option<Vec<Value>> = params
        .context
        .only
        .map(|kinds| kinds.iter().filter_map(|kind| serde_json::to_value(kind).ok()).collect());
    let wanted = |action: &Value| {
        let kind = action["kind"].as_str().unwrap_or_default();
        only.as_ref()
            .is_none_or(|only| only.iter().filter_map(Value::as_str).any(|only| is_within(kind, only)))
    };
    let shown = |action| actions::code_action(action, &asked, started.facts.only_commands);
    Ok(found.iter().map(shown).filter(wanted).collect())
}

/// Kinds are hierarchical: `refactor` asks for `refactor.rewrite.hunkwise` too.
fn is_within(kind: &str, only: &str) -> bool {
    only.is_empty() || kind == only || kind.strip_prefix(only).is_some_and(|rest| rest.starts_with('.'))
}
