//! What the end-to-end tests share: the real server as a process, a client that accounts for every message, and the
//! recorded model over real local HTTP.

mod buffer;
mod client;
mod recorded;
mod world;

pub use buffer::Buffer;
pub use client::{Client, Incoming, binary};
pub use recorded::{Model, answer};
pub use world::World;
