//! Stands between an editor and the server: passes every byte on as it is, and writes each message to a log.
//!
//! `wiretap LOG SERVER ARGUMENT…`; the log has one JSON object per line, `{"by": "editor" | "server", "message": …}`,
//! and `{"by": "end"}` when the server has ended.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::{Context, Result};
use serde_json::{Value, json};

fn main() -> Result<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let log = arguments.next().context("wiretap LOG SERVER ARGUMENT…")?;
    let server = arguments.next().context("wiretap LOG SERVER ARGUMENT…")?;
    let log = Arc::new(Mutex::new(File::create(&log).context("make the log")?));
    let mut child = Command::new(server)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("start the server")?;
    let to_server = child.stdin.take().context("the server's input")?;
    let from_server = child.stdout.take().context("the server's output")?;
    let editor_log = Arc::clone(&log);
    // Not joined: an editor may keep its end open after the server has ended.
    thread::spawn(move || pass(BufReader::new(std::io::stdin()), to_server, "editor", &editor_log));
    pass(BufReader::new(from_server), std::io::stdout(), "server", &log)?;
    let status = child.wait().context("wait for the server")?;
    log.lock()
        .map_err(|_| anyhow::anyhow!("the other direction panicked"))?
        .write_all(b"{\"by\":\"end\"}\n")?;
    Ok(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1).into())
}

/// Passes messages on until the input ends; the output is closed with it.
fn pass(mut from: impl BufRead, mut to: impl Write, by: &str, log: &Mutex<File>) -> Result<()> {
    loop {
        let mut head = Vec::new();
        let mut length = 0;
        loop {
            let start = head.len();
            if from.read_until(b'\n', &mut head)? == 0 {
                let _ = to.write_all(&head).and_then(|()| to.flush());
                return Ok(());
            }
            let line = String::from_utf8_lossy(head.get(start..).unwrap_or_default()).to_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().context("read a length")?;
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        from.read_exact(&mut body)?;
        // Into the log first: who sees an effect of the message finds it there.
        let message: Value = serde_json::from_slice(&body).context("read a message")?;
        let mut log = log.lock().map_err(|_| anyhow::anyhow!("the other direction panicked"))?;
        log.write_all(format!("{}\n", json!({ "by": by, "message": message })).as_bytes())?;
        drop(log);
        // Who does not read any more is no reason to stop writing down what is said.
        let _ = to.write_all(&head).and_then(|()| to.write_all(&body)).and_then(|()| to.flush());
    }
}
