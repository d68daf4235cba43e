//! `workspace/didChangeWorkspaceFolders`

use session::Message;
use tower_lsp::gen_lsp_types::DidChangeWorkspaceFoldersParams;

use crate::backend::Backend;
use crate::wire;

pub(crate) async fn handle(backend: &Backend, params: DidChangeWorkspaceFoldersParams) {
    let Some(started) = backend.started.get() else { return };
    let removed: Vec<_> = params.event.removed.iter().map(|folder| wire::to_uri(&folder.uri)).collect();
    let mut roots: Vec<_> =
        started.configuration.roots().into_iter().filter(|root| !removed.contains(root)).collect();
    roots.extend(params.event.added.iter().map(|folder| wire::to_uri(&folder.uri)));
    started.mailbox.tell(Message::Folders(roots.clone()));
    started.configuration.set_roots(roots);
    started.configuration.reload(&started.mailbox);
}
