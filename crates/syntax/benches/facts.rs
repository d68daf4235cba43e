//! What reading the facts of files costs, beside a floor of the same run: the bare parse of the same bytes.
//!
//! Arguments are folders whose files are read; without any it is `fixtures/edits`. Judges nothing.

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use syntax::{Facts, Language, MAX_BYTES, Stop, language_for};
use tree_sitter::Parser;

/// How often a file is read, in turns with its parse; the fastest counts, so that a busy machine shows less.
const TURNS: usize = 3;

/// The sums over the files of one language.
#[derive(Default)]
struct Sum {
    n_files: usize,
    n_bytes: usize,
    ours: Duration,
    floor: Duration,
    first: Duration,
}

fn main() {
    let mut folders: Vec<PathBuf> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).map(PathBuf::from).collect();
    if folders.is_empty() {
        folders.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/edits"));
    }
    let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
    for path in folders.iter().flat_map(|folder| files(folder)) {
        // The fixtures have an ending of their own.
        let name = path.to_string_lossy();
        let Some(language) = language_for("", name.trim_end_matches(".txt")) else { continue };
        let (Some(grammar), Ok(source)) = (grammar(language), fs::read_to_string(&path)) else { continue };
        if source.len() > MAX_BYTES {
            continue;
        }
        measure(language, &grammar, &source, sums.entry(language.name()).or_default());
    }
    say("| | files | MB | parse, MB/s | facts, MB/s | ratio | first file, ms |");
    say("|---|---|---|---|---|---|---|");
    for (name, sum) in &sums {
        let speed = |time: Duration| sum.n_bytes as f64 / 1e6 / time.as_secs_f64();
        let (n_files, mb) = (sum.n_files, sum.n_bytes as f64 / 1e6);
        let (floor, ours) = (speed(sum.floor), speed(sum.ours));
        let first = sum.first.as_secs_f64() * 1e3;
        say(&format!(
            "| {name} | {n_files} | {mb:.2} | {floor:.1} | {ours:.1} | {:.2} | {first:.1} |",
            ours / floor
        ));
    }
}

fn measure(language: Language, grammar: &tree_sitter::Language, source: &str, sum: &mut Sum) {
    let mut parser = Parser::new();
    if parser.set_language(grammar).is_err() {
        return;
    }
    if sum.n_files == 0 {
        sum.first = timed(|| black_box(Facts::read(language, source, &Stop::never())).is_ok());
    }
    let (mut ours, mut floor) = (Duration::MAX, Duration::MAX);
    for _ in 0..TURNS {
        ours = ours.min(timed(|| black_box(Facts::read(language, source, &Stop::never())).is_ok()));
        floor = floor.min(timed(|| black_box(parser.parse(source, None)).is_some()));
    }
    sum.n_files += 1;
    sum.n_bytes += source.len();
    sum.ours += ours;
    sum.floor += floor;
}

fn timed(run: impl FnOnce() -> bool) -> Duration {
    let start = Instant::now();
    let is_done = run();
    let taken = start.elapsed();
    assert!(is_done, "a file is read and parsed");
    taken
}

/// The files below a folder, without hidden ones.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !is_hidden => pending.push(entry.path()),
                Ok(kind) if kind.is_file() => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

fn grammar(language: Language) -> Option<tree_sitter::Language> {
    Some(match language.name() {
        "Python" => tree_sitter_python::LANGUAGE.into(),
        "TypeScript" => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        "TSX" => tree_sitter_typescript::LANGUAGE_TSX.into(),
        "JavaScript" => tree_sitter_javascript::LANGUAGE.into(),
        "Go" => tree_sitter_go::LANGUAGE.into(),
        "Java" => tree_sitter_java::LANGUAGE.into(),
        "Kotlin" => tree_sitter_kotlin_ng::LANGUAGE.into(),
        "Rust" => tree_sitter_rust::LANGUAGE.into(),
        "C" => tree_sitter_c::LANGUAGE.into(),
        "C++" => tree_sitter_cpp::LANGUAGE.into(),
        "C#" => tree_sitter_c_sharp::LANGUAGE.into(),
        "Ruby" => tree_sitter_ruby::LANGUAGE.into(),
        "PHP" => tree_sitter_php::LANGUAGE_PHP.into(),
        "Swift" => tree_sitter_swift::LANGUAGE.into(),
        "Scala" => tree_sitter_scala::LANGUAGE.into(),
        "Lua" => tree_sitter_lua::LANGUAGE.into(),
        "Shell" | "Bash" => tree_sitter_bash::LANGUAGE.into(),
        "SQL" => tree_sitter_sequel::LANGUAGE.into(),
        _ => return None,
    })
}

fn say(line: &str) {
    let _ = writeln!(stdout(), "{line}");
}
