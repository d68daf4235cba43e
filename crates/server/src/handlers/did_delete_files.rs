//! `workspace/didDeleteFiles`

use session::Message;
use tower_lsp::gen_lsp_types::DeleteFilesParams;

use crate::backend::Backend;
use crate::wire;

pub(crate) async fn handle(backend: &Backend, params: DeleteFilesParams) {
    let Some(mailbox) = backend.mailbox() else { return };
    mailbox.tell(Message::Deleted(params.files.into_iter().map(|file| wire::to_uri(&file.uri)).collect()));
}
