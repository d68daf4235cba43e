//! A client that reads and writes on the thread that measures, so that no other thread's turn is in a time.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use e2e::World;
use serde_json::{Value, json};

use crate::File;
use crate::edits::Change;

/// A server behind its standard streams.
pub struct Pipe {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    /// Notifications that came in front of an answer.
    passed: VecDeque<Value>,
    next_id: i64,
    version: i32,
    /// The edits of the newest `workspace/applyEdit`.
    edit: Option<Value>,
}

impl Pipe {
    /// Starts the server; sends nothing.
    pub fn start(mut command: Command) -> Pipe {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the server starts");
        let stdin = child.stdin.take().expect("standard input");
        let stdout = BufReader::new(child.stdout.take().expect("standard output"));
        Pipe { child, stdin, stdout, passed: VecDeque::new(), next_id: 0, version: 1, edit: None }
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Initializes the server.
    pub fn initialize(&mut self, world: &World) {
        let root = World::uri_of(&world.root());
        self.request(
            "initialize",
            json!({
                "processId": std::process::id(),
                "rootUri": root,
                "workspaceFolders": [{ "uri": root, "name": "workspace" }],
                "capabilities": { "general": { "positionEncodings": ["utf-16"] } },
            }),
        );
        self.notify("initialized", json!({}));
    }

    /// Opens a document.
    pub fn open(&mut self, uri: &str, file: &File) {
        let document = json!({ "uri": uri, "languageId": file.source.language, "version": self.version, "text": file.text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Sends a request and waits for its result, which must not be an error.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let (id, bytes) = self.worded(method, params);
        self.write(&bytes);
        self.result(id)
    }

    /// How long a request takes.
    pub fn time_request(&mut self, method: &str, params: Value) -> Duration {
        let (id, bytes) = self.worded(method, params);
        let started = Instant::now();
        self.write(&bytes);
        self.result(id);
        started.elapsed()
    }

    /// How long until a change is in the text: a request behind it is answered.
    pub fn time_text(&mut self, method: &str, uri: &str, changes: &[Change]) -> Duration {
        self.passed.clear();
        let bytes = self.changed(method, uri, changes);
        self.time_behind(bytes, uri)
    }

    /// The edits that the server wanted to be applied last.
    pub fn take_edit(&mut self) -> Option<Value> {
        self.edit.take()
    }

    /// How long until an edit that the server wanted is in the text.
    pub fn time_edit(&mut self, uri: &str, edits: &Value) -> Duration {
        self.passed.clear();
        self.version += 1;
        // Each change refers to the text after the one before it, so the last one goes first.
        let edits = edits.as_array().into_iter().flatten().rev();
        let changes: Vec<Value> =
            edits.map(|edit| json!({ "range": edit["range"], "text": edit["newText"] })).collect();
        let document = json!({ "uri": uri, "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        let message = json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": params });
        self.time_behind(frame(&message), uri)
    }

    /// How long until a request behind a message is answered.
    fn time_behind(&mut self, mut message: Vec<u8>, uri: &str) -> Duration {
        let (id, request) = self.worded("textDocument/hover", place(uri, 0));
        message.extend(request);
        let started = Instant::now();
        self.write(&message);
        self.result(id);
        started.elapsed()
    }

    /// How long until the server tells what `is_wanted` waits for, after a change.
    pub fn time_change(
        &mut self,
        uri: &str,
        changes: &[Change],
        is_wanted: impl Fn(&Value) -> bool,
    ) -> Duration {
        self.passed.clear();
        let bytes = self.changed("textDocument/didChange", uri, changes);
        let started = Instant::now();
        self.write(&bytes);
        self.wait(is_wanted);
        started.elapsed()
    }

    /// Reads until a notification satisfies `is_wanted`.
    pub fn wait(&mut self, is_wanted: impl Fn(&Value) -> bool) {
        loop {
            let message = self.passed.pop_front().unwrap_or_else(|| self.next());
            if is_wanted(&message) {
                return;
            }
        }
    }

    /// Ends the server as the protocol says.
    pub fn end(mut self) {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        drop(self.stdin);
        self.child.wait().expect("the server is a child");
    }

    fn notify(&mut self, method: &str, params: Value) {
        let bytes = frame(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
        self.write(&bytes);
    }

    fn worded(&mut self, method: &str, params: Value) -> (i64, Vec<u8>) {
        self.next_id += 1;
        let message = json!({ "jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params });
        (self.next_id, frame(&message))
    }

    fn changed(&mut self, method: &str, uri: &str, changes: &[Change]) -> Vec<u8> {
        self.version += 1;
        let changes: Vec<Value> = changes.iter().map(Change::json).collect();
        let document = json!({ "uri": uri, "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        frame(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    fn result(&mut self, id: i64) -> Value {
        loop {
            let mut message = self.next();
            if message["id"] == id {
                assert!(message.get("error").is_none(), "{message}");
                return message["result"].take();
            }
            self.passed.push_back(message);
        }
    }

    /// The next answer or notification; requests of the server are answered with null.
    fn next(&mut self) -> Value {
        loop {
            let message = read(&mut self.stdout).expect("the server goes on");
            match (message.get("method"), message.get("id")) {
                (Some(_), Some(id)) => {
                    let edit = &message["params"]["edit"]["documentChanges"][0]["edits"];
                    if edit.is_array() {
                        self.edit = Some(edit.clone());
                    }
                    let bytes = frame(&json!({ "jsonrpc": "2.0", "id": id, "result": null }));
                    self.write(&bytes);
                }
                _ => return message,
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        self.stdin.write_all(bytes).and_then(|()| self.stdin.flush()).expect("the server reads");
    }
}

/// A place for a request: the start of a line.
pub fn place(uri: &str, line: usize) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": 0 } })
}

/// A message with its header.
pub fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// The next message; none at the end.
pub fn read(stream: &mut impl BufRead) -> Option<Value> {
    let mut len = None;
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let header = line.trim_end();
        if header.is_empty() {
            break;
        }
        len = header.strip_prefix("Content-Length: ").and_then(|len| len.parse().ok()).or(len);
    }
    let mut body = vec![0; len?];
    stream.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
