//! `window/workDoneProgress/cancel`

use session::Message;
use tower_lsp::gen_lsp_types::{ProgressToken, WorkDoneProgressCancelParams};

use crate::backend::Backend;
use crate::edge::progress;

pub(crate) async fn handle(backend: &Backend, params: WorkDoneProgressCancelParams) {
    let ProgressToken::String(token) = &params.token else { return };
    if let (Some(mailbox), Some(id)) = (backend.mailbox(), progress::proposal(token)) {
        mailbox.tell(Message::ProgressCancelled(id));
    }
}
