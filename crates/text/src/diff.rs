//! Differences between two texts, by lines and by words, and the unified form that other tools read.

use std::fmt::Write as _;
use std::ops::Range;
use std::time::{Duration, Instant};

use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};

/// Behind this the diff may be coarser than needed, never wrong: two unrelated files of 10,000 lines would else take seconds.
const DIFF_LIMIT: Duration = Duration::from_millis(500);

/// A run of lines or words that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChange {
    /// Byte range in the old text; empty where text is only added.
    pub old: Range<usize>,
    /// Byte range in the new text; empty where text is only removed.
    pub new: Range<usize>,
}

/// The lines of `text`, each with its ending (`\n`, `\r\n` or a lone `\r`); no empty last line.
pub fn split_lines(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut lines = Vec::new();
    let mut start = 0;
    for (idx, byte) in bytes.iter().enumerate() {
        let is_end = *byte == b'\n' || (*byte == b'\r' && bytes.get(idx + 1) != Some(&b'\n'));
        if is_end {
            lines.extend(text.get(start..=idx));
            start = idx + 1;
        }
    }
    lines.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    lines
}

/// The runs of whole lines in which `old` and `new` differ, in order. Between two runs stands at least one common line.
pub fn diff_lines(old: &str, new: &str) -> Vec<LineChange> {
    diff(&split_lines(old), &split_lines(new))
}

/// The runs of words, blanks and punctuation in which `old` and `new` differ, in order: for highlights inside a hunk.
pub fn diff_words(old: &str, new: &str) -> Vec<LineChange> {
    diff(&split_words(old), &split_words(new))
}

/// How alike two short texts are, from 0 to 1: twice the characters in common over all characters.
pub fn similarity(a: &str, b: &str) -> f32 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let n_all = a.len() + b.len();
    if n_all == 0 {
        return 1.0;
    }
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &a, &b, deadline());
    let n_same: usize =
        ops.iter().filter(|op| op.tag() == DiffTag::Equal).map(|op| op.old_range().len()).sum();
    2.0 * n_same as f32 / n_all as f32
}

/// The difference as a unified diff with `context` lines around each hunk, or an empty string when there is none.
///
/// The two header lines carry `old_name` and `new_name` as given; a missing final newline is marked as git marks it.
pub fn unified_diff(old: &str, new: &str, old_name: &str, new_name: &str, context: usize) -> String {
    let (old_lines, new_lines) = (split_newlines(old), split_newlines(new));
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &old_lines, &new_lines, deadline());
    let mut out = String::new();
    for group in similar::group_diff_ops(ops, context) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        if group.iter().all(|op| op.tag() == DiffTag::Equal) {
            continue;
        }
        if out.is_empty() {
            let _ = writeln!(out, "--- {old_name}\n+++ {new_name}");
        }
        let old_range = first.old_range().start..last.old_range().end;
        let new_range = first.new_range().start..last.new_range().end;
        let _ = writeln!(out, "@@ -{} +{} @@", span(&old_range), span(&new_range));
        for op in &group {
            let lines = |sign: char, lines: Option<&[&str]>, out: &mut String| {
                for line in lines.unwrap_or(&[]) {
                    push_diff_line(out, sign, line);
                }
            };
            match op.tag() {
                DiffTag::Equal => lines(' ', old_lines.get(op.old_range()), &mut out),
                DiffTag::Delete | DiffTag::Insert | DiffTag::Replace => {
                    lines('-', old_lines.get(op.old_range()), &mut out);
                    lines('+', new_lines.get(op.new_range()), &mut out);
                }
            }
        }
    }
    out
}

fn push_diff_line(out: &mut String, sign: char, line: &str) {
    out.push(sign);
    out.push_str(line);
    if !line.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
}

/// A hunk header's `start,count`; an empty range names the line in front of it.
fn span(lines: &Range<usize>) -> String {
    let start = if lines.is_empty() { lines.start } else { lines.start + 1 };
    if lines.len() == 1 { start.to_string() } else { format!("{start},{}", lines.len()) }
}

/// git and patch count lines by `\n` alone.
fn split_newlines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn diff(old: &[&str], new: &[&str]) -> Vec<LineChange> {
    let (old_starts, new_starts) = (starts(old), starts(new));
    let bytes = |starts: &[usize], range: Range<usize>| {
        let at = |idx: usize| starts.get(idx).copied().unwrap_or_default();
        at(range.start)..at(range.end)
    };
    let mut changes: Vec<LineChange> = Vec::new();
    for op in capture_diff_slices_deadline(Algorithm::Myers, old, new, deadline()) {
        if op.tag() == DiffTag::Equal {
            continue;
        }
        let change =
            LineChange { old: bytes(&old_starts, op.old_range()), new: bytes(&new_starts, op.new_range()) };
        match changes.last_mut() {
            Some(last) if last.old.end == change.old.start && last.new.end == change.new.start => {
                last.old.end = change.old.end;
                last.new.end = change.new.end;
            }
            _ => changes.push(change),
        }
    }
    changes
}

fn deadline() -> Option<Instant> {
    Instant::now().checked_add(DIFF_LIMIT)
}

/// Offsets at which the parts start, and the length of all behind them.
fn starts(parts: &[&str]) -> Vec<usize> {
    let mut offset = 0;
    let mut starts = Vec::with_capacity(parts.len() + 1);
    starts.push(0);
    for part in parts {
        offset += part.len();
        starts.push(offset);
    }
    starts
}

/// How many words, blanks and punctuation marks a text has, as [`diff_words`] counts them.
pub(crate) fn n_words(text: &str) -> usize {
    split_words(text).len()
}

fn split_words(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        c if c.is_whitespace() => 1,
        // A mark that belongs to the letter before must not be cut off from it, nor a sign made of several characters cut up.
        c if c.is_alphanumeric() || c == '_' || !c.is_ascii() => 0,
        _ => 2,
    };
    let mut words = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (offset, c) in text.char_indices() {
        if last.is_some_and(|last| last != class(c) || last == 2) {
            words.extend(text.get(start..offset));
            start = offset;
        }
        last = Some(class(c));
    }
    words.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    words
}
