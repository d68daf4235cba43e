//! Constants and variables that a file defines outside functions and types.
//!
//! Owns the reading of an assignment by its words: outlines have no values, and every language writes `NAME =` somewhere. Must
//! never take a line with indentation.

use std::collections::BTreeSet;

use crate::budget::Candidate;
use crate::definition::Outline;
use crate::excerpt::Why;

/// Most lines of a value.
const MAX_LINES: usize = 12;

/// The values of a file that `names` has, in order: all their lines, or the first.
pub(crate) fn values(outline: &Outline<'_>, names: &BTreeSet<String>) -> Vec<Candidate> {
    let text = outline.text;
    let mut is_defined = vec![false; text.n_lines()];
    for lines in outline.items.iter().map(|item| outline.lines(item)) {
        is_defined.get_mut(lines).into_iter().flatten().for_each(|is_defined| *is_defined = true);
    }
    let is_more = |line: usize| text.line(line).starts_with([' ', '\t', '}', ']', ')']);
    let mut found = Vec::new();
    for line in (0..text.n_lines()).filter(|line| is_defined.get(*line) == Some(&false)) {
        let Some(name) = assigned(&text.line(line)).filter(|name| names.contains(name)) else { continue };
        let limit = (line + MAX_LINES).min(text.n_lines());
        let end = (line + 1..limit).find(|next| !is_more(*next)).unwrap_or(limit);
        found.push(Candidate { choices: vec![line..end, line..line + 1], why: Why::Defines(name) });
    }
    found
}

/// The name that a line without indentation assigns to: `RATE = 2`, `const rate: number = 2`, `static RATE: u8 = 2;`.
fn assigned(line: &str) -> Option<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = line;
    // A few words may stand before the name: `export default const`, `pub(crate) static mut`.
    for _ in 0..5 {
        let word_len = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(word_len);
        let tail = tail.trim_start();
        let is_sign = tail.starts_with(":=") || tail.starts_with('=') && !tail.starts_with("==");
        let is_typed = tail.starts_with(':') && !tail.starts_with("::") && tail.contains('=');
        if word.is_empty() {
            return None;
        }
        if is_sign || is_typed {
            return Some(word.to_owned());
        }
        rest = tail.strip_prefix("(crate)").map_or(tail, str::trim_start);
    }
    None
}
