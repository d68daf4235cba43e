//! `textDocument/didSave`

use session::Message;
use tower_lsp::gen_lsp_types::DidSaveTextDocumentParams;

use crate::backend::Backend;
use crate::wire;

pub(crate) async fn handle(backend: &Backend, params: DidSaveTextDocumentParams) {
    if let Some(mailbox) = backend.mailbox() {
        mailbox.tell(Message::Saved(wire::to_uri(&params.text_document.uri)));
    }
}
