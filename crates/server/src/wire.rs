//! Values of the session in the shapes of the protocol. The only place that knows both.

use serde_json::{Value, json};
use session::{DocumentEdit, Uri};
use text::{Position, PositionRange};
use tower_lsp::gen_lsp_types as lsp;

/// A position as the protocol has it.
pub(crate) fn position(position: Position) -> Value {
    json!({ "line": position.line, "character": position.character })
}

/// A range as the protocol has it.
pub(crate) fn range(range: PositionRange) -> Value {
    json!({ "start": position(range.start), "end": position(range.end) })
}

/// A position of the protocol.
pub(crate) fn to_position(position: lsp::Position) -> Position {
    Position { line: position.line, character: position.character }
}

/// A range of the protocol.
pub(crate) fn to_range(range: lsp::Range) -> PositionRange {
    PositionRange { start: to_position(range.start), end: to_position(range.end) }
}

/// A URI as it came: it is echoed byte for byte.
pub(crate) fn to_uri(uri: &lsp::Uri) -> Uri {
    Uri::from(uri.0.as_str())
}

/// A versioned workspace edit of one document.
pub(crate) fn workspace_edit(edit: &DocumentEdit) -> Value {
    let edits: Vec<Value> =
        edit.edits.iter().map(|(at, text)| json!({ "range": range(*at), "newText": text })).collect();
    json!({ "documentChanges": [{
        "textDocument": { "uri": edit.uri.to_string(), "version": edit.version },
        "edits": edits,
    }] })
}
