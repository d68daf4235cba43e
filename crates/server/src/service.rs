//! The protocol's service: which method is handled by what.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use tower::ServiceExt as _;
use tower_lsp::jsonrpc::Request;
use tower_lsp::{ClientSocket, LspService};

use crate::backend::Backend;
use crate::handlers;
use crate::lenient;
use crate::transport::{self, End};

/// What a server is started with.
#[derive(Clone, Default)]
pub struct Options {
    /// The state directory; none keeps nothing on disk.
    pub state_dir: Option<PathBuf>,
    /// Keeps what models answer; none keeps nothing.
    pub recorder: Option<Arc<model::recorded::Recorder>>,
    /// How the project's own checks run; none runs without.
    pub checks: Option<session::driver::CheckSetup>,
}

/// Serves one client over blocking streams until the connection ends, and says why it did.
pub async fn serve(
    options: Options,
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
) -> End {
    let (service, socket) = service(options);
    let service = service.map_request(lenient::known_parts as fn(Request) -> Request);
    transport::serve(service, socket, input, output, transport::Options::default()).await
}

/// The service and its socket, to be served by [`crate::transport`].
pub fn service(options: Options) -> (LspService<Backend>, ClientSocket) {
    LspService::build_with_lifecycle_methods(|client| Backend::new(client, options))
        .custom_method("textDocument/didOpen", handlers::did_open::handle)
        .custom_method("textDocument/didChange", handlers::did_change::handle)
        .custom_method("textDocument/didSave", handlers::did_save::handle)
        .custom_method("textDocument/didClose", handlers::did_close::handle)
        .custom_method("textDocument/codeAction", handlers::code_action::handle)
        .custom_method("textDocument/codeLens", handlers::code_lens::handle)
        .custom_method("textDocument/hover", handlers::hover::handle)
        .custom_method("textDocument/completion", handlers::completion::handle)
        .custom_method("workspace/executeCommand", handlers::execute_command::handle)
        .custom_method("workspace/didChangeConfiguration", handlers::did_change_configuration::handle)
        .custom_method("workspace/didChangeWorkspaceFolders", handlers::did_change_workspace_folders::handle)
        .custom_method("workspace/didChangeWatchedFiles", handlers::did_change_watched_files::handle)
        .custom_method("workspace/didRenameFiles", handlers::did_rename_files::handle)
        .custom_method("workspace/didDeleteFiles", handlers::did_delete_files::handle)
        .custom_method(crate::lsp_ext::DOCUMENT_TEXT, handlers::document_text::handle)
        .custom_method(crate::lsp_ext::INDEX_STATUS, handlers::index_status::handle)
        .custom_method(crate::lsp_ext::DIAGNOSTICS, handlers::diagnostics::handle)
        .custom_method(crate::lsp_ext::MODEL_DELTA, handlers::model_delta::handle)
        .custom_method("workspace/textDocumentContent", handlers::text_document_content::handle)
        .custom_method("window/workDoneProgress/cancel", handlers::progress_cancel::handle)
        .finish()
}
