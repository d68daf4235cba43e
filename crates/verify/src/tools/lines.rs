//! `FILE:LINE:COLUMN: MESSAGE`, in general and by mypy.
//!
//! Owns the reading of a place at the beginning of a line. A file name may hold colons, blanks and quotes: of several
//! readings the first that names a file of the workspace counts.

use super::{Found, Printed};
use crate::Severity;

/// Every line that begins with a place.
pub(super) fn read(text: &str, found: &mut Found<'_>) {
    for line in text.lines() {
        let Some((at, rest)) = with_place(line, found) else { continue };
        let (severity, message) = severity(rest);
        found.add(&at, severity.unwrap_or(Severity::Error), None, message);
    }
}

/// mypy's lines: `FILE:LINE: error: MESSAGE  [CODE]`. A note on the line of the finding before belongs to that.
pub(super) fn mypy(text: &str, found: &mut Found<'_>) {
    let mut last = None;
    for line in text.lines() {
        let Some((at, rest)) = with_place(line, found) else { continue };
        let (severity, message) = severity(rest);
        let place = (at.path.to_owned(), at.line);
        if severity == Some(Severity::Information) && last.as_ref() == Some(&place) {
            found.append(message);
            continue;
        }
        let (message, code) = match message.rsplit_once("  [") {
            Some((message, code)) if code.ends_with(']') => (message, code.strip_suffix(']')),
            Some(_) | None => (message, None),
        };
        if found.add(&at, severity.unwrap_or(Severity::Error), code, message) {
            last = Some(place);
        }
    }
}

/// A place at the beginning of a line, in a file of the workspace, and what follows it.
pub(super) fn with_place<'l>(line: &'l str, found: &Found<'_>) -> Option<(Printed<'l>, &'l str)> {
    let line = line.trim_start();
    let line = line.strip_prefix("vet: ").unwrap_or(line);
    let colons = line.char_indices().filter(|(_, c)| *c == ':').map(|(idx, _)| idx);
    for idx in colons.take(20) {
        let (path, rest) = (line.get(..idx)?, line.get(idx + 1..)?);
        let Some((number, rest)) = number(rest) else { continue };
        let (column, rest) = match rest.strip_prefix(':').and_then(self::number) {
            Some((column, rest)) => (Some(column), rest),
            None => (None, rest),
        };
        let is_end = rest.is_empty() || rest.starts_with([':', ' ', '-']);
        if is_end && found.places.find(path).is_some() {
            let rest = rest.strip_prefix(':').unwrap_or(rest).trim_start();
            return Some((Printed { path, line: number, column }, rest));
        }
    }
    None
}

/// A number at the beginning, and what follows.
pub(super) fn number(text: &str) -> Option<(usize, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    Some((digits.parse().ok()?, rest))
}

/// The word for how bad it is, if the message begins with one, and the message without it.
pub(super) fn severity(message: &str) -> (Option<Severity>, &str) {
    const WORDS: [(&str, Severity); 8] = [
        ("fatal error", Severity::Error),
        ("error", Severity::Error),
        ("warning", Severity::Warning),
        ("warn", Severity::Warning),
        ("note", Severity::Information),
        ("info", Severity::Information),
        ("information", Severity::Information),
        ("help", Severity::Information),
    ];
    let message = message.strip_prefix("- ").unwrap_or(message);
    for (word, severity) in WORDS {
        let start = message.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word));
        let rest = start.and_then(|_| message.get(word.len()..));
        if let Some(rest) = rest.and_then(|rest| rest.strip_prefix(':')) {
            return (Some(severity), rest.trim_start());
        }
    }
    (None, message)
}
