//! `hunkwise/diagnostics`: what other servers say about a document.

use session::{Message, Uri};

use crate::backend::Backend;
use crate::diagnostics::foreign;
use crate::lsp_ext::DiagnosticsParams;

pub(crate) async fn handle(backend: &Backend, params: DiagnosticsParams) {
    if let Some(mailbox) = backend.mailbox() {
        let DiagnosticsParams { uri, version, diagnostics } = params;
        let diagnostics = foreign(&diagnostics);
        mailbox.tell(Message::Diagnosed { uri: Uri::from(uri.as_str()), version, diagnostics });
    }
}
