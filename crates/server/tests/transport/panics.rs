//! A handler that panics costs its own answer and nothing else.

use serde_json::json;
use server::transport::{End, Options};

use crate::client::Client;

#[test]
fn a_request_that_panics_is_answered_with_an_error() {
    let mut client = Client::start(Options { max_in_flight: 1, ..Options::default() });
    for (id, is_late) in [(1, false), (2, true), (3, false), (4, true)] {
        client.request(id, "toy/panic", json!({ "late": is_late }));
        let error = json!({ "code": -32603, "message": "toy/panic failed inside the server; the server goes on, its log says more" });
        assert_eq!(client.next(), json!({ "jsonrpc": "2.0", "id": id, "error": error }));
    }
}

#[test]
fn a_notification_that_panics_is_only_logged() {
    let mut client = Client::start(Options::default());
    client.notify("toy/panicTold", json!({ "late": false }));
    client.notify("toy/panicTold", json!({ "late": true }));
    client.change(1);
    client.request(1, "toy/read", json!(null));
    assert_eq!(client.next()["result"], json!([1, 1, 0]));
    let (end, _) = client.hang_up();
    assert_eq!(end, End::Eof);
}

#[test]
fn other_requests_outlive_a_panic() {
    let mut client = Client::start(Options::default());
    client.request(1, "toy/wait", json!(null));
    client.request(2, "toy/panic", json!({ "late": true }));
    assert_eq!(client.next()["error"]["code"], -32603);
    client.notify("toy/open", json!(null));
    assert_eq!(client.next()["result"], "open");
}
