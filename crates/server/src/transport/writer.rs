//! The thread that writes to the client, and the queue in front of it.
//!
//! Owns the output and the count of bytes that wait for it. Must never make the protocol's task wait: a client that
//! does not read costs memory up to a limit, then the connection.

use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use super::{End, frame};

/// What is collected before it is handed to the system in one call.
const CHUNK: usize = 64 << 10;

/// The sending half.
#[derive(Debug)]
pub(super) struct Outbox {
    tx: mpsc::Sender<Vec<u8>>,
    n_queued: Arc<AtomicUsize>,
    max_queued: usize,
    ended: oneshot::Receiver<()>,
}

impl Outbox {
    /// Starts the thread. At most `max_queued` bytes wait, or one message if that is larger.
    pub(super) fn spawn(output: impl Write + Send + 'static, max_queued: usize) -> Outbox {
        let (tx, rx) = mpsc::channel();
        let (ended_tx, ended) = oneshot::channel();
        let n_queued = Arc::new(AtomicUsize::new(0));
        let n_left = Arc::clone(&n_queued);
        let started = thread::Builder::new().name("lsp-writer".to_owned()).spawn(move || {
            if let Err(error) = write_all(output, &rx, &n_left) {
                tracing::warn!(%error, "write to the client");
            }
            // Nobody waits for it any more when the connection has ended another way.
            let _ = ended_tx.send(());
        });
        if let Err(error) = started {
            // Both ends went with the closure: the first message finds the writer dead.
            tracing::error!(%error, "start the writer thread");
        }
        Outbox { tx, n_queued, max_queued, ended }
    }

    /// Queues one message; breaks when the client cannot be written to or has left too much unread.
    pub(super) fn send(&self, body: Vec<u8>) -> ControlFlow<End> {
        let n_body = body.len();
        let n_before = self.n_queued.fetch_add(n_body, Ordering::Relaxed);
        if n_before > 0 && n_before + n_body > self.max_queued {
            tracing::error!(
                n_queued = n_before,
                max_queued = self.max_queued,
                "the client does not read: giving it up"
            );
            return ControlFlow::Break(End::WriterDead);
        }
        match self.tx.send(body) {
            Ok(()) => ControlFlow::Continue(()),
            Err(mpsc::SendError(_)) => ControlFlow::Break(End::WriterDead),
        }
    }

    /// Resolves when the thread has ended; while messages can still be sent, that means it failed. Not to be called
    /// again after that.
    pub(super) async fn ended(&mut self) {
        // An error means the thread dropped its end, which is an end too.
        let _ = (&mut self.ended).await;
    }

    /// Waits until everything queued is written, at most `limit`.
    pub(super) async fn flush(self, limit: Duration) {
        drop(self.tx);
        if tokio::time::timeout(limit, self.ended).await.is_err() {
            let n_left = self.n_queued.load(Ordering::Relaxed);
            tracing::warn!(n_left, "the client did not read the last messages in time");
        }
    }
}

fn write_all(output: impl Write, rx: &mpsc::Receiver<Vec<u8>>, n_left: &AtomicUsize) -> io::Result<()> {
    let mut output = BufWriter::with_capacity(CHUNK, output);
    while let Ok(first) = rx.recv() {
        let mut next = Some(first);
        while let Some(body) = next {
            frame::write(&mut output, &body)?;
            n_left.fetch_sub(body.len(), Ordering::Relaxed);
            next = rx.try_recv().ok();
        }
        output.flush()?;
    }
    Ok(())
}
