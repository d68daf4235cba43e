//! How a connection ends, and how soon.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use server::transport::{End, Options};

use crate::client::Client;

/// The real bound is half a second; a machine under load must not fail the tests.
const BOUND: Duration = Duration::from_secs(5);

const AFTER_SHUTDOWN: End = End::Exit { after_shutdown: true };
const WITHOUT_SHUTDOWN: End = End::Exit { after_shutdown: false };

#[track_caller]
#[expect(clippy::print_stderr, reason = "the time is worth knowing, and asserted only loosely")]
fn check(what: &str, (end, took): (End, Duration), expect: End) {
    eprintln!("{what}: {end:?} after {took:?}");
    assert_eq!(end, expect, "{what}");
    assert!(took < BOUND, "{what} took {took:?}");
}

/// Fills a server with work that does not end by itself.
fn busy() -> Client {
    let mut client = Client::start(Options::default());
    for id in 1..=200 {
        client.request(id, "toy/wait", json!(null));
        client.request(1_000 + id, "toy/ask", json!({ "question": [] }));
    }
    for _ in 1..=200 {
        assert_eq!(client.next()["method"], "toy/question");
    }
    client
}

#[test]
fn the_input_ends() {
    check("idle, end of input", Client::start(Options::default()).hang_up(), End::Eof);
    check("400 in flight, end of input", busy().hang_up(), End::Eof);
}

#[test]
fn the_input_ends_inside_a_frame() {
    let mut client = busy();
    client.raw(b"Content-Length: 100\r\n\r\n{");
    check("end of input inside a frame", client.hang_up(), End::Eof);
}

#[test]
fn the_client_exits() {
    let mut client = busy();
    client.request(1, "shutdown", Value::Null);
    client.notify("exit", Value::Null);
    check("400 in flight, exit", client.wait_for_end(), AFTER_SHUTDOWN);

    let mut client = busy();
    client.notify("exit", json!({}));
    check("400 in flight, exit without shutdown", client.wait_for_end(), WITHOUT_SHUTDOWN);
}

#[test]
fn shutdown_takes_null_an_object_or_nothing() {
    for shutdown in [
        json!({ "jsonrpc": "2.0", "id": 1, "method": "shutdown", "params": null }),
        json!({ "jsonrpc": "2.0", "id": 1, "method": "shutdown", "params": {} }),
        json!({ "jsonrpc": "2.0", "id": 1, "method": "shutdown" }),
    ] {
        let mut client = Client::start(Options::default());
        client.send(&shutdown);
        assert_eq!(client.next(), json!({ "jsonrpc": "2.0", "id": 1, "result": null }));
        client.notify("exit", Value::Null);
        check("exit", client.wait_for_end(), AFTER_SHUTDOWN);
    }
}

#[test]
fn what_was_answered_before_the_end_arrives() {
    let mut client = Client::start_deaf(Options::default(), Value::Null);
    for id in 1..=50 {
        client.request(id, "toy/big", json!({ "bytes": 100_000 }));
    }
    client.request(51, "shutdown", Value::Null);
    client.notify("exit", Value::Null);
    client.listen();
    for id in 0..=51 {
        assert_eq!(client.answer(id)["id"], id);
    }
    check("exit with 5 MB queued", client.wait_for_end(), AFTER_SHUTDOWN);
}

#[test]
fn a_client_that_does_not_read_is_given_up() {
    let mut client =
        Client::start_deaf(Options { max_queued_bytes: 1 << 20, ..Options::default() }, Value::Null);
    for id in 1..=30 {
        client.request(id, "toy/big", json!({ "bytes": 100_000 }));
    }
    check("3 MB unread of 1 MB allowed", client.wait_for_end(), End::WriterDead);
}

#[test]
fn a_client_that_does_not_read_may_still_leave() {
    let deaf = || {
        let mut client = Client::start_deaf(Options::default(), Value::Null);
        for id in 1..=30 {
            client.request(id, "toy/big", json!({ "bytes": 100_000 }));
        }
        client
    };
    check("3 MB unread, end of input", deaf().hang_up(), End::Eof);
    let mut client = deaf();
    client.notify("exit", Value::Null);
    check("3 MB unread, exit", client.wait_for_end(), WITHOUT_SHUTDOWN);
}

#[test]
fn a_client_that_cannot_read_is_gone() {
    let mut client = Client::start_deaf(Options::default(), Value::Null);
    client.stop_listening();
    client.request(1, "toy/big", json!({ "bytes": 1 }));
    check("output closed", client.wait_for_end(), End::WriterDead);
}

#[test]
fn the_client_process_dies() {
    // Reads its input to the end, on every system.
    let mut editor = Command::new("sort").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let options = Options { parent_interval: Duration::from_millis(5), ..Options::default() };
    let mut client = Client::start_deaf(options, json!(editor.id()));
    client.listen();
    client.request(1, "toy/read", json!(null));
    assert_eq!(client.answer(1)["result"], json!([0, 0, 0]), "a live process changes nothing");
    editor.kill().unwrap();
    editor.wait().unwrap();
    check("the editor died, its pipe is open", client.wait_for_end(), End::Eof);
}

#[test]
fn a_process_that_is_not_here_is_not_watched() {
    let mut editor = Command::new("sort").stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    editor.wait().unwrap();
    let options = Options { parent_interval: Duration::from_millis(5), ..Options::default() };
    let mut client = Client::start_deaf(options, json!(editor.id()));
    client.listen();
    for id in 1..=100 {
        client.request(id, "toy/read", json!(null));
        assert_eq!(client.answer(id)["id"], id);
    }
    check("end of input", client.hang_up(), End::Eof);
}
