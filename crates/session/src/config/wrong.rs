//! What is wrong with a layer of settings, key by key.
//!
//! Must never decide what becomes of the layer.

use serde_json::{Value, json};

use super::Config;

/// One line per key that cannot be read, in the layer's order; empty for a layer that can.
pub(super) fn wrong_keys(layer: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let top = Place { alone: String::new(), shown: String::new(), put: &|value| value };
    look(layer, &top, &mut found);
    found.into_iter().map(|said| without_keys(layer, said)).collect()
}

/// Where a value stands in a layer.
struct Place<'a> {
    /// Its path in a layer that holds nothing else.
    alone: String,
    /// Its path in the layer as it was written.
    shown: String,
    /// The layer that holds nothing else.
    put: &'a dyn Fn(Value) -> Value,
}

/// Reads a value without those beside it: a parser stops at the first thing that is wrong.
fn look(value: &Value, place: &Place<'_>, found: &mut Vec<String>) {
    let Err(error) = serde_path_to_error::deserialize::<_, Config>(&(place.put)(value.clone())) else {
        return;
    };
    let n_before = found.len();
    match value {
        Value::Object(object) => {
            let name = |path: &str, key: &str| {
                if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
            };
            for (key, value) in object {
                let put = |value| (place.put)(json!({ key: value }));
                let (alone, shown) = (name(&place.alone, key), name(&place.shown, key));
                look(value, &Place { alone, shown, put: &put }, found);
            }
        }
        Value::Array(items) => {
            for (idx, value) in items.iter().enumerate() {
                let put = |value| (place.put)(json!([value]));
                let (alone, shown) = (format!("{}[0]", place.alone), format!("{}[{idx}]", place.shown));
                look(value, &Place { alone, shown, put: &put }, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    // An error further up is that something beside this value is missing here.
    let path = error.path().to_string();
    if let Some(rest) = path.strip_prefix(&place.alone).filter(|_| found.len() == n_before) {
        found.push(format!("{}{rest}: {}", place.shown, error.inner()));
    }
}

/// What is said of a layer, without those of its texts that may be keys: one was put where something else belongs.
fn without_keys(value: &Value, said: String) -> String {
    let hide = |said: String, text: &str| match model::may_be_key(text) {
        true => said.replace(&text.escape_debug().to_string(), "***").replace(text, "***"),
        false => said,
    };
    match value {
        Value::String(text) => hide(said, text),
        Value::Object(object) => {
            object.iter().fold(said, |said, (key, value)| without_keys(value, hide(said, key)))
        }
        Value::Array(items) => items.iter().fold(said, |said, item| without_keys(item, said)),
        Value::Null | Value::Bool(_) | Value::Number(_) => said,
    }
}
