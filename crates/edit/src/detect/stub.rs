//! What is left to be done: reminders, functions that only say that they are not written, bodies that were emptied.

use syntax::Body;

use super::change::{Change, Side};
use super::lines::{shown, words};
use super::request::Request;
use super::{DetectionKind, Found};
use crate::omission::stands_for_code;

const STUBBING: [&str; 12] = [
    "stub",
    "todo",
    "fixme",
    "placeholder",
    "skeleton",
    "scaffold",
    "unimplemented",
    "later",
    "noop",
    "abstract",
    "interface",
    "dummy",
];
/// Code that says that it is not written, whatever stands in its message.
const MARKS: [&str; 6] = [
    "raise NotImplementedError",
    "unimplemented!(",
    "todo!(",
    "NotImplementedException(",
    "NotImplementedError(",
    "TODO(\"",
];
/// Code that may say so, if its message does.
const RAISES: [&str; 8] = [
    "throw new ",
    "panic(",
    "panic!(",
    "fatalError(",
    "raise ",
    "abort(",
    "UnsupportedOperationException(",
    "error(",
];
const MESSAGES: [&str; 6] = [
    "not implemented",
    "not yet implemented",
    "unimplemented",
    "notimplemented",
    "implement me",
    "to be implemented",
];

pub(super) fn detect(change: &Change, request: &Request) -> Found {
    if request.mentions(&STUBBING) || request.names("not implemented") || request.names("no-op") {
        return Found::new();
    }
    let mut found = reminders(change);
    found.extend(unwritten(change, change.new.bodies()));
    found.extend(emptied(change, change.old.bodies(), change.new.bodies()));
    found
}

/// Comments that begin with TODO and did not stand there before.
fn reminders(change: &Change) -> Found {
    let mut found = Found::new();
    for hunk in &change.hunks {
        for comment in change.new.comments.iter().filter(|comment| hunk.adds(&comment.range)) {
            for line in comment.lines.iter().filter(|line| is_reminder(line)) {
                let same = |side: &Side| {
                    let lines = side.comments.iter().flat_map(|comment| &comment.lines);
                    lines.filter(|other| words(other) == words(line)).count()
                };
                if same(&change.new) > same(&change.old) {
                    let message = format!("leaves {}", shown(line));
                    found.push((hunk.idx, change.remark(DetectionKind::Stub, &comment.range, message)));
                }
            }
        }
    }
    found
}

fn is_reminder(line: &str) -> bool {
    let word: String = line.chars().take_while(|c| c.is_alphabetic()).collect();
    match word.as_str() {
        "TODO" | "FIXME" | "XXX" | "HACK" => true,
        // In small letters it may be a word like any other.
        "Todo" | "todo" | "Fixme" | "fixme" => {
            line.get(word.len()..).is_some_and(|rest| rest.starts_with(':'))
        }
        _ => false,
    }
}

/// Lines that say that something is not written.
fn unwritten(change: &Change, bodies: &[Body]) -> Found {
    let mut found = Found::new();
    for hunk in &change.hunks {
        let stood: usize = hunk
            .runs
            .iter()
            .map(|run| change.old.at(&run.old).lines().filter(|line| is_unwritten(line)).count())
            .sum();
        let lines = hunk.runs.iter().flat_map(|run| change.new.lines_in(&run.new));
        let is_abstract = |at: usize| bodies.iter().any(|body| body.is_abstract && body.range.contains(&at));
        let new: Vec<_> = lines
            .into_iter()
            .filter(|line| {
                is_unwritten(change.new.at(line)) && !is_abstract(line.start + indent(change.new.at(line)))
            })
            .collect();
        for line in new.iter().skip(stood) {
            let message = format!("is not written: {}", shown(change.new.at(line)));
            found.push((hunk.idx, change.remark(DetectionKind::Stub, line, message)));
        }
    }
    found
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether a line of code says that something is not written.
pub(super) fn is_unwritten(line: &str) -> bool {
    let line = line.trim();
    let lower = line.to_lowercase();
    let is_comment = ["#", "//", "*", "--", "/*"].iter().any(|start| line.starts_with(start));
    !is_comment
        && (MARKS.iter().any(|mark| line.contains(mark))
            || RAISES.iter().any(|raise| line.contains(raise))
                && MESSAGES.iter().any(|message| lower.contains(message)))
}

/// Functions that did something before and do nothing now; in Python also new ones that do nothing.
fn emptied(change: &Change, old: &[Body], new: &[Body]) -> Found {
    let mut found = Found::new();
    for hunk in &change.hunks {
        for body in new.iter().filter(|body| body.is_empty && !body.is_abstract) {
            let is_touched = hunk.runs.iter().any(|run| {
                body.range.start <= run.new.start && run.new.start <= body.range.end
                    || body.range.start < run.new.end && run.new.start < body.range.end
            });
            let mut before = old.iter().filter(|old| old.name == body.name).peekable();
            let is_new = before.peek().is_none() && change.language_name() == "Python";
            let was_full = before.any(|old| {
                !old.is_empty
                    && hunk.runs.iter().any(|run| {
                        old.range.start <= run.old.start && run.old.start <= old.range.end
                            || run.old.contains(&old.range.start)
                    })
            });
            if is_touched && (is_new || was_full) && !has_placeholder(change, body) {
                let message = format!("leaves `{}` without a body", body.name);
                found.push((hunk.idx, change.remark(DetectionKind::Stub, &body.range, message)));
            }
        }
    }
    found
}

/// Whether a comment in a body says that code was left out there, which is told already.
fn has_placeholder(change: &Change, body: &Body) -> bool {
    let inside = change.new.comments.iter().filter(|comment| body.range.contains(&comment.range.start));
    inside.flat_map(|comment| &comment.lines).any(|line| stands_for_code(line))
}
