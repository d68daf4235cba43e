//! The crate through its front door: real HTTP on loopback, all wire formats, decoders cut anywhere.

// The lint spares only functions marked as tests; here everything is one.
#![allow(clippy::unwrap_used)]

mod bodies;
mod broken;
mod cancel;
mod choice;
mod context;
mod decoders;
mod errors;
mod limits;
mod network;
mod pages;
mod recordings;
mod retries;
mod secrets;
mod streams;
mod support;
mod wire;
