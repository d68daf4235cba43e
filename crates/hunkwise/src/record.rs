//! `hunkwise record`: another command, with what models answer kept in a file.

use std::sync::Arc;

use anyhow::Context as _;
use model::Env;
use model::recorded::Recorder;

use crate::args::{RecordArgs, Recorded};
use crate::{Outcome, edit, lsp};

pub(crate) fn run(args: &RecordArgs) -> anyhow::Result<Outcome> {
    let file = args.to.display();
    let recorder = Recorder::new(&args.to, &Env::from_process())
        .with_context(|| format!("make {file}; nothing was asked. Name a file that does not exist yet"))?;
    let recorder = Some(Arc::new(recorder));
    match &args.command {
        Recorded::Lsp(lsp) => lsp::run(lsp, recorder),
        Recorded::Edit(edit) => edit::run(edit, recorder),
    }
}
