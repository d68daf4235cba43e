//! What indexing a folder costs, beside the bare parse of the same files on the same cores in the same run.
//!
//! Folders are those that the environment names, parted by `:` in `HUNKWISE_BENCH_DIRS`, and two that are made up: 20,000 and
//! 100,000 files. `run make DIR N`, `run parse DIR` and `run index DIR [STATE]` do one part. Each figure comes from a process of its own, so that none is warm through another. Judges nothing.

mod made_up;

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use syntax::{Stop, Tree, language_for};
use text::Text;
use workspace::{Indexer, IndexerOptions, read_file};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [_, "run", "index", dir, state] => index(Path::new(dir), Some(Path::new(state))),
        [_, "run", "index", dir] => index(Path::new(dir), None),
        [_, "run", "make", dir, n_files] => {
            made_up::write(Path::new(dir), n_files.parse().expect("a number"))
        }
        [_, "run", "parse", dir] => parse(Path::new(dir)),
        _ => table(),
    }
}

fn table() {
    say(
        "| folder | files | MB | bare parse | cold | of parse | cold, kept | warm | of cold | KB per file | longest wait |",
    );
    say("|---|---|---|---|---|---|---|---|---|---|---|");
    let named = std::env::var("HUNKWISE_BENCH_DIRS").unwrap_or_default();
    for dir in named.split(':').filter(|dir| !dir.is_empty()) {
        let name = Path::new(dir).file_name().map_or(dir.into(), |name| name.to_string_lossy());
        row(&name, Path::new(dir));
    }
    for n_files in [20_000, 100_000] {
        let dir = tempfile::tempdir().expect("a folder");
        made_up::write(dir.path(), n_files);
        row("made up", dir.path());
    }
}

/// Measures one folder and prints its line.
fn row(name: &str, dir: &Path) {
    let state = tempfile::tempdir().expect("a folder");
    let (dir, state) = (dir.to_str().expect("UTF-8"), state.path().to_str().expect("UTF-8"));
    // Also brings the files into the system's memory, and lets their stamps become old enough to be trusted.
    let [parse, parse_cpu, ..] = run(&["parse", dir]);
    let [cold, cold_cpu, n_files, n_bytes, kb, wait] = run(&["index", dir]);
    let [kept, kept_cpu, ..] = run(&["index", dir, state]);
    let [warm, warm_cpu, ..] = run(&["index", dir, state]);
    let both = |clock: f64, cpu: f64| format!("{clock:.0} / {cpu:.0} ms");
    let ratio = |clock: f64, cpu: f64| format!("{clock:.2} / {cpu:.2}");
    let percent = |clock: f64, cpu: f64| format!("{:.1} / {:.1} %", 100.0 * clock, 100.0 * cpu);
    let cells = [
        name.to_owned(),
        n_files.to_string(),
        format!("{:.1}", n_bytes / 1e6),
        both(parse, parse_cpu),
        both(cold, cold_cpu),
        ratio(parse / cold, parse_cpu / cold_cpu),
        both(kept, kept_cpu),
        ratio(parse / kept, parse_cpu / kept_cpu),
        both(warm, warm_cpu),
        percent(warm / kept, warm_cpu / kept_cpu),
        format!("{:.1}", kb / n_files),
        format!("{wait:.1} ms"),
    ];
    say(&format!("| {} |", cells.join(" | ")));
}

/// The figures that a process of its own prints.
fn run(arguments: &[&str]) -> [f64; 6] {
    let exe = std::env::current_exe().expect("a path");
    let output = Command::new(exe).arg("run").args(arguments).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let mut figures = text.split_whitespace().map(|figure| figure.parse().expect("a number"));
    std::array::from_fn(|_| figures.next().unwrap_or(0.0))
}

/// Indexes a folder and prints milliseconds by the clock and of all cores, files, bytes, KB of memory that it took, and the longest that a question waited.
fn index(dir: &Path, state: Option<&Path>) {
    let before = resident_kb();
    let options = IndexerOptions { state_dir: state.map(Path::to_owned), ..IndexerOptions::default() };
    let indexer = Indexer::new(dir, options);
    let is_done = AtomicBool::new(false);
    let cpu = cpu_ms();
    let (took, wait) = std::thread::scope(|scope| {
        let asked = scope.spawn(|| ask(&indexer, &is_done));
        let started = Instant::now();
        indexer.update(&Stop::never());
        let took = started.elapsed();
        is_done.store(true, Ordering::Relaxed);
        (took, asked.join().expect("it ends"))
    });
    let (kb, cpu) = (resident_kb() - before, cpu_ms() - cpu);
    let index = indexer.index().read();
    let n_bytes: u64 = index
        .files()
        .filter_map(|(_, file)| dir.join(&*file.path).metadata().ok())
        .map(|file| file.len())
        .sum();
    let [took, wait] = [took, wait].map(|time| time.as_secs_f64() * 1e3);
    say(&format!("{took} {cpu} {} {n_bytes} {kb} {wait}", index.n_files()));
}

/// Asks the index again and again while it is made, and gives the longest that it took to be let in.
fn ask(indexer: &Indexer, is_done: &AtomicBool) -> Duration {
    let mut longest = Duration::ZERO;
    while !is_done.load(Ordering::Relaxed) {
        let asked = Instant::now();
        let index = indexer.index().read();
        longest = longest.max(asked.elapsed());
        std::hint::black_box(index.name("value"));
        drop(index);
        std::thread::sleep(Duration::from_millis(5));
    }
    longest
}

/// Reads and parses the files that an index has, on as many threads, and prints the milliseconds.
fn parse(dir: &Path) {
    let indexer = Indexer::new(dir, IndexerOptions::default());
    indexer.update(&Stop::never());
    let index = indexer.index().read();
    let files: Vec<PathBuf> = index.files().map(|(_, file)| dir.join(&*file.path)).collect();
    drop(index);
    let next = AtomicUsize::new(0);
    let (cpu, started) = (cpu_ms(), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let language = language_for("", &path.to_string_lossy()).expect("a language");
                    let text = Text::from(read_file(path).expect("a source").text);
                    std::hint::black_box(Tree::parse(language, &text, &Stop::never()).is_ok());
                }
            });
        }
    });
    say(&format!("{} {}", started.elapsed().as_secs_f64() * 1e3, cpu_ms() - cpu));
}

/// Memory of this process that is in use; 0 where the system does not tell so.
fn resident_kb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0.0)
}

/// Milliseconds that this process has used of all cores, in steps of 10; 0 where the system does not tell so.
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or("").split_whitespace();
    // User and system time, in ticks of 10 ms.
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10.0
}

fn say(line: &str) {
    let _ = writeln!(stdout(), "{line}");
}
