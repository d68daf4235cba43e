//! Server-initiated progress: one bar per proposal, created before its first step.

use std::collections::HashMap;

use serde_json::{Value, json};
use session::{Progress, ProposalId};
use tokio::sync::mpsc;
use tower_lsp::Client;

use crate::outgoing::{ANSWER_LIMIT, Reply, notify, request};

/// The token of a proposal's bar; `window/workDoneProgress/cancel` brings it back.
pub(crate) fn token(id: ProposalId) -> String {
    format!("hunkwise/{id}")
}

/// The proposal of a token.
pub(crate) fn proposal(token: &str) -> Option<ProposalId> {
    token.strip_prefix("hunkwise/")?.split('/').next()?.parse().ok()
}

/// The bars that are open.
#[derive(Default)]
pub(super) struct ProgressBars {
    open: HashMap<ProposalId, mpsc::UnboundedSender<Value>>,
    n_begun: u64,
}

impl ProgressBars {
    /// Moves a bar on; nothing is waited for.
    pub(super) fn step(&mut self, client: &Client, id: ProposalId, progress: Progress) {
        match progress {
            Progress::Begin(title) => {
                self.n_begun += 1;
                // A token may not be used twice, and a proposal works once per revision.
                let name = format!("{}/{}", token(id), self.n_begun);
                let (tx, steps) = mpsc::unbounded_channel();
                let begin = json!({ "kind": "begin", "title": "AI", "message": title, "cancellable": true });
                let _ = tx.send(begin);
                self.open.insert(id, tx);
                tokio::spawn(show(client.clone(), name, steps));
            }
            Progress::Report(text) => {
                if let Some(bar) = self.open.get(&id) {
                    let _ = bar.send(json!({ "kind": "report", "message": text }));
                }
            }
            Progress::End(text) => {
                if let Some(bar) = self.open.remove(&id) {
                    let _ = bar.send(json!({ "kind": "end", "message": text }));
                }
            }
        }
    }
}

async fn show(client: Client, token: String, mut steps: mpsc::UnboundedReceiver<Value>) {
    let create =
        request(&client, "window/workDoneProgress/create", json!({ "token": token }), ANSWER_LIMIT).await;
    if !matches!(create, Reply::Result(_)) {
        return;
    }
    while let Some(step) = steps.recv().await {
        notify(&client, "$/progress", json!({ "token": token, "value": step })).await;
    }
}
