//! Runs a command in a copy of a workspace, through a process that outlives this one for as long as it takes to clean up.
//!
//! Owns the supervisor: a process of the same program that starts commands, keeps them to their limits and their directories,
//! and ends them and all that they started when this process is gone. Must never run a command of a checkout that is not
//! trusted, and never through a shell.

mod confine;
mod descendants;
mod environment;
mod protocol;
mod reach;
mod scratch;
mod supervise;

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use syntax::Stop;

use protocol::{Ended, Hello, Request};

pub use confine::Confinement;
pub use environment::{is_allowed, own_env};
pub use protocol::{How, Order};
pub use reach::readable;
pub use supervise::supervise;

/// How often a run is looked at for being cancelled.
const POLL: Duration = Duration::from_millis(20);

/// Longest start of the supervisor; it may clean up after others first.
const START: Duration = Duration::from_secs(20);

/// What a command printed and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// How it ended.
    pub how: How,
    /// What it printed, cut at the limit.
    pub stdout: Vec<u8>,
    /// The same for errors.
    pub stderr: Vec<u8>,
}

/// A command was not run, or nobody knows what came of it.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The supervisor does not start.
    #[error("start the supervisor of checks: {0}")]
    NotStarted(String),
    /// It is gone; so is all that it ran.
    #[error("the supervisor of checks is gone: {0}")]
    Gone(String),
}

/// A running supervisor. When it is dropped, nothing is left of what it ran.
#[derive(Debug)]
pub struct Supervisor {
    child: Child,
    stdin: Option<ChildStdin>,
    replies: Receiver<Reply>,
    hello: Hello,
}

#[derive(Debug)]
enum Reply {
    Hello(Hello),
    Ended(Output),
    Broken(String),
}

impl Supervisor {
    /// Starts one. `command` is a program that calls [`supervise`] with what is added to its arguments; its directory is made
    /// below `scratch`.
    pub fn start(command: &[OsString], scratch: &Path) -> Result<Supervisor, RunError> {
        let failed = |why: String| RunError::NotStarted(why);
        let (program, arguments) =
            command.split_first().ok_or_else(|| failed("no program was given".to_owned()))?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .arg("keep")
            .arg(scratch)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // What a command can read of its parents holds no keys either.
            .env_clear()
            .envs(own_env().into_iter().filter(|(name, _)| is_allowed(name)));
        // A key that interrupts this process must not end the one that cleans up.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child =
            command.spawn().map_err(|error| failed(format!("{}: {error}", Path::new(program).display())))?;
        let stdin = child.stdin.take();
        let (tx, replies) = channel();
        if let Some(stdout) = child.stdout.take() {
            std::thread::spawn(move || {
                let mut stdout = BufReader::new(stdout);
                loop {
                    let reply = read_reply(&mut stdout);
                    let is_last = matches!(reply, Reply::Broken(_));
                    if tx.send(reply).is_err() || is_last {
                        break;
                    }
                }
            });
        }
        let hello = match replies.recv_timeout(START) {
            Ok(Reply::Hello(hello)) => hello,
            other => {
                // It may have ended by itself; then there is nothing to end.
                let _ = child.kill();
                let _ = child.wait();
                return Err(failed(match other {
                    Ok(Reply::Broken(why)) => why,
                    Ok(Reply::Hello(_) | Reply::Ended(_)) | Err(_) => "it says nothing".to_owned(),
                }));
            }
        };
        Ok(Supervisor { child, stdin, replies, hello })
    }

    /// Its directory. It goes with the supervisor.
    pub fn scratch(&self) -> &Path {
        &self.hello.scratch
    }

    /// What keeps commands to their directories.
    pub fn confinement(&self) -> Confinement {
        self.hello.confinement
    }

    /// Runs a command to its end, which `stop` brings about early.
    pub fn run(&mut self, order: &Order, stop: &Stop) -> Result<Output, RunError> {
        self.send(&Request::Run(order.clone()))?;
        let mut is_cancelled = false;
        loop {
            if stop.is_due() && !is_cancelled {
                is_cancelled = true;
                self.send(&Request::Cancel)?;
            }
            match self.replies.recv_timeout(POLL) {
                Ok(Reply::Ended(output)) => return Ok(output),
                Ok(Reply::Hello(_)) | Err(RecvTimeoutError::Timeout) => {}
                Ok(Reply::Broken(why)) => return Err(RunError::Gone(why)),
                Err(RecvTimeoutError::Disconnected) => return Err(RunError::Gone("it ended".to_owned())),
            }
        }
    }

    fn send(&mut self, request: &Request) -> Result<(), RunError> {
        let gone = |why: String| RunError::Gone(why);
        let mut line = serde_json::to_string(request).map_err(|error| gone(error.to_string()))?;
        line.push('\n');
        let stdin = self.stdin.as_mut().ok_or_else(|| gone("it is told nothing more".to_owned()))?;
        stdin.write_all(line.as_bytes()).and_then(|()| stdin.flush()).map_err(|error| gone(error.to_string()))
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        // The end of its input is its order to end.
        drop(self.stdin.take());
        let _ = self.child.wait();
    }
}

fn read_reply(stdout: &mut BufReader<impl std::io::Read>) -> Reply {
    let mut line = Vec::new();
    let broken = |why: String| Reply::Broken(why);
    match stdout.by_ref().take(protocol::MAX_LINE).read_until(b'\n', &mut line) {
        Ok(0) => return broken("it ended".to_owned()),
        Ok(_) => {}
        Err(error) => return broken(error.to_string()),
    }
    match serde_json::from_slice::<protocol::Reply>(&line) {
        Ok(protocol::Reply::Hello(hello)) => Reply::Hello(hello),
        Ok(protocol::Reply::Failed(why)) => broken(why),
        Ok(protocol::Reply::Ended(Ended { how, n_stdout, n_stderr })) => {
            let mut read = |n_bytes: usize| {
                let mut bytes = vec![0; n_bytes.min(protocol::MAX_OUTPUT)];
                stdout.read_exact(&mut bytes).map(|()| bytes)
            };
            match (read(n_stdout), read(n_stderr)) {
                (Ok(stdout), Ok(stderr)) => Reply::Ended(Output { how, stdout, stderr }),
                (Err(error), _) | (_, Err(error)) => broken(error.to_string()),
            }
        }
        Err(error) => broken(format!("what it says is not understood: {error}")),
    }
}

/// Where a program lies on a search path; itself if it is named by a path.
pub fn on_path(program: &str, search: &str) -> Option<PathBuf> {
    let is_program = |path: &Path| {
        #[cfg(unix)]
        let may_run = |metadata: &std::fs::Metadata| {
            std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o111 != 0
        };
        #[cfg(not(unix))]
        let may_run = |_: &std::fs::Metadata| true;
        std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && may_run(&metadata))
    };
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(|path| is_program(path));
    }
    let dirs = std::env::split_paths(search).filter(|dir| dir.is_absolute());
    dirs.map(|dir| dir.join(program)).find(|path| is_program(path))
}
