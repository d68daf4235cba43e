//! OpenAI responses. Nothing is kept by the provider: every request holds the whole conversation.

use serde_json::{Map, Value, json};

use super::{Shape, members, turn};
use crate::message::Request;

pub(super) fn body(shape: Shape<'_>, request: &Request) -> Map<String, Value> {
    members([
        ("model", Some(json!(shape.model))),
        ("max_output_tokens", Some(json!(request.max_output_tokens))),
        ("instructions", (!request.system.is_empty()).then(|| json!(request.system))),
        ("input", Some(request.messages.iter().map(turn).collect())),
        ("temperature", shape.temperature(request).map(Value::from)),
        ("reasoning", shape.effort(request).map(|effort| json!({ "effort": effort.name() }))),
        ("store", Some(json!(false))),
    ])
}
