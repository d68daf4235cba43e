//! The LSP edge: carries messages, converts them, configures the session. LSP types go no further down than this.
//!
//! [`transport`] carries messages, [`front`] keeps one handler's failure from the others; handlers only put messages into the
//! session's mailbox. No state but what the client said of itself.

mod actions;
mod backend;
mod client;
pub mod commands;
mod configure;
mod diagnostics;
mod edge;
pub mod front;
mod handlers;
mod lenient;
mod lines;
mod loans;
pub mod lsp_ext;
mod outgoing;
pub mod preview;
mod service;
mod titles;
pub mod transport;
mod wire;

pub use service::{Options, serve, service};
