//! Arguments of a call that come in pieces, each for one place in them (Vertex AI's `streamFunctionCallArguments`).
//!
//! A place is a JSON path of names and indexes (RFC 9535). Must never make room for more than what came.

use serde_json::{Map, Value};

use crate::error::Error;

/// Arguments of tools are not nested deeper.
const MAX_DEPTH: usize = 64;

/// Arguments so far.
#[derive(Debug)]
pub(super) struct Partial {
    value: Value,
    /// The place of a text that goes on.
    open: Option<String>,
}

impl Default for Partial {
    fn default() -> Partial {
        Partial { value: Value::Object(Map::new()), open: None }
    }
}

/// One step of a path.
enum Step {
    Name(String),
    Index(usize),
}

impl Partial {
    /// Adds a piece. Fails when it names no place that there can be.
    pub(super) fn add(&mut self, piece: &Value) -> Result<(), Error> {
        let path = piece.get("jsonPath").and_then(Value::as_str).unwrap_or_default();
        let value = ["stringValue", "numberValue", "boolValue"].iter().find_map(|name| piece.get(name));
        let value = value.cloned().unwrap_or(Value::Null);
        let steps = steps(path).ok_or_else(|| wrong(path))?;
        let place = place(&mut self.value, &steps).ok_or_else(|| wrong(path))?;
        match (place, value) {
            (Value::String(known), Value::String(more)) if self.open.as_deref() == Some(path) => {
                known.push_str(&more)
            }
            (place, value) => *place = value,
        }
        let goes_on = piece.get("willContinue").and_then(Value::as_bool).unwrap_or(false);
        self.open = goes_on.then(|| path.to_owned());
        Ok(())
    }

    /// All of them as JSON; nothing while a text goes on.
    pub(super) fn arguments(&self) -> String {
        if self.open.is_some() { String::new() } else { self.value.to_string() }
    }
}

/// The steps of `$.a[0]['b c']`; none when it is no such path.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if steps.len() == MAX_DEPTH {
            return None;
        }
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (name, behind) = after.split_at_checked(end)?;
            if name.is_empty() {
                return None;
            }
            steps.push(Step::Name(name.to_owned()));
            rest = behind;
            continue;
        }
        let after = rest.strip_prefix('[')?;
        let quote = after.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let (step, behind) = match quote {
            Some(quote) => {
                let (name, behind) = after.get(1..)?.split_once(quote)?;
                (Step::Name(name.to_owned()), behind.strip_prefix(']')?)
            }
            None => {
                let (index, behind) = after.split_once(']')?;
                (Step::Index(index.parse().ok()?), behind)
            }
        };
        steps.push(step);
        rest = behind;
    }
    (!steps.is_empty()).then_some(steps)
}

/// The value at a place, which is made where it is missing; an index goes at most one behind the last.
fn place<'a>(value: &'a mut Value, steps: &[Step]) -> Option<&'a mut Value> {
    let mut value = value;
    for step in steps {
        value = match step {
            Step::Name(name) => {
                if value.is_null() {
                    *value = Value::Object(Map::new());
                }
                value.as_object_mut()?.entry(name.as_str()).or_insert(Value::Null)
            }
            Step::Index(index) => {
                if value.is_null() {
                    *value = Value::Array(Vec::new());
                }
                let list = value.as_array_mut()?;
                if *index == list.len() {
                    list.push(Value::Null);
                }
                list.get_mut(*index)?
            }
        };
    }
    Some(value)
}

fn wrong(path: &str) -> Error {
    let path: String = path.chars().take(80).collect();
    Error::Protocol { message: format!("a piece of a tool call names no place in its arguments: `{path}`") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(pieces: &[Value], expect: &str) {
        let mut partial = Partial::default();
        let added = pieces.iter().try_for_each(|piece| partial.add(piece));
        let shown = added.map_or_else(|error| error.to_string(), |()| partial.arguments());
        assert_eq!(shown, expect);
    }

    #[test]
    fn pieces_are_put_together() {
        check(&[], "{}");
        check(
            &[
                json!({ "jsonPath": "$.at", "stringValue": "New ", "willContinue": true }),
                json!({ "jsonPath": "$.at", "stringValue": "Delhi" }),
                json!({ "jsonPath": "$['a b'].list[0]", "numberValue": 1 }),
                json!({ "jsonPath": "$['a b'].list[1].is", "boolValue": true }),
                json!({ "jsonPath": "$.none", "nullValue": "NULL_VALUE" }),
            ],
            r#"{"a b":{"list":[1,{"is":true}]},"at":"New Delhi","none":null}"#,
        );
        check(&[json!({ "jsonPath": "$.at", "stringValue": "New ", "willContinue": true })], "");
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for path in
            ["", "$", "at", "$.", "$..a", "$[1]", "$.a[9999999999]", "$.a[", "$.a['b", "$[*]", "$.a[-1]"]
        {
            let said = format!(
                "the answer does not follow the protocol: a piece of a tool call names no place in its arguments: `{path}`"
            );
            check(&[json!({ "jsonPath": path, "stringValue": "x" })], &said);
        }
        let deep = format!("${}", ".a".repeat(MAX_DEPTH + 1));
        assert!(steps(&deep).is_none());
    }
}
