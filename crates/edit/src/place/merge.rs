//! Carries new lines onto the file's own: lines that stay keep the file's bytes, the others get its line endings.
//!
//! Never decides whether the new lines are wanted.

use std::ops::Range;

use text::{Edit, LineEnding, Text, diff_lines};

use super::lines::Line;

/// Which lines count as unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blanks {
    /// Those with the same content.
    Exact,
    /// Also those whose trailing blanks the model left out.
    Trailing,
}

/// The edits that new lines come to.
#[derive(Debug, Default)]
pub(super) struct Merge {
    /// Sorted and disjoint, of whole lines.
    pub(super) edits: Vec<Edit>,
    /// The contents of the lines afterwards.
    pub(super) result: Vec<String>,
    /// Indexes of old lines that go, each with the indexes of the new lines that come.
    pub(super) runs: Vec<(Range<usize>, Range<usize>)>,
}

/// Replaces the lines `window` of `lines`, the lines of `scope`, by `new`.
pub(super) fn lines(
    text: &Text,
    scope: &Range<usize>,
    lines: &[Line<'_>],
    window: Range<usize>,
    new: &[String],
    blanks: Blanks,
) -> Merge {
    let old = lines.get(window.clone()).unwrap_or_default();
    let runs = runs(old, new, blanks);
    let mut merge = Merge::default();
    let mut next = 0;
    for (gone, come) in &runs {
        merge
            .result
            .extend(old.get(next..gone.start).unwrap_or_default().iter().map(|line| line.content.to_owned()));
        merge.result.extend(new.get(come.clone()).unwrap_or_default().iter().cloned());
        next = gone.end;
        let gone = window.start + gone.start..window.start + gone.end;
        merge.edits.push(edit(text, scope, lines, gone, new.get(come.clone()).unwrap_or_default()));
    }
    merge.result.extend(old.get(next..).unwrap_or_default().iter().map(|line| line.content.to_owned()));
    merge.runs = runs;
    merge
}

fn runs(old: &[Line<'_>], new: &[String], blanks: Blanks) -> Vec<(Range<usize>, Range<usize>)> {
    let mut old_keys = Keys::default();
    let mut new_keys = Keys::default();
    match blanks {
        Blanks::Exact => {
            old.iter().for_each(|line| old_keys.push(line.content));
            new.iter().for_each(|line| new_keys.push(line));
        }
        Blanks::Trailing => {
            let known: std::collections::HashSet<&str> = old.iter().map(|line| line.content).collect();
            old.iter().for_each(|line| old_keys.push(line.content.trim_end()));
            for line in new {
                let added_blanks =
                    line.trim_end() != line && !line.trim().is_empty() && !known.contains(line.as_str());
                new_keys.push(if added_blanks { line } else { line.trim_end() });
            }
        }
    }
    diff_lines(&old_keys.text, &new_keys.text)
        .into_iter()
        .map(|change| (old_keys.lines(&change.old), new_keys.lines(&change.new)))
        .collect()
}

/// Lines to compare, as a text with the offset of each.
#[derive(Default)]
struct Keys {
    text: String,
    starts: Vec<usize>,
}

impl Keys {
    fn push(&mut self, line: &str) {
        self.starts.push(self.text.len());
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn lines(&self, bytes: &Range<usize>) -> Range<usize> {
        let line = |offset: usize| self.starts.partition_point(|start| *start < offset);
        line(bytes.start)..line(bytes.end)
    }
}

/// The edit that puts `new` in place of the lines `gone` of the scope, with the document's endings.
fn edit(text: &Text, scope: &Range<usize>, lines: &[Line<'_>], gone: Range<usize>, new: &[String]) -> Edit {
    let start = lines.get(gone.start).map_or(scope.end, |line| line.start);
    let last = gone.end.checked_sub(1).filter(|last| *last >= gone.start);
    let end = last.and_then(|last| lines.get(last)).map_or(start, |line| line.end);
    let ending = |idx: usize| {
        let model = last.map_or(gone.start.saturating_sub(1), |last| last.min(gone.start + idx));
        ending_near(text, scope, lines, model)
    };
    // The last line of the scope may have no ending, and then the new last line has none.
    let is_open = gone.end == lines.len() && !is_closed(text, scope, lines);
    let mut inserted = String::new();
    if is_open && gone.is_empty() && !lines.is_empty() {
        inserted.push_str(ending(0).as_str());
    }
    for (idx, line) in new.iter().enumerate() {
        inserted.push_str(line);
        if !(is_open && idx + 1 == new.len()) {
            inserted.push_str(ending(idx).as_str());
        }
    }
    Edit::new(start..end, inserted)
}

/// Whether what stands at the end of the scope must be a line ending.
fn is_closed(text: &Text, scope: &Range<usize>, lines: &[Line<'_>]) -> bool {
    match lines.last() {
        Some(last) => last.ending.is_some(),
        None => text.line_start(text.line_of(scope.start)) == scope.start,
    }
}

/// The ending of the scope's line `idx`, or else of the nearest line that has one.
fn ending_near(text: &Text, scope: &Range<usize>, lines: &[Line<'_>], idx: usize) -> LineEnding {
    let upto = lines.get(..lines.len().min(idx + 1)).unwrap_or_default();
    let behind = lines.get(idx + 1..).unwrap_or_default();
    let in_scope =
        upto.iter().rev().find_map(|line| line.ending).or_else(|| behind.iter().find_map(|line| line.ending));
    in_scope.unwrap_or_else(|| {
        let line = text.line_of(scope.start);
        let before = line.checked_sub(1).and_then(|before| text.ending_of(before));
        before.or_else(|| text.ending_of(line)).unwrap_or_else(|| text.line_ending())
    })
}
