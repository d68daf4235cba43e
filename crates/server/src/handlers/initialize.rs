//! `initialize`: reads what the client can do, starts the session, says what the server offers.

use std::sync::Arc;

use serde_json::{Value, json};
use session::driver::{self, LenderOption};
use session::{Message, Uri};
use tower_lsp::gen_lsp_types::{InitializeParams, InitializeResult};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::backend::{Backend, Started};
use crate::client::{ClientFacts, server_capabilities};
use crate::configure::Configuration;
use crate::edge;
use crate::loans::Loans;

pub(crate) fn handle(backend: &Backend, params: &InitializeParams) -> Result<InitializeResult> {
    let facts = ClientFacts::read(params);
    let roots = roots(params);
    let options = params.initialization_options.clone().unwrap_or(Value::Null);
    let loans = Loans::new(backend.client.clone());
    let lender: LenderOption = facts.model.then(|| Arc::new(loans.clone()) as _);
    let configuration = Configuration::new(options, roots.clone(), facts, lender.clone());
    let (config, notices) = configuration.load();
    let (mailbox, effects) = driver::start(driver::Options {
        encoding: facts.encoding,
        state_dir: backend.options.state_dir.clone(),
        watches_files: true,
        keeps_proposals: Some(config.keep_proposals),
        waits_for_index: false,
        recorder: backend.options.recorder.clone(),
        lender,
        checks: backend.options.checks.clone(),
    });
    configuration.apply(config, &mailbox);
    mailbox.tell(Message::Folders(roots));
    tokio::spawn(edge::serve(backend.client.clone(), facts, mailbox.clone(), effects));
    for notice in notices {
        mailbox.tell(Message::Notice(notice));
    }
    let started = Started { facts, mailbox, configuration, loans };
    if backend.started.set(started).is_err() {
        return Err(Error {
            code: ErrorCode::InvalidRequest,
            message: "initialized twice".into(),
            data: None,
        });
    }
    let result = json!({
        "capabilities": server_capabilities(&facts),
        "serverInfo": { "name": "hunkwise", "version": env!("CARGO_PKG_VERSION") },
    });
    serde_json::from_value(result).map_err(|error| Error {
        code: ErrorCode::InternalError,
        message: error.to_string().into(),
        data: None,
    })
}

/// The workspace folders, or the one root that older clients send.
#[expect(deprecated, reason = "older clients send nothing else")]
fn roots(params: &InitializeParams) -> Vec<Uri> {
    let value = serde_json::to_value(params).unwrap_or_default();
    let folders = value.get("workspaceFolders").and_then(Value::as_array);
    let uris: Vec<Uri> = folders
        .into_iter()
        .flatten()
        .filter_map(|folder| folder.get("uri")?.as_str())
        .map(Uri::from)
        .collect();
    if !uris.is_empty() {
        return uris;
    }
    params.root_uri.iter().map(crate::wire::to_uri).collect()
}
