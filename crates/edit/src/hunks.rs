//! Edits made into hunks that a person likes to decide on: whole lines, split where lines did not change, moved to where
//! a statement begins; and what a hunk does, in words.
//!
//! Owns only the shape. Applying the hunks always gives the text that applying the edits gives.

mod slide;
mod split;

use std::ops::Range;

use text::{ChangeSet, Edit, Text, diff_lines, split_lines};

/// The change of `edits`, sorted and disjoint, as hunks: sorted, disjoint, each of whole lines (or to the end of the text).
///
/// Edits that do not fit the text come back as they are.
pub fn hunks(old: &Text, edits: Vec<Edit>) -> Vec<Edit> {
    hunks_within(old, edits, &(0..old.len()))
}

/// As [`hunks`], but no hunk is moved over the borders of `scope`.
pub fn hunks_within(old: &Text, edits: Vec<Edit>, scope: &Range<usize>) -> Vec<Edit> {
    hunks_between(old, edits, scope, &[])
}

/// As [`hunks_within`], and no hunk reaches over one of `borders`, the line starts at which definitions begin in `old`, if
/// what stands there afterwards shows where the next definition begins.
pub fn hunks_between(old: &Text, edits: Vec<Edit>, scope: &Range<usize>, borders: &[usize]) -> Vec<Edit> {
    let Ok(changes) = ChangeSet::new(old.len(), edits.clone()) else { return edits };
    let Ok(after) = old.apply(&changes) else { return edits };
    let clusters = clusters(old, &changes);
    let mut runs = Vec::new();
    for cluster in &clusters {
        let content = old.slice(cluster.range.clone());
        let lines: Vec<Run> = diff_lines(&content, &cluster.text)
            .into_iter()
            .map(|change| Run {
                range: cluster.range.start + change.old.start..cluster.range.start + change.old.end,
                lines: split_lines(cluster.text.get(change.new).unwrap_or(""))
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            })
            .collect();
        runs.extend(lines);
    }
    let runs = joined(old, split::at_borders(old, runs, borders), borders);
    let runs = slide::slid(old, runs, scope);
    let hunks: Vec<Edit> = runs.into_iter().map(|run| Edit::new(run.range, run.lines.concat())).collect();
    let is_same = ChangeSet::new(old.len(), hunks.clone())
        .and_then(|changes| old.apply(&changes))
        .is_ok_and(|found| found == after);
    debug_assert!(is_same, "hunks change the text as the edits do");
    if is_same { hunks } else { clusters }
}

/// Whether a hunk changes nothing but blank lines and blanks at the ends of lines.
pub fn is_blank_noise(old: &str, new: &str) -> bool {
    let solid = |text: &str| -> Vec<String> {
        split_lines(text)
            .iter()
            .map(|line| line.trim_end().to_owned())
            .filter(|line| !line.is_empty())
            .collect()
    };
    solid(old) == solid(new)
}

/// What replacing `old` by `new` does, in words: "replaces 4 lines", "adds 2 lines", "removes 1 line", "changes 1 line".
///
/// Lines that both have at their start or end do not count.
pub fn summary(old: &str, new: &str) -> String {
    let (mut old, mut new) = (split_lines(old).as_slice().to_vec(), split_lines(new));
    while !old.is_empty() && old.first() == new.first() {
        old.remove(0);
        new.remove(0);
    }
    while !old.is_empty() && old.last() == new.last() {
        old.pop();
        new.pop();
    }
    let is_blank = old.iter().chain(&new).all(|line| line.trim().is_empty());
    let count = |n: usize| {
        let kind = if is_blank { "blank line" } else { "line" };
        format!("{n} {kind}{}", if n == 1 { "" } else { "s" })
    };
    match (old.len(), new.len()) {
        (0, 0) => "changes nothing".to_owned(),
        (0, n) => format!("adds {}", count(n)),
        (n, 0) => format!("removes {}", count(n)),
        (n, m) if n == m && is_blank_noise(&old.concat(), &new.concat()) => {
            format!("changes blanks in {}", count(n))
        }
        (1, 1) => "changes 1 line".to_owned(),
        (n, m) if n == m => format!("replaces {}", count(n)),
        (n, m) => format!("replaces {} with {m}", count(n)),
    }
}

/// Lines that go and lines that come.
struct Run {
    range: Range<usize>,
    lines: Vec<String>,
}

/// The change as edits of whole lines, at whose borders a line begins both before and after.
fn clusters(old: &Text, changes: &ChangeSet) -> Vec<Edit> {
    let edits = changes.edits();
    let mut clusters: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let mut next = 0;
    while let Some(edit) = edits.get(next) {
        let mut range = old.whole_lines(edit.range.clone());
        let mut members = next..next + 1;
        loop {
            while let Some(last) = clusters.last().filter(|(last, _)| last.end > range.start).cloned() {
                range.start = range.start.min(last.0.start);
                members.start = last.1.start;
                clusters.pop();
            }
            while let Some(touching) = edits
                .get(members.end)
                .map(|edit| old.whole_lines(edit.range.clone()))
                .filter(|next| next.start <= range.end)
            {
                range.end = range.end.max(touching.end);
                members.end += 1;
            }
            let text = content(old, &range, edits.get(members.clone()).unwrap_or_default());
            if !is_line_border(old, &range, &text) && range.end < old.len() {
                range.end = old.line_end(old.line_of(range.end));
            } else if text.starts_with('\n') && ends_in_return(old, range.start) {
                range.start = old.line_start(old.line_of(range.start - 1));
            } else {
                break;
            }
        }
        next = members.end;
        clusters.push((range, members));
    }
    clusters
        .into_iter()
        .map(|(range, members)| {
            let text = content(old, &range, edits.get(members).unwrap_or_default());
            Edit::new(range, text)
        })
        .collect()
}

/// What stands in `range` after `edits`, which lie inside.
fn content(old: &Text, range: &Range<usize>, edits: &[Edit]) -> String {
    let mut content = String::new();
    let mut offset = range.start;
    for edit in edits {
        content.push_str(&old.slice(offset..edit.range.start));
        content.push_str(&edit.text);
        offset = edit.range.end;
    }
    content + &old.slice(offset..range.end)
}

/// Whether a line ends behind `text` when it stands in place of `range`.
fn is_line_border(old: &Text, range: &Range<usize>, text: &str) -> bool {
    let ends_in_return = text.ends_with('\r') || text.is_empty() && ends_in_return(old, range.start);
    let splits_ending = ends_in_return && old.is_at(&(range.end..range.end + 1), "\n");
    (text.is_empty() || text.ends_with(['\n', '\r'])) && !splits_ending
}

fn ends_in_return(old: &Text, offset: usize) -> bool {
    offset > 0 && old.is_at(&(offset - 1..offset), "\r")
}

/// Runs with nothing but a closing bracket or a blank line between them are one, where both are large against it.
fn joined(old: &Text, runs: Vec<Run>, borders: &[usize]) -> Vec<Run> {
    let mut joined: Vec<Run> = Vec::new();
    for run in runs {
        if let Some(last) = joined.last_mut() {
            let between = old.slice(last.range.end..run.range.start);
            let gap = split_lines(&between);
            let is_trivial = gap.iter().all(|line| !line.chars().any(char::is_alphanumeric));
            let is_apart =
                borders.iter().any(|border| *border >= last.range.end && *border <= run.range.start);
            let is_large = |run: &Run| size(old, run) >= 3 * gap.len() && run.is_replacement();
            if is_trivial && !is_apart && is_large(last) && is_large(&run) {
                last.lines.extend(gap.into_iter().map(str::to_owned));
                last.lines.extend(run.lines);
                last.range.end = run.range.end;
                continue;
            }
        }
        joined.push(run);
    }
    joined
}

/// Lines that go and come.
fn size(old: &Text, run: &Run) -> usize {
    split_lines(&old.slice(run.range.clone())).len() + run.lines.len()
}

impl Run {
    fn is_replacement(&self) -> bool {
        !self.range.is_empty() && !self.lines.is_empty()
    }
}
