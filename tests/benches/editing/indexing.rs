//! Typing and `codeAction` while the server reads a large folder, beside the same in a server with an empty one.
//!
//! The floor is measured before and after, not beside: what it is compared with takes the processor from it too.

use std::thread::sleep;
use std::time::{Duration, Instant};

use e2e::World;
use serde_json::{Value, json};

use crate::edits::Change;
use crate::pipe::Pipe;
use crate::process::peak;
use crate::table::{Table, Times, say};
use crate::templates::SOURCES;
use crate::{File, ours};

/// Files of the folders.
const SIZES: [usize; 2] = [20_000, 100_000];

/// Lines of each file, and of the one that is typed in.
const N_LINES: usize = 100;
const N_LINES_OPEN: usize = 1_000;

/// Letters of the floor, before and after.
const N_LETTERS: usize = 300;

/// Between two letters: the server is idle when one comes, as it is for a person.
const PAUSE: Duration = Duration::from_millis(10);

/// Letters between two questions for how far the index is.
const N_BETWEEN: usize = 20;

/// Times of one server.
#[derive(Default)]
struct Typed {
    text: Times,
    actions: Times,
}

/// Measures all sizes.
pub fn measure() {
    for n_files in SIZES {
        let title = format!("while {n_files} files are indexed, against a server with an empty folder");
        let mut table = Table::new(&title);
        let (full, empty) = (World::new("", None), World::new("//- /empty.txt\n", None));
        fill(&full, n_files);
        let (mut typed, mut floor) = (Typed::default(), Typed::default());
        let mut idle = opened(&empty);
        (0..N_LETTERS).for_each(|_| letter(&mut idle, &empty, &mut floor));
        let started = Instant::now();
        let mut server = opened(&full);
        let status = loop {
            (0..N_BETWEEN).for_each(|_| letter(&mut server, &full, &mut typed));
            let status = server.request("hunkwise/indexStatus", Value::Null)["folders"][0].take();
            if status["complete"] == true && status["quiet"] == true {
                break status;
            }
        };
        let seconds = started.elapsed().as_secs();
        (0..N_LETTERS).for_each(|_| letter(&mut idle, &empty, &mut floor));
        table.row("a letter: text", &typed.text, &floor.text);
        table.row("codeAction", &typed.actions, &floor.actions);
        let peaks = [&server, &idle]
            .map(|pipe| peak(pipe.id()).map_or("?".to_owned(), |kib| (kib / 1024).to_string()));
        table.print();
        say(&format!(
            "\n{} files and {} definitions in {seconds} s; peak {} MiB, {} with an empty folder",
            status["files"], status["definitions"], peaks[0], peaks[1]
        ));
        server.end();
        idle.end();
    }
}

/// Writes the files of a folder: every language in turn, 100 files to a directory.
fn fill(world: &World, n_files: usize) {
    let sources: Vec<_> = SOURCES.iter().filter(|source| source.extension != "json").collect();
    let texts: Vec<String> = sources.iter().map(|source| source.text(N_LINES)).collect();
    for number in 0..n_files {
        let (source, text) = (&sources[number % sources.len()], &texts[number % sources.len()]);
        // No two have the same text: it would be parsed once.
        let text = format!("{text}\n{} file {number}\n", if source.extension == "py" { "#" } else { "//" });
        world.write(&format!("d{}/f{number}.{}", number / 100, source.extension), &text);
    }
}

/// A server that has one file open.
fn opened(world: &World) -> Pipe {
    let source = &SOURCES[0];
    let file = File { source, name: name(), text: source.text(N_LINES_OPEN) };
    let mut server = ours(world);
    server.initialize(world);
    server.open(&world.uri(&file.name), &file);
    server
}

fn name() -> String {
    format!("open.{}", SOURCES[0].extension)
}

/// Types a letter, takes it back, and asks for actions.
fn letter(server: &mut Pipe, world: &World, typed: &mut Typed) {
    let uri = world.uri(&name());
    for (n_removed, text) in [(0, "x"), (1, "")] {
        // tidy allows sleep: a person does not type without a pause, and what is measured is a server that is woken
        sleep(PAUSE);
        let change = Change { line: 1, character: 0, n_removed, text: text.to_owned() };
        typed.text.add(server.time_text("textDocument/didChange", &uri, &[change]));
    }
    // tidy allows sleep: as above
    sleep(PAUSE);
    let at = json!({ "line": 1, "character": 0 });
    let params = json!({
        "textDocument": { "uri": uri },
        "range": { "start": at, "end": at },
        "context": { "diagnostics": [] },
    });
    typed.actions.add(server.time_request("textDocument/codeAction", params));
}
