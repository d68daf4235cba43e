//! cargo: rustc's and clippy's messages as JSON, a line each, and panics of tests between them.

use serde::Deserialize;

use super::lines::with_place;
use super::{Found, Printed};
use crate::Severity;

#[derive(Deserialize)]
struct Line {
    message: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Diagnostic {
    message: String,
    code: Option<Code>,
    level: String,
    #[serde(default)]
    spans: Vec<Span>,
    #[serde(default)]
    children: Vec<Diagnostic>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    column_start: usize,
    is_primary: bool,
    label: Option<String>,
    expansion: Option<Box<Expansion>>,
}

#[derive(Deserialize)]
struct Expansion {
    span: Span,
}

pub(super) fn read(text: &str, found: &mut Found<'_>) {
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with('{') {
            if let Ok(Line { message: Some(message) }) = serde_json::from_str(line) {
                diagnostic(&message, found);
            }
        } else if let Some((test, place)) = panic(line) {
            let mut message = format!("{test}: ");
            let told =
                |line: &&str| !line.is_empty() && !line.starts_with("note: ") && !line.starts_with("stack b");
            while let Some(line) = lines.next_if(told) {
                message.push_str(line);
                message.push('\n');
            }
            if let Some((at, _)) = with_place(place, found) {
                found.add(&at, Severity::Error, None, &message);
            }
        }
    }
}

/// `thread 'NAME' panicked at FILE:LINE:COLUMN:`, since 1.91 with a number behind the name.
fn panic(line: &str) -> Option<(&str, &str)> {
    let (thread, place) = line.trim_start().strip_prefix("thread '")?.split_once(" panicked at ")?;
    let (name, _) = thread.rsplit_once('\'')?;
    Some((name, place))
}

fn diagnostic(message: &Diagnostic, found: &mut Found<'_>) {
    let severity = match message.level.as_str() {
        "error" | "error: internal compiler error" => Severity::Error,
        "warning" => Severity::Warning,
        "note" | "help" => Severity::Information,
        // "2 warnings emitted", "For more information about this error".
        _ => return,
    };
    let mut spans = message.spans.iter().filter(|span| span.is_primary).chain(&message.spans);
    let Some((span, label)) = spans.find_map(|span| Some((in_workspace(span, found)?, &span.label))) else {
        return;
    };
    let mut text = message.message.clone();
    if let Some(label) = label.as_ref().filter(|label| !label.is_empty()) {
        text.push_str(": ");
        text.push_str(label);
    }
    // Notes that name their own place explain other code; the rest says how the compiler came to it.
    for child in message.children.iter().filter(|child| child.spans.is_empty() && child.level == "note") {
        text.push('\n');
        text.push_str(&child.message);
    }
    let code = message.code.as_ref().map(|code| code.code.as_str());
    let at = Printed { path: &span.file_name, line: span.line_start, column: Some(span.column_start) };
    found.add(&at, severity, code, &text);
}

/// Where a span lies in the workspace: a macro of somebody else's is called there.
fn in_workspace<'s>(mut span: &'s Span, found: &Found<'_>) -> Option<&'s Span> {
    for _ in 0..32 {
        if found.places.find(&span.file_name).is_some() {
            return Some(span);
        }
        span = &span.expansion.as_ref()?.span;
    }
    None
}
