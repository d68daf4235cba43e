//! `workspace/didChangeWatchedFiles`

use session::Message;
use tower_lsp::gen_lsp_types::{DidChangeWatchedFilesParams, FileChangeType};

use crate::backend::Backend;
use crate::wire;

pub(crate) async fn handle(backend: &Backend, params: DidChangeWatchedFilesParams) {
    let Some(mailbox) = backend.mailbox() else { return };
    let (deleted, changed): (Vec<_>, Vec<_>) =
        params.changes.into_iter().partition(|event| event.kind == FileChangeType::Deleted);
    let uris = |events: Vec<tower_lsp::gen_lsp_types::FileEvent>| {
        events.iter().map(|event| wire::to_uri(&event.uri)).collect()
    };
    mailbox.tell(Message::Deleted(uris(deleted)));
    mailbox.tell(Message::ChangedOnDisk(uris(changed)));
}
