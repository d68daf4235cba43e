//! Hunks that change nothing but blanks, line breaks or quotes.
//!
//! Only a whole hunk is noise. Must never call a hunk noise that a program could tell from what stood there.

use std::ops::Range;

use syntax::{Stop, Token, TokenKind, Tree};
use text::{ChangeSet, Edit};

use super::change::{Change, Hunk, Side};
use super::request::Request;
use super::{DetectionKind, Found};
use crate::hunks::is_blank_noise;

const LAYOUT: [&str; 22] = [
    "format",
    "reformat",
    "indent",
    "indentation",
    "whitespace",
    "blank",
    "blanks",
    "tab",
    "align",
    "alignment",
    "wrap",
    "lint",
    "style",
    "prettier",
    "gofmt",
    "rustfmt",
    "spacing",
    "layout",
    "pep",
    "tidy",
    "newline",
    "line",
];
const QUOTES: [&str; 5] = ["quote", "quotes", "quoting", "style", "format"];
/// Languages in which both quotes mean the same.
const EITHER_QUOTE: [&str; 10] =
    ["Python", "JavaScript", "TypeScript", "TSX", "PHP", "Ruby", "Lua", "CSS", "HTML", "YAML"];

pub(super) fn detect(change: &Change, request: &Request, stop: &Stop) -> Found {
    let mut found = Found::new();
    for hunk in &change.hunks {
        let Some((kind, message)) = noise(change, hunk, stop) else { continue };
        let words = if kind == DetectionKind::Quotes { QUOTES.as_slice() } else { LAYOUT.as_slice() };
        let is_asked = request.mentions(words);
        if !is_asked {
            found.push((hunk.idx, change.remark(kind, &hunk.new, message.to_owned())));
        }
    }
    found
}

fn noise(change: &Change, hunk: &Hunk, stop: &Stop) -> Option<(DetectionKind, &'static str)> {
    let (was, is) = (change.old.at(&hunk.old), change.new.at(&hunk.new));
    if was == is || touches_string(&change.old, &hunk.old) || touches_string(&change.new, &hunk.new) {
        return None;
    }
    if is_blank_noise(was, is) && change.language_name() != "Markdown" {
        return Some((DetectionKind::Whitespace, "changes only blanks at the ends of lines or blank lines"));
    }
    let tree = change.old.tree.as_ref()?;
    change.new.tree.as_ref()?;
    let (old, new) = (solid(&change.old, &hunk.old), solid(&change.new, &hunk.new));
    if old.is_empty() || old.len() != new.len() {
        return None;
    }
    let text = |side: &'_ Side, token: &Token| side.at(&token.range).to_owned();
    let mut has_quotes = false;
    for (a, b) in old.iter().zip(&new) {
        let (was, is) = (text(&change.old, a), text(&change.new, b));
        let is_same = match a.kind {
            TokenKind::Comment => was.split_whitespace().eq(is.split_whitespace()),
            TokenKind::Quoted | TokenKind::Number | TokenKind::Truth | TokenKind::Name | TokenKind::Other => {
                was == is
            }
        };
        if is_same {
            continue;
        }
        if a.kind != TokenKind::Quoted || b.kind != TokenKind::Quoted || !is_requoted(change, &was, &is) {
            return None;
        }
        has_quotes = true;
    }
    if !has_same_structure(change, hunk, tree, stop) {
        return None;
    }
    Some(if has_quotes {
        (DetectionKind::Quotes, "changes only the style of quotes")
    } else {
        (DetectionKind::Whitespace, "changes only blanks and line breaks")
    })
}

/// Whether a border of the range lies inside a string, where blanks count.
fn touches_string(side: &Side, range: &Range<usize>) -> bool {
    side.tokens.iter().any(|token| {
        token.kind == TokenKind::Quoted
            && (token.range.start < range.start && range.start < token.range.end
                || token.range.start < range.end && range.end < token.range.end)
    }) || side.tokens_in(range).iter().any(|token| {
        token.kind == TokenKind::Quoted && side.at(&token.range).trim_matches(['"', '\'', '`']).contains('\n')
    })
}

/// The tokens in a range without commas in front of a closing bracket.
fn solid(side: &Side, range: &Range<usize>) -> Vec<Token> {
    let tokens = side.tokens_in(range);
    let closes =
        |token: Option<&Token>| token.is_some_and(|token| matches!(side.at(&token.range), ")" | "]" | "}"));
    tokens
        .iter()
        .enumerate()
        .filter(|(idx, token)| side.at(&token.range) != "," || !closes(tokens.get(idx + 1)))
        .map(|(_, token)| token.clone())
        .collect()
}

/// Whether two strings are the same but for their quotes.
fn is_requoted(change: &Change, was: &str, is: &str) -> bool {
    let inner = |text: &str| -> Option<String> {
        let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        let body = text.strip_prefix(quote)?.strip_suffix(quote)?;
        // What a quote lets through in one style only.
        (!body.contains(['"', '\'', '\\', '$', '#', '`', '{'])).then(|| body.to_owned())
    };
    EITHER_QUOTE.contains(&change.language_name()) && inner(was).is_some_and(|body| Some(body) == inner(is))
}

/// Whether the text with this hunk alone has the tree that it had: indentation may be structure.
fn has_same_structure(change: &Change, hunk: &Hunk, tree: &Tree, stop: &Stop) -> bool {
    let edit = Edit::new(hunk.old.clone(), change.new.at(&hunk.new));
    let Ok(changes) = ChangeSet::single(change.old.text.len(), edit) else { return false };
    let Ok(after) = change.old.text.apply(&changes) else { return false };
    match tree.edited(&changes, &change.old.text, &after).reparse(&after, stop) {
        Ok(new) => has_same_kinds(&tree.to_sexp(), &new.to_sexp()),
        Err(_) => false,
    }
}

/// Whether two trees are the same but for how quotes are called.
fn has_same_kinds(was: &str, is: &str) -> bool {
    let plain = |sexp: &str| {
        sexp.replace("double_quote_scalar", "quote_scalar").replace("single_quote_scalar", "quote_scalar")
    };
    plain(was) == plain(is)
}
