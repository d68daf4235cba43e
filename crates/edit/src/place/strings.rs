//! Which lines may lie inside a string that goes over several lines, guessed without a language.
//!
//! Errs towards "inside": whoever asks refuses then.

use std::ops::Range;

use super::lines::{indentation, is_blank};

/// Runs of lines that may start inside a string. A string that opens a line and whose lines are indented at least as
/// much is text set with the code, like a docstring, and not counted.
pub(super) fn inside_strings(lines: &[String]) -> Vec<Range<usize>> {
    let mut inside = Vec::new();
    let mut idx = 0;
    let mut rest = lines.first().map_or("", String::as_str);
    while idx < lines.len() {
        let open = open_at_end(rest);
        let end = open.as_ref().and_then(|open| {
            let behind = lines.iter().enumerate().skip(idx + 1);
            behind.filter_map(|(end, line)| Some((end, open.behind(line)?))).next()
        });
        let body = match (&open, &end) {
            (Some(_), Some((end, _))) => idx + 1..end + 1,
            // A lone quote is no string; a heredoc or a triple quote that never ends may be one.
            (Some(open), None) if !open.is_plain() => idx + 1..lines.len(),
            (Some(_) | None, _) => idx + 1..idx + 1,
        };
        let start = lines.get(idx).map_or("", String::as_str);
        let is_set_with_code = open.as_ref().is_some_and(|open| open.opens(start.trim_start()))
            && lines
                .get(body.clone())
                .unwrap_or_default()
                .iter()
                .all(|line| is_blank(line) || line.starts_with(indentation(start)));
        if !is_set_with_code && !body.is_empty() {
            inside.push(body.clone());
        }
        (idx, rest) = match end {
            Some((end, rest)) => (end, rest),
            None => (body.end.max(idx + 1), lines.get(body.end.max(idx + 1)).map_or("", String::as_str)),
        };
    }
    inside
}

/// A string that is open at the end of a line.
enum Open {
    Triple(&'static str),
    Quote(char),
    /// A raw string, with what closes it.
    Raw(String),
    /// A heredoc, with its word.
    Here(String),
}

impl Open {
    /// What stands behind the end of the string, if it ends in `line`.
    fn behind<'a>(&self, line: &'a str) -> Option<&'a str> {
        match self {
            Open::Triple(quote) => line.split_once(quote).map(|(_, rest)| rest),
            Open::Quote(quote) if n_quotes(line, *quote).is_multiple_of(2) => None,
            Open::Quote(quote) => line.split_once(*quote).map(|(_, rest)| rest),
            Open::Raw(end) => line.split_once(end.as_str()).map(|(_, rest)| rest),
            Open::Here(word) => (line.trim().trim_end_matches(';') == word).then_some(""),
        }
    }

    fn is_plain(&self) -> bool {
        matches!(self, Open::Quote('"' | '\''))
    }

    fn opens(&self, start: &str) -> bool {
        match self {
            Open::Triple(quote) => start.trim_start_matches(['r', 'R', 'u', 'b', 'f']).starts_with(quote),
            Open::Quote(_) | Open::Raw(_) | Open::Here(_) => false,
        }
    }
}

fn open_at_end(line: &str) -> Option<Open> {
    for quote in ["\"\"\"", "'''"] {
        if line.matches(quote).count() % 2 == 1 {
            return Some(Open::Triple(quote));
        }
    }
    raw(line).or_else(|| heredoc(line)).or_else(|| {
        let quote = ['`', '"', '\''].into_iter().find(|quote| n_quotes(line, *quote) % 2 == 1)?;
        Some(Open::Quote(quote))
    })
}

fn raw(line: &str) -> Option<Open> {
    let pairs = [("r#\"", "\"#"), ("R\"(", ")\""), ("[[", "]]"), ("[=[", "]=]")];
    pairs.into_iter().find_map(|(start, end)| {
        let (_, rest) = line.rsplit_once(start)?;
        (!rest.contains(end)).then(|| Open::Raw(end.to_owned()))
    })
}

fn heredoc(line: &str) -> Option<Open> {
    let (_, rest) = line.rsplit_once("<<")?;
    let word = rest.trim_start_matches(['<', '-', '~', '"', '\'']);
    let word: String = word.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    word.starts_with(|c: char| c.is_alphabetic() || c == '_').then_some(Open::Here(word))
}

/// How many quotes of this kind a line has, without escaped ones, apostrophes in words and Rust's lifetimes.
fn n_quotes(line: &str, quote: char) -> usize {
    let mut n = 0;
    let mut before = ' ';
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' {
            chars.next();
            before = ' ';
            continue;
        }
        let is_in_word = c == '\''
            && (before.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric())
                || matches!(before, '&' | '<' | '+'));
        n += usize::from(c == quote && !is_in_word);
        before = c;
    }
    n
}
