//! pytest: tracebacks with a heading each, and the summary.

use std::collections::BTreeSet;

use super::lines::with_place;
use super::{Found, Printed};
use crate::Severity;

/// What was read since the last heading.
#[derive(Default)]
struct Section {
    title: String,
    /// The deepest place in the workspace.
    place: Option<(String, usize)>,
    errors: Vec<String>,
}

pub(super) fn read(text: &str, found: &mut Found<'_>) {
    let mut section = Section::default();
    // Tests that a traceback told of, by the last part of their names.
    let mut told = BTreeSet::new();
    let mut is_captured = false;
    for line in text.lines() {
        if let Some(title) = heading(line, '_') {
            section.end(&mut told, found);
            section.title = title.to_owned();
            is_captured = false;
        } else if heading(line, '=').is_some() {
            section.end(&mut told, found);
            is_captured = false;
        } else if heading(line, '-').is_some() {
            // What the test printed, until the next heading.
            is_captured = true;
        } else if let Some(summary) = summary(line) {
            section.end(&mut told, found);
            summary.add(&mut told, found);
        } else if is_captured {
        } else if let Some(error) = line.strip_prefix("E ") {
            section.errors.push(error.trim().to_owned());
        } else if let Some((at, _)) = with_place(line, found).filter(|_| !line.starts_with(' ')) {
            section.place = Some((at.path.to_owned(), at.line));
        }
    }
    section.end(&mut told, found);
}

impl Section {
    fn end(&mut self, told: &mut BTreeSet<String>, found: &mut Found<'_>) {
        let Section { title, place, errors } = std::mem::take(self);
        let Some((path, line)) = place else { return };
        let title = title.strip_prefix("ERROR collecting ").unwrap_or(&title);
        let name = last_part(title);
        let said = errors.join("\n");
        let message = if said.is_empty() { format!("{name} failed") } else { format!("{name}: {said}") };
        if found.add(&Printed { path: &path, line, column: None }, Severity::Error, None, &message) {
            told.insert(name.to_owned());
        }
    }
}

/// `FAILED FILE::NAME - MESSAGE` or `ERROR FILE - MESSAGE`
struct Summary<'l> {
    path: &'l str,
    name: &'l str,
    message: &'l str,
}

fn summary(line: &str) -> Option<Summary<'_>> {
    let rest = line.strip_prefix("FAILED ").or_else(|| line.strip_prefix("ERROR "))?;
    let (id, message) = rest.split_once(" - ").unwrap_or((rest, ""));
    let (path, _) = id.split_once("::").unwrap_or((id, ""));
    Some(Summary { path, name: last_part(id), message })
}

impl Summary<'_> {
    fn add(&self, told: &mut BTreeSet<String>, found: &mut Found<'_>) {
        if told.insert(self.name.to_owned()) {
            let message =
                format!("{}: {}", self.name, if self.message.is_empty() { "failed" } else { self.message });
            found.add(&Printed { path: self.path, line: 1, column: None }, Severity::Error, None, &message);
        }
    }
}

/// `a.py::TestA::test_b[1]` and `TestA.test_b[1]` are `test_b[1]`.
fn last_part(id: &str) -> &str {
    let (plain, _) = id.split_once('[').unwrap_or((id, ""));
    let start = match plain.rfind("::") {
        Some(idx) => idx + 2,
        None if plain.ends_with(".py") => 0,
        None => plain.rfind(['.', ' ']).map_or(0, |idx| idx + 1),
    };
    id.get(start..).unwrap_or(id)
}

/// The words in a line of one sign: `____ test_a ____`.
fn heading(line: &str, sign: char) -> Option<&str> {
    let inner = line.trim_matches(sign);
    let n_signs = line.len() - inner.len();
    let title = inner.strip_prefix(' ')?.strip_suffix(' ')?;
    (n_signs >= 2 && title.contains(|c| c != ' ' && c != sign)).then_some(title)
}
