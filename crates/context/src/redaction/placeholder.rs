//! The form of a placeholder.
//!
//! Owns the form: `REDACTED_` digits `_END`. It is plain ASCII that may stand in a string, a name or a value without
//! breaking the code round it. Its first letter occurs in it once, so no placeholder can be read out of another one and
//! the text beside it. Must never know what a placeholder stands for.

use std::ops::Range;

const HEAD: &str = "REDACTED_";
const TAIL: &str = "_END";

/// More secrets than one prompt can hold.
const MAX_DIGITS: usize = 6;

/// What stands at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    /// A placeholder of so many bytes.
    Whole(usize),
    /// All of the text, and it may become a placeholder.
    Partial,
    /// Something else.
    None,
}

/// The placeholder with this number.
pub(super) fn of(number: usize) -> String {
    format!("{HEAD}{number}{TAIL}")
}

/// The number of a placeholder; none for other text, and for one with leading zeros, which [`of`] never makes.
pub(super) fn number(placeholder: &str) -> Option<usize> {
    let digits = placeholder.strip_prefix(HEAD)?.strip_suffix(TAIL)?;
    if digits.starts_with('0') { None } else { digits.parse().ok() }
}

/// Whether a whole text is a placeholder, whoever wrote it.
pub(super) fn is_one(text: &str) -> bool {
    at_start(text) == Match::Whole(text.len())
}

/// How often a placeholder begins in `text`, whole or not.
pub(super) fn n_heads(text: &str) -> usize {
    let is_head = |offset: usize| {
        text.get(offset + HEAD.len()..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    text.match_indices(HEAD).filter(|(offset, _)| is_head(*offset)).count()
}

/// What stands at the start of `text`.
pub(super) fn at_start(text: &str) -> Match {
    let Some(rest) = text.strip_prefix(HEAD) else {
        return if HEAD.starts_with(text) { Match::Partial } else { Match::None };
    };
    let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let tail = rest.get(n_digits..).unwrap_or("");
    if n_digits > MAX_DIGITS || (n_digits == 0 && !tail.is_empty()) {
        Match::None
    } else if n_digits > 0 && tail.starts_with(TAIL) {
        Match::Whole(HEAD.len() + n_digits + TAIL.len())
    } else if TAIL.starts_with(tail) {
        Match::Partial
    } else {
        Match::None
    }
}

/// The next place at or behind `from` where a placeholder may begin.
pub(super) fn candidate(text: &str, from: usize) -> Option<usize> {
    // `R` is ASCII: its offset lies between characters.
    text.get(from..)?.find('R').map(|offset| from + offset)
}

/// All placeholders in `text`, whoever wrote them.
pub(super) fn all(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices(HEAD).filter_map(|(offset, _)| match at_start(text.get(offset..)?) {
        Match::Whole(len) => Some(offset..offset + len),
        Match::Partial | Match::None => None,
    })
}
