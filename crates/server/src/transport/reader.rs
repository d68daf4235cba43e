//! The thread that reads from the client.
//!
//! Owns the input. Reads and parses ahead of the protocol's task, by a bounded number of messages; must never wait
//! for anything but the input and that bound.

use std::io::Read;
use std::thread;

use tokio::sync::mpsc;

use super::frame::FrameReader;
use super::message::Incoming;

/// Messages that are parsed and not yet handled. Beyond them the client waits, as it would for a full pipe.
const AHEAD: usize = 256;

/// Starts the thread. The channel closes at the end of the input; the thread then has ended or is about to.
///
/// A thread that waits for input cannot be stopped: it lives until its input ends or the process does.
pub(super) fn spawn(input: impl Read + Send + 'static, max_body: usize) -> mpsc::Receiver<Incoming> {
    let (tx, rx) = mpsc::channel(AHEAD);
    let started = thread::Builder::new()
        .name("lsp-reader".to_owned())
        .spawn(move || read_all(FrameReader::new(input, max_body), max_body, &tx));
    if let Err(error) = started {
        // The sender is gone with the closure, so the server ends as it does without a client.
        tracing::error!(%error, "start the reader thread");
    }
    rx
}

fn read_all<R: Read>(mut frames: FrameReader<R>, max_body: usize, tx: &mpsc::Sender<Incoming>) {
    loop {
        let frame = match frames.next() {
            Ok(Some(frame)) => frame,
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(%error, "read from the client");
                return;
            }
        };
        if tx.blocking_send(Incoming::read(frame, max_body)).is_err() {
            return;
        }
    }
}
