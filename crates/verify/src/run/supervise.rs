//! The other side: the process that runs commands and cleans up.
//!
//! Owns its directory and all that it starts. It ends when its input ends, which is when the process that started it is gone
//! for whatever reason, and leaves neither a process nor a directory. Must never print but in the protocol.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

/// Runs as a supervisor; for a program to call with the arguments that [`super::Supervisor::start`] added to its command.
#[cfg(unix)]
pub fn supervise(arguments: &[OsString]) -> ExitCode {
    match arguments {
        [mode, scratch] if mode == "keep" => unix::keep(Path::new(scratch)),
        [mode, order] if mode == "confined" => unix::confined(order),
        _ => ExitCode::from(2),
    }
}

/// Only where processes have groups.
#[cfg(not(unix))]
pub fn supervise(_: &[OsString]) -> ExitCode {
    ExitCode::from(2)
}

#[cfg(unix)]
mod unix {
    //! Both halves of it: the one that stays, and the one that becomes the command.

    use std::io::{BufRead as _, BufReader, Read, Write as _};
    use std::os::unix::process::CommandExt as _;
    use std::path::PathBuf;
    use std::process::{Command, Stdio};
    use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
    use std::sync::{Arc, Mutex, PoisonError};
    use std::time::{Duration, Instant};

    use rustix::process::Pid;
    use serde::{Deserialize, Serialize};

    use super::super::confine::{Confinement, Reach, available, restrict};
    use super::super::descendants::{self, Status, adopt, reap};
    use super::super::protocol::{Ended, Hello, How, MAX_LINE, MAX_OUTPUT, Order, Reply, Request};
    use super::super::scratch::{Scratch, clean};
    use super::{ExitCode, OsString, Path};

    /// What a command's own words cannot begin with by chance.
    const NOT_STARTED: &str = "hunkwise did not start ";

    /// The priority of commands, from 0 for any other program to 19 for what runs when nothing else does.
    const PRIORITY: i32 = 10;

    /// How often a command is looked at.
    const POLL: Duration = Duration::from_millis(5);

    /// How long output is waited for when nobody is left who could write it.
    const DRAIN: Duration = Duration::from_secs(2);

    enum Event {
        Request(Request),
        /// The process that this one works for is gone.
        Gone,
        Flooded,
        /// One of the two outputs has ended.
        Closed,
    }

    /// What the half that becomes the command has to know.
    #[derive(Serialize, Deserialize)]
    struct Start {
        argv: Vec<String>,
        /// The process of the half that stays.
        parent: i32,
        reach: Reach,
        confinement: Confinement,
    }

    pub(super) fn keep(parent: &Path) -> ExitCode {
        adopt();
        clean(parent);
        let scratch = match Scratch::new(parent) {
            Ok(scratch) => scratch,
            Err(error) => {
                say(&Reply::Failed(format!("make a directory in {}: {error}", parent.display())), &[]);
                return ExitCode::from(1);
            }
        };
        let confinement = available();
        say(&Reply::Hello(Hello { scratch: scratch.dir.clone(), confinement }), &[]);
        let (tx, rx) = channel();
        let requests = tx.clone();
        std::thread::spawn(move || listen(&requests));
        while let Ok(event) = rx.recv() {
            match event {
                Event::Request(Request::Run(order)) => {
                    let (how, stdout, stderr) = run(&order, confinement, &tx, &rx);
                    let Some(how) = how else { break };
                    for dir in &order.emptied {
                        empty(dir, &scratch.dir);
                    }
                    let ended = Ended { how, n_stdout: stdout.len(), n_stderr: stderr.len() };
                    say(&Reply::Ended(ended), &[&stdout, &stderr]);
                }
                Event::Gone => break,
                // About a command that has ended meanwhile.
                Event::Request(Request::Cancel) | Event::Flooded | Event::Closed => {}
            }
        }
        match scratch.remove() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(1),
        }
    }

    /// Becomes the command, kept to what it may reach.
    pub(super) fn confined(start: &OsString) -> ExitCode {
        let why = match start.to_str().and_then(|start| serde_json::from_str::<Start>(start).ok()) {
            Some(start) => become_command(&start),
            None => "what it is to be is not understood".to_owned(),
        };
        // The one line for the half that stays.
        let _ = std::io::stderr().write_all(format!("{NOT_STARTED}{why}\n").as_bytes());
        ExitCode::from(127)
    }

    fn become_command(start: &Start) -> String {
        // Should the half that stays be ended by force, the command goes with it.
        #[cfg(target_os = "linux")]
        if let Err(error) =
            rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
        {
            return error.to_string();
        }
        if rustix::process::getppid().is_none_or(|parent| parent.as_raw_nonzero().get() != start.parent) {
            return "nobody waits for it".to_owned();
        }
        let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
        // Memory that is written to a file at a crash holds whatever the command could read.
        let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
        // Whoever types goes first. A system that does not let it be so lets it run all the same.
        let _ = rustix::process::setpriority_process(None, PRIORITY);
        if let Err(why) = restrict(&start.reach, start.confinement) {
            return why;
        }
        let Some((program, arguments)) = start.argv.split_first() else { return "nothing".to_owned() };
        format!("{program}: {}", Command::new(program).args(arguments).exec())
    }

    fn listen(tx: &Sender<Event>) {
        let mut stdin = BufReader::new(std::io::stdin());
        loop {
            let mut line = Vec::new();
            match stdin.by_ref().take(MAX_LINE).read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
            let Ok(request) = serde_json::from_slice(&line) else { break };
            if tx.send(Event::Request(request)).is_err() {
                return;
            }
        }
        // Nobody listens when it ends anyway.
        let _ = tx.send(Event::Gone);
    }

    /// Runs a command to its end. No way of ending is given when nobody waits for one any more.
    fn run(
        order: &Order,
        confinement: Confinement,
        tx: &Sender<Event>,
        rx: &Receiver<Event>,
    ) -> (Option<How>, Vec<u8>, Vec<u8>) {
        let not_started = |why: String| (Some(How::NotStarted(why)), Vec::new(), Vec::new());
        let reach = Reach {
            readable: order.readable.clone(),
            writable: order.writable.clone(),
            network: order.network,
        };
        let expected = Confinement { network: confinement.network && !order.network, ..confinement };
        let parent = rustix::process::getpid().as_raw_nonzero().get();
        let start = Start { argv: order.argv.clone(), parent, reach, confinement: expected };
        let start = match serde_json::to_string(&start) {
            Ok(start) => start,
            Err(error) => return not_started(error.to_string()),
        };
        // The same program under the same name, but for the last two arguments.
        let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
        let arguments = arguments.get(..arguments.len().saturating_sub(2)).unwrap_or_default();
        let spawned = Command::new(own_program())
            .args(arguments)
            .arg("confined")
            .arg(start)
            .current_dir(&order.dir)
            .env_clear()
            .envs(order.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn();
        let mut child = match spawned {
            Ok(child) => child,
            Err(error) => return not_started(format!("{}: {error}", order.dir.display())),
        };
        let max_output = order.max_output.min(MAX_OUTPUT);
        let stdout = child.stdout.take().map(|pipe| collect(pipe, max_output, tx.clone()));
        let stderr = child.stderr.take().map(|pipe| collect(pipe, max_output, tx.clone()));
        let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else {
            return not_started("it has no process".to_owned());
        };
        let (how, mut n_closed) = watch(pid, Duration::from_millis(order.limit_ms), rx);
        let until = Instant::now() + DRAIN;
        while n_closed < 2 && how.is_some() {
            match rx.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Event::Closed) => n_closed += 1,
                Ok(Event::Gone) => return (None, Vec::new(), Vec::new()),
                Ok(Event::Request(_) | Event::Flooded) => {}
                Err(_) => break,
            }
        }
        let taken = |kept: Option<Kept>| {
            kept.map(|kept| std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner)))
                .unwrap_or_default()
        };
        let (stdout, stderr) = (taken(stdout), taken(stderr));
        let said = String::from_utf8_lossy(&stderr);
        if let (Some(How::Exited(127)), Some(why)) = (&how, said.strip_prefix(NOT_STARTED)) {
            return not_started(why.trim().to_owned());
        }
        (how, stdout, stderr)
    }

    /// Waits until a command has ended or has to; then ends all that is left of it. Counts outputs that have ended.
    fn watch(pid: Pid, limit: Duration, rx: &Receiver<Event>) -> (Option<How>, usize) {
        let until = Instant::now().checked_add(limit);
        let mut n_closed = 0;
        loop {
            if let Some(status) = reap(pid) {
                descendants::end(pid);
                let how = match status {
                    Status::Exited(code) => How::Exited(code),
                    Status::Signaled(signal) => How::Signaled(signal),
                };
                return (Some(how), n_closed);
            }
            let why = match rx.recv_timeout(POLL) {
                Ok(Event::Request(Request::Cancel)) => Some(How::Cancelled),
                Ok(Event::Flooded) => Some(How::Flooded),
                Ok(Event::Closed) => {
                    n_closed += 1;
                    None
                }
                Ok(Event::Gone) | Err(RecvTimeoutError::Disconnected) => {
                    descendants::end(pid);
                    return (None, n_closed);
                }
                // One command at a time: the other side waits for the end of this one.
                Ok(Event::Request(Request::Run(_))) | Err(RecvTimeoutError::Timeout) => None,
            };
            let why =
                why.or_else(|| until.is_some_and(|until| Instant::now() >= until).then_some(How::TimedOut));
            if let Some(why) = why {
                descendants::ask_to_end(pid);
                return (Some(why), n_closed);
            }
        }
    }

    type Kept = Arc<Mutex<Vec<u8>>>;

    /// Reads an output on a thread: all of it, so that the command does not wait, of which the first bytes are kept.
    fn collect(mut pipe: impl Read + Send + 'static, max: usize, tx: Sender<Event>) -> Kept {
        let kept: Kept = Arc::default();
        let shared = kept.clone();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 64 << 10];
            let mut is_flooded = false;
            while let Ok(n_read) = pipe.read(&mut buffer) {
                if n_read == 0 {
                    break;
                }
                let mut kept = shared.lock().unwrap_or_else(PoisonError::into_inner);
                let room = max.saturating_sub(kept.len());
                kept.extend_from_slice(buffer.get(..n_read.min(room)).unwrap_or_default());
                if n_read > room && !is_flooded {
                    is_flooded = true;
                    // Nobody listens when it ends anyway; the same below.
                    let _ = tx.send(Event::Flooded);
                }
            }
            let _ = tx.send(Event::Closed);
        });
        kept
    }

    /// Empties a directory of ours.
    fn empty(dir: &Path, scratch: &Path) {
        if !dir.starts_with(scratch) {
            return;
        }
        // What cannot be removed now goes with the whole.
        let _ = workspace::remove_tree(dir);
        let _ = std::fs::create_dir(dir);
    }

    fn own_program() -> PathBuf {
        let by_kernel = PathBuf::from("/proc/self/exe");
        // Also when the file was replaced by a newer one.
        if by_kernel.exists() { by_kernel } else { std::env::current_exe().unwrap_or_default() }
    }

    fn say(reply: &Reply, then: &[&[u8]]) {
        let Ok(mut line) = serde_json::to_vec(reply) else { return };
        line.push(b'\n');
        let mut stdout = std::io::stdout().lock();
        // When nobody reads, the input has ended, too.
        let _ = stdout
            .write_all(&line)
            .and_then(|()| then.iter().try_for_each(|bytes| stdout.write_all(bytes)))
            .and_then(|()| stdout.flush());
    }
}
