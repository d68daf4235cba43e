//! Moves added or removed lines that could as well stand a few lines up or down to where a reader expects them.
//!
//! Which place reads best is scored by indentation and blank lines at both borders, with the weights that git's indent
//! heuristic uses (`git diff --indent-heuristic`). Never moves over a line that differs.

use std::ops::Range;

use text::{Text, split_lines};

use super::Run;

/// Lines that a run is moved at most, and lines around it that are looked at.
const REACH: usize = 100;
const TAB_WIDTH: usize = 8;

/// The runs of `old`, sorted, each at its best place in `scope`; two runs keep a line between them.
pub(super) fn slid(old: &Text, runs: Vec<Run>, scope: &Range<usize>) -> Vec<Run> {
    let mut slid: Vec<Run> = Vec::with_capacity(runs.len());
    let mut rest = runs.into_iter().peekable();
    while let Some(run) = rest.next() {
        let start = slid.last().map_or(0, |last| last.range.end).max(scope.start.min(run.range.start));
        let end = rest.peek().map_or(old.len(), |next| next.range.start).min(scope.end.max(run.range.end));
        let is_free = run.range.is_empty() != run.lines.is_empty();
        slid.push(if is_free { slide(old, run, &(start..end)) } else { run });
    }
    slid
}

/// `run`, which only adds or only removes lines, moved inside `bounds`.
fn slide(old: &Text, run: Run, bounds: &Range<usize>) -> Run {
    let Range { start, end } = run.range;
    let first_line = old.line_of(start).saturating_sub(REACH);
    let last_line = old.line_of(end).saturating_add(REACH);
    let from = old.line_start(first_line);
    let upto = old.line_end(last_line);
    let (before, gone, behind) = (old.slice(from..start), old.slice(start..end), old.slice(end..upto));
    // The text that holds the group, whether it is the old or the new one.
    let mut lines = split_lines(&before);
    let at = lines.len();
    let group: Vec<&str> = if run.lines.is_empty() {
        split_lines(&gone)
    } else {
        run.lines.iter().map(String::as_str).collect()
    };
    let len = group.len();
    lines.extend(group);
    lines.extend(split_lines(&behind));
    let (low, high) =
        reach(&lines, at, len, start - bounds.start.max(from).min(start), bounds.end.saturating_sub(end));
    if low == high {
        return run;
    }
    let is_file_start = from == 0;
    let is_file_end = upto == old.len();
    let mut best: Option<(usize, Score)> = None;
    for at in low..=high {
        let score = Score::of(&lines, at, is_file_start, is_file_end).plus(Score::of(
            &lines,
            at + len,
            is_file_start,
            is_file_end,
        ));
        if best.as_ref().is_none_or(|(_, found)| score.against(found) <= 0) {
            best = Some((at, score));
        }
    }
    let Some((best, _)) = best else { return run };
    let moved: usize = bytes(&lines, best.min(at)..best.max(at), at, len, best > at);
    let shift = |offset: usize| if best > at { offset + moved } else { offset - moved };
    let lines = if run.lines.is_empty() {
        Vec::new()
    } else {
        lines.get(best..best + len).unwrap_or_default().iter().map(|line| (*line).to_owned()).collect()
    };
    Run { range: shift(start)..shift(end), lines }
}

/// Bytes of the lines that the group of `len` lines at `at` moves over.
fn bytes(lines: &[&str], over: Range<usize>, at: usize, len: usize, is_down: bool) -> usize {
    let over = if is_down { at + len..over.end + len } else { over };
    lines.get(over).unwrap_or_default().iter().map(|line| line.len()).sum()
}

/// The first and last place of the group, with at most `up` bytes above it and `down` bytes below it to pass.
fn reach(lines: &[&str], at: usize, len: usize, up: usize, down: usize) -> (usize, usize) {
    let (mut low, mut left) = (at, up);
    while low > 0 && at - low < REACH && same(lines, low - 1, low + len - 1) {
        let Some(rest) = lines.get(low - 1).and_then(|line| left.checked_sub(line.len())) else { break };
        left = rest;
        low -= 1;
    }
    let (mut high, mut left) = (at, down);
    while high - at < REACH && same(lines, high, high + len) {
        let Some(rest) = lines.get(high + len).and_then(|line| left.checked_sub(line.len())) else { break };
        left = rest;
        high += 1;
    }
    (low, high)
}

fn same(lines: &[&str], a: usize, b: usize) -> bool {
    lines.get(a).is_some_and(|line| lines.get(b) == Some(line))
}

/// How bad it is to split a text at a line: less is better.
struct Score {
    indent: i64,
    penalty: i64,
}

impl Score {
    fn of(lines: &[&str], at: usize, is_file_start: bool, is_file_end: bool) -> Score {
        let indent_at = |idx: usize| lines.get(idx).and_then(|line| indent(line));
        let is_end = at >= lines.len() && is_file_end;
        let n_blank = |found: Option<usize>, most: usize| found.unwrap_or(most) as i64;
        let before = (0..at).rev().take(20).position(|idx| indent_at(idx).is_some());
        let behind = (at + 1..lines.len()).take(20).position(|idx| indent_at(idx).is_some());
        let pre_blank = n_blank(before, at.min(20));
        let pre_indent = before.and_then(|n| indent_at(at - 1 - n));
        let post_indent = behind.and_then(|n| indent_at(at + 1 + n));
        let here = indent_at(at);
        let post_blank = if here.is_some() || is_end {
            0
        } else {
            1 + n_blank(behind, lines.len().saturating_sub(at + 1).min(20))
        };
        let total_blank = pre_blank + post_blank;
        let mut penalty = -30 * total_blank + 6 * post_blank;
        if pre_indent.is_none() && pre_blank == 0 && is_file_start {
            penalty += 1;
        }
        if is_end {
            penalty += 21;
        }
        let effective = here.or(post_indent);
        if let (Some(indent), Some(pre)) = (effective, pre_indent) {
            let has_blank = total_blank != 0;
            penalty += if indent > pre {
                if has_blank { 10 } else { -4 }
            } else if indent == pre {
                0
            } else if post_indent.is_some_and(|post| post > indent) {
                if has_blank { 17 } else { 24 }
            } else if has_blank {
                17
            } else {
                23
            };
        }
        Score { indent: effective.map_or(-1, |indent| indent as i64), penalty }
    }

    fn plus(self, other: Score) -> Score {
        Score { indent: self.indent + other.indent, penalty: self.penalty + other.penalty }
    }

    /// Negative if this is better than `other`, 0 if it is as good.
    fn against(&self, other: &Score) -> i64 {
        60 * (self.indent - other.indent).signum() + self.penalty - other.penalty
    }
}

/// Columns of blanks in front of a line; none for a blank line.
fn indent(line: &str) -> Option<usize> {
    let mut columns = 0;
    for c in line.chars() {
        match c {
            ' ' => columns += 1,
            '\t' => columns += TAB_WIDTH - columns % TAB_WIDTH,
            c if c.is_whitespace() => {}
            _ => return Some(columns),
        }
    }
    None
}
