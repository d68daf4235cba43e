//! `initialize` as clients really send it: only the parts that are read reach its typed form.
//!
//! The typed form refuses a message for one missing or misshapen part of it, and with `initialize` the whole client.
//! Owns the list of the parts that are read.

use serde_json::{Map, Value, json};
use tower_lsp::jsonrpc::Request;

use crate::client::{ACTION_KINDS, FLAGS};

/// The request, with an `initialize` cut down to what is read and well formed.
pub(crate) fn known_parts(request: Request) -> Request {
    if request.method() != "initialize" {
        return request;
    }
    let (method, id, params) = request.into_parts();
    let Some(params) = params.filter(Value::is_object) else {
        let built =
            Request::build(method).params(json!({ "processId": null, "rootUri": null, "capabilities": {} }));
        return finish(built, id);
    };
    finish(Request::build(method).params(parts(&params)), id)
}

fn finish(built: tower_lsp::jsonrpc::RequestBuilder, id: Option<tower_lsp::jsonrpc::Id>) -> Request {
    match id {
        Some(id) => built.id(id).finish(),
        None => built.finish(),
    }
}

fn parts(params: &Value) -> Value {
    let mut known = json!({
        "processId": params["processId"].as_i64().filter(|id| i32::try_from(*id).is_ok()),
        "rootUri": params["rootUri"].as_str(),
        "capabilities": capabilities(&params["capabilities"]),
    });
    if !params["initializationOptions"].is_null() {
        known["initializationOptions"] = params["initializationOptions"].clone();
    }
    if let Some(folders) = params["workspaceFolders"].as_array() {
        let folder = |folder: &Value| {
            let uri = folder["uri"].as_str()?;
            Some(json!({ "uri": uri, "name": folder["name"].as_str().unwrap_or(uri) }))
        };
        known["workspaceFolders"] = folders.iter().filter_map(folder).collect();
    }
    known
}

fn capabilities(sent: &Value) -> Value {
    let mut known = Value::Object(Map::new());
    for pointer in FLAGS {
        if let Some(value) = sent.pointer(pointer).filter(|value| value.is_boolean()) {
            put(&mut known, pointer, value.clone());
        }
    }
    for pointer in ["/general/positionEncodings", ACTION_KINDS] {
        if let Some(names) = sent.pointer(pointer).and_then(Value::as_array) {
            put(&mut known, pointer, names.iter().filter(|name| name.is_string()).cloned().collect());
        }
    }
    if sent.pointer("/workspace/textDocumentContent").is_some_and(Value::is_object) {
        put(&mut known, "/workspace/textDocumentContent", json!({}));
    }
    known
}

/// Sets the value at a pointer of objects, which are made where they are missing.
fn put(place: &mut Value, pointer: &str, value: Value) {
    let place = pointer.split('/').skip(1).fold(place, |place, key| &mut place[key]);
    *place = value;
}
