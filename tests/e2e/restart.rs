//! Hunks that are not decided outlive the server: killed or ended, and started again on a text that may be another by then.

mod edited;
mod kept;
mod servers;

use e2e::{Buffer, Client, Model, World, answer};
use rusqlite::Connection;
use serde_json::{Value, json};
use text::Encoding;

use crate::review::capabilities;

/// Four definitions; the second and the fourth are to be changed.
const CODE: &str = "import os\n\n\ndef total(prices):\n    result = 0\n    for price in prices:\n        result += price\n    print(result)\n    return result\n\n\ndef tail():\n    return 1\n";

const REWRITE: &str = "```python\ndef total(prices):\n    amount = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    return round(result, 2)\n```\n";

/// The text with all hunks of [`REWRITE`].
const REWRITTEN: &str = "import os\n\n\ndef total(prices):\n    amount = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    return round(result, 2)\n\n\ndef tail():\n    return 1\n";

fn model() -> Model {
    // Some ask twice.
    Model::new(vec![answer(&["sum them"], REWRITE), answer(&["sum them"], REWRITE)])
}

/// A server, and an editor with one document.
struct Run {
    client: Client,
    buffer: Buffer,
}

impl Run {
    /// Starts a server and opens a document with this text.
    fn start(world: &World, name: &str, text: &str) -> Run {
        let mut client = Client::initialized(world, capabilities());
        client.taken.push("window/showMessage");
        let buffer = Buffer::new(world.uri(name), text, Encoding::Utf16);
        client.open(&buffer, "");
        Run { client, buffer }
    }

    /// Asks at a word, and waits for so many hunks that can be decided. Their ids.
    fn ask(&mut self, at: &str, instruction: &str, n: usize) -> Vec<String> {
        let at = self.buffer.find(at);
        let ask = self.client.action(&self.buffer, &at, "Ask AI…");
        let place = ask["command"]["arguments"][0].as_str().expect("a place").to_owned();
        let answer = self.client.command("hunkwise.ask", &[&place, instruction]);
        assert!(answer["proposal"].is_string(), "{answer}");
        self.pending(n)
    }

    /// Waits for so many hunks that can be decided. Their ids.
    fn pending(&mut self, n: usize) -> Vec<String> {
        self.hunks(n, 0).0
    }

    /// Waits for so many hunks that can be decided, and that do not fit any more. Their ids.
    fn hunks(&mut self, n_pending: usize, n_stale: usize) -> (Vec<String>, Vec<String>) {
        let uri = self.buffer.uri.clone();
        let of = |found: &[Value], code: &str| -> Vec<String> {
            let ours = found.iter().filter(|d| d["source"] == "hunkwise" && d["code"] == code);
            let there = ours.filter(|d| !d["message"].to_string().contains("arriving"));
            there.map(|d| d["data"]["id"].as_str().expect("an id").to_owned()).collect()
        };
        let found = self.client.diagnostics(&uri, |found| {
            of(found, "hunk").len() == n_pending
                && of(found, "stale").len() == n_stale
                && found.iter().all(|d| d["code"] != "working")
        });
        (of(&found, "hunk"), of(&found, "stale"))
    }

    /// Accepts by command, and does what the editor is told.
    fn accept(&mut self, target: &str) {
        let answer = self.client.command("hunkwise.accept", &[target]);
        assert!(answer["proposal"].is_string(), "{answer}");
        self.client.apply_edit(&mut self.buffer);
    }

    /// A command that is refused, and why.
    fn refused(&mut self, command: &str, target: &str) -> String {
        let answer = self.client.command(command, &[target]);
        answer["refused"].as_str().unwrap_or_else(|| panic!("{command} {target}: {answer}")).to_owned()
    }

    fn text(&self) -> String {
        self.buffer.text.to_string()
    }

    /// Waits until what is kept is as wanted; the server has a turn between two looks.
    fn kept(&mut self, world: &World, is_wanted: impl Fn(&[(String, String)]) -> bool) {
        for _ in 0..200_000 {
            if is_wanted(&rows(world)) {
                return;
            }
            self.client.request("hunkwise/documentText", json!({ "uri": self.buffer.uri }));
        }
        panic!("what is kept: {:#?}", rows(world));
    }

    /// Ends the server without a word.
    fn kill(self) {
        self.client.kill();
    }

    /// Ends the server as an editor does that ends.
    fn end(self) {
        assert_eq!(self.client.shutdown(), 0);
    }
}

fn database(world: &World) -> Option<Connection> {
    let path = world.state().join("hunkwise.db");
    path.exists().then(|| Connection::open(path).expect("the database"))
}

/// Names and contents of what is kept; bytes that are no text are left out.
fn rows(world: &World) -> Vec<(String, String)> {
    let Some(database) = database(world) else { return Vec::new() };
    let read = || -> rusqlite::Result<Vec<(String, Vec<u8>)>> {
        let mut statement = database.prepare("SELECT name, content FROM journal ORDER BY name")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect()
    };
    // A server that makes the database this moment has none yet, or holds it.
    let rows = read().unwrap_or_default().into_iter();
    rows.map(|(name, content)| (name, String::from_utf8_lossy(&content).into_owned())).collect()
}

/// A world in which the server asked, was killed with three hunks open, and is not running any more. The ids of the hunks.
fn left(text: &str) -> (World, Model, Vec<String>) {
    let model = model();
    let world = World::new(&format!("//- /a.py\n{text}"), Some(&model));
    let mut run = Run::start(&world, "a.py", text);
    let ids = run.ask("result = 0", "sum them", 3);
    run.kept(&world, |rows| rows.len() == 1);
    run.kill();
    (world, model, ids)
}
