//! The TypeScript compiler: `FILE(LINE,COLUMN): error TSnnnn: MESSAGE`, and its pretty form.

use super::lines::{number, with_place};
use super::{Found, Printed};
use crate::Severity;

pub(super) fn read(text: &str, found: &mut Found<'_>) {
    // Indented lines right behind a finding go on with its message; the pretty form then has a blank line and the code.
    let mut is_open = false;
    for line in text.lines() {
        let head = in_parentheses(line, found).or_else(|| with_place(line, found));
        if let Some((at, rest)) = head.filter(|_| !line.starts_with(' ')) {
            let rest = rest.strip_prefix("- ").unwrap_or(rest);
            let (severity, rest) = match rest.split_once(' ') {
                Some(("warning", rest)) => (Severity::Warning, rest),
                Some(("message", rest)) => (Severity::Information, rest),
                Some(("error", rest)) => (Severity::Error, rest),
                Some(_) | None => (Severity::Error, rest),
            };
            let (code, message) = match rest.split_once(": ") {
                Some((code, message)) if code.starts_with("TS") => (Some(code), message),
                Some(_) | None => (None, rest),
            };
            is_open = found.add(&at, severity, code, message);
        } else if is_open && line.starts_with("  ") {
            found.append(line);
        } else {
            is_open = false;
        }
    }
}

/// `FILE(LINE,COLUMN): `
fn in_parentheses<'l>(line: &'l str, found: &Found<'_>) -> Option<(Printed<'l>, &'l str)> {
    for (idx, _) in line.char_indices().filter(|(_, c)| *c == '(').take(20) {
        let (path, rest) = (line.get(..idx)?, line.get(idx + 1..)?);
        let Some((number, rest)) = number(rest) else { continue };
        let (column, rest) = match rest.strip_prefix(',').and_then(self::number) {
            Some((column, rest)) => (Some(column), rest),
            None => (None, rest),
        };
        let Some(rest) = rest.strip_prefix("): ") else { continue };
        if found.places.find(path).is_some() {
            return Some((Printed { path, line: number, column }, rest));
        }
    }
    None
}
