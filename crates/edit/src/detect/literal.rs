//! Numbers, strings and truth values that changed in lines that are otherwise the same, though nobody asked for it.

use std::ops::Range;

use syntax::{Token, TokenKind};

use super::change::{Change, Hunk, Side};
use super::lines::words;
use super::request::Request;
use super::{DetectionKind, Found};

/// Words that say that the text of something is what the request is about.
const WORDING: [&str; 15] = [
    "message",
    "text",
    "word",
    "wording",
    "label",
    "title",
    "typo",
    "spelling",
    "translate",
    "phrase",
    "capitalize",
    "grammar",
    "punctuation",
    "copy",
    "string",
];

/// A literal that became another one.
struct Changed {
    hunk_idx: usize,
    line: Range<usize>,
    was: String,
    is: String,
    kind: TokenKind,
    /// The words of the names in front of it.
    names: Vec<String>,
}

pub(super) fn detect(change: &Change, request: &Request) -> Found {
    let mut changed = Vec::new();
    let mut n_lines = 0;
    let mut n_other = 0;
    for hunk in &change.hunks {
        let (found, n_whole) = changed_in(change, hunk);
        let n_new: usize = hunk.runs.iter().map(|run| change.new.lines_in(&run.new).len()).sum();
        let n_old: usize = hunk.runs.iter().map(|run| change.old.lines_in(&run.old).len()).sum();
        n_lines += n_whole;
        n_other += n_new.max(n_old) - n_whole;
        changed.extend(found);
    }
    // A change of nothing but literals is the work that was asked for.
    if n_other == 0 && n_lines > 0 {
        return Found::new();
    }
    changed
        .into_iter()
        .filter(|changed| !is_asked(request, changed))
        .map(|changed| {
            let message = format!("changes {} to {}", quoted(&changed.was), quoted(&changed.is));
            (changed.hunk_idx, change.remark(DetectionKind::Literal, &changed.line, message))
        })
        .collect()
}

fn quoted(literal: &str) -> String {
    super::lines::shown(literal)
}

/// The literals that changed in a hunk, and in how many lines.
fn changed_in(change: &Change, hunk: &Hunk) -> (Vec<Changed>, usize) {
    let mut found = Vec::new();
    let mut n_lines = 0;
    for run in &hunk.runs {
        let (old_lines, new_lines) = (change.old.lines_in(&run.old), change.new.lines_in(&run.new));
        // In a run that was written anew, strings are no longer the same ones.
        let may_be_text = old_lines.len() == new_lines.len();
        let stays = |line: &Range<usize>, side: &Side, other: &Side, lines: &[Range<usize>]| {
            lines.iter().any(|known| other.at(known).trim() == side.at(line).trim())
        };
        let mut new = new_lines.iter().filter(|line| !stays(line, &change.new, &change.old, &old_lines));
        for old in old_lines.iter().filter(|line| !stays(line, &change.old, &change.new, &new_lines)) {
            let old = change.old.tokens_in(old);
            let mut rest = new.clone();
            let same = rest.find(|line| is_same_but_literals(change, old, change.new.tokens_in(line)));
            let Some(line) = same else { continue };
            new = rest;
            let pairs = old.iter().zip(change.new.tokens_in(line)).enumerate();
            let before = found.len();
            for (idx, (a, b)) in pairs {
                let (was, is) = (change.old.at(&a.range), change.new.at(&b.range));
                let is_meant = a.kind != TokenKind::Quoted || may_be_text;
                if is_literal(a) && is_meant && bare(was) != bare(is) {
                    let is = if is.is_empty() { "\"\"" } else { is };
                    found.push(Changed {
                        hunk_idx: hunk.idx,
                        line: line.clone(),
                        was: was.to_owned(),
                        is: is.to_owned(),
                        kind: a.kind,
                        names: names_before(&change.old, old.get(..idx).unwrap_or(&[])),
                    });
                }
            }
            n_lines += usize::from(found.len() > before);
        }
    }
    (found, n_lines)
}

fn is_literal(token: &Token) -> bool {
    match token.kind {
        TokenKind::Quoted | TokenKind::Number | TokenKind::Truth => true,
        TokenKind::Comment | TokenKind::Name | TokenKind::Other => false,
    }
}

/// Whether two lines are the same but for the values of literals of the same kind, and something says what these are: a
/// name, or a key that stays. An entry of a list is another entry, not a changed one.
fn is_same_but_literals(change: &Change, old: &[Token], new: &[Token]) -> bool {
    let code = |tokens: &[Token]| tokens.iter().filter(|token| token.kind != TokenKind::Comment).count();
    old.len() == new.len()
        && code(old) == old.len()
        && old.iter().zip(new).any(|(a, b)| {
            let was = change.old.at(&a.range);
            (is_literal(a) || was.chars().any(char::is_alphanumeric)) && was == change.new.at(&b.range)
        })
        && old.iter().zip(new).all(|(a, b)| {
            a.kind == b.kind && (is_literal(a) || change.old.at(&a.range) == change.new.at(&b.range))
        })
}

/// The words of the last names in front of a literal, and of a key before a colon.
fn names_before(side: &Side, tokens: &[Token]) -> Vec<String> {
    /// Names that may say what a literal is.
    const N_NAMES: usize = 3;
    let is_name = |token: &&Token| {
        let written = side.at(&token.range);
        token.kind == TokenKind::Name
            || token.kind == TokenKind::Quoted
            || token.kind == TokenKind::Other && written.chars().count() > 2
    };
    tokens.iter().rev().filter(is_name).take(N_NAMES).flat_map(|token| words(side.at(&token.range))).collect()
}

fn is_asked(request: &Request, changed: &Changed) -> bool {
    let (was, is) = (bare(&changed.was), bare(&changed.is));
    let is_named =
        |value: &str| request.names(value) || number(value).is_some_and(|number| request.has_number(number));
    let new_words: Vec<String> = words(is).into_iter().filter(|word| !words(was).contains(word)).collect();
    let is_worded = changed.kind == TokenKind::Quoted
        && (request.mentions(&WORDING) || !new_words.is_empty() && request.n_shared(&new_words) > 0);
    is_named(is)
        || changed.kind != TokenKind::Truth && is_named(was)
        || is_worded
        || request.changes_value() && request.n_shared(&changed.names) > 0
}

/// A literal without quotes and what stands in front of them.
fn bare(literal: &str) -> &str {
    let start = literal.find(['"', '\'', '`']).filter(|start| *start <= 2);
    let body = start.map_or(literal, |start| literal.get(start..).unwrap_or(literal));
    body.trim_matches(['"', '\'', '`'])
}

/// The value of a number, without separators and unit.
fn number(literal: &str) -> Option<f64> {
    let plain: String = literal.chars().filter(|c| *c != '_').collect();
    let end = plain.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(plain.len());
    plain.get(..end)?.parse().ok()
}
