//! `hunkwise/modelDelta`: a piece of an answer of the editor's model.

use crate::backend::Backend;
use crate::lsp_ext::ModelDeltaParams;

pub(crate) async fn handle(backend: &Backend, params: ModelDeltaParams) {
    if let Some(started) = backend.started.get() {
        started.loans.piece(&params.id, params.seq, params.text);
    }
}
