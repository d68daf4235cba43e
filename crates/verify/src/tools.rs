//! What a project's own tools print, as findings with a place in the workspace.
//!
//! Owns the forms of output that are understood. Reads text that anybody may have written: it must never fail on it, and
//! never give a place in a file that is not the workspace's.

mod ansi;
mod cargo;
mod go;
mod javac;
mod json;
mod lines;
mod places;
mod pytest;
mod sarif;
mod tsc;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Severity;

pub(crate) use ansi::plain;
pub use places::Places;

/// Findings of one output that are kept: more than these nobody reads.
const MAX_FINDINGS: usize = 10_000;

/// Bytes of one message that are kept.
const MAX_MESSAGE_BYTES: usize = 4_000;

/// What one tool says about one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolFinding {
    /// The file, relative to the workspace's root, with `/`.
    pub path: String,
    /// The line, from 0.
    pub line: usize,
    /// The column as the tool counts, from 0; tools differ in what they count.
    pub column: Option<usize>,
    /// How bad it is.
    pub severity: Severity,
    /// The tool's name for the kind of finding: `E0308`, `TS2322`, `no-undef`.
    pub code: Option<String>,
    /// What is wrong; may have several lines.
    pub message: String,
    /// Who says so.
    pub tool: String,
}

/// Forms of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// `FILE:LINE[:COLUMN]: MESSAGE`, as most compilers and linters print.
    Lines,
    /// SARIF 2.1, by any tool.
    Sarif,
    /// `cargo --message-format=json`, with the panics of tests among it.
    Cargo,
    /// The TypeScript compiler, pretty or plain.
    Tsc,
    /// `eslint --format json`
    Eslint,
    /// `ruff check --output-format json`
    Ruff,
    /// `mypy`
    Mypy,
    /// `pytest`, with any style of traceback
    Pytest,
    /// `go build`, `go vet` and `go test`, plain or with `-json`
    Go,
    /// `javac`, by itself or run by Maven or Gradle
    Javac,
}

impl Format {
    /// All forms, in the order of their names in settings.
    pub const ALL: [Format; 10] = [
        Format::Lines,
        Format::Sarif,
        Format::Cargo,
        Format::Tsc,
        Format::Eslint,
        Format::Ruff,
        Format::Mypy,
        Format::Pytest,
        Format::Go,
        Format::Javac,
    ];

    /// What `stdout` and `stderr` of a tool that is called `tool` say about files of the workspace, by path and line. Output
    /// that was cut, or is no such output at all, gives what can be read of it.
    pub fn findings(self, tool: &str, stdout: &[u8], stderr: &[u8], places: &Places<'_>) -> Vec<ToolFinding> {
        let (out, err) = (ansi::plain(stdout), ansi::plain(stderr));
        let mut found = Found { tool, places, findings: Vec::new() };
        match self {
            Format::Sarif => sarif::read(&out, &mut found),
            Format::Eslint => json::eslint(&out, &mut found),
            Format::Ruff => json::ruff(&out, &mut found),
            Format::Lines => [&out, &err].into_iter().for_each(|text| lines::read(text, &mut found)),
            Format::Cargo => [&out, &err].into_iter().for_each(|text| cargo::read(text, &mut found)),
            Format::Tsc => [&out, &err].into_iter().for_each(|text| tsc::read(text, &mut found)),
            Format::Mypy => [&out, &err].into_iter().for_each(|text| lines::mypy(text, &mut found)),
            Format::Pytest => [&out, &err].into_iter().for_each(|text| pytest::read(text, &mut found)),
            Format::Go => [&out, &err].into_iter().for_each(|text| go::read(text, &mut found)),
            Format::Javac => [&out, &err].into_iter().for_each(|text| javac::read(text, &mut found)),
        }
        found.sorted()
    }
}

impl fmt::Display for ToolFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path, self.line + 1)?;
        if let Some(column) = self.column {
            write!(f, ":{}", column + 1)?;
        }
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information => "note",
        };
        write!(f, ": {severity}: {}", self.message.replace('\n', "\n    "))?;
        match &self.code {
            Some(code) => write!(f, " [{} {code}]", self.tool),
            None => write!(f, " [{}]", self.tool),
        }
    }
}

/// What was found so far.
struct Found<'a> {
    tool: &'a str,
    places: &'a Places<'a>,
    findings: Vec<ToolFinding>,
}

/// A place as a tool printed it: lines and columns from 1.
struct Printed<'a> {
    path: &'a str,
    line: usize,
    column: Option<usize>,
}

/// From 1, as printed.
type LineColumn = (usize, Option<usize>);

impl Found<'_> {
    /// Keeps a finding if its file is one of the workspace; says whether it did.
    fn add(&mut self, at: &Printed<'_>, severity: Severity, code: Option<&str>, message: &str) -> bool {
        match self.places.find(at.path) {
            Some(path) => self.push(path, (at.line, at.column), severity, code, message),
            None => false,
        }
    }

    /// Keeps a finding for a path that was found.
    fn push(
        &mut self,
        path: String,
        (line, column): LineColumn,
        severity: Severity,
        code: Option<&str>,
        message: &str,
    ) -> bool {
        if self.findings.len() >= MAX_FINDINGS {
            return false;
        }
        self.findings.push(ToolFinding {
            path,
            line: line.saturating_sub(1),
            column: column.map(|column| column.saturating_sub(1)),
            severity,
            code: code.filter(|code| !code.is_empty()).map(|code| cut(code, 200).to_owned()),
            message: cut(self.places.without_tree(message).trim(), MAX_MESSAGE_BYTES).to_owned(),
            tool: self.tool.to_owned(),
        });
        true
    }

    /// Adds a line to the message of the last finding.
    fn append(&mut self, line: &str) {
        let line = self.places.without_tree(line);
        if let Some(last) = self.findings.last_mut()
            && last.message.len() + line.len() < MAX_MESSAGE_BYTES
        {
            last.message.push('\n');
            last.message.push_str(line.trim());
        }
    }

    fn sorted(mut self) -> Vec<ToolFinding> {
        // Tools report one thing twice where a file belongs to two targets.
        self.findings.sort_by(|a, b| {
            let key = |finding: &ToolFinding| (finding.line, finding.column, finding.severity);
            a.path.cmp(&b.path).then(key(a).cmp(&key(b))).then_with(|| a.message.cmp(&b.message))
        });
        self.findings.dedup();
        self.findings
    }
}

/// The longest beginning of at most `n_bytes`.
fn cut(text: &str, n_bytes: usize) -> &str {
    let end = (0..=n_bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or("")
}

#[cfg(test)]
mod tests;
