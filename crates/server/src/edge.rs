//! Carries out what the session wants of the editor, in order. Requests to the client run beside; none is waited for here.

pub(crate) mod progress;

use serde_json::{Value, json};
use session::driver::Mailbox;
use session::{EdgeEffect, EdgeReply, Level, Message, Notice, Token};
use tokio::sync::mpsc;
use tower_lsp::Client;

use crate::client::ClientFacts;
use crate::lines::Lines;
use crate::outgoing::{ANSWER_LIMIT, PERSON_LIMIT, Reply, notify, request};
use crate::{diagnostics, lsp_ext, preview, wire};
use progress::ProgressBars;

/// Serves the session's effects until it ends.
pub(crate) async fn serve(
    client: Client,
    facts: ClientFacts,
    mailbox: Mailbox,
    mut effects: mpsc::UnboundedReceiver<EdgeEffect>,
) {
    let mut edge =
        Edge { client, facts, mailbox, progress: ProgressBars::default(), lines: Lines::default() };
    while let Some(effect) = effects.recv().await {
        edge.perform(effect).await;
    }
}

struct Edge {
    client: Client,
    facts: ClientFacts,
    mailbox: Mailbox,
    progress: ProgressBars,
    lines: Lines,
}

impl Edge {
    async fn perform(&mut self, effect: EdgeEffect) {
        match effect {
            EdgeEffect::Publish { uri, version, marks } => {
                let params = json!({
                    "uri": uri.to_string(),
                    "version": version,
                    "diagnostics": diagnostics::diagnostics(&marks),
                });
                notify(&self.client, "textDocument/publishDiagnostics", params).await;
            }
            EdgeEffect::Apply { token, label, edit } => {
                let params = json!({ "label": label, "edit": wire::workspace_edit(&edit) });
                self.ask(token, "workspace/applyEdit", params, applied);
            }
            EdgeEffect::Show { uri, range } => self.show(&uri.to_string(), wire::range(range)),
            EdgeEffect::Tell(notice) => self.tell(&notice).await,
            EdgeEffect::Choose { token, title, choices } => {
                let actions: Vec<Value> = choices.iter().map(|choice| json!({ "title": choice })).collect();
                let params = json!({ "type": 3, "message": title, "actions": actions });
                self.ask(token, "window/showMessageRequest", params, move |reply| chosen(reply, &choices));
            }
            EdgeEffect::Prompt { token, title, value, history, choices } => {
                let params =
                    lsp_ext::PromptParams { title, value, placeholder: String::new(), history, choices };
                let params = serde_json::to_value(params).unwrap_or_default();
                self.ask(token, lsp_ext::PROMPT, params, prompted);
            }
            EdgeEffect::Previewed(Ok(made)) => {
                let (name, text) = (preview::NAME.to_owned(), preview::document(&made));
                self.mailbox.tell(Message::ShowText { name, text });
            }
            EdgeEffect::Previewed(Err(notice)) => self.tell(&notice).await,
            EdgeEffect::Progress(id, progress) => {
                if self.facts.progress {
                    self.progress.step(&self.client, id, progress);
                }
            }
            EdgeEffect::Updated(seq, view) => {
                if self.facts.did_update {
                    let lines = if self.facts.words { self.lines.of(&view) } else { Vec::new() };
                    let params = lsp_ext::did_update(seq, &view, lines);
                    let params = serde_json::to_value(params).unwrap_or_default();
                    notify(&self.client, lsp_ext::DID_UPDATE, params).await;
                }
            }
            EdgeEffect::Status(status) => {
                let params = serde_json::to_value(lsp_ext::status(&status)).unwrap_or_default();
                notify(&self.client, lsp_ext::STATUS, params).await;
            }
            EdgeEffect::RefreshLenses => {
                if self.facts.lens_refresh {
                    let client = self.client.clone();
                    tokio::spawn(async move {
                        request(&client, "workspace/codeLens/refresh", Value::Null, ANSWER_LIMIT).await;
                    });
                }
            }
        }
    }

    /// Sends a request beside and puts its reply into the mailbox.
    fn ask(
        &self,
        token: Token,
        method: &'static str,
        params: Value,
        read: impl FnOnce(Reply) -> EdgeReply + Send + 'static,
    ) {
        let (client, mailbox) = (self.client.clone(), self.mailbox.clone());
        let limit = if method == "workspace/applyEdit" { ANSWER_LIMIT } else { PERSON_LIMIT };
        tokio::spawn(async move {
            let reply = read(request(&client, method, params, limit).await);
            mailbox.tell(Message::Replied { token, reply });
        });
    }

    fn show(&self, uri: &str, selection: Value) {
        if !self.facts.show_document {
            return;
        }
        let client = self.client.clone();
        let params = json!({ "uri": uri, "takeFocus": true, "selection": selection });
        tokio::spawn(async move {
            if let Reply::Failed(why) = request(&client, "window/showDocument", params, ANSWER_LIMIT).await {
                tracing::info!(why, "a document was not shown");
            }
        });
    }

    async fn tell(&self, notice: &Notice) {
        let kind = match notice.level {
            Level::Error => 1,
            Level::Warning => 2,
            Level::Info => 3,
        };
        notify(
            &self.client,
            "window/showMessage",
            json!({ "type": kind, "message": format!("Hunkwise: {notice}") }),
        )
        .await;
    }
}

/// `applied` may be null or missing: eglot answers nil.
fn applied(reply: Reply) -> EdgeReply {
    match reply {
        Reply::Result(result) => EdgeReply::Applied {
            applied: result.get("applied").and_then(Value::as_bool),
            failure: result.get("failureReason").and_then(Value::as_str).map(str::to_owned),
        },
        Reply::Unsupported => EdgeReply::Applied {
            applied: Some(false),
            failure: Some("this editor takes no edits from a server".to_owned()),
        },
        Reply::Failed(why) => EdgeReply::Applied { applied: Some(false), failure: Some(why) },
    }
}

fn chosen(reply: Reply, choices: &[String]) -> EdgeReply {
    let Reply::Result(result) = reply else { return EdgeReply::Chosen(None) };
    let title = result.get("title").and_then(Value::as_str);
    EdgeReply::Chosen(title.and_then(|title| choices.iter().position(|choice| choice == title)))
}

fn prompted(reply: Reply) -> EdgeReply {
    match reply {
        Reply::Result(result) => {
            EdgeReply::Prompted(result.get("value").and_then(Value::as_str).map(str::to_owned))
        }
        Reply::Unsupported => EdgeReply::PromptUnsupported,
        Reply::Failed(_) => EdgeReply::Prompted(None),
    }
}
