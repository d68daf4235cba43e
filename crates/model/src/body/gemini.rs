//! Gemini's `generateContent`. The model stands in the address, the key in a header.

use serde_json::{Map, Value, json};

use super::{Shape, members};
use crate::message::{Request, Role};
use crate::settings::Effort;

pub(super) fn body(shape: Shape<'_>, request: &Request) -> Map<String, Value> {
    let contents = request.messages.iter().map(|message| {
        let role = match message.role {
            Role::User => "user",
            Role::Assistant => "model",
        };
        json!({ "role": role, "parts": [{ "text": message.text }] })
    });
    let config = members([
        ("maxOutputTokens", Some(json!(request.max_output_tokens))),
        ("temperature", shape.temperature(request).map(Value::from)),
        ("thinkingConfig", shape.effort(request).map(|effort| thinking(shape.model, effort))),
    ]);
    members([
        (
            "systemInstruction",
            (!request.system.is_empty()).then(|| json!({ "parts": [{ "text": request.system }] })),
        ),
        ("contents", Some(contents.collect())),
        ("generationConfig", Some(Value::Object(config))),
    ])
}

/// Models up to 2.5 take a number of tokens, later ones a level. The numbers lie within what every 2.5 model takes.
fn thinking(model: &str, effort: Effort) -> Value {
    let name = model.rsplit('/').next().unwrap_or(model);
    if name.starts_with("gemini-2") {
        let tokens = match effort {
            Effort::Minimal => 512,
            Effort::Low => 1_024,
            Effort::Medium => 8_192,
            Effort::High | Effort::Max => 24_576,
        };
        return json!({ "thinkingBudget": tokens });
    }
    let level = match effort {
        Effort::Minimal | Effort::Low => "LOW",
        Effort::Medium => "MEDIUM",
        Effort::High | Effort::Max => "HIGH",
    };
    json!({ "thinkingLevel": level })
}
