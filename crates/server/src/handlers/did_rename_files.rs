//! `workspace/didRenameFiles`

use session::Message;
use tower_lsp::gen_lsp_types::RenameFilesParams;

use crate::backend::Backend;
use crate::wire;

pub(crate) async fn handle(backend: &Backend, params: RenameFilesParams) {
    let Some(mailbox) = backend.mailbox() else { return };
    let files = params.files.iter().map(|file| (wire::to_uri(&file.old_uri), wire::to_uri(&file.new_uri)));
    mailbox.tell(Message::Renamed(files.collect()));
}
