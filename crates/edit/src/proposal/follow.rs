//! One hunk over one change: moved, accepted, taken back, or stale.

use std::ops::Range;

use text::{Bias, ChangeSet, Edit, Text};

use crate::hunk::{Cut, Hunk, Status};

/// Takes a hunk over a change. `is_expected` when a command is about to accept it.
///
/// True when the hunk was found again by its text alone: then another hunk may have the better claim to that place.
pub(super) fn follow(
    hunk: &mut Hunk,
    changes: &ChangeSet,
    before: &Text,
    after: &Text,
    is_expected: bool,
) -> bool {
    let near = Near::new(&hunk.range, changes);
    if hunk.is_adrift {
        hunk.range = near.moved(&hunk.range, false, after).0;
        return false;
    }
    let (current, other) = match hunk.status {
        Status::Accepted => (&hunk.new, &hunk.old),
        Status::Provisional | Status::Pending | Status::Rejected { .. } | Status::Stale => {
            (&hunk.old, &hunk.new)
        }
    };
    let is_known = current.len() == hunk.range.len() && !hunk.is_lost();
    if let Some(start) = near
        .turns(current, other)
        .filter(|start| is_known && after.is_at(&(*start..start + other.len()), other))
    {
        hunk.range = start..start + other.len();
        hunk.status = match hunk.status {
            Status::Accepted => Status::Pending,
            Status::Provisional | Status::Pending | Status::Rejected { .. } => Status::Accepted,
            Status::Stale if is_expected => Status::Accepted,
            Status::Stale => Status::Stale,
        };
        hunk.cut = None;
        return false;
    }
    let ends_line = is_known && (current.ends_with('\n') || current.ends_with('\r'));
    let (range, is_touched) = near.moved(&hunk.range, ends_line, after);
    hunk.cut = near.cut(hunk.cut.take(), changes, before);
    hunk.range = range;
    if is_touched && matches!(hunk.status, Status::Provisional | Status::Pending) {
        hunk.status = Status::Stale;
    }
    (is_touched || hunk.status == Status::Stale || hunk.is_lost()) && settle(hunk, after, is_expected)
}

/// Takes a claim by text alone back.
pub(super) fn disclaim(hunk: &mut Hunk) {
    match hunk.status {
        Status::Pending | Status::Provisional => hunk.status = Status::Stale,
        // Accepted text that is not at its place is left alone by an undo.
        Status::Accepted | Status::Rejected { .. } | Status::Stale => {
            hunk.range = hunk.range.start..hunk.range.start
        }
    }
}

/// Where a changed hunk's old or new text stands again, whole: pending or accepted.
fn settle(hunk: &mut Hunk, after: &Text, is_expected: bool) -> bool {
    if hunk.is_lost() && found_by_neighbor(hunk, after) {
        return true;
    }
    let is_accepted = hunk.status == Status::Accepted;
    let at_range = |wanted: &str| Some(hunk.range.clone()).filter(|range| after.is_at(range, wanted));
    // Whole lines at the hunk's start, or where an edit that swallowed its start has been undone.
    let at_lines = |wanted: &str| {
        let starts = [Some(hunk.range.start), hunk.cut.as_ref().map(|cut| cut.origin + cut.lead)];
        let mut places = starts.into_iter().flatten().map(|start| start..start + wanted.len());
        places.find(|range| after.is_at(range, wanted) && are_lines(range, after))
    };
    let has_new = (is_accepted || is_expected) && !hunk.new.is_empty();
    let new = has_new.then(|| at_range(&hunk.new).or_else(|| at_lines(&hunk.new))).flatten();
    // An empty base is everywhere: only the exact inverse of the insertion brings it back. And beside a base that stands
    // again as whole lines something of accepted text could be left.
    let old = match (hunk.old.is_empty(), is_accepted) {
        (true, _) => None,
        (false, true) => at_range(&hunk.old),
        (false, false) => at_range(&hunk.old).or_else(|| at_lines(&hunk.old)),
    };
    match (new, old) {
        (Some(range), _) => {
            hunk.range = range;
            hunk.status = Status::Accepted;
            hunk.cut = None;
            true
        }
        (None, Some(range)) => {
            hunk.range = range;
            hunk.cut = None;
            if !matches!(hunk.status, Status::Rejected { .. }) {
                hunk.status = Status::Pending;
            }
            true
        }
        (None, None) => false,
    }
}

/// Whether a lost hunk of no text stands between the same lines again; then it is where it was.
fn found_by_neighbor(hunk: &mut Hunk, after: &Text) -> bool {
    let Some(cut) = &hunk.cut else { return false };
    let start = cut.origin + cut.lead;
    let above = start.checked_sub(cut.above.len()).map(|above| above..start);
    let is_back = start <= after.len()
        && is_line_start(start, after)
        && above.is_some_and(|above| after.is_at(&above, &cut.above));
    if is_back {
        hunk.range = start..start;
        hunk.cut = None;
        if hunk.status == Status::Stale {
            hunk.status = Status::Pending;
        }
    }
    is_back
}

/// Whether a range is whole lines.
fn are_lines(range: &Range<usize>, text: &Text) -> bool {
    let is_line_start = |offset: usize| text.line_start(text.line_of(offset)) == offset;
    is_line_start(range.start) && (range.end == text.len() || is_line_start(range.end))
}

/// The edits of a change as they lie to one hunk.
struct Near<'a> {
    /// How far edits in front move the hunk.
    shift: isize,
    /// An edit in front ends where the hunk starts.
    is_adjacent: bool,
    /// An edit in front that only deletes, up to where the hunk starts.
    deletes_front: Option<&'a Edit>,
    /// Insertions at the hunk's start (for an empty hunk: at its place), in order.
    at_start: Vec<&'a Edit>,
    /// Edits inside, borders included.
    inside: Vec<&'a Edit>,
    /// Insertions at the hunk's end.
    at_end: Vec<&'a Edit>,
    /// An edit that replaces text from the hunk's end on.
    is_followed: bool,
    /// An edit over a border.
    crossing: Vec<&'a Edit>,
    range: Range<usize>,
}

impl<'a> Near<'a> {
    fn new(range: &Range<usize>, changes: &'a ChangeSet) -> Near<'a> {
        let mut near = Near {
            shift: 0,
            is_adjacent: false,
            deletes_front: None,
            at_start: Vec::new(),
            inside: Vec::new(),
            at_end: Vec::new(),
            is_followed: false,
            crossing: Vec::new(),
            range: range.clone(),
        };
        for edit in changes.edits() {
            let Range { start, end } = edit.range;
            if start == end && start == range.start {
                near.at_start.push(edit);
            } else if start == end && start == range.end {
                near.at_end.push(edit);
            } else if end <= range.start {
                near.shift += edit.text.len() as isize - edit.range.len() as isize;
                near.is_adjacent |= end == range.start;
                if end == range.start && edit.text.is_empty() {
                    near.deletes_front = Some(edit);
                }
            } else if start >= range.end {
                near.is_followed |= start == range.end;
            } else if start >= range.start && end <= range.end {
                near.inside.push(edit);
            } else {
                near.crossing.push(edit);
            }
        }
        near
    }

    /// Where the hunk starts afterwards, if the edits turn `current` into exactly `wanted`.
    ///
    /// Insertions at a border may be the hunk's own or a neighbor's; at its start the last ones are its own, at its end the first.
    fn turns(&self, current: &str, wanted: &str) -> Option<usize> {
        if !self.crossing.is_empty() {
            return None;
        }
        let n_end = if self.range.is_empty() { 0 } else { self.at_end.len() };
        for n_before in 0..=self.at_start.len() {
            let (before, own) = self.at_start.split_at(n_before);
            // At an empty hunk, insertions behind its own stay behind.
            for n_own in (0..=own.len()).rev().filter(|n_own| self.range.is_empty() || *n_own == own.len()) {
                for n_behind in 0..=n_end {
                    let own_start = own.get(..n_own).unwrap_or(&[]);
                    let own_end = self.at_end.get(..n_behind).unwrap_or(&[]);
                    if self.result(current, own_start, own_end).as_deref() == Some(wanted) {
                        let lead: usize = before.iter().map(|edit| edit.text.len()).sum();
                        return Some(self.range.start.saturating_add_signed(self.shift) + lead);
                    }
                }
            }
        }
        None
    }

    fn result(&self, current: &str, at_start: &[&Edit], at_end: &[&Edit]) -> Option<String> {
        if at_start.is_empty() && at_end.is_empty() && self.inside.is_empty() {
            return None;
        }
        let mut result: String = at_start.iter().map(|edit| edit.text.as_str()).collect();
        let mut offset = 0;
        for edit in &self.inside {
            result.push_str(current.get(offset..edit.range.start - self.range.start)?);
            result.push_str(&edit.text);
            offset = edit.range.end - self.range.start;
        }
        result.push_str(current.get(offset..)?);
        at_end.iter().for_each(|edit| result.push_str(&edit.text));
        Some(result)
    }

    /// Where the hunk lies afterwards, and whether anything was done to it.
    fn moved(&self, range: &Range<usize>, ends_line: bool, after: &Text) -> (Range<usize>, bool) {
        let start = range.start.saturating_add_signed(self.shift);
        let at_start: usize = self.at_start.iter().map(|edit| edit.text.len()).sum();
        let at_end: usize = self.at_end.iter().map(|edit| edit.text.len()).sum();
        if range.is_empty() && self.crossing.is_empty() {
            let is_line = !self.is_adjacent || is_line_start(start, after);
            return (start..start, !is_line || self.deletes_front.is_some() || !self.at_start.is_empty());
        }
        let is_joined = (self.is_adjacent || at_start > 0) && !is_line_start(start + at_start, after);
        let is_extended = (at_end > 0 || self.is_followed) && !ends_line;
        if self.inside.is_empty() && self.crossing.is_empty() && !is_joined && !is_extended {
            return (start + at_start..start + at_start + range.len(), false);
        }
        let mut new_start = start + if is_joined { 0 } else { at_start };
        let mut new_end = start + at_start + range.len();
        for edit in self.inside.iter().chain(&self.crossing) {
            let (lost_front, lost_back) = (edit.range.start.max(range.start), edit.range.end.min(range.end));
            new_end -= lost_back.saturating_sub(lost_front);
            if edit.range.start < range.start {
                // The new text stands in front of what is left.
                let removed = range.start - edit.range.start;
                let moved = edit.text.len() as isize - removed as isize;
                new_start = new_start.saturating_add_signed(moved);
                new_end = new_end.saturating_add_signed(moved);
            } else if edit.range.end <= range.end {
                new_end += edit.text.len();
            }
        }
        if is_extended {
            new_end += at_end;
        }
        let new_end = new_end.min(after.len());
        (new_start.min(new_end)..new_end, true)
    }

    /// The cut after the change: a new one, or the old one moved along.
    fn cut(&self, cut: Option<Cut>, changes: &ChangeSet, before: &Text) -> Option<Cut> {
        if let Some(cut) = cut {
            return Some(Cut { origin: changes.map_offset(cut.origin, Bias::Before), ..cut });
        }
        // A hunk of no text loses its place already when the text right in front of it goes.
        let front = self.deletes_front.filter(|_| self.range.is_empty());
        let swallowed =
            self.crossing.iter().copied().find(|edit| edit.range.start < self.range.start).or(front)?;
        let start = self.range.start;
        let above = before.line_start(before.line_of(start.saturating_sub(1)));
        Some(Cut {
            origin: changes.map_offset(swallowed.range.start, Bias::Before),
            lead: start - swallowed.range.start,
            above: before.slice(above..start),
            below: before.slice(self.range.end..before.line_end(before.line_of(self.range.end))),
        })
    }
}

fn is_line_start(offset: usize, text: &Text) -> bool {
    text.line_start(text.line_of(offset)) == offset
}
