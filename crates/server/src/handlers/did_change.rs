//! `textDocument/didChange`

use session::{ContentChange, Message};
use tower_lsp::gen_lsp_types::{DidChangeTextDocumentParams, TextDocumentContentChangeEvent};

use crate::backend::Backend;
use crate::wire;

pub(crate) async fn handle(backend: &Backend, params: DidChangeTextDocumentParams) {
    let Some(mailbox) = backend.mailbox() else { return };
    mailbox.tell(Message::Changed {
        uri: wire::to_uri(&params.text_document.text_document_identifier.uri),
        version: params.text_document.version,
        changes: params.content_changes.into_iter().map(change).collect(),
    });
}

fn change(change: TextDocumentContentChangeEvent) -> ContentChange {
    match change {
        TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
            ContentChange { range: Some(wire::to_range(part.range)), text: part.text }
        }
        TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
            ContentChange { range: None, text: whole.text }
        }
    }
}
