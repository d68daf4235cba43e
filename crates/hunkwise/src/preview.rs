//! What `hunkwise edit --dry-run` prints: a request as it would be sent.

use serde_json::{Value, json};
use session::Preview;

use crate::out;
use crate::shown::json_lines;

/// Prints a request for people.
pub(crate) fn print(preview: &Preview) {
    out::raw(&server::preview::document(preview));
}

/// Prints a request for programs: one JSON object.
pub(crate) fn print_json(preview: &Preview) {
    out::line(&json_of(preview).to_string());
}

fn json_of(preview: &Preview) -> Value {
    let shown = preview.shown.iter().map(|shown| {
        let mut lines = json_lines(&shown.path, &shown.lines, &shown.why);
        lines["tokens"] = json!(shown.tokens);
        lines
    });
    let messages = preview.request.messages.iter().map(|message| {
        let role = match message.role {
            model::Role::User => "user",
            model::Role::Assistant => "assistant",
        };
        json!({ "role": role, "text": message.text })
    });
    let dollars = |cost: Option<model::Dollars>| cost.map(model::Dollars::amount);
    json!({
        "sent": false,
        "model": preview.identity.model,
        "endpoint": preview.identity.endpoint,
        "protocol": preview.identity.via.name(),
        "system": preview.request.system,
        "messages": messages.collect::<Vec<_>>(),
        "shown": shown.collect::<Vec<_>>(),
        "hidden_secrets": preview.n_hidden,
        "tokens": preview.tokens,
        "context_tokens": preview.context_tokens,
        "max_output_tokens": preview.request.max_output_tokens,
        "prompt_cost": dollars(preview.prompt_cost),
        "most_cost": dollars(preview.most_cost),
    })
}
