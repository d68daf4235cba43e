//! A client with a framing of its own, on the other side of the pipe.

use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Write};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use server::transport::{End, Options, pipe, serve};

use crate::toy;

/// After this a test fails rather than hang. Far more than anything here takes, on any machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Client {
    output: PipeWriter,
    input: Option<PipeReader>,
    messages: Option<Receiver<Value>>,
    /// What was read while looking for something else.
    passed: Vec<Value>,
    ended: Receiver<(End, Instant)>,
}

impl Client {
    /// A client whose server is initialized, and whose messages are read as they come.
    pub fn start(options: Options) -> Client {
        let mut client = Client::start_deaf(options, Value::Null);
        client.listen();
        client.answer(0);
        client
    }

    /// A client that has sent `initialize` with its `process_id`, and reads nothing.
    pub fn start_deaf(options: Options, process_id: Value) -> Client {
        let (theirs, ours) = pipe::pair().expect("make a pipe");
        let (ended_tx, ended) = channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("start a runtime");
            let end = runtime.block_on(async {
                let (service, socket) = toy::service();
                serve(service, socket, theirs.input, theirs.output, options).await
            });
            // A test that has seen enough does not wait for the end.
            let _ = ended_tx.send((end, Instant::now()));
            runtime.shutdown_background();
        });
        let mut client = Client {
            output: ours.output,
            input: Some(ours.input),
            messages: None,
            passed: Vec::new(),
            ended,
        };
        client.request(0, "initialize", json!({ "processId": process_id, "capabilities": {} }));
        client.notify("initialized", json!({}));
        client
    }

    /// Begins to read.
    pub fn listen(&mut self) {
        let input = self.input.take().expect("is not reading yet");
        let (tx, rx) = channel();
        thread::spawn(move || {
            let mut input = BufReader::new(input);
            while let Some(message) = read_message(&mut input) {
                if tx.send(message).is_err() {
                    return;
                }
            }
        });
        self.messages = Some(rx);
    }

    /// Closes the half that it would read from.
    pub fn stop_listening(&mut self) {
        self.input = None;
    }

    /// Sends bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.output.write_all(bytes).expect("write to the server");
    }

    pub fn send(&mut self, message: &Value) {
        self.raw(&frame(&message.to_string()));
    }

    pub fn request(&mut self, id: i64, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    pub fn change(&mut self, version: i64) {
        let document = json!({ "uri": "file:///a", "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [] }));
    }

    /// The next message, in the order of arrival.
    #[track_caller]
    pub fn next(&mut self) -> Value {
        if !self.passed.is_empty() {
            return self.passed.remove(0);
        }
        self.receive()
    }

    /// The response to the request `id`; what else arrives is kept for [`Client::next`].
    #[track_caller]
    pub fn answer(&mut self, id: i64) -> Value {
        let is_it = |message: &Value| message["id"] == id && message.get("method").is_none();
        if let Some(idx) = self.passed.iter().position(is_it) {
            return self.passed.remove(idx);
        }
        loop {
            let message = self.receive();
            if is_it(&message) {
                return message;
            }
            self.passed.push(message);
        }
    }

    #[track_caller]
    fn receive(&mut self) -> Value {
        let messages = self.messages.as_ref().expect("is reading");
        messages.recv_timeout(PATIENCE).expect("a message from the server")
    }

    /// Ends the client's output and waits for the server.
    #[track_caller]
    pub fn hang_up(self) -> (End, Duration) {
        let begin = Instant::now();
        drop(self.output);
        wait(&self.ended, begin)
    }

    /// Waits for the server, which has a reason to end.
    #[track_caller]
    pub fn wait_for_end(&mut self) -> (End, Duration) {
        wait(&self.ended, Instant::now())
    }
}

#[track_caller]
fn wait(ended: &Receiver<(End, Instant)>, begin: Instant) -> (End, Duration) {
    let (end, when) = ended.recv_timeout(PATIENCE).expect("the server ends");
    (end, when.saturating_duration_since(begin))
}

/// A frame as the protocol has it.
pub fn frame(body: &str) -> Vec<u8> {
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn read_message(input: &mut impl BufRead) -> Option<Value> {
    let mut header = String::new();
    input.read_line(&mut header).ok().filter(|n_read| *n_read > 0)?;
    let length = header.strip_prefix("Content-Length: ").expect("one header").trim_end();
    let mut body = vec![0; length.parse().expect("a length")];
    let mut blank = [0; 2];
    input.read_exact(&mut blank).ok()?;
    assert_eq!(&blank, b"\r\n");
    input.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("JSON"))
}
