//! What editing costs: text sync, trees, code actions, start and memory, each beside a floor measured in the same run.
//!
//! Owns the order of the measurements; names on the command line choose among them (`cargo xtask bench -- actions`).
//! Judges nothing: machines differ, so only ratios are worth keeping.

mod actions;
mod bare;
mod change;
mod checks;
mod edits;
mod indexing;
mod pipe;
mod process;
mod table;
mod templates;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, exit};
use std::thread;
use std::time::{Duration, Instant};

use e2e::World;
use pipe::Pipe;
use table::say;
use templates::{SOURCES, Source};

/// Lines of every file.
const N_LINES: usize = 10_000;

/// The argument that makes this program the floor: a server that only holds ropes and trees.
const BARE: &str = "--bare";

/// Nothing here takes this long, even on a loaded machine.
const LIMIT: Duration = Duration::from_secs(900);

/// A generated file.
pub struct File {
    /// Where it comes from.
    pub source: &'static Source,
    /// Its name in the workspace.
    pub name: String,
    /// Its text.
    pub text: String,
}

fn main() {
    if env::args().any(|argument| argument == BARE) {
        return bare::serve();
    }
    if env::var_os("HUNKWISE_BIN").is_none() {
        exit(again_with(&built()));
    }
    thread::spawn(|| {
        // tidy allows sleep: a server that never answers must end the run, not hold it
        thread::sleep(LIMIT);
        say("gave up: a server does not answer");
        exit(1);
    });
    let started = Instant::now();
    let files: Vec<File> = SOURCES
        .iter()
        .map(|source| File {
            source,
            name: format!("large.{}", source.extension),
            text: source.text(N_LINES),
        })
        .collect();
    for file in &files {
        say(&format!("{}: {N_LINES} lines, {} KiB", file.name, file.text.len() / 1024));
    }
    let world = World::new("//- /empty.txt\n", None);
    let parts: [(&str, &dyn Fn()); 7] = [
        ("session", &|| change::in_process(&files)),
        ("protocol", &|| change::over_the_pipe(&files, &world)),
        ("actions", &actions::measure),
        ("checks", &checks::measure),
        ("start", &|| process::start(&world)),
        ("memory", &|| process::memory(&files)),
        ("index", &indexing::measure),
    ];
    let wanted: Vec<String> = env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    for (name, measure) in parts {
        // Reading large folders takes minutes: only when it is asked for.
        if wanted.is_empty() && name != "index" || wanted.iter().any(|wanted| wanted == name) {
            measure();
        }
    }
    say(&format!("\nall of it took {} s", started.elapsed().as_secs()));
}

/// A server of ours in a world.
fn ours(world: &World) -> Pipe {
    let mut command = Command::new(e2e::binary());
    command.arg("lsp").current_dir(world.root());
    command.envs(world.env().iter().map(|(name, value)| (name, value)));
    Pipe::start(command)
}

/// The floor.
fn floor() -> Pipe {
    let mut command = Command::new(env::current_exe().expect("this program's path"));
    command.arg(BARE);
    Pipe::start(command)
}

/// The optimised binary, built now.
fn built() -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--release", "--package", "hunkwise"])
        .status()
        .expect("cargo runs");
    assert!(status.success(), "hunkwise does not build");
    // This program lies in the `deps` of the same profile.
    let program = env::current_exe().expect("this program's path");
    let dir = program.parent().and_then(Path::parent).expect("the profile's directory");
    dir.join(format!("hunkwise{}", env::consts::EXE_SUFFIX))
}

/// Runs this program again with the binary in its environment, and gives its exit code.
fn again_with(binary: &Path) -> i32 {
    let mut command = Command::new(env::current_exe().expect("this program's path"));
    command.args(env::args_os().skip(1)).env("HUNKWISE_BIN", binary);
    command.status().expect("this program starts").code().unwrap_or(1)
}
