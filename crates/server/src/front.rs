//! The layer between the transport and the protocol's service: contains panics and sheds load.
//!
//! Owns the count of requests in flight. Must never wait, and never change a message or its order.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::{self, BoxFuture};
use tower::Service;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};

/// The protocol's `RequestFailed`: nothing is wrong with the request, it was not carried out.
pub(crate) const REQUEST_FAILED: i64 = -32803;

/// Requests that are never shed: a client that is refused these cannot begin or leave in good order.
const NEVER_SHED: [&str; 2] = ["initialize", "shutdown"];

/// A service whose panics become error responses, and which refuses requests while too many are in flight.
///
/// Every request is answered: tower-lsp leaves an unknown one open when its method begins with `$/`.
///
/// A request counts as in flight from its call until its future has finished or was dropped. Notifications do
/// not count and are never refused.
#[derive(Debug)]
pub struct Front<S> {
    inner: S,
    in_flight: Arc<AtomicUsize>,
    max_in_flight: usize,
}

impl<S> Front<S> {
    /// A layer round `inner` that carries at most `max_in_flight` requests at once.
    pub fn new(inner: S, max_in_flight: usize) -> Front<S> {
        Front { inner, in_flight: Arc::default(), max_in_flight }
    }

    /// A place among the requests in flight; none when all are taken.
    fn slot(&self) -> Option<Slot> {
        let slot = Slot(Arc::clone(&self.in_flight));
        // `Front` is the only one to add and is called through `&mut`, so the sum is exact.
        (slot.0.fetch_add(1, Ordering::Relaxed) < self.max_in_flight).then_some(slot)
    }
}

impl<S> Service<Request> for Front<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Option<Response>, S::Error>>;

    fn poll_ready(&mut self, ctx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(ctx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let id = request.id().cloned();
        let method = request.method().to_owned();
        let slot = match &id {
            Some(id) if !NEVER_SHED.contains(&request.method()) => match self.slot() {
                Some(slot) => Some(slot),
                None => return future::ready(Ok(Some(shed(id, self.max_in_flight)))).boxed(),
            },
            _ => None,
        };
        let called = catch_unwind(AssertUnwindSafe(|| self.inner.call(request)));
        async move {
            let _slot = slot;
            let result = match called {
                Ok(answer) => AssertUnwindSafe(answer).catch_unwind().await,
                Err(panic) => Err(panic),
            };
            match result {
                Ok(Ok(None)) => Ok(id.map(|id| Response::from_error(id, Error::method_not_found()))),
                Ok(answer) => answer,
                Err(panic) => {
                    tracing::error!(method, panic = words(&*panic), "a handler panicked");
                    Ok(id.map(|id| panicked(id, &method)))
                }
            }
        }
        .boxed()
    }
}

/// One request in flight.
struct Slot(Arc<AtomicUsize>);

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn shed(id: &Id, max_in_flight: usize) -> Response {
    tracing::warn!(%id, max_in_flight, "refused a request: too many are in flight");
    let message =
        format!("{max_in_flight} requests are in flight; send this one again when some are answered");
    error(id.clone(), ErrorCode::ServerError(REQUEST_FAILED), message)
}

fn panicked(id: Id, method: &str) -> Response {
    let message = format!("{method} failed inside the server; the server goes on, its log says more");
    error(id, ErrorCode::InternalError, message)
}

fn error(id: Id, code: ErrorCode, message: String) -> Response {
    Response::from_error(id, Error { code, message: message.into(), data: None })
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message")
}
