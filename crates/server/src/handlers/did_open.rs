//! `textDocument/didOpen`

use session::Message;
use tower_lsp::gen_lsp_types::DidOpenTextDocumentParams;

use crate::backend::Backend;
use crate::wire;

pub(crate) async fn handle(backend: &Backend, params: DidOpenTextDocumentParams) {
    let Some(mailbox) = backend.mailbox() else { return };
    let document = params.text_document;
    mailbox.tell(Message::Opened {
        uri: wire::to_uri(&document.uri),
        language_id: document.language_id.to_string(),
        version: document.version,
        text: document.text,
    });
}
