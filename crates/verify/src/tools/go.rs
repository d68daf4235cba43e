//! `go build`, `go vet` and `go test`, plain or as JSON.

use serde::Deserialize;

use super::lines::{number, with_place};
use super::{Found, LineColumn, Printed};
use crate::Severity;

/// A line of `go test -json` or `go build -json`.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "Package")]
    package: Option<String>,
    #[serde(rename = "ImportPath")]
    import_path: Option<String>,
    #[serde(rename = "Output")]
    output: Option<String>,
}

/// What is known while lines are read.
#[derive(Default)]
struct Reading {
    /// Indented lines go on with the message of the last finding.
    is_open: bool,
    /// The test that fails, if the line before said so.
    test: Option<String>,
    /// What a panic said, until its place is printed.
    panic: Option<String>,
}

pub(super) fn read(text: &str, found: &mut Found<'_>) {
    let mut reading = Reading::default();
    for line in text.lines() {
        match event(line) {
            Some(event) => {
                let package = event.package.or(event.import_path).unwrap_or_default();
                for line in event.output.unwrap_or_default().lines() {
                    reading.line(line, &package, found);
                }
            }
            None => reading.line(line, "", found),
        }
    }
}

fn event(line: &str) -> Option<Event> {
    line.starts_with('{').then(|| serde_json::from_str(line).ok()).flatten()
}

impl Reading {
    fn line(&mut self, line: &str, package: &str, found: &mut Found<'_>) {
        let text = line.trim_start();
        if let Some(name) = text.strip_prefix("--- FAIL: ").or_else(|| text.strip_prefix("=== RUN ")) {
            self.test = name.split_whitespace().next().map(str::to_owned);
            self.is_open = false;
            return;
        }
        if let Some(panic) = text.strip_prefix("panic: ") {
            self.panic = Some(panic.to_owned());
            self.is_open = false;
            return;
        }
        let Some((path, at, rest)) = place(text, package, found) else {
            if self.is_open && line.starts_with(['\t', ' ']) {
                found.append(line);
            } else {
                self.is_open = false;
            }
            return;
        };
        let is_frame = rest.is_empty() || rest.starts_with('+');
        let message = match (&self.panic, &self.test, is_frame) {
            (Some(panic), _, true) => format!("panic: {panic}"),
            (None, _, true) => return,
            (_, Some(test), false) if line.starts_with(' ') => format!("{test}: {rest}"),
            (_, _, false) => rest.to_owned(),
        };
        if is_frame {
            self.panic = None;
        }
        self.is_open = found.push(path, at, Severity::Error, None, &message) && !is_frame;
    }
}

/// A place at the beginning of a line. Tests name a file without its directory; the package says which that is.
fn place<'l>(text: &'l str, package: &str, found: &Found<'_>) -> Option<(String, LineColumn, &'l str)> {
    let bare = || {
        let (name, rest) = text.split_once(':').filter(|(name, _)| name.ends_with(".go"))?;
        let (line, rest) = number(rest)?;
        let mut dir = package.split(' ').next().unwrap_or("");
        while let Some((_, below)) = dir.split_once('/') {
            dir = below;
            if let Some(path) = found.places.find(&format!("{dir}/{name}")) {
                return Some((path, (line, None), rest.strip_prefix(':').unwrap_or(rest).trim_start()));
            }
        }
        None
    };
    bare().or_else(|| {
        let (Printed { path, line, column }, rest) = with_place(text, found)?;
        Some((found.places.find(path)?, (line, column), rest))
    })
}
