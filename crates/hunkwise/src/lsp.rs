//! `hunkwise lsp`

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

use anyhow::Context as _;
use model::recorded::Recorder;
use server::transport::End;

use crate::args::LspArgs;
use crate::{Outcome, check, log, out};

pub(crate) fn run(args: &LspArgs, recorder: Option<Arc<Recorder>>) -> anyhow::Result<Outcome> {
    log::start();
    // One thread hands a message on from the connection to the session and back: no other has to be woken for it. What takes
    // long runs on threads of its own.
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("start the runtime")?;
    let options = server::Options { state_dir: store::state_dir(), recorder, checks: check::setup(true) };
    let end = match args.socket {
        None => runtime.block_on(server::serve(options, std::io::stdin(), std::io::stdout())),
        Some(port) => {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
                .with_context(|| format!("listen on port {port}"))?;
            out::note(&format!("listening on {}", listener.local_addr()?));
            let (stream, _) = listener.accept().context("accept a client")?;
            let input = stream.try_clone().context("read from the client")?;
            runtime.block_on(server::serve(options, input, stream))
        }
    };
    // Jobs may be in blocking calls; nothing of theirs is worth waiting for.
    runtime.shutdown_background();
    tracing::info!(?end, "the server ended");
    match end {
        End::Exit { after_shutdown: true } => Ok(Outcome::Done),
        End::Exit { after_shutdown: false } | End::Eof | End::WriterDead => Ok(Outcome::Unchanged),
    }
}
