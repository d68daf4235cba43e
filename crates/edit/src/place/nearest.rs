//! The lines of a scope that come nearest to a search text that is not there.
//!
//! For messages only: nothing is ever placed by nearness.

use std::collections::HashSet;

use super::lines::Line;
use crate::refusal::{Difference, Nearest};

/// Comparisons of lines behind which no nearest place is looked for.
const COMPARISON_LIMIT: usize = 2_000_000;
const SHOWN_LINES: usize = 5;

/// The place in `lines` most like `search`; `first_line` is the number of the first, counted from 1.
pub(super) fn nearest(lines: &[Line<'_>], search: &[&str], first_line: usize) -> Option<Nearest> {
    let keys: Vec<&str> = lines.iter().map(|line| line.content.trim()).collect();
    let wanted: Vec<&str> = search.iter().map(|line| line.trim()).collect();
    if keys.len().saturating_mul(wanted.len()) > COMPARISON_LIMIT {
        return None;
    }
    let start = by_lines(&keys, &wanted).or_else(|| by_words(&keys, &wanted))?;
    let shown = lines.get(start..)?.iter().take(search.len().clamp(1, SHOWN_LINES));
    let difference = search.iter().enumerate().find_map(|(idx, searched)| {
        let found = lines.get(start + idx).map(|line| line.content);
        (found != Some(*searched)).then(|| Difference {
            line: first_line + start + idx,
            found: found.map(str::to_owned),
            searched: (*searched).to_owned(),
        })
    });
    Some(Nearest {
        line: first_line + start,
        lines: shown.map(|line| line.content.to_owned()).collect(),
        difference,
    })
}

/// The start at which most lines agree but for their indentation, if any that says something does.
fn by_lines(keys: &[&str], wanted: &[&str]) -> Option<usize> {
    let agreeing = |start: usize| {
        let behind = keys.get(start..).unwrap_or_default();
        behind.iter().zip(wanted).filter(|(key, wanted)| key == wanted && key.len() > 1).count()
    };
    let best = (0..keys.len())
        .map(|start| (agreeing(start), start))
        .max_by_key(|(n, start)| (*n, usize::MAX - start))?;
    (best.0 > 0).then_some(best.1)
}

/// The line that shares most words with the first line of the search text that has any.
fn by_words(keys: &[&str], wanted: &[&str]) -> Option<usize> {
    let (idx, first) = wanted.iter().enumerate().find(|(_, line)| !words(line).is_empty())?;
    let first = words(first);
    let share = |line: &str| {
        let line = words(line);
        let all = line.len().max(first.len()).max(1);
        line.intersection(&first).count() * 100 / all
    };
    let best = keys
        .iter()
        .enumerate()
        .map(|(line, key)| (share(key), line))
        .max_by_key(|(n, line)| (*n, usize::MAX - line))?;
    (best.0 >= 40).then(|| best.1.saturating_sub(idx))
}

/// The words of a line.
pub(super) fn words(line: &str) -> HashSet<&str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect()
}
