//! The lines of a scope with the bytes that they take in the document.
//!
//! Content and ending are apart, so that lines compare by content and keep the document's ending.

use text::{LineEnding, split_lines};

/// A line of the document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Without its ending.
    pub(super) content: &'a str,
    /// None for the last line of a scope that does not end with one.
    pub(super) ending: Option<LineEnding>,
    /// Offset in the document.
    pub(super) start: usize,
    /// Offset behind the ending.
    pub(super) end: usize,
}

/// The lines of `content`, which stands at `offset` of the document.
pub(super) fn lines_of(content: &str, offset: usize) -> Vec<Line<'_>> {
    let mut start = offset;
    split_lines(content)
        .into_iter()
        .map(|line| {
            let end = start + line.len();
            let ending = LineEnding::of_line(line);
            let content =
                line.get(..line.len() - ending.map_or(0, |ending| ending.as_str().len())).unwrap_or(line);
            let line = Line { content, ending, start, end };
            start = end;
            line
        })
        .collect()
}

/// The contents of the lines of `text`, without their endings.
pub(super) fn contents(text: &str) -> Vec<&str> {
    lines_of(text, 0).into_iter().map(|line| line.content).collect()
}

/// The blanks and tabs in front of a line.
pub(super) fn indentation(line: &str) -> &str {
    line.get(..line.len() - line.trim_start_matches([' ', '\t']).len()).unwrap_or("")
}

/// Whether nothing but white space stands in a line.
pub(super) fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// Whether `part` stands in `text` from one fence line, or an end of the text, to another; or inside of a line.
pub(super) fn is_fenced_part(text: &str, part: &str) -> bool {
    let is_fence = |line: Option<&str>| {
        line.is_none_or(|line| line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~"))
    };
    text.match_indices(part).any(|(start, _)| {
        let before = text.get(..start).unwrap_or_default();
        let behind = text.get(start + part.len()..).unwrap_or_default();
        let is_lines = (before.is_empty() || before.ends_with('\n'))
            && (behind.is_empty() || part.ends_with('\n') || behind.starts_with('\n'));
        !is_lines
            || is_fence(before.lines().rev().find(|line| !is_blank(line)))
                && is_fence(behind.lines().find(|line| !is_blank(line)))
    })
}
