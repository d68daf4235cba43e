//! The LSP edge: carries messages, converts them, configures the session. LSP types go no further down than this.
//!
//! [`transport`] carries messages, [`front`] keeps one handler's failure from the others.

pub mod front;
pub mod transport;
