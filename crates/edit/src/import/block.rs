//! The line for an import: beside those of its kind, else behind the last, else behind what has to stand at the top.

use std::ops::Range;

use syntax::{Import, Tree, header_end};
use text::Text;

use super::{Place, Wanted, lines_of, module};

/// Where `wanted` goes.
pub(super) fn place(text: &Text, tree: &Tree, known: &[Import], wanted: &Wanted) -> Place {
    let block = first_block(text, known);
    let (Some(first), Some(last)) = (block.first(), block.last()) else { return at_top(text, tree) };
    let new = wanted.module().unwrap_or_default();
    let line = if new == "__future__" {
        lines_of(text, &first.range).start
    } else {
        let beside = beside(&block, &new).unwrap_or(last);
        let lines: Vec<(Range<usize>, String)> = block
            .iter()
            .filter(|import| module_of(import) != "__future__")
            .map(|import| (lines_of(text, &import.range), text.slice(import.range.clone())))
            .collect();
        sorted_place(&lines, &lines_of(text, &beside.range), &wanted.line)
    };
    Place { line, blank_before: false, blank_behind: false }
}

/// The imports from the first on, up to one with code in front of it.
fn first_block<'a>(text: &Text, known: &'a [Import]) -> Vec<&'a Import> {
    let mut block: Vec<&Import> = Vec::new();
    for import in known {
        if let Some(last) = block.last() {
            let between = lines_of(text, &last.range).end..lines_of(text, &import.range).start;
            let is_bare = |line: usize| {
                let line = text.line(line);
                let line = line.trim();
                line.is_empty() || ["#", "//", "/*", "*", "--"].iter().any(|start| line.starts_with(start))
            };
            if !between.into_iter().all(is_bare) {
                break;
            }
        }
        block.push(import);
    }
    block
}

/// The import that a new one of module `new` goes behind, if one is of its kind.
fn beside<'a>(block: &[&'a Import], new: &str) -> Option<&'a Import> {
    let last = |is_kin: &dyn Fn(&str) -> bool| block.iter().rev().find(|import| is_kin(&module_of(import)));
    let kin = last(&|module| module == new)
        .or_else(|| last(&|module| !root(module).is_empty() && root(module) == root(new)))
        .or_else(|| last(&|module| is_own(module) == is_own(new)));
    kin.copied()
}

fn module_of(import: &Import) -> String {
    let name = import.names.first().map(module);
    import.everything_of.clone().or(name).unwrap_or_default()
}

/// The first part of a module's name.
fn root(module: &str) -> &str {
    if module.starts_with('.') {
        return ".";
    }
    module.split(['.', '/', ':']).next().unwrap_or(module)
}

/// Whether a module is one of the project itself.
fn is_own(module: &str) -> bool {
    matches!(root(module), "." | "crate" | "self" | "super")
}

/// The line for `new` in the group of lines round `beside`: in order where the group is, else behind `beside`.
fn sorted_place(lines: &[(Range<usize>, String)], beside: &Range<usize>, new: &str) -> usize {
    let group: Vec<(usize, &str)> = lines
        .iter()
        .filter(|(lines, _)| lines.len() == 1)
        .map(|(lines, text)| (lines.start, text.as_str()))
        .collect();
    let is_single = beside.len() == 1 && group.iter().any(|(line, _)| *line == beside.start);
    if is_single { sorted_line(&group, beside.start, new) } else { beside.end }
}

/// As [`sorted_place`], for lines with what they are ordered by.
pub(super) fn sorted_line(lines: &[(usize, &str)], beside: usize, new: &str) -> usize {
    let Some(at) = lines.iter().position(|(line, _)| *line == beside) else { return beside + 1 };
    let is_next = |pair: &[(usize, &str)]| matches!(pair, [(a, _), (b, _)] if a + 1 == *b);
    let first = (1..=at).rev().take_while(|idx| is_next(lines.get(idx - 1..=*idx).unwrap_or(&[]))).last();
    let first = first.map_or(at, |idx| idx - 1);
    let last =
        (at..lines.len() - 1).take_while(|idx| is_next(lines.get(*idx..=idx + 1).unwrap_or(&[]))).last();
    let last = last.map_or(at, |idx| idx + 1);
    let group = lines.get(first..=last).unwrap_or(&[]);
    let is_sorted = group.len() > 1 && group.is_sorted_by_key(|(_, key)| *key);
    let behind = group.iter().rev().find(|(_, key)| *key < new);
    match (is_sorted, behind) {
        (true, Some((line, _))) => line + 1,
        (true, None) => group.first().map_or(beside, |(line, _)| *line),
        (false, _) => beside + 1,
    }
}

fn at_top(text: &Text, tree: &Tree) -> Place {
    let end = header_end(tree, text);
    let line = if end == 0 { 0 } else { text.line_of(end) + 1 };
    let is_blank = text.line(line).trim().is_empty();
    Place { line, blank_before: end > 0, blank_behind: !is_blank }
}
