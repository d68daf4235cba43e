//! Reads a message out of a frame's body.
//!
//! Owns what is forgiven: absent and `null` fields, half surrogates. Must never act on a message.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};

use super::frame::{Fault, Frame};

/// Methods without parameters; some clients send an object or `null` all the same.
const WITHOUT_PARAMS: [&str; 2] = ["shutdown", "exit"];

/// What the client sent.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A request or a notification.
    Call(Request),
    /// The answer to one of the server's requests.
    Answer(Response),
    /// Something that is none of these, with the error to send back.
    Refused(Response),
    /// The client's complaint about a message of the server's. An answer could be complained about again.
    Complaint(String),
}

impl Incoming {
    /// Reads one frame; `max_body` is the limit that the frame reader applied.
    pub(super) fn read(frame: Frame, max_body: usize) -> Incoming {
        match frame {
            Frame::Body(body) => read_body(&body),
            Frame::Fault(Fault::NoLength) => {
                refuse(Id::Null, ErrorCode::ParseError, "expected a header with a Content-Length".to_owned())
            }
            Frame::Fault(Fault::TooLong { n_bytes }) => refuse(
                Id::Null,
                ErrorCode::InvalidRequest,
                format!("a message of {n_bytes} bytes is over the limit of {max_body}"),
            ),
        }
    }
}

/// All fields that a message of any sort may have, as loose as JSON allows: a field of the wrong type must not cost
/// the id, without which the client cannot be answered.
#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Fields {
    #[serde(default)]
    jsonrpc: Value,
    id: Option<Value>,
    method: Option<Value>,
    #[serde(default, deserialize_with = "even_null")]
    params: Option<Value>,
    result: Option<Value>,
    error: Option<Value>,
}

fn even_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn read_body(body: &[u8]) -> Incoming {
    if body.trim_ascii_start().starts_with(b"[") {
        return refuse(
            Id::Null,
            ErrorCode::InvalidRequest,
            "a batch is not part of the protocol; send its messages one by one".to_owned(),
        );
    }
    let fields = serde_json::from_slice(body).or_else(|error: serde_json::Error| {
        // serde_json refuses half a surrogate pair, and with it a whole change to a document.
        whole_surrogates(body).map_or(Err(error), |body| serde_json::from_slice(&body))
    });
    match fields {
        Ok(fields) => read_fields(fields),
        Err(error) if error.is_data() => {
            refuse(Id::Null, ErrorCode::InvalidRequest, format!("read a message: {error}"))
        }
        Err(error) => refuse(Id::Null, ErrorCode::ParseError, format!("read a message: {error}")),
    }
}

fn read_fields(fields: Fields) -> Incoming {
    // `null` for an absent id is what some JSON libraries make of it.
    let id = match fields.id.map(read_id) {
        None => None,
        Some(Some(id)) => Some(id),
        Some(None) => {
            let message = "expected an id that is a number or a string".to_owned();
            return refuse(Id::Null, ErrorCode::InvalidRequest, message);
        }
    };
    let wrong = |id: Option<Id>, what: &str| {
        refuse(id.unwrap_or(Id::Null), ErrorCode::InvalidRequest, format!("expected {what}"))
    };
    match (fields.method, id) {
        (Some(_), id) if fields.jsonrpc != "2.0" => wrong(id, "\"jsonrpc\": \"2.0\""),
        (Some(Value::String(method)), id) => {
            let params = fields.params.filter(|_| !WITHOUT_PARAMS.contains(&method.as_str()));
            if !matches!(params, None | Some(Value::Null | Value::Array(_) | Value::Object(_))) {
                return wrong(id, "params that are an object");
            }
            Incoming::Call(request(method, id, params))
        }
        (Some(_), id) => wrong(id, "a method that is a string"),
        (None, Some(id)) => Incoming::Answer(match fields.error {
            Some(error) => Response::from_error(id, read_error(error)),
            // A result of `null` is left out by clients whose language has no null in tables.
            None => Response::from_ok(id, fields.result.unwrap_or_default()),
        }),
        (None, None) => match fields.error {
            Some(error) => Incoming::Complaint(error.to_string()),
            None => wrong(None, "a method or an id"),
        },
    }
}

fn read_id(value: Value) -> Option<Id> {
    match value {
        Value::String(text) => Some(Id::String(text)),
        Value::Number(number) => number.as_i64().map(Id::Number),
        _ => None,
    }
}

fn read_error(value: Value) -> Error {
    let code = value.get("code").and_then(Value::as_i64).map_or(ErrorCode::InternalError, ErrorCode::from);
    let message = match value.get("message").and_then(Value::as_str) {
        Some(message) => message.to_owned(),
        None => value.to_string(),
    };
    Error { code, message: message.into(), data: value.get("data").cloned() }
}

fn request(method: String, id: Option<Id>, params: Option<Value>) -> Request {
    let mut request = Request::build(method);
    if let Some(params) = params {
        request = request.params(params);
    }
    if let Some(id) = id {
        request = request.id(id);
    }
    request.finish()
}

fn refuse(id: Id, code: ErrorCode, message: String) -> Incoming {
    Incoming::Refused(Response::from_error(id, Error { code, message: message.into(), data: None }))
}

/// `body` with U+FFFD for every half of a surrogate pair that stands alone; none when there is no such half. Both
/// count as one UTF-16 unit, so positions stay what they were.
fn whole_surrogates(body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    let mut rest = body;
    let mut has_half = false;
    while let Some(&byte) = rest.first() {
        let n_bytes = match (byte, unit(rest)) {
            (_, Some(0xD800..=0xDBFF)) if matches!(rest.get(6..).and_then(unit), Some(0xDC00..=0xDFFF)) => 12,
            (_, Some(0xD800..=0xDFFF)) => {
                has_half = true;
                whole.extend_from_slice(b"\\ufffd");
                rest = rest.get(6..).unwrap_or_default();
                continue;
            }
            (b'\\', _) => 2,
            _ => 1,
        };
        let (now, later) = rest.split_at_checked(n_bytes).unwrap_or((rest, &[]));
        whole.extend_from_slice(now);
        rest = later;
    }
    has_half.then_some(whole)
}

/// The UTF-16 unit of an escape that `text` begins with.
fn unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(body: &str, expect: Expect) {
        let found = match Incoming::read(Frame::Body(body.as_bytes().to_vec()), 100) {
            Incoming::Call(request) => format!("call {request}"),
            Incoming::Answer(response) => format!("answer {}", serde_json::to_string(&response).unwrap()),
            Incoming::Refused(response) => format!("refused {}", serde_json::to_string(&response).unwrap()),
            Incoming::Complaint(error) => format!("complaint {error}"),
        };
        expect.assert_eq(&found);
    }

    #[test]
    fn a_method_makes_a_call() {
        check(
            r#"{"jsonrpc":"2.0","id":1,"method":"a","params":{"b":2}}"#,
            expect![[r#"call {"jsonrpc":"2.0","method":"a","params":{"b":2},"id":1}"#]],
        );
        check(
            r#"{"jsonrpc":"2.0","id":"x","method":"a"}"#,
            expect![[r#"call {"jsonrpc":"2.0","method":"a","id":"x"}"#]],
        );
        check(
            r#"{"method":"a","params":[1],"jsonrpc":"2.0"}"#,
            expect![[r#"call {"jsonrpc":"2.0","method":"a","params":[1]}"#]],
        );
        check(
            r#"{"jsonrpc":"2.0","id":null,"method":"a","params":null}"#,
            expect![[r#"call {"jsonrpc":"2.0","method":"a","params":null}"#]],
        );
    }

    #[test]
    fn shutdown_and_exit_take_any_params() {
        check(
            r#"{"jsonrpc":"2.0","id":1,"method":"shutdown","params":null}"#,
            expect![[r#"call {"jsonrpc":"2.0","method":"shutdown","id":1}"#]],
        );
        check(
            r#"{"jsonrpc":"2.0","id":1,"method":"shutdown","params":{}}"#,
            expect![[r#"call {"jsonrpc":"2.0","method":"shutdown","id":1}"#]],
        );
        check(
            r#"{"jsonrpc":"2.0","method":"exit","params":7}"#,
            expect![[r#"call {"jsonrpc":"2.0","method":"exit"}"#]],
        );
    }

    #[test]
    fn an_id_alone_makes_an_answer() {
        check(
            r#"{"jsonrpc":"2.0","id":1,"result":{"applied":true}}"#,
            expect![[r#"answer {"jsonrpc":"2.0","result":{"applied":true},"id":1}"#]],
        );
        check(
            r#"{"jsonrpc":"2.0","id":1,"result":null,"error":null}"#,
            expect![[r#"answer {"jsonrpc":"2.0","result":null,"id":1}"#]],
        );
        check(r#"{"jsonrpc":"2.0","id":1}"#, expect![[r#"answer {"jsonrpc":"2.0","result":null,"id":1}"#]]);
        check(
            r#"{"id":1,"result":null,"error":{"code":-1,"message":"no","more":1,"data":2}}"#,
            expect![[r#"answer {"jsonrpc":"2.0","error":{"code":-1,"message":"no","data":2},"id":1}"#]],
        );
        check(
            r#"{"id":1,"error":"no"}"#,
            expect![[r#"answer {"jsonrpc":"2.0","error":{"code":-32603,"message":"\"no\""},"id":1}"#]],
        );
    }

    #[test]
    fn what_is_no_message_is_refused_with_the_id_where_there_is_one() {
        check(
            r#"{"jsonrpc":"1.0","id":1,"method":"a"}"#,
            expect![[
                r#"refused {"jsonrpc":"2.0","error":{"code":-32600,"message":"expected \"jsonrpc\": \"2.0\""},"id":1}"#
            ]],
        );
        check(
            r#"{"id":1,"method":"a"}"#,
            expect![[
                r#"refused {"jsonrpc":"2.0","error":{"code":-32600,"message":"expected \"jsonrpc\": \"2.0\""},"id":1}"#
            ]],
        );
        check(
            r#"{"jsonrpc":"2.0","id":1,"method":5}"#,
            expect![[
                r#"refused {"jsonrpc":"2.0","error":{"code":-32600,"message":"expected a method that is a string"},"id":1}"#
            ]],
        );
        check(
            r#"{"jsonrpc":"2.0","id":1,"method":"a","params":5}"#,
            expect![[
                r#"refused {"jsonrpc":"2.0","error":{"code":-32600,"message":"expected params that are an object"},"id":1}"#
            ]],
        );
        check(
            r#"{"jsonrpc":"2.0","id":[1],"method":"a"}"#,
            expect![[
                r#"refused {"jsonrpc":"2.0","error":{"code":-32600,"message":"expected an id that is a number or a string"},"id":null}"#
            ]],
        );
        check(
            r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"a"}"#,
            expect![[
                r#"refused {"jsonrpc":"2.0","error":{"code":-32600,"message":"read a message: duplicate field `id` at line 1 column 28"},"id":null}"#
            ]],
        );
        check(
            r#"{"jsonrpc":"2.0"}"#,
            expect![[
                r#"refused {"jsonrpc":"2.0","error":{"code":-32600,"message":"expected a method or an id"},"id":null}"#
            ]],
        );
        check(
            "7",
            expect![[
                r#"refused {"jsonrpc":"2.0","error":{"code":-32600,"message":"read a message: invalid type: integer `7`, expected an object at line 1 column 1"},"id":null}"#
            ]],
        );
        check(
            "",
            expect![[
                r#"refused {"jsonrpc":"2.0","error":{"code":-32700,"message":"read a message: EOF while parsing a value at line 1 column 0"},"id":null}"#
            ]],
        );
        check(
            r#"{"jsonrpc":"2.0","id":1,"#,
            expect![[
                r#"refused {"jsonrpc":"2.0","error":{"code":-32700,"message":"read a message: EOF while parsing a value at line 1 column 24"},"id":null}"#
            ]],
        );
        let deep = format!("{}1{}", r#"{"params":"#.repeat(500), "}".repeat(500));
        check(
            &deep,
            expect![[
                r#"refused {"jsonrpc":"2.0","error":{"code":-32700,"message":"read a message: recursion limit exceeded at line 1 column 1271"},"id":null}"#
            ]],
        );
    }

    #[test]
    fn a_batch_is_refused_as_a_whole() {
        check(
            r#" [{"jsonrpc":"2.0","id":1,"method":"a"}]"#,
            expect![[
                r#"refused {"jsonrpc":"2.0","error":{"code":-32600,"message":"a batch is not part of the protocol; send its messages one by one"},"id":null}"#
            ]],
        );
    }

    #[test]
    fn a_complaint_is_not_answered() {
        check(
            r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"what?"}}"#,
            expect![[r#"complaint {"code":-32700,"message":"what?"}"#]],
        );
    }

    #[test]
    fn half_a_surrogate_pair_does_not_cost_the_message() {
        check(
            r#"{"jsonrpc":"2.0","method":"a","params":["x\ud83dy","\\ud83d","\ud83d\ude00","\ude00"]}"#,
            expect![[r#"call {"jsonrpc":"2.0","method":"a","params":["x�y","\\ud83d","😀","�"]}"#]],
        );
        check(
            r#"{"jsonrpc":"2.0","method":"a","params":["\ud83d\ud83d\ude00\ud8"]}"#,
            expect![[
                r#"refused {"jsonrpc":"2.0","error":{"code":-32700,"message":"read a message: invalid escape at line 1 column 65"},"id":null}"#
            ]],
        );
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_refused() {
        let body = b"{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":[\"\xff\"]}".to_vec();
        assert!(matches!(Incoming::read(Frame::Body(body), 100), Incoming::Refused(_)));
    }
}
