//! What an editor and the server said to each other, as the wiretap wrote it down, and what is to be known of it.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Nothing on a loaded machine takes this long.
const LIMIT: Duration = Duration::from_secs(60);

/// Every message between an editor and the server, in the order in which they passed.
#[derive(Debug)]
pub struct Wire {
    messages: Vec<(Sender, Value)>,
    has_ended: bool,
}

/// Who sent a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// The editor.
    Editor,
    /// The server.
    Server,
}

impl Wire {
    /// Reads the wiretap's log when the server has ended.
    pub fn read(log: &Path) -> Wire {
        let started = Instant::now();
        loop {
            let text = std::fs::read_to_string(log).unwrap_or_default();
            // The last line may be on its way.
            let wire = Wire::parse(text.rfind('\n').map_or("", |end| &text[..end]));
            if wire.has_ended {
                return wire;
            }
            assert!(started.elapsed() < LIMIT, "the server did not end:\n{text}");
            // tidy allows sleep: the wiretap is a child of the editor, not of this process
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn parse(log: &str) -> Wire {
        let mut wire = Wire { messages: Vec::new(), has_ended: false };
        for line in log.lines() {
            let entry: Value = serde_json::from_str(line).expect("a line of the log");
            match entry["by"].as_str() {
                Some("editor") => wire.messages.push((Sender::Editor, entry["message"].clone())),
                Some("server") => wire.messages.push((Sender::Server, entry["message"].clone())),
                _ => wire.has_ended = true,
            }
        }
        wire
    }

    /// What the editor did, one fact per cell of the table in `editors/README.md`.
    pub fn facts(&self) -> Vec<String> {
        vec![
            self.encoding(),
            self.sync(),
            self.code_action(),
            self.accept(),
            self.answer("workspace/applyEdit", "applied"),
            self.answer("window/showDocument", "success"),
            self.progress(),
            self.seen("textDocument/codeLens", "asked for", "not asked for"),
            self.end(),
        ]
    }

    /// Parameters of each message of a method.
    pub fn params<'a>(&'a self, by: Sender, method: &'a str) -> impl Iterator<Item = &'a Value> + 'a {
        self.messages
            .iter()
            .filter(move |(sender, message)| *sender == by && message["method"] == method)
            .map(|(_, message)| &message["params"])
    }

    fn has(&self, by: Sender, method: &str) -> bool {
        self.params(by, method).next().is_some()
    }

    fn seen(&self, method: &str, yes: &str, no: &str) -> String {
        if self.has(Sender::Editor, method) { yes } else { no }.to_owned()
    }

    fn encoding(&self) -> String {
        let offered = self
            .params(Sender::Editor, "initialize")
            .next()
            .map(|params| &params["capabilities"]["general"]["positionEncodings"]);
        let offered = match offered.and_then(Value::as_array) {
            Some(offered) => offered.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            None => "none".to_owned(),
        };
        let chosen = self
            .messages
            .iter()
            .find_map(|(_, message)| message["result"]["capabilities"]["positionEncoding"].as_str());
        format!("{offered} → {}", chosen.unwrap_or("utf-16"))
    }

    fn sync(&self) -> String {
        let changes: Vec<&Value> = self
            .params(Sender::Editor, "textDocument/didChange")
            .filter_map(|params| params["contentChanges"].as_array())
            .flatten()
            .collect();
        let n_ranges = changes.iter().filter(|change| change["range"].is_object()).count();
        match n_ranges {
            0 => "whole text",
            n if n == changes.len() => "ranges",
            _ => "ranges and whole text",
        }
        .to_owned()
    }

    fn code_action(&self) -> String {
        let requests: Vec<&Value> = self.params(Sender::Editor, "textDocument/codeAction").collect();
        let with = |key: &str| {
            requests
                .iter()
                .any(|params| params["context"][key].as_array().is_some_and(|list| !list.is_empty()))
        };
        let mut said = vec![if with("diagnostics") { "with diagnostics" } else { "without diagnostics" }];
        if with("only") {
            said.push("`only`");
        }
        if self.has(Sender::Editor, "codeAction/resolve") {
            said.push("resolves");
        }
        said.join(", ")
    }

    /// How the first accept by a code action with an edit and a command came back.
    fn accept(&self) -> String {
        let editor =
            || self.messages.iter().filter(|(by, _)| *by == Sender::Editor).map(|(_, message)| message);
        let Some(command) = editor().position(|message| message["params"]["command"] == "hunkwise.applied")
        else {
            return "no `hunkwise.applied`".to_owned();
        };
        let method = |message: &Value| message["method"].as_str().unwrap_or_default().to_owned();
        let before = command.checked_sub(1).and_then(|idx| editor().nth(idx)).map(method);
        match before.as_deref() {
            Some("textDocument/didChange") => "edit, `didChange`, then the command",
            _ => "the command, then `didChange`",
        }
        .to_owned()
    }

    /// What the editor answered to a request of the server.
    fn answer(&self, method: &str, key: &str) -> String {
        let asked: Vec<&Value> = self
            .messages
            .iter()
            .filter(|(by, message)| *by == Sender::Server && message["method"] == method)
            .map(|(_, message)| &message["id"])
            .collect();
        let answers: Vec<&Value> = self
            .messages
            .iter()
            .filter(|(by, message)| {
                *by == Sender::Editor && message["method"].is_null() && asked.contains(&&message["id"])
            })
            .map(|(_, message)| message)
            .collect();
        let Some(first) = answers.first() else {
            return if asked.is_empty() { "not sent" } else { "no answer" }.to_owned();
        };
        match &first["result"][key] {
            Value::Bool(value) => format!("`{key}: {value}`"),
            _ if first["error"].is_object() => "an error".to_owned(),
            _ => format!("no `{key}`"),
        }
    }

    fn progress(&self) -> String {
        let created = self.answer("window/workDoneProgress/create", "");
        match created.as_str() {
            "not sent" => "not offered".to_owned(),
            _ if self.has(Sender::Server, "$/progress") => "shown".to_owned(),
            _ => created,
        }
    }

    fn end(&self) -> String {
        self.seen("shutdown", "`shutdown`", "hangs up")
    }
}
