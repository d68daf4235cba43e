//! A whole answer that the model wrote without the scope's indentation, indented again as one piece.
//!
//! Adds the same blanks to every line or refuses; never changes how lines stand to each other.

use text::diff_lines;

use super::lines::{Line, indentation, is_blank};
use super::strings::inside_strings;
use crate::{Reason, Refusal};

/// `new` with the indentation of `old`, whose first lines are not blank. As it is where the first line already has it.
pub(super) fn fitted(old: &[Line<'_>], new: &[String]) -> Result<Vec<String>, Refusal> {
    let (Some(old_first), Some(new_first)) = (old.first(), new.first()) else { return Ok(new.to_vec()) };
    let (wanted, given) = (indentation(old_first.content), indentation(new_first));
    if wanted == given {
        return Ok(new.to_vec());
    }
    let added = wanted.strip_suffix(given).ok_or(Reason::Indentation)?;
    let indented: Vec<String> =
        new.iter().map(|line| if is_blank(line) { line.clone() } else { format!("{added}{line}") }).collect();
    let same = same_but_for_indentation(old, &indented);
    let fits = |pair: &&(usize, usize)| match (old.get(pair.0), indented.get(pair.1)) {
        (Some(old), Some(line)) => old.content.trim_end() == line.trim_end(),
        (None, _) | (_, None) => false,
    };
    let solid = || same.iter().filter(|(_, idx)| indented.get(*idx).is_some_and(|line| !is_blank(line)));
    let n_same = solid().filter(fits).count();
    // A few lines may have moved to another depth; more than that, and it is not the whole that lost its indentation.
    if (solid().count() - n_same) * 2 > n_same {
        return Err(Reason::Indentation.into());
    }
    // Without a line that proves it, the first line alone may have lost its indentation.
    let others_lost =
        new.iter().skip(1).any(|line| !is_blank(line) && !indentation(line).starts_with(wanted));
    if n_same == 0 && new.len() > 1 && !others_lost {
        return Err(Reason::Indentation.into());
    }
    let is_from_file = |idx: usize| same.iter().filter(fits).any(|(_, same)| *same == idx);
    let is_at_risk = |idx: &usize| !is_from_file(*idx) && new.get(*idx).is_some_and(|line| !is_blank(line));
    if inside_strings(new).iter().any(is_at_risk) {
        return Err(Reason::MultiLineString.into());
    }
    Ok(indented)
}

/// Pairs of lines, as indexes into `old` and `new`, that agree but for the blanks around them.
fn same_but_for_indentation(old: &[Line<'_>], new: &[String]) -> Vec<(usize, usize)> {
    let keys = |lines: &mut dyn Iterator<Item = &str>| -> (String, Vec<usize>) {
        let mut text = String::new();
        let mut starts = Vec::new();
        for line in lines {
            starts.push(text.len());
            text.push_str(line.trim());
            text.push('\n');
        }
        (text, starts)
    };
    let (old_text, old_starts) = keys(&mut old.iter().map(|line| line.content));
    let (new_text, new_starts) = keys(&mut new.iter().map(String::as_str));
    let line = |starts: &[usize], offset: usize| starts.partition_point(|start| *start < offset);
    let mut pairs = Vec::new();
    let (mut old_idx, mut new_idx) = (0, 0);
    for change in diff_lines(&old_text, &new_text) {
        let upto = line(&old_starts, change.old.start);
        pairs.extend((old_idx..upto).zip(new_idx..));
        old_idx = line(&old_starts, change.old.end);
        new_idx = line(&new_starts, change.new.end);
    }
    pairs.extend((old_idx..old.len()).zip(new_idx..new.len()));
    pairs
}
