//! Many requests in flight, and handlers that wait for the client.

use std::time::Instant;

use serde_json::{Value, json};
use server::transport::Options;

use crate::client::Client;

#[test]
fn requests_that_wait_hold_up_nothing() {
    let n_waiting = 250;
    let mut client = Client::start(Options::default());
    for id in 1..=n_waiting {
        client.request(id, "toy/wait", json!(null));
    }

    let begin = Instant::now();
    client.notify("$/cancelRequest", json!({ "id": 7 }));
    assert_eq!(client.next()["error"]["code"], -32800);
    let cancel = begin.elapsed();

    let begin = Instant::now();
    client.change(1);
    client.request(1_000, "toy/read", json!(null));
    assert_eq!(client.next(), json!({ "jsonrpc": "2.0", "id": 1_000, "result": [1, 1, 0] }));
    let change = begin.elapsed();

    client.notify("toy/open", json!(null));
    let mut answered: Vec<i64> = (1..n_waiting)
        .map(|_| {
            let answer = client.next();
            assert_eq!(answer["result"], "open");
            answer["id"].as_i64().unwrap()
        })
        .collect();
    answered.sort_unstable();
    assert_eq!(answered, (1..=n_waiting).filter(|id| *id != 7).collect::<Vec<_>>());
    eprintln!("with {n_waiting} in flight: cancel {cancel:?}, change and read {change:?}");
}

#[test]
fn requests_over_the_limit_are_refused_until_there_is_room() {
    let mut client = Client::start(Options { max_in_flight: 3, ..Options::default() });
    for id in 1..=4 {
        client.request(id, "toy/wait", json!(null));
    }
    let refused = client.next();
    assert_eq!((&refused["id"], &refused["error"]["code"]), (&json!(4), &json!(-32803)));
    let message = "3 requests are in flight; send this one again when some are answered";
    assert_eq!(refused["error"]["message"], message);

    client.change(1);
    client.notify("$/cancelRequest", json!({ "id": 1 }));
    assert_eq!(client.next()["error"]["code"], -32800);
    client.request(5, "toy/read", json!(null));
    assert_eq!(client.next()["result"], json!([1, 1, 0]), "notifications are never refused");

    client.request(6, "toy/wait", json!(null));
    client.request(7, "shutdown", json!(null));
    assert_eq!(client.next(), json!({ "jsonrpc": "2.0", "id": 7, "result": null }), "nor is shutdown");
}

#[test]
fn handlers_that_wait_for_the_client_are_all_answered() {
    let n_asked = 2_000;
    let mut client = Client::start(Options { max_in_flight: n_asked, ..Options::default() });
    for id in 0..n_asked {
        client.request(i64::try_from(id).unwrap(), "toy/ask", json!({ "question": [id] }));
    }
    let questions: Vec<Value> = (0..n_asked).map(|_| client.next()).collect();
    client.change(1);
    for question in questions.iter().rev() {
        assert_eq!(question["method"], "toy/question");
        client.send(&json!({ "jsonrpc": "2.0", "id": question["id"], "result": question["params"] }));
    }
    let mut answers: Vec<Value> = (0..n_asked).map(|_| client.next()).collect();
    answers.sort_by_key(|answer| answer["id"].as_i64());
    for (id, answer) in answers.iter().enumerate() {
        assert_eq!(*answer, json!({ "jsonrpc": "2.0", "id": id, "result": [id] }));
    }
    eprintln!("counts: handlers that waited for the client {n_asked}");
}

#[test]
fn a_client_that_never_answers_costs_one_error() {
    let mut client = Client::start(Options::default());
    client.request(1, "toy/ask", json!({ "question": [], "limitMs": 5 }));
    let question = client.next();
    let answer = client.answer(1);
    assert_eq!(answer["error"]["code"], -32803);
    assert_eq!(answer["error"]["message"], "the client did not answer within 5ms");

    client.send(&json!({ "jsonrpc": "2.0", "id": question["id"], "result": "late" }));
    client.request(2, "toy/read", json!(null));
    assert_eq!(client.next()["id"], 2, "a late answer is nobody's");
}

#[test]
fn an_error_of_the_client_reaches_the_handler() {
    let mut client = Client::start(Options::default());
    client.request(1, "toy/ask", json!({ "question": [] }));
    let error = json!({ "code": -32601, "message": "no such method", "extra": true });
    let id = client.next()["id"].clone();
    client.send(&json!({ "jsonrpc": "2.0", "id": id, "error": error }));
    assert_eq!(client.next()["error"], json!({ "code": -32601, "message": "no such method" }));
}

#[test]
fn a_client_that_reads_late_gets_everything() {
    let (n_requests, n_bytes) = (200, 100_000);
    let mut client = Client::start_deaf(Options::default(), Value::Null);
    for id in 1..=n_requests {
        client.request(id, "toy/big", json!({ "bytes": n_bytes }));
    }
    client.change(1);
    client.request(1_000, "toy/read", json!(null));
    client.listen();
    assert_eq!(client.answer(1_000)["result"], json!([1, 1, 0]));
    for id in 0..=n_requests {
        assert_eq!(client.answer(id)["id"], id);
    }
}
