//! A whole answer that the model wrote with another indentation, indented as the scope is.
//!
//! The answer keeps its shape: every line moves by the same blanks, or only the first one does, or tabs and blanks are
//! exchanged in a fixed width. Which of these was meant is decided by the lines that the scope proves.

use std::collections::HashSet;
use std::ops::Range;

use super::align;
use super::lines::{Line, indentation, is_blank};
use crate::{Reason, Refusal};

/// Widths that a tab may stand for, most usual first.
const WIDTHS: [usize; 3] = [4, 2, 8];

/// What is asked of the file only where the answer is indented in another way.
pub(super) trait Surroundings {
    /// Whether the file indents by tabs.
    fn has_tabs(&self) -> bool;
    /// The runs of lines of `new` that begin inside a string.
    fn inside_strings(&self, new: &[String]) -> Vec<Range<usize>>;
}

/// `new`, whose first line is not blank, with the indentation of `old`. As it is where that fits best.
///
/// Lines inside a string move with the code only where a line of the string proves that they did: their blanks are text.
pub(super) fn fitted(
    old: &[Line<'_>],
    new: &[String],
    around: &impl Surroundings,
) -> Result<Vec<String>, Refusal> {
    let Some(first) = old.first().filter(|_| !new.is_empty()) else { return Ok(new.to_vec()) };
    let wanted = indentation(first.content);
    let old: Vec<&str> = old.iter().map(|line| line.content.trim_end()).collect();
    if is_as_meant(&old, new, wanted) {
        return Ok(new.to_vec());
    }
    let fits = |lines: &Vec<String>| lines.first().is_some_and(|line| indentation(line) == wanted);
    let mut best: Option<(usize, Vec<String>)> = None;
    for shape in shapes(new, wanted, around.has_tabs()).into_iter().filter(fits) {
        let n = n_same(&old, &shape);
        if best.as_ref().is_none_or(|(found, _)| n > *found) {
            best = Some((n, shape));
        }
    }
    let (n_same, best) = best.ok_or(Reason::Indentation)?;
    if best == new {
        return Ok(best);
    }
    let lost = |line: &String| !is_blank(line) && !indentation(line).starts_with(wanted);
    // Without a line that proves it, all of it moves if no other reading is left.
    let is_plain =
        n_same == 0 && best == shifted(new, wanted) && (new.len() == 1 || new.iter().skip(1).any(lost));
    if !is_plain {
        prove(&old, &best, n_same)?;
    }
    let is_own = |line: &String| !is_blank(line) && old.contains(&line.trim_end());
    let is_proved = |run: &Range<usize>| {
        let lines = best.get(run.clone()).unwrap_or_default();
        let moved = new.get(run.clone()).unwrap_or_default();
        lines == moved || lines.iter().any(is_own) || lines.iter().all(|line| is_blank(line))
    };
    if around.inside_strings(new).iter().all(is_proved) {
        Ok(best)
    } else {
        Err(Reason::MultiLineString.into())
    }
}

/// Whether `new` begins as it should and every line that the scope has too is indented as there.
fn is_as_meant(old: &[&str], new: &[String], wanted: &str) -> bool {
    let trimmed: Vec<&str> = old.iter().map(|line| line.trim()).collect();
    let new_trimmed: Vec<&str> = new.iter().map(|line| line.trim()).collect();
    new.first().is_some_and(|line| indentation(line) == wanted)
        && n_solid(&new_trimmed, &align::pairs(&trimmed, &new_trimmed)) == n_same(old, new)
}

/// How many lines of `new` stand in `old` as they are, blank ones aside.
fn n_same(old: &[&str], new: &[String]) -> usize {
    let new: Vec<&str> = new.iter().map(|line| line.trim_end()).collect();
    n_solid(&new, &align::pairs(old, &new))
}

fn n_solid(new: &[&str], pairs: &[(usize, usize)]) -> usize {
    pairs.iter().filter(|(_, idx)| new.get(*idx).is_some_and(|line| !line.is_empty())).count()
}

/// The ways to indent `lines` so that the first one begins with `wanted`; the first is to leave them.
fn shapes(lines: &[String], wanted: &str, has_tabs: bool) -> Vec<Vec<String>> {
    let mut shapes = vec![lines.to_vec()];
    let mut written = vec![lines.to_vec()];
    let any = |c: &str| lines.iter().any(|line| indentation(line).contains(c));
    if any("\t") && !has_tabs {
        written.extend(WIDTHS.iter().filter_map(|width| written_with(lines, false, *width)));
    }
    if any("  ") && has_tabs {
        written.extend(WIDTHS.iter().filter_map(|width| written_with(lines, true, *width)));
    }
    for lines in written {
        let shifted = shifted(&lines, wanted);
        let mut first_only = lines.clone();
        // A first line can lose its indentation where an answer begins; it does not gain any.
        if let Some(first) = first_only.first_mut().filter(|first| wanted.starts_with(indentation(first))) {
            *first = format!("{wanted}{}", first.trim_start_matches([' ', '\t']));
        }
        shapes.extend([lines, shifted, first_only]);
    }
    shapes
}

/// `lines` with `wanted` in place of the indentation that all share.
fn shifted(lines: &[String], wanted: &str) -> Vec<String> {
    let indents = lines.iter().filter(|line| !is_blank(line)).map(|line| indentation(line));
    let common = indents.fold(None, |common: Option<&str>, indent| {
        Some(common.map_or(indent, |common| shared(common, indent)))
    });
    let common = common.unwrap_or("");
    let shifted = lines.iter().map(|line| match line.strip_prefix(common) {
        Some(rest) if !is_blank(line) => format!("{wanted}{rest}"),
        Some(_) | None => line.clone(),
    });
    shifted.collect()
}

/// `lines` indented by tabs, or by blanks, where a tab is `width` blanks; none where that does not come out even.
fn written_with(lines: &[String], tabs: bool, width: usize) -> Option<Vec<String>> {
    lines
        .iter()
        .map(|line| {
            let indent = indentation(line);
            let rest = line.get(indent.len()..)?;
            let columns = indent.chars().map(|c| if c == '\t' { width } else { 1 }).sum::<usize>();
            match (tabs, columns % width) {
                (true, 0) => Some(format!("{}{rest}", "\t".repeat(columns / width))),
                (true, _) => is_blank(line).then(String::new),
                (false, _) => Some(format!("{}{rest}", " ".repeat(columns))),
            }
        })
        .collect()
}

fn shared<'a>(a: &'a str, b: &str) -> &'a str {
    let n = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    a.get(..n).unwrap_or("")
}

/// Most lines that agree but for their indentation must agree with it: a few may have moved to another depth.
fn prove(old: &[&str], new: &[String], n_same: usize) -> Result<(), Refusal> {
    let trimmed = |lines: &mut dyn Iterator<Item = &str>| -> Vec<String> {
        lines.map(|line| line.trim().to_owned()).collect()
    };
    let (old_keys, new_keys) =
        (trimmed(&mut old.iter().copied()), trimmed(&mut new.iter().map(String::as_str)));
    let n_alike = align::pairs(&old_keys, &new_keys)
        .iter()
        .filter(|(idx, _)| old_keys.get(*idx).is_some_and(|line| !line.is_empty()))
        .count();
    if n_alike > 2 * n_same || n_same == 0 { Err(Reason::Indentation.into()) } else { Ok(()) }
}

/// Lines of `new` that `old` does not have are indented by tabs or by blanks as its lines are.
pub(super) fn check<N: AsRef<str>>(old: &[&str], new: &[N]) -> Result<(), Refusal> {
    let known: HashSet<&str> = old.iter().copied().collect();
    let indents = || old.iter().filter(|line| !is_blank(line)).map(|line| indentation(line));
    let has_tabs = indents().any(|indent| indent.contains('\t'));
    let has_blanks = indents().any(|indent| indent.contains(' '));
    let is_foreign = |line: &str| {
        let indent = indentation(line);
        indent.contains('\t') && has_blanks && !has_tabs
            || indent.starts_with("  ") && has_tabs && !has_blanks
    };
    let mut fresh = new.iter().map(AsRef::as_ref).filter(|line| !is_blank(line) && !known.contains(line));
    if fresh.any(is_foreign) { Err(Reason::Indentation.into()) } else { Ok(()) }
}
