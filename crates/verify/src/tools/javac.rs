//! javac: `FILE:LINE: error: MESSAGE`, the code, a caret, and details; also as Maven and Gradle print it.

use super::lines::{number, severity, with_place};
use super::{Found, Printed};
use crate::Severity;

pub(super) fn read(text: &str, found: &mut Found<'_>) {
    let mut is_open = false;
    for line in text.lines() {
        let head = maven(line, found).or_else(|| with_place(line, found));
        if let Some((at, rest)) = head.filter(|_| !line.starts_with(' ')) {
            let (severity, message) = severity(rest);
            let severity = severity.or(maven_level(line)).unwrap_or(Severity::Error);
            let (code, message) = lint(message);
            is_open = found.add(&at, severity, code, message);
        } else if is_open {
            let detail = line.trim_start().strip_prefix("[ERROR]").unwrap_or(line).trim();
            let is_detail = ["symbol:", "location:", "required:", "found:", "reason:"]
                .iter()
                .any(|start| detail.starts_with(start));
            if is_detail {
                found.append(detail);
            }
        }
    }
}

/// `[ERROR] FILE:[LINE,COLUMN] MESSAGE`
fn maven<'l>(line: &'l str, found: &Found<'_>) -> Option<(Printed<'l>, &'l str)> {
    maven_level(line)?;
    let (_, rest) = line.split_once("] ")?;
    let (path, rest) = rest.split_once(":[")?;
    let (line, rest) = number(rest)?;
    let (column, rest) = number(rest.strip_prefix(',')?)?;
    found.places.find(path)?;
    Some((Printed { path, line, column: Some(column) }, rest.strip_prefix(']')?.trim_start()))
}

fn maven_level(line: &str) -> Option<Severity> {
    if line.starts_with("[ERROR]") {
        Some(Severity::Error)
    } else if line.starts_with("[WARNING]") {
        Some(Severity::Warning)
    } else {
        None
    }
}

/// The name of a lint: `[unchecked] MESSAGE`.
fn lint(message: &str) -> (Option<&str>, &str) {
    match message.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        Some((name, message)) if !name.contains(' ') => (Some(name), message),
        Some(_) | None => (None, message),
    }
}
