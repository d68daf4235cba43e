//! The process: from its start to the first answer, and its peak of memory.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use e2e::World;
use fastrand::Rng;

use crate::actions::{N_HUNKS, Review};
use crate::change::is_showing;
use crate::edits::Step;
use crate::pipe::place;
use crate::table::{Table, Times, ratio, say};
use crate::{File, floor, ours};

/// Starts of each kind.
const N_STARTS: usize = 40;

/// From spawning the process to the result of `initialize`.
pub fn start(world: &World) {
    let (mut lsp, mut bare, mut version) = (Times::default(), Times::default(), Times::default());
    for _ in 0..N_STARTS {
        let started = Instant::now();
        let mut pipe = ours(world);
        pipe.initialize(world);
        lsp.add(started.elapsed());
        pipe.end();
        let started = Instant::now();
        let mut pipe = floor();
        pipe.initialize(world);
        bare.add(started.elapsed());
        pipe.end();
        version.add(version_time());
    }
    let mut table = Table::new("start to the first answer");
    table.row("against the first answer of a bare process", &lsp, &bare);
    table.row("against `hunkwise --version`, start to end", &lsp, &version);
    table.print();
}

fn version_time() -> Duration {
    let started = Instant::now();
    let mut command = Command::new(e2e::binary());
    let status = command.arg("--version").stdout(Stdio::null()).status().expect("hunkwise starts");
    assert!(status.success(), "hunkwise cannot say its version");
    started.elapsed()
}

/// The peak of memory with all files open, and after a request with many hunks on top.
pub fn memory(files: &[File]) {
    let title = "\nPeak of memory";
    let Some(_) = peak(std::process::id()) else {
        return say(&format!("{title}: not measured, it is read from /proc on Linux only"));
    };
    let review = Review::new();
    let (mut ours, mut bare) = (review.open(), floor());
    bare.initialize(review.world());
    review.open_in(&mut bare);
    for file in files {
        let uri = review.world().uri(&file.name);
        ours.open(&uri, file);
        bare.open(&uri, file);
    }
    // A directive shows that the file's tree is there; where none can be, a request shows that the text is.
    let mut rng = Rng::with_seed(14);
    for file in files {
        let uri = review.world().uri(&file.name);
        bare.request("textDocument/hover", place(&uri, 0));
        match Step::directive(file, &mut rng) {
            Some(step) => {
                ours.time_change(&uri, &step.there, |message| is_showing(message, &uri, 1));
                ours.time_change(&uri, &step.back, |message| is_showing(message, &uri, 0));
            }
            None => {
                ours.request("textDocument/hover", place(&uri, 0));
            }
        }
    }
    let n_bytes: usize = files.iter().map(|file| file.text.len()).sum::<usize>() + review.n_bytes();
    let (open, without) = (peak(ours.id()).unwrap_or(0), peak(bare.id()).unwrap_or(0));
    review.ask(&mut ours);
    let asked = peak(ours.id()).unwrap_or(0);
    say(&format!("{title}, {} files of {} KiB together\n", files.len() + 1, n_bytes / 1024));
    say("| what | peak | against the bare process |");
    say("|---|---|---|");
    let row = |what: &str, peak: u64| {
        say(&format!("| {what} | {} MiB | {} |", peak / 1024, ratio(peak, without)));
    };
    row("bare process with ropes and trees", without);
    row("hunkwise, all open", open);
    row(&format!("hunkwise, after a request with {N_HUNKS} hunks"), asked);
    ours.end();
    bare.end();
}

/// The most memory that a process held at once, in KiB; none where the system does not tell.
pub fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
