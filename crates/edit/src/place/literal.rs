//! A piece of text that is part of a line, or ends inside one, replaced where it occurs exactly once.

use std::ops::Range;

use super::lines::{Line, contents};
use super::merge::Blanks;
use super::nearest::words as words_of;
use super::search::{self, Lines};
use super::site::{Placed, View};
use crate::{Reason, Refusal};

/// The edits that put `replace` in place of `search`, byte for byte; by its lines where it does not occur so.
pub(super) fn place(view: &View<'_>, search: &str, replace: &str) -> Result<Placed, Refusal> {
    if search.trim().is_empty() {
        return Err(Reason::EmptySearch.into());
    }
    let (search, replace) = (normal(search), normal(replace));
    match words(view, &search, &replace) {
        Some(found) => found,
        None => search::place(view, &Lines::new(&search, &replace)),
    }
}

/// The edit for a piece that occurs in the scope; none if it does not, refused if it does several times.
pub(super) fn exact(view: &View<'_>, search: &str, replace: &str) -> Option<Result<Placed, Refusal>> {
    let flat = Flat::new(view.lines);
    let places = flat.places(search);
    let [start] = places.as_slice() else {
        if places.is_empty() {
            return None;
        }
        let first_line = view.first_line();
        let mut refusal = Refusal::new(Reason::Ambiguous).searched(&contents(search));
        refusal.matches = places.iter().map(|start| first_line + flat.line_of(*start)).collect();
        return Some(Err(refusal));
    };
    Some(flat.replaced(view, *start..start + search.len(), replace))
}

/// As [`exact`], but where the piece begins or ends inside a word or a number, `replace` must leave that word alone, and what
/// the piece has of it must not be a word of the scope by itself: then another place may be meant.
pub(super) fn words(view: &View<'_>, search: &str, replace: &str) -> Option<Result<Placed, Refusal>> {
    let flat = Flat::new(view.lines);
    let places = flat.places(search);
    let [start] = places.as_slice() else { return exact(view, search, replace) };
    let end = start + search.len();
    let whole = words_of(&flat.text);
    let is_kept = |at: usize, part: &str, is_same: bool| {
        !flat.is_inside_word(at) || is_same && !part.is_empty() && !whole.contains(part)
    };
    let (first, last) = (first_word(search), last_word(search));
    let is_safe = is_kept(*start, first, first_word(replace) == first)
        && is_kept(end, last, last_word(replace) == last);
    if is_safe { exact(view, search, replace) } else { None }
}

/// The part of a word that `text` begins with.
fn first_word(text: &str) -> &str {
    text.get(..text.find(|c| !is_word(c)).unwrap_or(text.len())).unwrap_or("")
}

/// The part of a word that `text` ends with.
fn last_word(text: &str) -> &str {
    text.rfind(|c| !is_word(c)).map_or(text, |at| {
        let rest = text.get(at..).unwrap_or("");
        rest.trim_start_matches(|c| !is_word(c))
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The scope with `\n` at the end of every line.
struct Flat {
    text: String,
    /// Where each line starts in `text`.
    starts: Vec<usize>,
}

impl Flat {
    fn new(lines: &[Line<'_>]) -> Flat {
        let mut text = String::new();
        let mut starts = Vec::with_capacity(lines.len());
        for line in lines {
            starts.push(text.len());
            text.push_str(line.content);
            if line.ending.is_some() {
                text.push('\n');
            }
        }
        Flat { text, starts }
    }

    /// Where `piece` starts, places that overlap included.
    fn places(&self, piece: &str) -> Vec<usize> {
        let mut places = Vec::new();
        let mut from = 0;
        while let Some(start) = self.text.get(from..).and_then(|rest| rest.find(piece)) {
            places.push(from + start);
            let step =
                self.text.get(from + start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            from += start + step;
        }
        places
    }

    /// Whether a word, or a number with its fraction, goes on from before `offset` to behind it.
    fn is_inside_word(&self, offset: usize) -> bool {
        let (Some(before), Some(behind)) = (self.text.get(..offset), self.text.get(offset..)) else {
            return true;
        };
        let is_fraction = |text: &str| {
            text.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        let Some(last) = before.chars().next_back() else { return false };
        is_word(last) && behind.starts_with(is_word)
            || last.is_ascii_digit() && is_fraction(behind)
            || last == '.'
                && before.trim_end_matches('.').ends_with(|c: char| c.is_ascii_digit())
                && behind.starts_with(|c: char| c.is_ascii_digit())
    }

    fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The edits that put `new` in place of the bytes `piece`, as a change of the lines that they touch.
    fn replaced(&self, view: &View<'_>, piece: Range<usize>, new: &str) -> Result<Placed, Refusal> {
        let first = self.line_of(piece.start);
        let mut last = self.line_of(piece.end.saturating_sub(1).max(piece.start));
        let from = self.starts.get(first).copied().unwrap_or(0);
        let lines = loop {
            let upto = self.starts.get(last + 1).copied().unwrap_or(self.text.len());
            let part = |range: Range<usize>| self.text.get(range).unwrap_or_default();
            let lines = format!("{}{new}{}", part(from..piece.start), part(piece.end..upto));
            // A line that lost its ending goes on with the next one.
            if lines.is_empty() || lines.ends_with('\n') || upto == self.text.len() {
                break lines;
            }
            last += 1;
        };
        let new: Vec<String> = contents(&lines).into_iter().map(str::to_owned).collect();
        Ok(view.merged(first..last + 1, &new, Blanks::Exact))
    }
}
