//! Input that is not the protocol.

use expect_test::{Expect, expect};
use serde_json::json;
use server::transport::Options;

use crate::client::{Client, frame};

/// Sends `bytes`, then a request with the id 99: what comes back, one message per line.
#[track_caller]
fn check(bytes: &[u8], expect: Expect) {
    let mut client = Client::start(Options { max_message_bytes: 1_000, ..Options::default() });
    client.raw(bytes);
    client.request(99, "toy/read", json!(null));
    let mut found = String::new();
    loop {
        let message = client.next();
        found += &format!("{message}\n");
        if message["id"] == 99 {
            break;
        }
    }
    expect.assert_eq(&found);
}

/// A change to version 1, so that the answer to request 99 shows whether it was understood.
fn change() -> String {
    let document = json!({ "uri": "file:///a", "version": 1 });
    json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": { "textDocument": document } })
        .to_string()
}

#[test]
fn headers_in_any_form() {
    let body = change();
    let length = body.len();
    check(
        format!("content-length:{length}\n\n{body}").as_bytes(),
        expect![[r#"
        {"id":99,"jsonrpc":"2.0","result":[1,1,0]}
    "#]],
    );
    let type_ = "Content-Type: application/vscode-jsonrpc; charset=utf-8";
    check(
        format!("{type_}\r\nCONTENT-LENGTH: {length}\r\nX-A: b\r\n\r\n{body}").as_bytes(),
        expect![[r#"
        {"id":99,"jsonrpc":"2.0","result":[1,1,0]}
    "#]],
    );
    check(
        format!("\r\n\r\nContent-Length:   {length}  \r\n\r\n{body}\r\n").as_bytes(),
        expect![[r#"
        {"id":99,"jsonrpc":"2.0","result":[1,1,0]}
    "#]],
    );
}

#[test]
fn garbage_between_frames() {
    check(
        &[b"a log line that went astray\n", &*frame(&change())].concat(),
        expect![[r#"
        {"id":99,"jsonrpc":"2.0","result":[1,1,0]}
    "#]],
    );
    check(
        &[b"\xff\xfe\0\0", &*frame(&change())].concat(),
        expect![[r#"
        {"id":99,"jsonrpc":"2.0","result":[1,1,0]}
    "#]],
    );
    check(
        &[b"no header\r\n\r\n", &*frame(&change())].concat(),
        expect![[r#"
        {"error":{"code":-32700,"message":"expected a header with a Content-Length"},"id":null,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[1,1,0]}
    "#]],
    );
    check(
        &[b"Content-Length: many\r\n\r\n", &*frame(&change())].concat(),
        expect![[r#"
        {"error":{"code":-32700,"message":"expected a header with a Content-Length"},"id":null,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[1,1,0]}
    "#]],
    );
    check(
        &[&*"x".repeat(100_000).into_bytes(), b"\n", &*frame(&change())].concat(),
        expect![[r#"
        {"id":99,"jsonrpc":"2.0","result":[1,1,0]}
    "#]],
    );
}

#[test]
fn a_length_that_is_too_small() {
    let body = change();
    check(
        format!("Content-Length: {}\r\n\r\n{body}", body.len() - 5).as_bytes(),
        expect![[r#"
        {"error":{"code":-32700,"message":"read a message: EOF while parsing an object at line 1 column 104"},"id":null,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
}

#[test]
fn a_message_that_is_too_long() {
    let text = "Content-Length: 2\\r\\n\\r\\n{}".repeat(100);
    let body = format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy/read\",\"params\":[\"{text}\"]}}");
    check(
        &[frame(&body), frame(&change())].concat(),
        expect![[r#"
        {"error":{"code":-32600,"message":"a message of 2758 bytes is over the limit of 1000"},"id":null,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[1,1,0]}
    "#]],
    );
    check(
        &[&b"Content-Length: 99999999999\r\n\r\n{}"[..], &frame(&change())].concat(),
        expect![[r#"
        {"error":{"code":-32600,"message":"a message of 99999999999 bytes is over the limit of 1000"},"id":null,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[1,1,0]}
    "#]],
    );
}

#[test]
fn bodies_that_are_no_json() {
    check(
        &frame("{\"jsonrpc\":"),
        expect![[r#"
        {"error":{"code":-32700,"message":"read a message: EOF while parsing a value at line 1 column 11"},"id":null,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
    check(
        &frame("not json at all"),
        expect![[r#"
        {"error":{"code":-32700,"message":"read a message: expected ident at line 1 column 2"},"id":null,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
    check(
        &frame(""),
        expect![[r#"
        {"error":{"code":-32700,"message":"read a message: EOF while parsing a value at line 1 column 0"},"id":null,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
    check(
        &frame("{\"a\":\"\u{1}\"}"),
        expect![[r#"
        {"error":{"code":-32700,"message":"read a message: control character (\\u0000-\\u001F) found while parsing a string at line 1 column 6"},"id":null,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
}

#[test]
fn json_that_is_no_message() {
    check(
        &frame("[]"),
        expect![[r#"
        {"error":{"code":-32600,"message":"a batch is not part of the protocol; send its messages one by one"},"id":null,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
    check(
        &frame(&format!("[{},{}]", change(), change())),
        expect![[r#"
        {"error":{"code":-32600,"message":"a batch is not part of the protocol; send its messages one by one"},"id":null,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
    check(
        &frame("5"),
        expect![[r#"
            {"error":{"code":-32600,"message":"read a message: invalid type: integer `5`, expected an object at line 1 column 1"},"id":null,"jsonrpc":"2.0"}
            {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
        "#]],
    );
    check(
        &frame("{}"),
        expect![[r#"
        {"error":{"code":-32600,"message":"expected a method or an id"},"id":null,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
    check(
        &frame(r#"{"jsonrpc":"2.0","id":5,"method":7}"#),
        expect![[r#"
        {"error":{"code":-32600,"message":"expected a method that is a string"},"id":5,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
    check(
        &frame(r#"{"jsonrpc":"2.0","id":{},"method":"toy/read"}"#),
        expect![[r#"
        {"error":{"code":-32600,"message":"expected an id that is a number or a string"},"id":null,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
    check(
        &frame(r#"{"id":5,"method":"toy/read"}"#),
        expect![[r#"
        {"error":{"code":-32600,"message":"expected \"jsonrpc\": \"2.0\""},"id":5,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
}

#[test]
fn messages_that_mean_nothing_here() {
    check(
        &frame(r#"{"jsonrpc":"2.0","id":5,"method":"no/such"}"#),
        expect![[r#"
        {"error":{"code":-32601,"data":"no/such","message":"Method not found"},"id":5,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
    check(
        &frame(r#"{"jsonrpc":"2.0","method":"no/such"}"#),
        expect![[r#"
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
    check(
        &frame(r#"{"jsonrpc":"2.0","id":5,"method":"$/noSuch"}"#),
        expect![[r#"
            {"error":{"code":-32601,"message":"Method not found"},"id":5,"jsonrpc":"2.0"}
            {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
        "#]],
    );
    check(
        &frame(r#"{"jsonrpc":"2.0","id":5,"method":"toy/ask"}"#),
        expect![[r#"
        {"error":{"code":-32602,"message":"Missing params field"},"id":5,"jsonrpc":"2.0"}
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
    check(
        &frame(r#"{"jsonrpc":"2.0","id":5,"method":"initialize","params":{"capabilities":{}}}"#),
        expect![[r#"
            {"error":{"code":-32600,"message":"Invalid request"},"id":5,"jsonrpc":"2.0"}
            {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
        "#]],
    );
}

#[test]
fn answers_that_nobody_waits_for() {
    check(
        &frame(r#"{"jsonrpc":"2.0","id":12345,"result":null}"#),
        expect![[r#"
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
    check(
        &frame(r#"{"jsonrpc":"2.0","id":"x","error":{"code":1,"message":"no"}}"#),
        expect![[r#"
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
    check(
        &frame(r#"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"no"}}"#),
        expect![[r#"
        {"id":99,"jsonrpc":"2.0","result":[0,0,0]}
    "#]],
    );
}

#[test]
fn half_a_character() {
    let body = change().replace("file:///a", "file:///\\ud83d");
    check(
        &frame(&body),
        expect![[r#"
        {"id":99,"jsonrpc":"2.0","result":[1,1,0]}
    "#]],
    );
}
