//! The scope's definition among what a model answered: neighbors, a class around it, and lines from the file fall away.

use std::collections::HashSet;
use std::ops::Range;

use syntax::{Subject, Tree, subjects_of};
use text::{ChangeSet, Edit, Text};

use super::lines::{Line, contents, is_blank};
use super::site::View;
use super::{align, outside, site};
use crate::{Reason, Refusal};

/// The lines of `new` that are the scope's definition, when nothing but lines of the file stands around it.
pub(super) fn found(
    view: &View<'_>,
    old: &[Line<'_>],
    new: &[String],
    subject: &Subject,
) -> Result<Vec<String>, Refusal> {
    let found = definitions(view, old, new, subject);
    let range = match found.as_slice() {
        [only] => with_front(view, old, new, only.clone()),
        [] if is_alike(old, new) => 0..new.len(),
        several => {
            let n_found = several.len();
            return Err(Reason::NotOne { kind: subject.kind.clone(), n_found }.into());
        }
    };
    let mut around = new.iter().enumerate().filter(|(idx, line)| !range.contains(idx) && !is_blank(line));
    let is_alone = around.clone().next().is_none();
    let text = if is_alone { String::new() } else { view.site.text().to_string() };
    let scope = view.site.scope();
    // What stands in front of the definition is in the file in front of it, and the same behind it.
    let known = |text: Option<&str>| -> HashSet<String> {
        contents(text.unwrap_or("")).into_iter().map(|line| line.trim().to_owned()).collect()
    };
    let (above, below) = (known(text.get(..scope.end)), known(text.get(scope.start..)));
    let is_known =
        |idx: usize, line: &str| if idx < range.start { above.contains(line) } else { below.contains(line) };
    match around.find(|(idx, line)| !is_known(*idx, line.trim())) {
        Some((_, line)) => Err(Reason::ExtraCode { line: line.clone() }.into()),
        None => Ok(new.get(range).unwrap_or_default().to_vec()),
    }
}

/// Whether the scope's definition can be in `new` at all: its name is, or half of its lines are. Spares parses of prose.
pub(super) fn is_possible(view: &View<'_>, old: &[Line<'_>], new: &[String]) -> bool {
    let Some(name) = view.site.subject().and_then(|subject| subject.name) else { return true };
    new.iter().any(|line| line.contains(&name)) || is_alike(old, new)
}

/// What is said where it is not.
pub(super) fn none(view: &View<'_>) -> Refusal {
    let kind = view.site.subject().map_or_else(String::new, |subject| subject.kind);
    Reason::NotOne { kind, n_found: 0 }.into()
}

/// The lines of `new` that are the scope's definition, whatever stands around it; none if there is not exactly one.
pub(super) fn only(
    view: &View<'_>,
    old: &[Line<'_>],
    new: &[String],
    subject: &Subject,
) -> Option<Range<usize>> {
    match definitions(view, old, new, subject).as_slice() {
        [only] => Some(with_front(view, old, new, only.clone())),
        _ => None,
    }
}

/// Which lines of `new` are the scope's definition: as it stands in the file, alone, or in a class. Where none has its name,
/// those of its kind that are alike: it may have got another one.
fn definitions(view: &View<'_>, old: &[Line<'_>], new: &[String], subject: &Subject) -> Vec<Range<usize>> {
    let Some(tree) = view.site.tree() else { return Vec::new() };
    let mut renamed = Vec::new();
    let mut search = |tree: &Tree, text: &Text, within: Range<usize>| {
        let found = subjects_of(tree, text, &within, &subject.kind, None);
        let (named, others): (Vec<Subject>, Vec<Subject>) =
            subjects_of(tree, text, &within, &subject.kind, subject.name.as_deref())
                .into_iter()
                .chain(found)
                .partition(|found| subject.name.is_some() && found.name == subject.name);
        let mut others = rows_of(text, &within, &others);
        others.retain(|rows| is_alike(old, new.get(rows.clone()).unwrap_or_default()));
        if renamed.is_empty() {
            renamed = others;
        }
        let mut named = rows_of(text, &within, &named);
        named.dedup();
        named
    };
    let (text, scope) = (view.site.text(), view.site.scope());
    let body: String = new.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
    let in_file = ChangeSet::single(text.len(), Edit::new(scope.clone(), body.as_str())).ok();
    if let Some(changes) = in_file
        && let Ok(after) = text.apply(&changes)
        && let Some(tree) = view.site.tree_after(&changes, &after)
    {
        let named = search(&tree, &after, scope.start..scope.start + body.len());
        if !named.is_empty() {
            return named;
        }
    }
    for (front, back) in [("", ""), ("class X {\n", "}\n")] {
        let text = Text::from(format!("{front}{body}{back}"));
        let Ok(tree) = Tree::parse(tree.language(), &text, &site::stop()) else { continue };
        let named = search(&tree, &text, front.len()..front.len() + body.len());
        if !named.is_empty() {
            return named;
        }
    }
    renamed
}

/// Definitions as rows, counted from the first line of `within`.
fn rows_of(text: &Text, within: &Range<usize>, found: &[Subject]) -> Vec<Range<usize>> {
    let first = text.line_of(within.start);
    let row = |offset: usize| text.line_of(offset).saturating_sub(first);
    found.iter().map(|found| row(found.range.start)..row(found.range.end.saturating_sub(1)) + 1).collect()
}

/// `range` with the comments and attributes right above it, unless they are those of the file above the scope.
fn with_front(view: &View<'_>, old: &[Line<'_>], new: &[String], range: Range<usize>) -> Range<usize> {
    let text = view.site.text();
    let above = text.slice(0..view.site.scope().start);
    let above = contents(&above).into_iter().rev().map(str::trim);
    let above: HashSet<&str> =
        above.take_while(|line| line.is_empty() || outside::is_attribute(line)).collect();
    let is_own = |line: &str| old.iter().any(|old| old.content.trim() == line);
    let belongs = |line: &&String| {
        let line = line.trim();
        !line.is_empty() && outside::is_attribute(line) && (is_own(line) || !above.contains(line))
    };
    let front = new.get(..range.start).unwrap_or_default();
    let n_front = front.iter().rev().take_while(belongs).count();
    range.start - n_front..range.end
}

/// Whether half of the scope's lines are in `new`: a definition that got another name.
fn is_alike(old: &[Line<'_>], new: &[String]) -> bool {
    let old: Vec<&str> = old.iter().map(|line| line.content.trim()).collect();
    let new: Vec<&str> = new.iter().map(|line| line.trim()).collect();
    align::pairs(&old, &new).len() * 2 >= old.len()
}
