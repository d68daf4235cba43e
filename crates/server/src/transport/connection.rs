//! The protocol's task: takes what arrives in order, and lets what must wait run beside.
//!
//! Owns the requests that run. Must never wait for one thing alone, and never send a response before what its handler
//! had sent to the client.

use std::fmt::Display;
use std::future;
use std::io::{Read, Write};
use std::ops::ControlFlow::{self, Break, Continue};

use futures::future::{BoxFuture, FutureExt};
use futures::{SinkExt, StreamExt};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet, coop};
use tower::Service;
use tower_lsp::ClientSocket;
use tower_lsp::jsonrpc::{Request, Response};

use super::message::Incoming;
use super::parent::{process_id, watch_parent};
use super::writer::Outbox;
use super::{End, Options, reader};
use crate::front::Front;

/// One client and the service that answers it.
pub(super) struct Connection<S> {
    service: Front<S>,
    /// What handlers send to the client, and where its answers go.
    socket: ClientSocket,
    incoming: mpsc::Receiver<Incoming>,
    outbox: Outbox,
    /// Handlers past their first wait; each ends in the bytes of a response, if it has one.
    running: JoinSet<Option<Vec<u8>>>,
    /// Resolves when the client's process is gone; never, while none is known.
    parent: BoxFuture<'static, ()>,
    has_shut_down: bool,
    options: Options,
}

impl<S> Connection<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Send + 'static,
    S::Error: Display + Send + 'static,
{
    /// Starts both threads.
    pub(super) fn open(
        service: S,
        socket: ClientSocket,
        input: impl Read + Send + 'static,
        output: impl Write + Send + 'static,
        options: Options,
    ) -> Connection<S> {
        Connection {
            service: Front::new(service, options.max_in_flight),
            socket,
            incoming: reader::spawn(input, options.max_message_bytes),
            outbox: Outbox::spawn(output, options.max_queued_bytes),
            running: JoinSet::new(),
            parent: future::pending().boxed(),
            has_shut_down: false,
            options,
        }
    }

    /// Serves until there is a reason not to.
    pub(super) async fn run(&mut self) -> End {
        loop {
            // One turn each, in random order: neither a flood of messages nor one of answers holds up the rest.
            let flow = tokio::select! {
                () = self.outbox.ended() => Break(End::WriterDead),
                () = &mut self.parent => Break(End::Eof),
                Some(request) = self.socket.next() => self.send(&request),
                Some(done) = self.running.join_next() => self.finish(done),
                message = self.incoming.recv() => match message {
                    Some(message) => self.receive(message),
                    None => Break(End::Eof),
                },
            };
            if let Break(end) = flow {
                return end;
            }
        }
    }

    /// Cancels what is in flight, and lets the client read what was said before the end.
    pub(super) async fn close(mut self, end: End) {
        let mut flow = self.forward();
        while let (Continue(()), Some(done)) = (flow, self.running.try_join_next()) {
            flow = self.finish(done);
        }
        // The service's own way of cancelling; it refuses everything after this.
        if let Some(Err(error)) = poll_once(&mut self.service.call(Request::build("exit").finish())) {
            tracing::debug!(%error, "end the service");
        }
        self.running.abort_all();
        if end != End::WriterDead && flow.is_continue() {
            self.outbox.flush(self.options.flush_limit).await;
        }
    }

    fn receive(&mut self, message: Incoming) -> ControlFlow<End> {
        match message {
            Incoming::Call(request) => self.call(request),
            Incoming::Answer(response) => {
                // Ready at once, and an answer that nobody waits for is dropped there.
                if let Some(Err(error)) = self.socket.feed(response).now_or_never() {
                    tracing::debug!(%error, "hand an answer to its request");
                }
                Continue(())
            }
            Incoming::Refused(response) => {
                tracing::warn!(error = ?response.error(), "refused a message");
                self.send(&response)
            }
            Incoming::Complaint(error) => {
                tracing::warn!(error, "the client did not understand a message");
                Continue(())
            }
        }
    }

    fn call(&mut self, request: Request) -> ControlFlow<End> {
        match request.method() {
            "exit" => return Break(End::Exit { after_shutdown: self.has_shut_down }),
            "shutdown" => self.has_shut_down = true,
            "initialize" => {
                if let Some(pid) = process_id(&request) {
                    self.parent = watch_parent(pid, self.options.parent_interval).boxed();
                }
            }
            _ => {}
        }
        let mut answer = self.service.call(request);
        match poll_once(&mut answer) {
            Some(answer) => self.reply(body(answer)),
            None => {
                self.running.spawn(answer.map(body));
                Continue(())
            }
        }
    }

    fn finish(&mut self, done: Result<Option<Vec<u8>>, JoinError>) -> ControlFlow<End> {
        let body = done.unwrap_or_else(|error| {
            tracing::error!(%error, "a handler did not come to its end");
            None
        });
        self.reply(body)
    }

    fn reply(&mut self, body: Option<Vec<u8>>) -> ControlFlow<End> {
        self.forward()?;
        body.map_or(Continue(()), |body| self.outbox.send(body))
    }

    /// Sends on what handlers have sent to the client so far.
    fn forward(&mut self) -> ControlFlow<End> {
        while let Some(Some(request)) = self.socket.next().now_or_never() {
            self.send(&request)?;
        }
        Continue(())
    }

    fn send(&self, message: &impl Serialize) -> ControlFlow<End> {
        encode(message).map_or(Continue(()), |body| self.outbox.send(body))
    }
}

/// The output of `answer` if it has one without waiting. Exempt from the task's budget, which would let a handler
/// wait that has nothing to wait for, and so change the order of messages.
fn poll_once<T>(answer: &mut BoxFuture<'static, T>) -> Option<T> {
    coop::unconstrained(answer).now_or_never()
}

/// The bytes of a handler's response; none for a notification.
fn body<E: Display>(answer: Result<Option<Response>, E>) -> Option<Vec<u8>> {
    match answer {
        Ok(response) => encode(&response?),
        Err(error) => {
            tracing::debug!(%error, "call the service");
            None
        }
    }
}

fn encode(message: &impl Serialize) -> Option<Vec<u8>> {
    serde_json::to_vec(message).inspect_err(|error| tracing::error!(%error, "encode a message")).ok()
}
