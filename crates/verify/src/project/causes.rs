//! Which hunks cause a finding.
//!
//! Owns the search: the hunk that wrote the line, else the hunks without which it is not found, where running the command a few
//! more times costs little. Must never name a hunk by guess.

use std::time::Duration;

use super::new::{FileChanges, has};
use super::{HunkAt, NewFinding, Proposed};
use crate::ToolFinding;

/// A command that takes longer is not run again and again.
const QUICK: Duration = Duration::from_secs(3);

/// Hunks that are left out one by one; each costs a run.
const MAX_TRIED: usize = 6;

/// Findings with the hunks that cause them. `without` runs the command with all hunks but one, and gives nothing where that
/// does not work.
pub(super) fn with_causes(
    mut findings: Vec<NewFinding>,
    changes: &FileChanges,
    proposed: &[Proposed],
    took: Duration,
    mut without: impl FnMut(HunkAt) -> Option<Vec<ToolFinding>>,
) -> Vec<NewFinding> {
    for found in &mut findings {
        let change = changes.get(&found.finding.path);
        found.hunks = change.and_then(|change| change.hunk_of(found.finding.line)).into_iter().collect();
    }
    let hunks = hunks(proposed);
    if let [only] = hunks.as_slice() {
        findings.iter_mut().for_each(|found| found.hunks = vec![*only]);
        return findings;
    }
    let is_open = findings.iter().any(|found| found.hunks.is_empty());
    if !is_open || took > QUICK || hunks.len() > MAX_TRIED {
        return findings;
    }
    let mut open: Vec<&mut NewFinding> = findings.iter_mut().filter(|found| found.hunks.is_empty()).collect();
    for hunk in hunks {
        let Some(others) = without(hunk) else { continue };
        for found in &mut open {
            if !has(&others, &found.finding) {
                found.hunks.push(hunk);
            }
        }
    }
    findings
}

fn hunks(proposed: &[Proposed]) -> Vec<HunkAt> {
    let all = proposed.iter().enumerate();
    all.flat_map(|(file_idx, file)| (0..file.edits.len()).map(move |hunk_idx| HunkAt { file_idx, hunk_idx }))
        .collect()
}
