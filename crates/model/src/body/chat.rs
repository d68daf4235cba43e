//! OpenAI chat completions.

use serde_json::{Map, Value, json};

use super::{Shape, members, system_turn, turn};
use crate::message::Request;

pub(super) fn body(shape: Shape<'_>, request: &Request) -> Map<String, Value> {
    let turns = system_turn(request).into_iter().chain(request.messages.iter().map(turn));
    members([
        ("model", Some(json!(shape.model))),
        (shape.dialect.output_limit(), Some(json!(request.max_output_tokens))),
        ("messages", Some(turns.collect())),
        ("temperature", shape.temperature(request).map(Value::from)),
        ("reasoning_effort", shape.effort(request).map(|effort| json!(effort.name()))),
        ("stream_options", shape.dialect.takes_stream_options().then(|| json!({ "include_usage": true }))),
    ])
}
