//! Bodies of requests, one shape per wire format.
//!
//! Must never ask a server to cut a prompt: what does not fit is refused.

mod anthropic;
mod chat;
mod dialect;
mod gemini;
mod infill;
mod ollama;
mod responses;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

pub(crate) use dialect::Dialect;
pub(crate) use infill::infill_body;

use crate::message::{Message, Request, Role};
use crate::protocol::Protocol;
use crate::settings::{Effort, Settings};

/// What shapes the bodies of one provider besides the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape<'a> {
    pub(crate) protocol: Protocol,
    pub(crate) model: &'a str,
    pub(crate) dialect: Dialect,
    pub(crate) settings: &'a Settings,
}

impl Shape<'_> {
    fn temperature(&self, request: &Request) -> Option<f64> {
        self.dialect.temperature(request.temperature)
    }

    fn effort(&self, request: &Request) -> Option<Effort> {
        self.dialect.effort(request.effort.or(self.settings.effort))
    }
}

/// The body of a call. Members of the settings' `extra_body` win over ours, except that the answer always streams.
pub(crate) fn body(shape: Shape<'_>, request: &Request) -> Value {
    let mut body = match shape.protocol {
        Protocol::AnthropicMessages => anthropic::body(shape, request),
        Protocol::OpenaiChat => chat::body(shape, request),
        Protocol::OpenaiResponses => responses::body(shape, request),
        Protocol::Gemini => gemini::body(shape, request),
        Protocol::Ollama => ollama::body(shape, request),
    };
    merge(&mut body, &shape.settings.extra_body);
    match shape.protocol {
        // The address says it.
        Protocol::Gemini => {}
        Protocol::AnthropicMessages | Protocol::OpenaiChat | Protocol::OpenaiResponses | Protocol::Ollama => {
            body.insert("stream".to_owned(), Value::Bool(true));
        }
    }
    Value::Object(body)
}

/// Puts members in; objects are joined, so that one option does not take away the others.
fn merge(into: &mut Map<String, Value>, extra: &Map<String, Value>) {
    for (name, value) in extra {
        match (into.get_mut(name), value) {
            (Some(Value::Object(known)), Value::Object(more)) => merge(known, more),
            _ => {
                into.insert(name.clone(), value.clone());
            }
        }
    }
}

/// A turn as most wire formats have it.
fn turn(message: &Message) -> Value {
    let role = match message.role {
        Role::User => "user",
        Role::Assistant => "assistant",
    };
    json!({ "role": role, "content": message.text })
}

/// The instructions as a turn, where there are any.
fn system_turn(request: &Request) -> Option<Value> {
    (!request.system.is_empty()).then(|| json!({ "role": "system", "content": request.system }))
}

/// An object's members, those that are there.
fn members<const N: usize>(members: [(&str, Option<Value>); N]) -> Map<String, Value> {
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
