//! The texts that an answer without search/replace blocks can mean: what stands between two fences, or all of it.
//!
//! Lists every reading and prefers none: which of them fits its scope is for [`crate::place`] to find out, and more than
//! one is a refusal.

use super::fence::FenceLine;
use super::{Block, diff, join, tool};
use crate::Reason;

/// More pairs of fences than an answer about one scope has; beyond them nobody could say that a reading is the only one.
const MAX_READINGS: usize = 66;
/// Lines of a fence that shows how to run something, or its output.
const MAX_ASIDE_LINES: usize = 3;

/// Every way to read an answer.
#[derive(Debug, Default)]
pub(super) struct Readings {
    pub(super) readings: Vec<Block>,
    /// Whether the first is the one fence of an answer that is read from top to bottom, besides commands and their output.
    pub(super) is_first_plain: bool,
}

/// What the `lines` of an answer, thoughts left out, can mean; nothing if there is no code in it.
pub(super) fn readings(lines: &[String]) -> Result<Readings, Reason> {
    let fences: Vec<(usize, FenceLine<'_>)> = lines
        .iter()
        .enumerate()
        .filter_map(|(idx, line)| FenceLine::anywhere(line).map(|fence| (idx, fence)))
        .collect();
    if fences.is_empty() {
        return bare(lines).map(|readings| Readings { readings, is_first_plain: false });
    }
    let plain = plain(lines);
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (n, (open, fence)) in fences.iter().enumerate() {
        pairs.extend(
            fences
                .iter()
                .skip(n + 1)
                .filter(|(_, other)| fence.is_closed_by(other))
                .map(|(close, _)| (*open, *close)),
        );
        if pairs.len() > MAX_READINGS {
            return Err(Reason::SeveralFences { n_fences: fences.len() });
        }
    }
    if pairs.is_empty() {
        return Err(Reason::UnclosedFence);
    }
    let len_at = |at: usize| fences.iter().find(|(idx, _)| *idx == at).map_or(0, |(_, fence)| fence.len());
    // What a longer fence holds is its text.
    let is_held = |(open, close): (usize, usize)| {
        pairs.iter().any(|(from, upto)| *from < open && close < *upto && len_at(*from) > len_at(open))
    };
    let mut free: Vec<(usize, usize)> = pairs.iter().copied().filter(|pair| !is_held(*pair)).collect();
    free.sort_by_key(|pair| Some(*pair) != plain);
    let mut found = Readings { readings: Vec::new(), is_first_plain: plain.is_some() };
    let mut problem = None;
    for (open, close) in free {
        let info = fences.iter().find(|(idx, _)| *idx == open).map_or("", |(_, fence)| fence.info);
        match reading(lines.get(open + 1..close).unwrap_or_default(), info) {
            Ok(blocks) => {
                // An object with the keys of an edit tool may be the file's own.
                found.is_first_plain &= blocks.len() == 1 || Some((open, close)) != plain;
                for block in blocks {
                    if !found.readings.contains(&block) {
                        found.readings.push(block);
                    }
                }
            }
            Err(reason) => problem = Some(reason),
        }
    }
    let is_empty = |block: &Block| matches!(block, Block::Rewrite { text } if text.is_empty());
    if found.readings.iter().any(|block| !is_empty(block)) {
        found.readings.retain(|block| !is_empty(block));
    }
    match problem {
        Some(reason) if found.readings.is_empty() => Err(reason),
        Some(_) | None => Ok(found),
    }
}

/// The only fence of code, read from top to bottom; none where a line inside could open a fence of its own.
fn plain(lines: &[String]) -> Option<(usize, usize)> {
    let mut code = None;
    let mut open: Option<(usize, FenceLine<'_>)> = None;
    for (idx, line) in lines.iter().enumerate() {
        let Some(fence) = FenceLine::of(line) else { continue };
        match &open {
            None => open = Some((idx, fence)),
            Some((start, first)) if first.is_closed_by(&fence) => {
                let n_lines =
                    lines.get(start + 1..idx)?.iter().filter(|line| !line.trim().is_empty()).count();
                if !(first.is_aside() && n_lines <= MAX_ASIDE_LINES) && code.replace((*start, idx)).is_some()
                {
                    return None;
                }
                open = None;
            }
            Some((_, first)) if first.hides(&fence) => {}
            Some(_) => return None,
        }
    }
    code.filter(|_| open.is_none())
}

/// An answer without a fence.
fn bare(lines: &[String]) -> Result<Vec<Block>, Reason> {
    let lines = trimmed(lines);
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    reading(lines, "").map(|readings| {
        let bare = |block| match block {
            Block::Rewrite { text } => Block::Bare { text },
            other => other,
        };
        readings.into_iter().map(bare).collect()
    })
}

fn reading(lines: &[String], info: &str) -> Result<Vec<Block>, Reason> {
    let lines = trimmed(lines);
    if diff::is_diff(lines, info) {
        return diff::read(lines).map(|changes| vec![Block::Diff { changes }]);
    }
    let text = join(lines);
    Ok(tool::edits(&text).into_iter().chain([Block::Rewrite { text }]).collect())
}

/// Without blank lines at both ends.
fn trimmed(lines: &[String]) -> &[String] {
    let is_code = |line: &String| !line.trim().is_empty();
    let start = lines.iter().position(is_code).unwrap_or(lines.len());
    let end = lines.iter().rposition(is_code).map_or(start, |last| last + 1);
    lines.get(start..end).unwrap_or_default()
}
