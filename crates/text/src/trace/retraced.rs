//! A traced text in another: where its lines are, and for which places that is certain.
//!
//! Must never take a place for certain that several lines come into question for.

use std::collections::HashMap;
use std::ops::Range;

use crate::{LineEnding, Text, split_lines};

use super::form::Trace;

/// What stands where a line is not known: no text of a document has it.
const UNKNOWN: &str = "\u{1}";

/// A traced text, as far as another text gives it away, and the lines of both.
#[derive(Debug, Clone)]
pub struct Retraced {
    base: Text,
    before: Vec<Option<u64>>,
    after: Vec<Option<u64>>,
    /// How often each mark is there, before and after.
    n_of: HashMap<u64, (u32, u32)>,
}

impl Trace {
    /// The text as far as the lines of `now` give it away; what is not known of it has its length and its line endings, and
    /// is in no other text. None where it would be longer than `most` bytes.
    pub fn in_text(&self, now: &Text, most: usize, mark: impl Fn(&str) -> u64) -> Option<Retraced> {
        let now = now.to_string();
        let lines: Vec<(u64, &str)> = split_lines(&now).into_iter().map(|line| (mark(line), line)).collect();
        let known: HashMap<u64, &str> = lines.iter().copied().collect();
        let len: usize = self.lines.iter().map(|line| line.len as usize).sum();
        if len > most {
            return None;
        }
        let mut base = String::with_capacity(len);
        for line in &self.lines {
            let found = line.mark.and_then(|mark| known.get(&mark));
            match found.filter(|found| found.len() == line.len as usize) {
                Some(found) => base.push_str(found),
                None => {
                    let ending = line.ending.map_or("", LineEnding::as_str);
                    base.push_str(&UNKNOWN.repeat((line.len as usize).saturating_sub(ending.len())));
                    base.push_str(ending);
                }
            }
        }
        let before: Vec<Option<u64>> = self.lines.iter().map(|line| line.mark).collect();
        let after: Vec<Option<u64>> = lines.iter().map(|(mark, _)| Some(*mark)).collect();
        let mut n_of: HashMap<u64, (u32, u32)> = HashMap::new();
        before.iter().flatten().for_each(|mark| n_of.entry(*mark).or_default().0 += 1);
        after.iter().flatten().for_each(|mark| n_of.entry(*mark).or_default().1 += 1);
        Some(Retraced { base: Text::from(base.as_str()), before, after, n_of })
    }
}

impl Retraced {
    /// The traced text, as far as it is known.
    pub fn base(&self) -> &Text {
        &self.base
    }

    /// Whether what stood at `before` in the traced text can stand nowhere but at `after` in `now`, by the lines round it.
    ///
    /// That is so if its own lines are there and one of them is in both texts once; if all lines from one above that is in
    /// both once to one below are the same; and for a place between two lines, if both are the same and one is there once.
    pub fn is_certain(&self, before: &Range<usize>, after: &Range<usize>, now: &Text) -> bool {
        let (before, after) = (lines(&self.base, before), lines(now, after));
        let own = |marks: &[Option<u64>], lines: &Range<usize>| marks.get(lines.clone()).map(<[_]>::to_vec);
        let (Some(own_before), Some(own_after)) = (own(&self.before, &before), own(&self.after, &after))
        else {
            return false;
        };
        let is_same = own_before == own_after && own_before.iter().all(Option::is_some);
        if is_same && own_before.iter().any(|mark| self.is_single(*mark)) {
            return true;
        }
        let above = self.before.get(..before.start).zip(self.after.get(..after.start));
        let below = self.before.get(before.end..).zip(self.after.get(after.end..));
        let (Some((old_above, new_above)), Some((old_below, new_below))) = (above, below) else {
            return false;
        };
        let above = || old_above.iter().rev().zip(new_above.iter().rev());
        let below = || old_below.iter().zip(new_below.iter());
        let ends_above = old_above.len() == new_above.len();
        let ends_below = old_below.len() == new_below.len();
        if self.is_anchored(above(), ends_above) && self.is_anchored(below(), ends_below) {
            return true;
        }
        let is_between = before.is_empty() && after.is_empty();
        let neighbors = above().next().zip(below().next());
        is_between
            && neighbors.is_some_and(|((above, new_above), (below, new_below))| {
                let is_same = above == new_above && below == new_below && above.is_some() && below.is_some();
                is_same && (self.is_single(*above) || self.is_single(*below))
            })
    }

    /// Whether lines away from a place are the same up to one that is there once, or up to the end of both texts.
    fn is_anchored<'a>(
        &self,
        lines: impl Iterator<Item = (&'a Option<u64>, &'a Option<u64>)>,
        ends_together: bool,
    ) -> bool {
        for (before, after) in lines {
            if before != after || before.is_none() {
                return false;
            }
            if self.is_single(*before) {
                return true;
            }
        }
        ends_together
    }

    /// Whether a line is in both texts once.
    fn is_single(&self, mark: Option<u64>) -> bool {
        mark.is_some_and(|mark| self.n_of.get(&mark) == Some(&(1, 1)))
    }
}

/// The lines that a range touches; none, at the line behind it, for a place between two lines.
fn lines(text: &Text, range: &Range<usize>) -> Range<usize> {
    let first = text.line_of(range.start);
    if range.is_empty() && text.line_start(first) == range.start {
        return first..first;
    }
    first..text.line_of(range.end.saturating_sub(1).max(range.start)) + 1
}
