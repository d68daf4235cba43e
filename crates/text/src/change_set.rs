//! What one notification did to a text, as a sorted disjoint list of edits: apply, compose, invert, map offsets.

use std::ops::Range;

use crate::{Text, diff_lines};

/// Replaces the bytes of `range` by `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Range in the text before the change set.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

impl Edit {
    /// An edit of `range`.
    pub fn new(range: Range<usize>, text: impl Into<String>) -> Edit {
        Edit { range, text: text.into() }
    }

    /// The same change without the bytes that `old` (the text of `range` before) and the new text share at both ends.
    pub fn trimmed(&self, old: &str) -> Edit {
        let prefix = common_prefix(old, &self.text);
        let suffix = common_suffix(old.get(prefix..).unwrap_or(""), self.text.get(prefix..).unwrap_or(""));
        Edit {
            range: self.range.start + prefix..self.range.end - suffix,
            text: self.text.get(prefix..self.text.len() - suffix).unwrap_or("").to_owned(),
        }
    }
}

/// Which side of an insertion an offset at its place keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bias {
    /// In front of inserted text.
    Before,
    /// Behind inserted text.
    After,
}

/// Why a change set could not be made or applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// Edits overlap or are not sorted by offset.
    #[error("edits overlap or are out of order at offset {offset}")]
    Overlap {
        /// Start of the second of the two edits.
        offset: usize,
    },
    /// An edit reaches behind the text.
    #[error("edit ends at {end} in a text of {len} bytes")]
    OutOfBounds {
        /// End of the edit.
        end: usize,
        /// Length of the text.
        len: usize,
    },
    /// The text is not the one that the change set was made for.
    #[error("change set for {expected} bytes applied to {found} bytes")]
    OtherLength {
        /// Length the change set was made for.
        expected: usize,
        /// Length found.
        found: usize,
    },
    /// An edit would split a character.
    #[error("offset {offset} is inside a character")]
    InsideCharacter {
        /// The offset.
        offset: usize,
    },
}

/// A change from one text to another.
///
/// Invariant: edits are sorted, disjoint and inside the text before. Edits may touch; touching ones are kept apart, so
/// that a reader sees each as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSet {
    len_before: usize,
    edits: Vec<Edit>,
}

impl ChangeSet {
    /// The change that `edits`, sorted by offset, make to a text of `len_before` bytes. Edits that change nothing are dropped.
    pub fn new(len_before: usize, edits: Vec<Edit>) -> Result<ChangeSet, ChangeError> {
        let mut end = 0;
        for edit in &edits {
            if edit.range.start < end || edit.range.start > edit.range.end {
                return Err(ChangeError::Overlap { offset: edit.range.start });
            }
            end = edit.range.end;
        }
        if end > len_before {
            return Err(ChangeError::OutOfBounds { end, len: len_before });
        }
        let edits =
            edits.into_iter().filter(|edit| !edit.range.is_empty() || !edit.text.is_empty()).collect();
        Ok(ChangeSet { len_before, edits })
    }

    /// The change that does nothing to a text of `len` bytes.
    pub fn identity(len: usize) -> ChangeSet {
        ChangeSet { len_before: len, edits: Vec::new() }
    }

    /// The change of one edit.
    pub fn single(len_before: usize, edit: Edit) -> Result<ChangeSet, ChangeError> {
        ChangeSet::new(len_before, vec![edit])
    }

    /// The change from `before` to `after` by lines, each edit trimmed: for clients that send the whole text.
    pub fn between(before: &Text, after: &Text) -> ChangeSet {
        let (old, new) = (before.to_string(), after.to_string());
        let edits = diff_lines(&old, &new)
            .into_iter()
            .map(|change| {
                let edit = Edit::new(change.old.clone(), new.get(change.new).unwrap_or(""));
                edit.trimmed(old.get(change.old).unwrap_or(""))
            })
            .collect();
        ChangeSet { len_before: old.len(), edits }
    }

    /// The edits, sorted and disjoint, in offsets of the text before.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Whether nothing changes.
    pub fn is_identity(&self) -> bool {
        self.edits.is_empty()
    }

    /// Bytes of the text before.
    pub fn len_before(&self) -> usize {
        self.len_before
    }

    /// Bytes of the text after.
    pub fn len_after(&self) -> usize {
        let removed: usize = self.edits.iter().map(|edit| edit.range.len()).sum();
        let added: usize = self.edits.iter().map(|edit| edit.text.len()).sum();
        self.len_before - removed + added
    }

    /// Each edit with the range that its text takes in the text after.
    pub fn with_after(&self) -> Vec<(&Edit, Range<usize>)> {
        let mut shift = 0_isize;
        self.edits
            .iter()
            .map(|edit| {
                let start = edit.range.start.saturating_add_signed(shift);
                shift += edit.text.len() as isize - edit.range.len() as isize;
                (edit, start..start + edit.text.len())
            })
            .collect()
    }

    /// The change that takes the text after back to `before`. Fails when `before` has another length.
    pub fn invert(&self, before: &Text) -> Result<ChangeSet, ChangeError> {
        if before.len() != self.len_before {
            return Err(ChangeError::OtherLength { expected: self.len_before, found: before.len() });
        }
        let edits = self
            .with_after()
            .into_iter()
            .map(|(edit, after)| Edit { range: after, text: before.slice(edit.range.clone()) })
            .collect();
        Ok(ChangeSet { len_before: self.len_after(), edits })
    }

    /// Where `offset` of the text before lies afterwards.
    ///
    /// The borders of a replaced range stay its borders; an offset inside goes to the start (`Before`) or end (`After`)
    /// of the new text. At an insertion the bias decides.
    pub fn map_offset(&self, offset: usize, bias: Bias) -> usize {
        let mut shift = 0_isize;
        for edit in &self.edits {
            let Range { start, end } = edit.range;
            if offset < start || (offset == start && (start != end || bias == Bias::Before)) {
                break;
            }
            if offset < end {
                let start = start.saturating_add_signed(shift);
                return match bias {
                    Bias::Before => start,
                    Bias::After => start + edit.text.len(),
                };
            }
            shift += edit.text.len() as isize - (end - start) as isize;
        }
        offset.saturating_add_signed(shift)
    }

    /// This change followed by `next`, as one. Fails when `next` was made for a text of another length.
    ///
    /// Edits that only touch stay apart, except that an insertion at the place of a deletion becomes one replacement.
    pub fn compose(&self, next: &ChangeSet) -> Result<ChangeSet, ChangeError> {
        if next.len_before != self.len_after() {
            return Err(ChangeError::OtherLength { expected: next.len_before, found: self.len_after() });
        }
        let mut parts: Vec<Part<'_>> = self
            .with_after()
            .into_iter()
            .map(|(edit, mid)| Part { mid, edit, is_first: true })
            .chain(next.edits.iter().map(|edit| Part { mid: edit.range.clone(), edit, is_first: false }))
            .collect();
        parts.sort_by_key(|part| (part.mid.start, part.mid.end, !part.is_first));
        let mut edits = Vec::new();
        let mut shift = 0_isize;
        let mut cluster: Vec<Part<'_>> = Vec::new();
        let mut mid = 0..0;
        for part in parts {
            if !cluster.is_empty() && joins(&cluster, &mid, &part) {
                mid.end = mid.end.max(part.mid.end);
            } else {
                edits.extend(merged(&cluster, &mid, &mut shift));
                cluster.clear();
                mid = part.mid.clone();
            }
            cluster.push(part);
        }
        edits.extend(merged(&cluster, &mid, &mut shift));
        ChangeSet::new(self.len_before, edits)
    }
}

/// An edit of one of two composed changes, with its range in the text between them.
struct Part<'a> {
    mid: Range<usize>,
    edit: &'a Edit,
    is_first: bool,
}

/// Whether `part`, which starts no earlier, belongs to the cluster over `mid`.
fn joins(cluster: &[Part<'_>], mid: &Range<usize>, part: &Part<'_>) -> bool {
    let overlaps = part.mid.start < mid.end && mid.start < part.mid.end;
    let refills = !part.is_first
        && part.mid.is_empty()
        && cluster.last().is_some_and(|last| last.is_first && last.mid.is_empty() && last.mid == part.mid);
    overlaps || refills
}

/// The one edit that a cluster makes to the text before; `shift` is how far the first change moved what lies in front.
fn merged(cluster: &[Part<'_>], mid: &Range<usize>, shift: &mut isize) -> Option<Edit> {
    if cluster.is_empty() {
        return None;
    }
    let start = mid.start.saturating_add_signed(-*shift);
    for part in cluster.iter().filter(|part| part.is_first) {
        *shift += part.edit.text.len() as isize - part.edit.range.len() as isize;
    }
    let end = mid.end.saturating_add_signed(-*shift);
    let mut text = String::new();
    let mut offset = mid.start;
    for next in cluster.iter().filter(|part| !part.is_first) {
        push_first(&mut text, cluster, offset..next.mid.start);
        text.push_str(&next.edit.text);
        offset = next.mid.end;
    }
    push_first(&mut text, cluster, offset..mid.end);
    Some(Edit { range: start..end, text })
}

/// Appends the bytes of `range` of the text between, all of which a first edit of the cluster wrote.
fn push_first(text: &mut String, cluster: &[Part<'_>], range: Range<usize>) {
    for part in cluster.iter().filter(|part| part.is_first) {
        let start = range.start.max(part.mid.start);
        let end = range.end.min(part.mid.end);
        if start < end {
            text.push_str(part.edit.text.get(start - part.mid.start..end - part.mid.start).unwrap_or(""));
        }
    }
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

fn common_suffix(a: &str, b: &str) -> usize {
    a.chars().rev().zip(b.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}
