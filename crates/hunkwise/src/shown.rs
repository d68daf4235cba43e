//! Lines that a request shows, for programs.

use std::ops::Range;

use serde_json::{Value, json};

/// Zero-based lines of a file as `{path, start_line, end_line, why}`: from 1, inclusive; null where it is no lines.
pub(crate) fn json_lines(path: &str, lines: &Range<usize>, why: &str) -> Value {
    let has_lines = !lines.is_empty();
    json!({
        "path": path,
        "start_line": has_lines.then_some(lines.start + 1),
        "end_line": has_lines.then_some(lines.end),
        "why": why,
    })
}
