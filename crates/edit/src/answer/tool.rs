//! Edits as JSON, the arguments of an edit tool: some providers force them, and some models answer so unasked.

use serde_json::Value;

use super::Block;

const SEARCH: [&str; 6] = ["search", "old_string", "old_str", "oldText", "old_text", "old"];
const REPLACE: [&str; 6] = ["replace", "new_string", "new_str", "newText", "new_text", "new"];
const LISTS: [&str; 3] = ["edits", "changes", "replacements"];
const TEXTS: [&str; 3] = ["new_scope", "rewrite", "code"];
/// Keys under which tools wrap their arguments.
const WRAPPERS: [&str; 4] = ["arguments", "input", "parameters", "args"];

/// The block that `text` means, if it is JSON with the keys of an edit tool and nothing else in it.
pub(super) fn edits(text: &str) -> Option<Block> {
    let text = text.trim();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    read(&serde_json::from_str(text).ok()?)
}

fn read(value: &Value) -> Option<Block> {
    if let Value::Array(items) = value {
        let blocks: Option<Vec<Block>> = items.iter().map(change).collect();
        return blocks.filter(|blocks| !blocks.is_empty()).map(|blocks| Block::Several { blocks });
    }
    let object = value.as_object()?;
    if let Some(list) = LISTS.iter().find_map(|key| object.get(*key)).filter(|list| list.is_array()) {
        return read(list);
    }
    if let Some(block) = change(value) {
        return Some(block);
    }
    if let Some(text) = TEXTS.iter().find_map(|key| object.get(*key)).and_then(Value::as_str) {
        return Some(Block::Rewrite { text: text.to_owned() });
    }
    let inner = WRAPPERS.iter().find_map(|key| object.get(*key))?;
    match inner {
        // Some providers give the arguments as a string of JSON.
        Value::String(text) => edits(text),
        inner => read(inner),
    }
}

fn change(value: &Value) -> Option<Block> {
    let object = value.as_object()?;
    let text = |keys: &[&str]| keys.iter().find_map(|key| object.get(*key)).and_then(Value::as_str);
    let (search, replace) = (text(&SEARCH)?, text(&REPLACE)?);
    Some(Block::Literal { search: search.to_owned(), replace: replace.to_owned() })
}
