//! `workspace/didChangeConfiguration`: what it carries is old in style; clients that can are asked for the section.

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types::DidChangeConfigurationParams;

use crate::backend::Backend;
use crate::outgoing::{ANSWER_LIMIT, Reply, request};

pub(crate) async fn handle(backend: &Backend, params: DidChangeConfigurationParams) {
    let Some(started) = backend.started.get() else { return };
    let sent = params.settings.get("hunkwise").cloned().unwrap_or(Value::Null);
    let (facts, client) = (started.facts, backend.client.clone());
    let (configuration, mailbox) = (started.configuration.clone(), started.mailbox.clone());
    tokio::spawn(async move {
        let mut value = sent;
        if facts.configuration {
            let params = json!({ "items": [{ "section": "hunkwise" }] });
            if let Reply::Result(Value::Array(items)) =
                request(&client, "workspace/configuration", params, ANSWER_LIMIT).await
            {
                value = items.into_iter().next().unwrap_or(Value::Null);
            }
        }
        configuration.set_configuration(value);
        configuration.reload(&mailbox);
    });
}
