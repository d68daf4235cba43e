//! The hunks of a diff on one scope.
//!
//! Lines around a change may lie outside of the scope; they must stand there, and a change never does.

use text::Edit;

use super::lines::contents;
use super::search::{self, Lines};
use super::site::{View, collides};
use crate::answer::Change;
use crate::{Reason, Refusal};

/// The edits of all hunks of a diff.
pub(super) fn place(view: &View<'_>, changes: &[Change]) -> Result<Vec<Edit>, Refusal> {
    let mut edits: Vec<Edit> = Vec::new();
    for change in changes {
        let more = hunk(view, change)?;
        if more.iter().any(|edit| edits.iter().any(|other| collides(&edit.range, &other.range))) {
            return Err(Reason::Overlap.into());
        }
        edits.extend(more);
    }
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    Ok(edits)
}

fn hunk(view: &View<'_>, change: &Change) -> Result<Vec<Edit>, Refusal> {
    let (search, replace) = (contents(&change.search), contents(&change.replace));
    let whole = match search::place(view, &Lines::new(&change.search, &change.replace)) {
        Ok(placed) => return view.confirm(placed),
        Err(refusal) => refusal,
    };
    if whole.reason != Reason::NotFound {
        return Err(whole);
    }
    let n_head = search.iter().zip(&replace).take_while(|(old, new)| old == new).count();
    let n_tail = search.iter().rev().zip(replace.iter().rev()).take_while(|(old, new)| old == new).count();
    let n_tail = n_tail.min(search.len().min(replace.len()) - n_head);
    let (above, below) = view.site.around();
    let (above, below) = (contents(&above), contents(&below));
    let own = view.contents();
    let is_same = |a: &[&str], b: Option<&[&str]>| {
        b.is_some_and(|b| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.trim_end() == b.trim_end()))
    };
    for n_above in 0..=n_head.min(above.len()) {
        for n_below in 0..=n_tail.min(below.len()) {
            if n_above + n_below == 0 {
                continue;
            }
            let part = |lines: &[&str]| -> String {
                let part = lines.get(n_above..lines.len() - n_below).unwrap_or_default();
                part.iter().flat_map(|line| [*line, "\n"]).collect()
            };
            let (inner, new) = (part(&search), part(&replace));
            let inner_lines = contents(&inner);
            let starts_scope = n_above == 0 || is_same(&inner_lines, own.get(..inner_lines.len()));
            let ends_scope = n_below == 0
                || is_same(
                    &inner_lines,
                    own.len().checked_sub(inner_lines.len()).and_then(|at| own.get(at..)),
                );
            let has_context =
                is_same(search.get(..n_above).unwrap_or_default(), above.get(above.len() - n_above..))
                    && is_same(
                        search.get(search.len() - n_below..).unwrap_or_default(),
                        below.get(..n_below),
                    );
            if starts_scope && ends_scope && has_context && !inner_lines.is_empty() {
                return search::place(view, &Lines::new(&inner, &new))
                    .and_then(|placed| view.confirm(placed));
            }
        }
    }
    Err(whole)
}
