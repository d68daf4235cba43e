//! Watches the process that started the server, because an input may stay open after its editor died.
//!
//! Owns the question whether a process lives. Must never end a process.

use std::time::Duration;

use process_alive::{Pid, State, state};
use tower_lsp::jsonrpc::Request;

/// Resolves when the process `pid` is gone; looks every `interval`.
///
/// Never resolves for a process that does not live at the first look: a client in another container or on another
/// machine has a process id that means nothing here.
pub async fn watch_parent(pid: u32, interval: Duration) {
    if !lives(pid) {
        tracing::info!(pid, "the client's process is not on this machine: not watched");
        return std::future::pending().await;
    }
    while lives(pid) {
        tokio::time::sleep(interval).await;
    }
    tracing::warn!(pid, "the client's process is gone");
}

/// The client's process id in an `initialize` request.
pub(super) fn process_id(initialize: &Request) -> Option<u32> {
    let pid = initialize.params()?.get("processId")?.as_u64()?;
    // 0 means every process of the group to some systems.
    u32::try_from(pid).ok().filter(|pid| *pid > 0)
}

/// Unknown is no: Windows knows nothing of a process that is gone, and one that was alive before is the only one asked
/// about.
fn lives(pid: u32) -> bool {
    state(Pid::from(pid)) == State::Alive
}
