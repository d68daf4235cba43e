//! `workspace/executeCommand`: answers at once; work goes on under progress.

use serde_json::{Value, json};
use session::{Answer, Message, Notice};
use tower_lsp::gen_lsp_types::ExecuteCommandParams;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::backend::{Backend, answer};
use crate::commands::{self, Meant};

pub(crate) async fn handle(backend: &Backend, params: ExecuteCommandParams) -> Result<Value> {
    let mailbox = &backend.ready()?.mailbox;
    let arguments = params.arguments.unwrap_or_default();
    // Without a model, the action that says so has no place to name.
    if params.command == "hunkwise.ask" && arguments.is_empty() {
        mailbox.tell(Message::ExplainProvider);
        return Ok(Value::Null);
    }
    let wrong = |error: String| Error { code: ErrorCode::InvalidParams, message: error.into(), data: None };
    let reply = match commands::parse(&params.command, &arguments).map_err(wrong)? {
        Meant::Named(command) => mailbox.command(command),
        Meant::At { uri, range, command } => mailbox.command_at(uri, range, command),
    };
    match answer(reply).await? {
        Answer::Proposal(id) => Ok(json!({ "proposal": id.to_string() })),
        Answer::Refused(notice) => {
            let text = notice.text.clone();
            mailbox.tell(Message::Notice(Notice { ..notice }));
            Ok(json!({ "refused": text }))
        }
        _ => Ok(Value::Null),
    }
}
