//! All that a command started, however far it went away.
//!
//! Owns the search and the end of it. On Linux a supervisor is the parent of all whose parents are gone, so what was started is
//! below it even in a session of its own; elsewhere only the command's process group is known. Must never end a process that is
//! not below this one.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, kill_process_group, wait};

/// How long processes have after being asked to end.
const GRACE: Duration = Duration::from_millis(500);

/// How long they are looked for after that: one that the system does not end is nobody's to end.
const LIMIT: Duration = Duration::from_secs(3);

const POLL: Duration = Duration::from_millis(5);

/// Makes this process the parent of all that lose theirs.
pub(super) fn adopt() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_child_subreaper(Some(rustix::process::getpid())) {
        tracing::warn!(%error, "processes that leave their parents are not found again");
    }
}

/// The status of a process, if it has ended: those of others are taken, too, and forgotten.
pub(super) fn reap(command: Pid) -> Option<Status> {
    let mut status = None;
    while let Ok(Some((pid, ended))) = wait(WaitOptions::NOHANG) {
        if pid == command {
            status = Some(match (ended.exit_status(), ended.terminating_signal()) {
                (Some(code), _) => Status::Exited(code),
                (None, signal) => Status::Signaled(signal.unwrap_or(0)),
            });
        }
    }
    status
}

/// How a process ended.
#[derive(Debug, Clone, Copy)]
pub(super) enum Status {
    Exited(i32),
    Signaled(i32),
}

/// Asks a command and all that it started to end, and ends what does not.
pub(super) fn ask_to_end(group: Pid) {
    // It may be gone already.
    let _ = kill_process_group(group, Signal::TERM);
    let until = Instant::now() + GRACE;
    while Instant::now() < until && is_any_left(group) {
        reap(group);
        std::thread::sleep(POLL);
    }
    end(group);
}

/// Ends a command and all that it started.
pub(super) fn end(group: Pid) {
    let until = Instant::now() + LIMIT;
    loop {
        // A group whose members are all gone may be somebody else's by now.
        #[cfg(not(target_os = "linux"))]
        let _ = kill_process_group(group, Signal::KILL);
        stop_all();
        for pid in below() {
            let _ = kill_process(pid, Signal::KILL);
        }
        reap(group);
        if !is_any_left(group) || Instant::now() >= until {
            return;
        }
        std::thread::sleep(POLL);
    }
}

/// Stops everything before anything is ended, so that nothing is started meanwhile.
fn stop_all() {
    let mut stopped = std::collections::BTreeSet::new();
    for _ in 0..100 {
        let found: Vec<Pid> =
            below().into_iter().filter(|pid| stopped.insert(pid.as_raw_nonzero())).collect();
        if found.is_empty() {
            return;
        }
        for pid in found {
            let _ = kill_process(pid, Signal::STOP);
        }
    }
}

#[cfg(target_os = "linux")]
fn is_any_left(_: Pid) -> bool {
    !below().is_empty()
}

#[cfg(not(target_os = "linux"))]
fn is_any_left(group: Pid) -> bool {
    rustix::process::test_kill_process_group(group).is_ok()
}

/// The living processes below this one.
#[cfg(target_os = "linux")]
fn below() -> Vec<Pid> {
    let mut parents = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let pid = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok());
        let Some(pid) = pid else { continue };
        if let Some((parent, is_alive)) =
            std::fs::read(entry.path().join("stat")).ok().and_then(|stat| parent_of(&stat))
        {
            parents.push((pid, parent, is_alive));
        }
    }
    let mut known = std::collections::BTreeSet::from([rustix::process::getpid().as_raw_nonzero().get()]);
    let mut below = Vec::new();
    loop {
        let n_before = known.len();
        for (pid, parent, is_alive) in &parents {
            if known.contains(parent) && known.insert(*pid) && *is_alive {
                below.extend(Pid::from_raw(*pid));
            }
        }
        if known.len() == n_before {
            return below;
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn below() -> Vec<Pid> {
    Vec::new()
}

/// The parent in a line of `/proc/PID/stat`, and whether the process is more than what is left of one. The name before it may
/// hold anything, parentheses as well.
#[cfg(target_os = "linux")]
fn parent_of(stat: &[u8]) -> Option<(i32, bool)> {
    let end = stat.iter().rposition(|byte| *byte == b')')?;
    let rest = std::str::from_utf8(stat.get(end + 1..)?).ok()?;
    let mut fields = rest.split_ascii_whitespace();
    let state = fields.next()?;
    Some((fields.next()?.parse().ok()?, !matches!(state, "Z" | "X" | "x")))
}
