//! Placement: one block on one scope of a text, exactly and at the only place it can mean, or refused with the reason.
//!
//! Owns what counts as the same line and which lines of an answer may enter a text. The model's copy of a line that did
//! not change never does: the change is carried onto the file's own lines. Never reaches outside the scope, never takes
//! the first of several places.

mod elision;
mod gate;
mod indent;
mod lines;
mod merge;
mod nearest;
mod strings;

use std::ops::Range;

use text::{ChangeSet, Edit, Text};

use crate::{Block, Reason, Refusal};
use lines::{Line, contents, lines_of};
use merge::Merge;

/// The edits of `text` that `block` means, sorted, disjoint and inside `scope`; none when it changes nothing.
///
/// `scope` is a byte range of whole lines (a part of a line is kept to as well, and treated as a line). `taken` are the
/// ranges of edits that other blocks of the same answer made; all blocks refer to the same text. Refused is what is not
/// in the scope exactly once, what overlaps, and what a file must not get: placeholders, part of the scope, lines from
/// outside it. Line endings are those of the document.
pub fn place(
    block: &Block,
    text: &Text,
    scope: &Range<usize>,
    taken: &[Range<usize>],
) -> Result<Vec<Edit>, Refusal> {
    let start = text.floor(scope.start);
    let scope = start..text.floor(scope.end).max(start);
    let content = text.slice(scope.clone());
    let lines = lines_of(&content, scope.start);
    let (merge, expected) = match block {
        Block::Rewrite { text: new } => rewrite(new, text, &scope, &lines)?,
        Block::Replace { search, replace } => search_replace(search, replace, text, &scope, &lines)?,
    };
    let edits = merge.edits;
    if edits.iter().any(|edit| taken.iter().any(|taken| collides(&edit.range, taken))) {
        return Err(Reason::Overlap.into());
    }
    if reads(text, &scope, &edits).is_none_or(|found| found != expected) {
        return Err(Reason::LineEndings.into());
    }
    Ok(edits)
}

/// The edits of a whole new scope, and the lines that the scope then has.
fn rewrite(
    new: &str,
    text: &Text,
    scope: &Range<usize>,
    lines: &[Line<'_>],
) -> Result<(Merge, Vec<String>), Refusal> {
    let inner = without_blank_border(lines, |line| line.content);
    let inner_lines = lines.get(inner.clone()).unwrap_or_default();
    let new: Vec<String> = contents(new).into_iter().map(str::to_owned).collect();
    let new_inner = without_blank_border(&new, String::as_str);
    let new = new.get(new_inner).unwrap_or_default();
    if new.is_empty() {
        return if inner.is_empty() {
            Ok((Merge::default(), own(lines)))
        } else {
            Err(Reason::EmptyRewrite.into())
        };
    }
    if inner.is_empty() {
        gate::elisions(new, &[])?;
        let merge = merge::lines(text, scope, lines, 0..lines.len(), new, merge::Blanks::Exact);
        return Ok((merge, new.to_vec()));
    }
    let outside = gate::Outside::new(text, scope);
    gate::rewrite(inner_lines, new, &outside)?;
    let new = indent::fitted(inner_lines, new)?;
    gate::indentation(inner_lines, &new)?;
    let merge = merge::lines(text, scope, lines, inner.clone(), &new, merge::Blanks::Trailing);
    gate::kept(inner_lines, &new, &merge)?;
    let expected = spliced(lines, &inner, &merge.result);
    Ok((merge, expected))
}

/// The edits of a search/replace block, and the lines that the scope then has.
fn search_replace(
    search: &str,
    replace: &str,
    text: &Text,
    scope: &Range<usize>,
    lines: &[Line<'_>],
) -> Result<(Merge, Vec<String>), Refusal> {
    let (search, replace) = (contents(search), contents(replace));
    if search.iter().all(|line| line.trim().is_empty()) {
        return Err(Reason::EmptySearch.into());
    }
    let is_match =
        |window: &[Line<'_>]| window.iter().zip(&search).all(|(line, search)| line.content == *search);
    let starts: Vec<usize> = lines
        .windows(search.len())
        .enumerate()
        .filter(|(_, window)| is_match(window))
        .map(|(idx, _)| idx)
        .collect();
    let first_line = text.line_of(scope.start) + 1;
    let window = match starts.as_slice() {
        [start] => *start..start + search.len(),
        [] => {
            let mut refusal = Refusal::new(Reason::NotFound).searched(&search);
            refusal.nearest = nearest::nearest(lines, &search, first_line).map(Box::new);
            return Err(refusal);
        }
        several => {
            let mut refusal = Refusal::new(Reason::Ambiguous).searched(&search);
            refusal.matches = several.iter().map(|idx| first_line + idx).collect();
            return Err(refusal);
        }
    };
    let replace: Vec<String> = replace.into_iter().map(str::to_owned).collect();
    gate::elisions(&replace, lines)?;
    gate::indentation(lines, &replace)?;
    gate::escapes(lines, &replace)?;
    let merge = merge::lines(text, scope, lines, window.clone(), &replace, merge::Blanks::Exact);
    let expected = spliced(lines, &window, &merge.result);
    Ok((merge, expected))
}

/// The contents of `lines` with those of `range` replaced by `new`.
fn spliced(lines: &[Line<'_>], range: &Range<usize>, new: &[String]) -> Vec<String> {
    let mut all = own(lines.get(..range.start).unwrap_or_default());
    all.extend(new.iter().cloned());
    all.extend(own(lines.get(range.end..).unwrap_or_default()));
    all
}

fn own(lines: &[Line<'_>]) -> Vec<String> {
    lines.iter().map(|line| line.content.to_owned()).collect()
}

/// The indexes from the first to the last item that is not blank.
fn without_blank_border<T>(items: &[T], content: impl Fn(&T) -> &str) -> Range<usize> {
    let is_code = |item: &T| !content(item).trim().is_empty();
    let Some(first) = items.iter().position(&is_code) else { return 0..0 };
    first..items.iter().rposition(is_code).map_or(first, |last| last + 1)
}

/// Whether an edit of `range` and one of `taken` cannot both be made, or only in an order that nobody said.
fn collides(range: &Range<usize>, taken: &Range<usize>) -> bool {
    if range.is_empty() && taken.is_empty() {
        return range.start == taken.start;
    }
    range.start < taken.end && taken.start < range.end
}

/// The lines that the scope has after `edits`: the last look before an edit leaves this module.
fn reads(text: &Text, scope: &Range<usize>, edits: &[Edit]) -> Option<Vec<String>> {
    let changes = ChangeSet::new(text.len(), edits.to_vec()).ok()?;
    if edits.iter().any(|edit| edit.range.start < scope.start || edit.range.end > scope.end) {
        return None;
    }
    let after = text.apply(&changes).ok()?;
    let end = (scope.end + changes.len_after()).checked_sub(changes.len_before())?;
    // A lone `\r` in front of the change and a `\n` behind it would become one ending.
    let is_same_border = is_inside_ending(text, scope.start) == is_inside_ending(&after, scope.start)
        && is_inside_ending(text, scope.end) == is_inside_ending(&after, end);
    let content = after.slice(scope.start..end);
    is_same_border.then(|| contents(&content).into_iter().map(str::to_owned).collect())
}

fn is_inside_ending(text: &Text, offset: usize) -> bool {
    offset > 0 && text.is_at(&(offset - 1..offset + 1), "\r\n")
}
