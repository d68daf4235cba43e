//! What the end-to-end tests share: the real server as a process, a client that accounts for every message, and the
//! recorded model over real local HTTP.

mod buffer;
mod client;
mod commits;
mod editor;
mod recorded;
pub mod tools;
mod wire;
mod world;

pub use buffer::{Buffer, Telling};
pub use client::{Client, Incoming, binary};
pub use commits::{After, Before, Git, Repo, read_cases, string, visit_cases};
pub use editor::editor;
pub use recorded::{Model, answer};
pub use wire::{Sender, Wire};
pub use world::World;

/// What a command of this package ends with; an error is printed.
#[allow(clippy::print_stderr)]
pub fn exit(outcome: anyhow::Result<()>) -> std::process::ExitCode {
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
