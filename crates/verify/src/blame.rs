//! Which hunk is the reason for a finding.
//!
//! Owns the search: each hunk alone, then all but it, then the nearest one. Must never leave an error without a hunk, or a
//! hunk that is to blame without a finding.

use std::collections::BTreeMap;
use std::ops::Range;

use syntax::{Language, ParseStopped, Stop, SyntaxError, Tree};
use text::{ChangeError, ChangeSet, Edit, Text};

use crate::Finding;
use crate::syntax_check::{Base, finding};

/// More hunks than a person tells apart; beyond it the place of an error has to do, as each hunk costs two parses.
const MAX_TRIED: usize = 64;

/// More hunks than are tried one by one: each costs a parse.
const MAX_ALONE: usize = 256;

/// The findings of each of `edits`, which are sorted and disjoint in `text`, when all of them are made.
///
/// A hunk that does not parse alone always has a finding; when the result parses no worse, only such a hunk has one. Error
/// lines are those of the text with all edits. When `stop` ends a parse, every hunk says that it was not checked.
pub fn per_hunk(
    language: Language,
    text: &Text,
    tree: Option<&Tree>,
    edits: &[Edit],
    stop: &Stop,
) -> Vec<Vec<Finding>> {
    let trial = match Trial::new(text, edits) {
        Ok(trial) => trial,
        Err(error) => return edits.iter().map(|_| vec![Finding::not_checked(&error, 0..0)]).collect(),
    };
    match trial.findings(language, tree, stop) {
        Ok(findings) => findings,
        Err(stopped) => {
            trial.places.iter().map(|place| vec![Finding::not_checked(stopped, trial.lines(place))]).collect()
        }
    }
}

/// For each of `edits`, sorted and disjoint in `text`, that does not parse alone: others with which it does, as few as there
/// are to leave out one by one. Nothing for one that parses alone, or that no others help.
///
/// Fails when `stop` ends a parse.
pub fn parses_with(
    language: Language,
    text: &Text,
    tree: Option<&Tree>,
    edits: &[Edit],
    stop: &Stop,
) -> Result<Vec<Vec<usize>>, ParseStopped> {
    let mut with = vec![Vec::new(); edits.len()];
    let Ok(trial) = Trial::new(text, edits) else { return Ok(with) };
    if edits.len() > MAX_TRIED {
        return Ok(with);
    }
    let base = Base::new(language, text, tree, stop)?;
    for (idx, with) in with.iter_mut().enumerate() {
        if trial.errors(&base, |other| other == idx)?.is_empty() || !trial.errors(&base, |_| true)?.is_empty()
        {
            continue;
        }
        let mut needed: Vec<usize> = (0..edits.len()).filter(|other| *other != idx).collect();
        // The farthest are left out first: what belongs together mostly stands together.
        let mut tried = needed.clone();
        tried.sort_by_key(|other| std::cmp::Reverse(other.abs_diff(idx)));
        for other in tried {
            let is_kept = |kept: usize| kept == idx || kept != other && needed.contains(&kept);
            if trial.errors(&base, is_kept)?.is_empty() {
                needed.retain(|kept| *kept != other);
            }
        }
        *with = needed;
    }
    Ok(with)
}

/// A text with all edits made.
pub(crate) struct Trial<'a> {
    before: &'a Text,
    edits: &'a [Edit],
    changes: ChangeSet,
    after: Text,
    /// Where each edit's text stands afterwards.
    pub(crate) places: Vec<Range<usize>>,
}

impl<'a> Trial<'a> {
    pub(crate) fn new(before: &'a Text, edits: &'a [Edit]) -> Result<Trial<'a>, ChangeError> {
        let changes = ChangeSet::new(before.len(), edits.to_vec())?;
        let after = before.apply(&changes)?;
        let mut shift = 0_isize;
        let places = edits
            .iter()
            .map(|edit| {
                let start = edit.range.start.saturating_add_signed(shift);
                shift += edit.text.len() as isize - edit.range.len() as isize;
                start..start + edit.text.len()
            })
            .collect();
        Ok(Trial { before, edits, changes, after, places })
    }

    fn findings(
        &self,
        language: Language,
        tree: Option<&Tree>,
        stop: &Stop,
    ) -> Result<Vec<Vec<Finding>>, ParseStopped> {
        let base = Base::new(language, self.before, tree, stop)?;
        let errors = base.after(&self.changes, &self.after)?;
        let is_tried = self.edits.len() <= MAX_TRIED;
        let mut findings = vec![Vec::new(); self.edits.len()];
        if errors.is_empty() {
            self.alone(&base, &mut findings)?;
            return Ok(findings);
        }
        let guilty = if is_tried { self.guilty(&base)? } else { BTreeMap::new() };
        for error in &errors {
            if let Some(findings) =
                self.nearest(guilty.keys().copied(), error).and_then(|idx| findings.get_mut(idx))
            {
                findings.push(finding(error, &self.after));
            }
        }
        // Recovery may make one error of two broken hunks; it belongs to both.
        for (idx, alone) in guilty {
            let Some(findings) = findings.get_mut(idx).filter(|findings| findings.is_empty()) else {
                continue;
            };
            let place = self.place(idx);
            let nearest = errors.iter().min_by_key(|error| distance(&error.range, place));
            findings.extend(match alone {
                Some(error) => Some(Finding::syntax(&error.message, self.lines(place))),
                None => nearest.map(|error| finding(error, &self.after)),
            });
        }
        self.alone(&base, &mut findings)?;
        Ok(findings)
    }

    /// Adds a finding for each hunk without one that does not parse alone. A single hunk is all there is.
    fn alone(&self, base: &Base<'_>, findings: &mut [Vec<Finding>]) -> Result<(), ParseStopped> {
        let is_tried = self.edits.len() <= MAX_ALONE;
        let n_edits = self.edits.len();
        for (idx, findings) in findings.iter_mut().enumerate().filter(|(_, findings)| findings.is_empty()) {
            let lines = self.lines(self.place(idx));
            if !is_tried {
                let reason = format!("one of {n_edits} hunks, too many to try each alone");
                findings.push(Finding::not_checked(reason, lines));
            } else if n_edits > 1 && !self.errors(base, |other| other == idx)?.is_empty() {
                findings.push(Finding::needs_others(lines));
            }
        }
        Ok(())
    }

    /// The hunks that break the text by themselves, with how; else those without which the others do not.
    fn guilty(&self, base: &Base<'_>) -> Result<BTreeMap<usize, Option<SyntaxError>>, ParseStopped> {
        let mut alone = BTreeMap::new();
        for idx in 0..self.edits.len() {
            if let Some(error) = self.errors(base, |other| other == idx)?.into_iter().next() {
                alone.insert(idx, Some(error));
            }
        }
        if !alone.is_empty() && self.errors(base, |other| !alone.contains_key(&other))?.is_empty() {
            return Ok(alone);
        }
        // A hunk may break alone only because it needs another one, and the culprit be a third.
        let mut without = BTreeMap::new();
        for idx in 0..self.edits.len() {
            if self.errors(base, |other| other != idx)?.is_empty() {
                without.insert(idx, None);
            }
        }
        Ok(if without.is_empty() { alone } else { without })
    }

    /// The new errors of the text with the edits that are `kept`.
    fn errors(
        &self,
        base: &Base<'_>,
        kept: impl Fn(usize) -> bool,
    ) -> Result<Vec<SyntaxError>, ParseStopped> {
        let edits = self.edits.iter().enumerate().filter(|(idx, _)| kept(*idx)).map(|(_, edit)| edit.clone());
        let changes = ChangeSet::new(self.before.len(), edits.collect());
        let trial = changes.and_then(|changes| self.before.apply(&changes).map(|after| (changes, after)));
        let Ok((changes, after)) = trial else {
            debug_assert!(false, "some edits of a set that fits do fit");
            return Ok(Vec::new());
        };
        base.after(&changes, &after)
    }

    /// The hunk nearest to an error: among the guilty ones, if there are any.
    fn nearest(&self, guilty: impl Iterator<Item = usize>, error: &SyntaxError) -> Option<usize> {
        let nearest = |idx: &usize| distance(&error.range, self.place(*idx));
        guilty.min_by_key(nearest).or_else(|| (0..self.edits.len()).min_by_key(nearest))
    }

    fn place(&self, idx: usize) -> &Range<usize> {
        const NOWHERE: &Range<usize> = &(0..0);
        self.places.get(idx).unwrap_or(NOWHERE)
    }

    /// The lines of the text afterwards that `place` touches.
    pub(crate) fn lines(&self, place: &Range<usize>) -> Range<usize> {
        let first = self.after.line_of(place.start);
        first..self.after.line_of(place.end.saturating_sub(1).max(place.start)) + 1
    }
}

/// Bytes between the start of an error and a place; 0 inside it. An error shows where or behind what causes it.
fn distance(error: &Range<usize>, place: &Range<usize>) -> usize {
    if error.start < place.start { place.start - error.start } else { error.start.saturating_sub(place.end) }
}

#[cfg(test)]
mod tests;
