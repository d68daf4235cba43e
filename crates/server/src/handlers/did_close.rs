//! `textDocument/didClose`

use session::Message;
use tower_lsp::gen_lsp_types::DidCloseTextDocumentParams;

use crate::backend::Backend;
use crate::wire;

pub(crate) async fn handle(backend: &Backend, params: DidCloseTextDocumentParams) {
    if let Some(mailbox) = backend.mailbox() {
        mailbox.tell(Message::Closed(wire::to_uri(&params.text_document.uri)));
    }
}
