//! A client of the real server over its standard streams. Every message of the server is claimed by a test or, for what
//! editors take without a word, by the client itself; what is left at the end fails the test.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{Buffer, World};

/// Nothing on a loaded machine takes this long.
const LIMIT: Duration = Duration::from_secs(60);

/// The binary under test: `HUNKWISE_BIN`, else beside this test, else built now.
pub fn binary() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(found).clone()
}

fn found() -> PathBuf {
    if let Some(path) = std::env::var_os("HUNKWISE_BIN") {
        return PathBuf::from(path);
    }
    let mut dir = std::env::current_exe().expect("the test's own path");
    dir.pop();
    if dir.ends_with("deps") {
        dir.pop();
    }
    let path = dir.join(format!("hunkwise{}", std::env::consts::EXE_SUFFIX));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status =
        Command::new(cargo).args(["build", "--quiet", "--package", "hunkwise"]).status().expect("cargo runs");
    assert!(status.success(), "hunkwise does not build");
    path
}

/// A message from the server that waits to be claimed.
#[derive(Debug, Clone, PartialEq)]
pub enum Incoming {
    /// A request.
    Request {
        /// To answer it.
        id: Value,
        /// Its method.
        method: String,
        /// Its parameters.
        params: Value,
    },
    /// A notification.
    Notification {
        /// Its method.
        method: String,
        /// Its parameters.
        params: Value,
    },
    /// The answer to a request of the client.
    Response {
        /// The request's id.
        id: Value,
        /// Result or error.
        outcome: Result<Value, Value>,
    },
}

/// A connected client.
pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    incoming: Receiver<Value>,
    transcript: Arc<Mutex<Vec<u8>>>,
    waiting: VecDeque<Incoming>,
    next_id: i64,
    /// The result of `initialize`.
    pub capabilities: Value,
    /// Methods of the server that are taken without a claim.
    pub taken: Vec<&'static str>,
    /// Methods of the requests that the server sent, in order.
    pub asked: Vec<String>,
    is_over: bool,
}

impl Client {
    /// Starts the server in a world and connects to it; sends nothing.
    pub fn start(world: &World) -> Client {
        Client::start_with(world, Stdio::inherit())
    }

    /// The same with a place for what the server says to people.
    pub fn start_with(world: &World, stderr: Stdio) -> Client {
        Client::started(world, &["lsp"], stderr)
    }

    /// Starts the server with these arguments; sends nothing.
    pub fn start_as(world: &World, args: &[&str]) -> Client {
        Client::started(world, args, Stdio::inherit())
    }

    fn started(world: &World, args: &[&str], stderr: Stdio) -> Client {
        let mut command = Command::new(binary());
        command
            .args(args)
            .current_dir(world.root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr);
        command.envs(world.env().iter().map(|(name, value)| (name, value)));
        let mut child = command.spawn().expect("the server starts");
        let stdin = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().expect("standard output"));
        let (tx, incoming) = channel();
        let transcript = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&transcript);
        std::thread::spawn(move || {
            while let Some(message) = read(&mut stdout) {
                seen.lock().expect("nobody panics with it").extend(message.to_string().into_bytes());
                if tx.send(message).is_err() {
                    return;
                }
            }
        });
        Client {
            child,
            stdin,
            incoming,
            transcript,
            waiting: VecDeque::new(),
            next_id: 0,
            capabilities: Value::Null,
            taken: vec![
                "textDocument/publishDiagnostics",
                "$/progress",
                "window/workDoneProgress/create",
                "workspace/codeLens/refresh",
                "hunkwise/didUpdate",
                "hunkwise/status",
            ],
            asked: Vec::new(),
            is_over: false,
        }
    }

    /// Starts the server and initializes it with the given capabilities.
    pub fn initialized(world: &World, capabilities: Value) -> Client {
        let mut client = Client::start(world);
        client.initialize(world.initialize(capabilities));
        client
    }

    /// All that the server sends, as it grows.
    pub fn transcript(&self) -> Arc<Mutex<Vec<u8>>> {
        Arc::clone(&self.transcript)
    }

    /// Initializes the server with the given parameters.
    pub fn initialize(&mut self, params: Value) {
        self.capabilities = self.request("initialize", params)["capabilities"].clone();
        self.notify("initialized", json!({}));
    }

    /// Sends a request and waits for its result; panics on an error answer.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        match self.try_request(method, params) {
            Ok(result) => result,
            Err(error) => panic!("{method} was answered with {error}"),
        }
    }

    /// Sends a request and waits for its outcome.
    pub fn try_request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.send_request(method, params);
        self.response(id)
    }

    /// Sends a request without waiting; returns its id.
    pub fn send_request(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// Waits for the outcome of a request that was sent.
    pub fn response(&mut self, id: i64) -> Result<Value, Value> {
        let wanted = json!(id);
        self.claim("an answer", |message| match message {
            Incoming::Response { id, outcome } if *id == wanted => Some(outcome.clone()),
            _ => None,
        })
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Answers a request of the server.
    pub fn answer(&mut self, id: &Value, result: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
    }

    /// Answers a request of the server with an error.
    pub fn refuse(&mut self, id: &Value, code: i64, message: &str) {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } }));
    }

    /// Sends bytes as they are.
    pub fn send_raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("the connection is open");
        stdin.write_all(bytes).and_then(|()| stdin.flush()).expect("the server reads");
    }

    /// Waits for an error answer that names no request.
    pub fn error_without_id(&mut self) -> Value {
        self.claim("an error without an id", |message| match message {
            Incoming::Response { id: Value::Null, outcome: Err(error) } => Some(error.clone()),
            _ => None,
        })
    }

    /// Takes further error answers that name no request.
    pub fn drop_errors(&mut self) {
        self.waiting.retain(|message| !matches!(message, Incoming::Response { id: Value::Null, .. }));
    }

    /// Waits for a request of the server.
    pub fn incoming_request(&mut self, method: &str) -> (Value, Value) {
        self.claim(method, |message| match message {
            Incoming::Request { id, method: found, params } if found == method => {
                Some((id.clone(), params.clone()))
            }
            _ => None,
        })
    }

    /// Waits for a notification of the server.
    pub fn incoming_notification(&mut self, method: &str) -> Value {
        self.claim(method, |message| match message {
            Incoming::Notification { method: found, params } if found == method => Some(params.clone()),
            _ => None,
        })
    }

    /// Waits for diagnostics of a document that satisfy `is_wanted`; earlier ones are taken.
    pub fn diagnostics(&mut self, uri: &str, is_wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        self.claim("diagnostics", |message| match message {
            Incoming::Notification { method, params }
                if method == "textDocument/publishDiagnostics" && params["uri"] == uri =>
            {
                let found = params["diagnostics"].as_array().cloned().unwrap_or_default();
                is_wanted(&found).then_some(found)
            }
            _ => None,
        })
    }

    /// Opens a buffer.
    pub fn open(&mut self, buffer: &Buffer, language: &str) {
        self.notify(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": buffer.uri, "languageId": language, "version": buffer.version, "text": buffer.text.to_string() } }),
        );
    }

    /// Waits until all files of all folders have been read.
    pub fn indexed(&mut self) {
        loop {
            let status = self.request("hunkwise/indexStatus", json!({}));
            let folders = status["folders"].as_array().expect("folders");
            if status["waiting"] == 0 && folders.iter().all(|folder| folder["complete"] == true) {
                return;
            }
        }
    }

    /// The code actions at a position.
    pub fn actions(&mut self, buffer: &Buffer, position: &Value) -> Vec<Value> {
        let params = json!({
            "textDocument": { "uri": buffer.uri },
            "range": { "start": position, "end": position },
            "context": { "diagnostics": [] },
        });
        self.request("textDocument/codeAction", params).as_array().cloned().unwrap_or_default()
    }

    /// The code action at a position whose title contains `title`.
    pub fn action(&mut self, buffer: &Buffer, position: &Value, title: &str) -> Value {
        let actions = self.actions(buffer, position);
        let titles: Vec<&Value> = actions.iter().map(|action| &action["title"]).collect();
        let found =
            actions.iter().find(|action| action["title"].as_str().is_some_and(|found| found.contains(title)));
        found.cloned().unwrap_or_else(|| panic!("no action {title:?} among {titles:?}"))
    }

    /// Runs the command of an action or lens.
    pub fn run(&mut self, action: &Value) -> Value {
        let command = &action["command"];
        self.request(
            "workspace/executeCommand",
            json!({ "command": command["command"], "arguments": command["arguments"] }),
        )
    }

    /// Runs a command by name.
    pub fn command(&mut self, name: &str, arguments: &[&str]) -> Value {
        self.request("workspace/executeCommand", json!({ "command": name, "arguments": arguments }))
    }

    /// Runs a command at a place, `{uri, range}`.
    pub fn command_at(&mut self, name: &str, place: &Value, text: Option<&str>) -> Value {
        let arguments: Vec<Value> = [place.clone()].into_iter().chain(text.map(Value::from)).collect();
        self.request("workspace/executeCommand", json!({ "command": name, "arguments": arguments }))
    }

    /// Does what an editor does with an action: applies its edit, tells the change, runs its command.
    pub fn perform(&mut self, buffer: &mut Buffer, action: &Value) -> Value {
        if let Some(changes) = action["edit"]["documentChanges"].as_array() {
            for change in changes {
                assert_eq!(change["textDocument"]["version"], buffer.version, "an edit for another version");
                let params = buffer.apply(change["edits"].as_array().expect("edits"));
                self.notify("textDocument/didChange", params);
            }
        }
        self.run(action)
    }

    /// Applies the next `workspace/applyEdit` to a buffer, tells the change, and answers.
    pub fn apply_edit(&mut self, buffer: &mut Buffer) {
        let (id, params) = self.incoming_request("workspace/applyEdit");
        let change = &params["edit"]["documentChanges"][0];
        assert_eq!(change["textDocument"]["uri"], buffer.uri);
        let is_current = change["textDocument"]["version"] == buffer.version;
        if is_current {
            let params = buffer.apply(change["edits"].as_array().expect("edits"));
            self.notify("textDocument/didChange", params);
        }
        self.answer(&id, json!({ "applied": is_current }));
    }

    /// Ends the connection as the protocol says and returns the exit code. Unclaimed messages fail the test.
    pub fn shutdown(mut self) -> i32 {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        let code = self.wait();
        self.drain();
        let left: Vec<&Incoming> = self.waiting.iter().filter(|message| !self.is_taken(message)).collect();
        assert!(left.is_empty(), "messages that nobody claimed: {left:#?}");
        code
    }

    /// Kills the server; nothing of it is asked any more.
    pub fn kill(mut self) {
        self.child.kill().expect("it ran");
        self.wait();
    }

    /// Closes the server's input, as a killed client does, and returns exit code and time until it ended.
    pub fn hang_up(mut self) -> (i32, Duration) {
        let start = Instant::now();
        self.stdin = None;
        let code = self.wait();
        (code, start.elapsed())
    }

    /// Waits for the server to end.
    pub fn wait(&mut self) -> i32 {
        self.is_over = true;
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("the server is a child") {
                return status.code().unwrap_or(-1);
            }
            assert!(start.elapsed() < LIMIT, "the server does not end");
            // tidy allows sleep: there is no portable wait for a child with a limit
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn is_taken(&self, message: &Incoming) -> bool {
        match message {
            Incoming::Notification { method, .. } | Incoming::Request { method, .. } => {
                self.taken.contains(&method.as_str())
            }
            Incoming::Response { .. } => false,
        }
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    /// The first message for which `pick` finds something, waiting for more as needed.
    fn claim<T>(&mut self, what: &str, pick: impl Fn(&Incoming) -> Option<T>) -> T {
        let start = Instant::now();
        let mut next = 0;
        loop {
            while let Some(message) = self.waiting.get(next) {
                if let Some(found) = pick(message) {
                    self.waiting.remove(next);
                    return found;
                }
                next += 1;
            }
            let left = LIMIT.saturating_sub(start.elapsed());
            match self.incoming.recv_timeout(left) {
                Ok(message) => self.sort(message),
                Err(RecvTimeoutError::Timeout) => {
                    panic!("waited for {what} in vain; there were {:#?}", self.waiting)
                }
                Err(RecvTimeoutError::Disconnected) => panic!("the server ended while {what} was waited for"),
            }
        }
    }

    /// Files a message; what every editor answers without a word is answered here.
    fn sort(&mut self, message: Value) {
        let method = message["method"].as_str().map(str::to_owned);
        let incoming = match (method, message.get("id")) {
            (Some(method), Some(id)) => {
                let id = id.clone();
                self.asked.push(method.clone());
                if method == "window/workDoneProgress/create" || method == "workspace/codeLens/refresh" {
                    self.answer(&id, Value::Null);
                    return;
                }
                Incoming::Request { id, method, params: message["params"].clone() }
            }
            (Some(method), None) => Incoming::Notification { method, params: message["params"].clone() },
            (None, id) => {
                let outcome = match message.get("error") {
                    Some(error) => Err(error.clone()),
                    None => Ok(message["result"].clone()),
                };
                Incoming::Response { id: id.cloned().unwrap_or_default(), outcome }
            }
        };
        self.waiting.push_back(incoming);
    }

    fn drain(&mut self) {
        while let Ok(message) = self.incoming.recv_timeout(LIMIT) {
            if message.get("method").is_some() {
                self.waiting.push_back(Incoming::Notification {
                    method: message["method"].as_str().unwrap_or_default().to_owned(),
                    params: message["params"].clone(),
                });
            }
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if !self.is_over {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// One message of a well-behaved server; none at the end.
fn read(stream: &mut impl BufRead) -> Option<Value> {
    let mut len = None;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        len = line.strip_prefix("Content-Length: ").and_then(|len| len.parse().ok()).or(len);
    }
    let mut body = vec![0; len?];
    stream.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
