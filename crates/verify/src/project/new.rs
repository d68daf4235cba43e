//! Which findings are new.
//!
//! Owns the comparison of two runs. A finding is one that was there if the same is said of the same line, as the hunks move
//! it; away from the hunks only the number of the same findings counts. Must never need the texts on disk.

use std::collections::BTreeMap;
use std::ops::Range;

use text::{Bias, ChangeSet, Text};

use super::HunkAt;
use crate::{Severity, ToolFinding};

/// One file before and after.
#[derive(Debug)]
pub(super) struct FileChange {
    file_idx: usize,
    before: Text,
    changes: ChangeSet,
    after: Text,
    /// The lines that each hunk wrote; one line where it only deleted.
    written: Vec<(usize, Range<usize>)>,
}

impl FileChange {
    /// The change by some of a file's edits: those with these indices.
    pub(super) fn new(file_idx: usize, before: &Text, edits: &[(usize, text::Edit)]) -> Option<FileChange> {
        let changes =
            ChangeSet::new(before.len(), edits.iter().map(|(_, edit)| edit.clone()).collect()).ok()?;
        let after = before.apply(&changes).ok()?;
        let written = changes.with_after().into_iter().zip(edits);
        let written = written
            .map(|((_, range), (hunk_idx, _))| {
                let first = after.line_of(range.start);
                let last = after.line_of(range.end.saturating_sub(1).max(range.start));
                (*hunk_idx, first..last + 1)
            })
            .collect();
        Some(FileChange { file_idx, before: before.clone(), changes, after, written })
    }

    pub(super) fn after(&self) -> &Text {
        &self.after
    }

    /// Where a line of the text before stands afterwards.
    fn moved(&self, line: usize) -> usize {
        let line = line.min(self.before.n_lines().saturating_sub(1));
        let start = self.before.line_start(line);
        // A line that was replaced is where its hunk begins; one that something was put in front of went down.
        let is_replaced = self.changes.edits().iter().any(|edit| edit.range.contains(&start));
        let bias = if is_replaced { Bias::Before } else { Bias::After };
        self.after.line_of(self.changes.map_offset(start, bias))
    }

    /// The hunk that wrote a line.
    pub(super) fn hunk_of(&self, line: usize) -> Option<HunkAt> {
        let (hunk_idx, _) = self.written.iter().find(|(_, lines)| lines.contains(&line))?;
        Some(HunkAt { file_idx: self.file_idx, hunk_idx: *hunk_idx })
    }
}

/// Files that change, by their path relative to the root.
pub(super) type FileChanges = BTreeMap<String, FileChange>;

/// What says that two findings are the same, wherever they stand.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    path: &'a str,
    tool: &'a str,
    severity: Severity,
    code: Option<&'a str>,
    /// Messages name lines and columns of other places.
    message: String,
}

fn key(finding: &ToolFinding) -> Key<'_> {
    Key {
        path: &finding.path,
        tool: &finding.tool,
        severity: finding.severity,
        code: finding.code.as_deref(),
        message: finding.message.chars().filter(|c| !c.is_ascii_digit()).collect(),
    }
}

/// The findings of `after` that `before` does not have.
pub(super) fn new_findings(
    before: &[ToolFinding],
    after: Vec<ToolFinding>,
    changes: &FileChanges,
) -> Vec<ToolFinding> {
    let mut old: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    for finding in before {
        let line = changes.get(&finding.path).map_or(finding.line, |change| change.moved(finding.line));
        old.entry(key(finding)).or_default().push(line);
    }
    let mut is_new = vec![true; after.len()];
    let mut take = |is_same: &dyn Fn(&ToolFinding, usize) -> bool| {
        for (finding, is_new) in after.iter().zip(&mut is_new).filter(|(_, is_new)| **is_new) {
            let Some(lines) = old.get_mut(&key(finding)) else { continue };
            let same = lines.iter().enumerate().filter(|(_, line)| is_same(finding, **line));
            let nearest = same.min_by_key(|(_, line)| line.abs_diff(finding.line)).map(|(idx, _)| idx);
            if let Some(idx) = nearest {
                lines.swap_remove(idx);
                *is_new = false;
            }
        }
    };
    let hunk =
        |finding: &ToolFinding, line| changes.get(&finding.path).and_then(|change| change.hunk_of(line));
    take(&|finding, line| finding.line == line);
    // Inside of a hunk lines have no counterpart; what is said of the whole hunk as often as before is not new.
    take(&|finding, line| {
        let at = hunk(finding, finding.line);
        at.is_some() && at == hunk(finding, line)
    });
    // A tool may name another line of what it always said.
    take(&|finding, _| hunk(finding, finding.line).is_none());
    after.into_iter().zip(is_new).filter(|(_, is_new)| *is_new).map(|(finding, _)| finding).collect()
}

/// Whether a list has the same finding, wherever it stands.
pub(super) fn has(findings: &[ToolFinding], finding: &ToolFinding) -> bool {
    let wanted = key(finding);
    findings.iter().any(|finding| key(finding) == wanted)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use text::Edit;

    use super::*;
    use crate::{Format, Places};

    /// Two outputs of a tool about `a`, whose lines from `edited` on are replaced; what of the second is new.
    #[track_caller]
    fn check(base: &str, edited: Range<usize>, new: &str, outputs: [&str; 2], expect: Expect) {
        let base = Text::from(base);
        let edit = Edit::new(base.line_start(edited.start)..base.line_start(edited.end), new);
        let change = FileChange::new(0, &base, &[(0, edit)]).expect("it fits");
        let changes = FileChanges::from([("a".to_owned(), change)]);
        let places = Places::new("/copy", "", &|_| true);
        let [before, after] =
            outputs.map(|output| Format::Lines.findings("t", output.as_bytes(), b"", &places));
        let found = new_findings(&before, after, &changes);
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        expect.assert_eq(&found.join("\n"));
    }

    const BASE: &str = "1\n2\n3\n4\n5\n";

    #[test]
    fn what_moves_with_its_line_is_not_new() {
        check(BASE, 0..1, "1\nnew\n", ["a:3: x", "a:4: x"], expect![""]);
    }

    #[test]
    fn one_more_of_the_same_is_new() {
        check(BASE, 1..2, "2\nnew\n", ["a:5: x", "a:3: x\na:6: x"], expect!["a:3: error: x [t]"]);
    }

    #[test]
    fn what_a_hunk_had_and_has_is_not_new() {
        check(BASE, 1..3, "b\nc\nd\n", ["a:2: x at 2", "a:4: x at 4"], expect![""]);
        check(BASE, 1..3, "b\nc\nd\n", ["a:2: x", "a:4: x\na:3: x"], expect!["a:4: error: x [t]"]);
    }

    #[test]
    fn what_was_elsewhere_does_not_excuse_a_hunk() {
        check(BASE, 0..1, "b\n", ["a:5: x", "a:1: x"], expect!["a:1: error: x [t]"]);
    }

    #[test]
    fn a_place_that_a_tool_names_otherwise_is_not_new() {
        check(BASE, 0..1, "b\n", ["a:4: x", "a:5: x"], expect![""]);
    }

    #[test]
    fn other_files_are_compared_as_they_are() {
        check(BASE, 0..1, "b\n", ["b:4: x", "b:4: x\nb:5: y"], expect!["b:5: error: y [t]"]);
    }

    #[test]
    fn another_message_or_severity_is_new() {
        check(BASE, 0..1, "b\n", ["a:4: warning: x", "a:4: error: x"], expect!["a:4: error: x [t]"]);
    }
}
