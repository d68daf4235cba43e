//! The shape of a change: clients send one and the same change in many shapes, each cut at other characters.

use std::ops::Range;

use crate::{ChangeSet, Edit, Text, diff_lines};

impl ChangeSet {
    /// The same change in the shape that says most about lines: shared ends trimmed, blocks of lines compared line by line,
    /// and whole lines put in or taken out as whole lines.
    ///
    /// `before` must be the text that the change was made for; another one gives the change back as it is.
    pub fn refined(&self, before: &Text) -> ChangeSet {
        if before.len() != self.len_before() {
            return self.clone();
        }
        let edits: Vec<Edit> = self.edits().iter().flat_map(|edit| by_lines(edit, before)).collect();
        let mut refined: Vec<Edit> = Vec::with_capacity(edits.len());
        for (idx, edit) in edits.iter().enumerate() {
            // Text that another edit changes cannot be slid over.
            let from = refined.last().map_or(0, |edit| edit.range.end);
            let to = edits.get(idx + 1).map_or(before.len(), |next| next.range.start);
            refined.push(as_lines(edit, from..to, before).unwrap_or_else(|| edit.clone()));
        }
        match ChangeSet::new(self.len_before(), refined) {
            Ok(refined) => refined,
            Err(error) => {
                debug_assert!(false, "{error}");
                self.clone()
            }
        }
    }
}

/// A trimmed edit; if it still replaces lines by lines, one edit per group of lines that differ.
fn by_lines(edit: &Edit, before: &Text) -> Vec<Edit> {
    if edit.range.is_empty() || edit.text.is_empty() {
        return vec![edit.clone()];
    }
    let trimmed = edit.trimmed(&before.slice(edit.range.clone()));
    let is_block = |text: &str| text.contains('\n');
    if !is_block(&trimmed.text) || !is_block(&before.slice(trimmed.range.clone())) {
        return vec![trimmed];
    }
    // Whole lines on both sides, or an equal line could be missed for a piece of it.
    let range = before.line_start(before.line_of(trimmed.range.start))
        ..before.line_end(before.line_of(trimmed.range.end));
    let old = before.slice(range.clone());
    let new = [
        &before.slice(range.start..trimmed.range.start),
        trimmed.text.as_str(),
        &before.slice(trimmed.range.end..range.end),
    ]
    .concat();
    let edits = diff_lines(&old, &new).into_iter().map(|change| {
        let replaced = change.old.start + range.start..change.old.end + range.start;
        let text = new.get(change.new).unwrap_or_default();
        Edit::new(replaced, text).trimmed(old.get(change.old).unwrap_or_default())
    });
    let edits: Vec<Edit> = edits.collect();
    // The lines were wider than the edit; what lies outside of it may belong to another one.
    let is_inside =
        |edit: &Edit| edit.range.start >= trimmed.range.start && edit.range.end <= trimmed.range.end;
    if edits.iter().all(is_inside) { edits } else { vec![trimmed] }
}

/// An insertion or deletion of whole lines that is cut at other characters, slid to where the lines begin.
fn as_lines(edit: &Edit, room: Range<usize>, before: &Text) -> Option<Edit> {
    let Range { start, end } = edit.range;
    let line = before.line_of(start);
    let line_start = before.line_start(line);
    let is_insertion = start == end;
    let block = if is_insertion { edit.text.clone() } else { before.slice(start..end) };
    if (!is_insertion && !edit.text.is_empty()) || !block.contains('\n') || start == line_start {
        return None;
    }
    let slid = |start: usize, block: String| {
        let end = if is_insertion { start } else { start + block.len() };
        let text = if is_insertion { block } else { String::new() };
        Edit { range: start..end, text }
    };
    // To the left: what stands in front of it in its line is also how it ends.
    let front = before.slice(line_start..start);
    if line_start >= room.start
        && let Some(rest) = block.strip_suffix(front.as_str()).filter(|rest| rest.ends_with('\n'))
    {
        return Some(slid(line_start, front + rest));
    }
    // To the right: how it begins is also what follows it up to the end of a line.
    let behind = before.slice(end..before.line_end(before.line_of(end)));
    if end + behind.len() <= room.end
        && behind.ends_with('\n')
        && let Some(rest) = block.strip_prefix(behind.as_str())
    {
        return Some(slid(start + behind.len(), rest.to_owned() + &behind));
    }
    None
}
