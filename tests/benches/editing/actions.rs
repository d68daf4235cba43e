//! `textDocument/codeAction` without and with many pending hunks, and typing above them.

use e2e::{Model, World, answer};
use fastrand::Rng;
use serde_json::{Value, json};

use crate::edits::Change;
use crate::pipe::Pipe;
use crate::table::{Table, Times};
use crate::templates::SOURCES;
use crate::{File, N_LINES, floor, ours};

/// Hunks that wait for a decision.
pub const N_HUNKS: usize = 200;

/// Requests per row.
const N_REQUESTS: usize = 1_000;

/// Lines typed above the hunks; each is taken back, which is measured too.
const N_TYPED: usize = 100;

/// Measures all rows.
pub fn measure() {
    let review = Review::new();
    let mut table =
        Table::new("codeAction over the protocol, against the round trip to a process that answers null");
    let mut server = review.open();
    let mut bare = floor();
    let anywhere: Vec<usize> = (0..N_LINES).collect();
    let mut row = |what: &str, server: &mut Pipe, lines: &[usize]| {
        let mut rng = Rng::with_seed(13);
        let (mut ours, mut floor) = (Times::default(), Times::default());
        for _ in 0..N_REQUESTS {
            let line = rng.choice(lines).copied().unwrap_or(0);
            ours.add(server.time_request("textDocument/codeAction", review.params(line)));
            floor.add(bare.time_request("textDocument/codeAction", review.params(line)));
        }
        table.row(what, &ours, &floor);
    };
    row("no hunks, anywhere", &mut server, &anywhere);
    review.ask(&mut server);
    row(&format!("{N_HUNKS} hunks, on one"), &mut server, &review.hunk_lines());
    row(&format!("{N_HUNKS} hunks, anywhere"), &mut server, &anywhere);
    let mut typing = Times::default();
    let mut trip = Times::default();
    for _ in 0..N_TYPED {
        for (n_removed, text) in [(0, "x"), (1, "")] {
            let change = Change { line: 1, character: 6, n_removed, text: text.to_owned() };
            typing.add(server.time_text("textDocument/didChange", &review.uri(), &[change]));
            trip.add(bare.time_request("textDocument/hover", crate::pipe::place(&review.uri(), 0)));
        }
    }
    table.row(&format!("{N_HUNKS} hunks, typing above them: text"), &typing, &trip);
    table.print();
    server.end();
    bare.end();
}

/// A long file with a class that one request changes in many places, and the model that does it.
pub struct Review {
    world: World,
    file: File,
    _model: Model,
}

impl Review {
    /// Writes the file and starts the model.
    pub fn new() -> Review {
        let source = &SOURCES[0];
        let mut class =
            "# ai: round every result\nclass Rates:\n    \"\"\"Rates of all kinds.\"\"\"\n".to_owned();
        let mut blocks = String::new();
        for number in 0..N_HUNKS {
            let old = format!("        return amount * self.rate_{number}\n");
            let new = format!("        return round(amount * self.rate_{number}, 2)\n");
            class.push_str(&format!("\n    def rate_of_{number}(self, amount):\n{old}"));
            blocks.push_str(&format!("<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n\n"));
        }
        let filler = source.text(N_LINES.saturating_sub(class.lines().count() + 3));
        let text = format!("{filler}{class}\n");
        let model = Model::new(vec![answer(&["round every result"], &blocks)]);
        let world = World::new("//- /empty.txt\n", Some(&model));
        Review { world, file: File { source, name: "rates.py".to_owned(), text }, _model: model }
    }

    /// The world of the model.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// A server that has the file open.
    pub fn open(&self) -> Pipe {
        let mut server = ours(&self.world);
        server.initialize(&self.world);
        server.open(&self.uri(), &self.file);
        server.wait(|message| !self.marks(message, "directive").is_empty());
        server
    }

    /// Opens the file in another server.
    pub fn open_in(&self, server: &mut Pipe) {
        server.open(&self.uri(), &self.file);
    }

    /// Length of the file in bytes.
    pub fn n_bytes(&self) -> usize {
        self.file.text.len()
    }

    /// Runs the directive and waits until every hunk is pending.
    pub fn ask(&self, server: &mut Pipe) {
        let line = self.file.text.lines().position(|line| line.starts_with("# ai:")).unwrap_or(0);
        let actions = server.request("textDocument/codeAction", self.params(line));
        let run = actions.as_array().into_iter().flatten().find_map(|action| {
            let is_run = action["title"].as_str().is_some_and(|title| title.contains("Run"));
            is_run.then(|| action["command"].clone())
        });
        let run = run.unwrap_or_else(|| panic!("nothing to run among {actions:#}"));
        let params = json!({ "command": run["command"], "arguments": run["arguments"] });
        server.request("workspace/executeCommand", params);
        server.wait(|message| {
            assert!(self.marks(message, "failed").is_empty(), "the request failed: {message:#}");
            let hunks = self.marks(message, "hunk");
            let is_pending = |hunk: &String| !hunk.contains("(arriving)");
            hunks.len() == N_HUNKS && hunks.iter().all(is_pending)
        });
    }

    /// The URI of the file.
    pub fn uri(&self) -> String {
        self.world.uri(&self.file.name)
    }

    /// Where actions are asked for.
    pub fn params(&self, line: usize) -> Value {
        let at = json!({ "line": line, "character": 10 });
        json!({
            "textDocument": { "uri": self.uri() },
            "range": { "start": at, "end": at },
            "context": { "diagnostics": [] },
        })
    }

    fn hunk_lines(&self) -> Vec<usize> {
        let lines = self.file.text.lines().enumerate();
        lines.filter(|(_, line)| line.contains("return amount")).map(|(idx, _)| idx).collect()
    }

    /// The messages of the diagnostics of one kind, if `message` brings any.
    fn marks(&self, message: &Value, code: &str) -> Vec<String> {
        let is_ours =
            message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == self.uri();
        let found = message["params"]["diagnostics"].as_array().filter(|_| is_ours);
        found
            .into_iter()
            .flatten()
            .filter(|diagnostic| diagnostic["code"] == code)
            .filter_map(|diagnostic| diagnostic["message"].as_str().map(str::to_owned))
            .collect()
    }
}
