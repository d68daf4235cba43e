//! Linters that print one JSON document: eslint and ruff.

use serde::Deserialize;

use super::{Found, Printed};
use crate::Severity;

#[derive(Deserialize)]
struct EslintFile {
    #[serde(rename = "filePath")]
    path: String,
    #[serde(default)]
    messages: Vec<EslintMessage>,
}

#[derive(Deserialize)]
struct EslintMessage {
    #[serde(rename = "ruleId")]
    rule: Option<String>,
    #[serde(default)]
    severity: u8,
    #[serde(default)]
    message: String,
    #[serde(default)]
    line: usize,
    column: Option<usize>,
}

#[derive(Deserialize)]
struct RuffMessage {
    code: Option<String>,
    message: String,
    filename: String,
    location: RuffLocation,
}

#[derive(Deserialize)]
struct RuffLocation {
    row: usize,
    column: usize,
}

pub(super) fn eslint(text: &str, found: &mut Found<'_>) {
    let files: Vec<EslintFile> = document(text).unwrap_or_default();
    for file in files {
        for message in file.messages {
            let severity = if message.severity >= 2 { Severity::Error } else { Severity::Warning };
            let at = Printed { path: &file.path, line: message.line, column: message.column };
            found.add(&at, severity, message.rule.as_deref(), &message.message);
        }
    }
}

pub(super) fn ruff(text: &str, found: &mut Found<'_>) {
    let messages: Vec<RuffMessage> = document(text).unwrap_or_default();
    for message in messages {
        // A file that is no Python; its code was null before it was a name.
        let is_syntax = message.code.as_deref().is_none_or(|code| code == "invalid-syntax");
        let severity = if is_syntax { Severity::Error } else { Severity::Warning };
        let RuffLocation { row, column } = message.location;
        let at = Printed { path: &message.filename, line: row, column: Some(column) };
        found.add(&at, severity, message.code.as_deref(), &message.message);
    }
}

/// The document in an output that may have other lines in front of it.
pub(super) fn document<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    let mut rest = text;
    for _ in 0..100 {
        let start = rest.find(['[', '{'])?;
        rest = rest.get(start..)?;
        let mut documents = serde_json::Deserializer::from_str(rest).into_iter::<T>();
        if let Some(Ok(document)) = documents.next() {
            return Some(document);
        }
        // The next line may begin the document.
        rest = rest.get(rest.find('\n')? + 1..)?;
    }
    None
}
