//! Two blocks of lines in pieces, those that differ marked: for highlights inside a hunk.

use std::ops::Range;

use crate::diff::{diff_words, n_words, split_lines};

/// Blocks with more words than this together are not compared: a reader gets nothing from single words in them, and the
/// comparison would take longer than all else that is done for a hunk.
const MOST_WORDS: usize = 4_000;

/// A piece of a line, without the line's ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its text; never empty.
    pub text: String,
    /// Whether the other block has nothing in its place, or something else.
    pub is_changed: bool,
}

/// Two blocks, each as its lines, and each line as its pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlockPieces {
    /// Lines of the old block.
    pub old: Vec<Vec<Piece>>,
    /// Lines of the new block.
    pub new: Vec<Vec<Piece>>,
}

/// Two blocks of whole lines with the words, blanks and punctuation marked that only one of them has.
///
/// Nothing is marked where one is empty, where they have little in common, so that all of it is new, and where they are too
/// large to be compared.
pub fn block_pieces(old: &str, new: &str) -> BlockPieces {
    let (old_lines, new_lines) = (bare_lines(old), bare_lines(new));
    // Without the endings, which may be of two kinds.
    let (old, new) = (old_lines.join("\n"), new_lines.join("\n"));
    let (old_ranges, new_ranges) = changed_ranges(&old, &new);
    BlockPieces { old: pieces(&old_lines, &old_ranges), new: pieces(&new_lines, &new_ranges) }
}

fn bare_lines(text: &str) -> Vec<&str> {
    split_lines(text).into_iter().map(|line| line.trim_end_matches(['\r', '\n'])).collect()
}

fn changed_ranges(old: &str, new: &str) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let (n_old, n_new) = (n_words(old), n_words(new));
    if n_old == 0 || n_new == 0 || n_old + n_new > MOST_WORDS {
        return Default::default();
    }
    let changes = diff_words(old, new);
    let n_changed: usize =
        changes.iter().map(|change| n_words(old.get(change.old.clone()).unwrap_or_default())).sum();
    if n_old.saturating_sub(n_changed) * 3 < n_old.max(n_new) {
        return Default::default();
    }
    let is_there = |range: &Range<usize>| !range.is_empty();
    (
        changes.iter().map(|change| change.old.clone()).filter(is_there).collect(),
        changes.iter().map(|change| change.new.clone()).filter(is_there).collect(),
    )
}

/// Lines cut at ranges, which are sorted and count a byte for the end of a line.
fn pieces(lines: &[&str], ranges: &[Range<usize>]) -> Vec<Vec<Piece>> {
    let mut start = 0;
    let cut = lines.iter().map(|line| {
        let mut pieces = Vec::new();
        let mut push = |range: Range<usize>, is_changed| {
            let text = line.get(range).filter(|text| !text.is_empty());
            pieces.extend(text.map(|text| Piece { text: text.to_owned(), is_changed }));
        };
        let mut done = 0;
        let first = ranges.partition_point(|range| range.end <= start);
        for range in ranges.iter().skip(first).take_while(|range| range.start < start + line.len()) {
            let range = range.start.saturating_sub(start)..(range.end - start).min(line.len());
            push(done..range.start, false);
            done = range.end;
            push(range, true);
        }
        push(done..line.len(), false);
        start += line.len() + 1;
        pieces
    });
    cut.collect()
}
