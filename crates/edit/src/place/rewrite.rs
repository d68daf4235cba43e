//! A whole new text of the scope: what of the answer is that text, indented as the scope is, carried onto its lines.

use std::collections::HashSet;
use std::ops::Range;

use syntax::{Subject, Tree, rows_inside_strings, subjects_of};
use text::{ChangeSet, Edit, LineEnding, Text};

use super::lines::{Line, contents, is_blank};
use super::merge::{self, Blanks};
use super::site::{Placed, View};
use super::typed::Reading;
use super::{align, elision, gate, indent, numbers, outside, site, strings};
use crate::{Reason, Refusal};

/// The edits that make `text` the scope's text.
pub(super) fn place(view: &View<'_>, text: &str) -> Result<Placed, Refusal> {
    let inner = without_blank_border(view.lines, |line| line.content);
    let new: Vec<String> = contents(text).into_iter().map(str::to_owned).collect();
    let new = new.get(without_blank_border(&new, String::as_str)).unwrap_or_default();
    if new.is_empty() {
        let nothing = || Placed {
            edits: Vec::new(),
            expected: view.contents().into_iter().map(str::to_owned).collect(),
        };
        return if inner.is_empty() { Ok(nothing()) } else { Err(Reason::EmptyRewrite.into()) };
    }
    if inner.is_empty() {
        let none: [&str; 0] = [];
        if let Some(line) = elision::left_in(&none, new) {
            return Err(Reason::Elision { line: line.clone() }.into());
        }
        return Ok(view.merged(0..view.lines.len(), new, Blanks::Exact));
    }
    let own = view.contents();
    let new = numbers::stripped(new, &own).unwrap_or_else(|| new.to_vec());
    match view.marks.read(&own, &new) {
        Reading::AsIs => fitted(view, &inner, &new),
        Reading::Typed(typed) => fitted(view, &inner, &typed),
        Reading::Mixed(line) => Err(Reason::Escaped { line }.into()),
        Reading::Either(typed, line) => match fitted(view, &inner, &new) {
            // It may be meant as it is, and it may not.
            Ok(_) => Err(Reason::Escaped { line }.into()),
            Err(_) if view.site.tree().is_none() => Err(Reason::Escaped { line }.into()),
            Err(_) => fitted(view, &inner, &typed),
        },
    }
}

/// The edits for `new`, from the first to the last line that is not blank, in place of the lines `inner`.
fn fitted(view: &View<'_>, inner: &Range<usize>, new: &[String]) -> Result<Placed, Refusal> {
    let old = view.lines.get(inner.clone()).unwrap_or_default();
    let old_contents: Vec<&str> = old.iter().map(|line| line.content).collect();
    let new =
        whole_file(view, new).or_else(|| without_context(view, old, new)).unwrap_or_else(|| new.to_vec());
    // Where it cannot be filled yet, what stands outside of the scope may still fall away.
    let new = elision::filled(&old_contents, &new).unwrap_or(new);
    let new = match view.site.subject() {
        Some(subject) => definition(view, old, &new, &subject)?,
        None => {
            outside::check(view, old, &new)?;
            new
        }
    };
    let has_tabs = tabs(view);
    let inside = rows_inside(view, &new);
    let new = indent::fitted(old, &new, has_tabs, &inside)?;
    let new = elision::filled(&old_contents, &new)?;
    indent::check(&old_contents, &new)?;
    let merge =
        merge::lines(view.site.text(), view.site.scope(), view.lines, inner.clone(), &new, Blanks::Trailing);
    outside::kept(old, &new, &merge)?;
    let placed = view.merged(inner.clone(), &new, Blanks::Trailing);
    gate::check(view.site, &placed.edits)?;
    Ok(placed)
}

/// What stands in place of the scope, if `new` is the whole file with nothing changed around the scope.
fn whole_file(view: &View<'_>, new: &[String]) -> Option<Vec<String>> {
    let text = view.site.text();
    let (above, below) =
        (text.slice(0..view.site.scope().start), text.slice(view.site.scope().end..text.len()));
    let (above, below) = (contents(&above), contents(&below));
    let above = above.get(above.iter().position(|line| !is_blank(line))?..)?;
    let below = below.get(..below.iter().rposition(|line| !is_blank(line)).map_or(0, |last| last + 1))?;
    let is_same = |a: &[&str], b: &[String]| a.iter().zip(b).all(|(a, b)| a.trim_end() == b.trim_end());
    let rest = new.len().checked_sub(above.len() + below.len()).filter(|rest| *rest > 0)?;
    let (head, rest) = (new.get(..above.len())?, new.get(above.len()..above.len() + rest)?);
    let tail = new.get(new.len() - below.len()..)?;
    let inner = rest.get(without_blank_border(rest, String::as_str))?;
    (is_same(above, head) && is_same(below, tail) && !inner.is_empty()).then(|| inner.to_vec())
}

/// `new` without the lines right above and below the scope that it repeats, if what is left begins as the scope does.
fn without_context(view: &View<'_>, old: &[Line<'_>], new: &[String]) -> Option<Vec<String>> {
    let text = view.site.text();
    let (above, below) =
        (text.slice(0..view.site.scope().start), text.slice(view.site.scope().end..text.len()));
    let (above, below) = (contents(&above), contents(&below));
    let is_same = |a: &[&str], b: &[String]| a.iter().zip(b).all(|(a, b)| a.trim_end() == b.trim_end());
    let has_code = |lines: &[String]| lines.iter().any(|line| !is_blank(line));
    let n_above = (1..new.len().min(above.len() + 1)).rev().find(|n| {
        let (head, above) = (new.get(..*n), above.get(above.len() - n..));
        head.zip(above).is_some_and(|(head, above)| has_code(head) && is_same(above, head))
    });
    let rest = new.get(n_above.unwrap_or(0)..)?;
    let n_below = (1..rest.len().min(below.len() + 1)).rev().find(|n| {
        let (tail, below) = (rest.get(rest.len() - n..), below.get(..*n));
        tail.zip(below).is_some_and(|(tail, below)| has_code(tail) && is_same(below, tail))
    });
    if n_above.is_none() && n_below.is_none() {
        return None;
    }
    let rest = rest.get(..rest.len() - n_below.unwrap_or(0))?;
    let inner = rest.get(without_blank_border(rest, String::as_str))?;
    let is_start = inner.first()?.trim() == old.first()?.content.trim();
    is_start.then(|| inner.to_vec())
}

/// The lines of `new` that are the scope's definition, when nothing but lines of the file stands around it.
fn definition(
    view: &View<'_>,
    old: &[Line<'_>],
    new: &[String],
    subject: &Subject,
) -> Result<Vec<String>, Refusal> {
    let mut found = definitions(view, new, &subject.kind, subject.name.as_deref());
    if found.is_empty() {
        // It may have got another name.
        let is_alike = |range: &Range<usize>| is_alike(old, new.get(range.clone()).unwrap_or_default());
        found = definitions(view, new, &subject.kind, None);
        found.retain(is_alike);
    }
    let range = match found.as_slice() {
        [only] => with_front(view, old, new, only.clone()),
        [] if is_alike(old, new) => 0..new.len(),
        several => {
            let n_found = several.len();
            return Err(Reason::NotOne { kind: subject.kind.clone(), n_found }.into());
        }
    };
    let text = view.site.text().to_string();
    let known: HashSet<&str> = contents(&text).into_iter().map(str::trim).collect();
    let around = new.iter().enumerate().filter(|(idx, _)| !range.contains(idx)).map(|(_, line)| line);
    match around.into_iter().find(|line| !is_blank(line) && !known.contains(line.trim())) {
        Some(line) => Err(Reason::ExtraCode { line: line.clone() }.into()),
        None => Ok(new.get(range).unwrap_or_default().to_vec()),
    }
}

/// Which lines of `new` are definitions of a kind and name: as it stands in the file, alone, or in a class.
fn definitions(view: &View<'_>, new: &[String], kind: &str, name: Option<&str>) -> Vec<Range<usize>> {
    let Some(tree) = view.site.tree() else { return Vec::new() };
    let (text, scope) = (view.site.text(), view.site.scope());
    let body: String = new.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
    let in_file = ChangeSet::single(text.len(), Edit::new(scope.clone(), body.as_str())).ok();
    if let Some(changes) = in_file
        && let Ok(after) = text.apply(&changes)
        && let Some(tree) = view.site.tree_after(&changes, &after)
    {
        let found = rows_of(&tree, &after, &(scope.start..scope.start + body.len()), kind, name);
        if !found.is_empty() {
            return found;
        }
    }
    for (front, back) in [("", ""), ("class X {\n", "}\n")] {
        let text = Text::from(format!("{front}{body}{back}"));
        let Ok(tree) = Tree::parse(tree.language(), &text, &site::stop()) else { continue };
        let found = rows_of(&tree, &text, &(front.len()..front.len() + body.len()), kind, name);
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The definitions in a range as rows, counted from its first line.
fn rows_of(
    tree: &Tree,
    text: &Text,
    within: &Range<usize>,
    kind: &str,
    name: Option<&str>,
) -> Vec<Range<usize>> {
    let first = text.line_of(within.start);
    let row = |offset: usize| text.line_of(offset).saturating_sub(first);
    let found = subjects_of(tree, text, within, kind, name).into_iter();
    found.map(|found| row(found.range.start)..row(found.range.end.saturating_sub(1)) + 1).collect()
}

/// `range` with the comments and attributes right above it, unless they are those of the file above the scope.
fn with_front(view: &View<'_>, old: &[Line<'_>], new: &[String], range: Range<usize>) -> Range<usize> {
    let text = view.site.text();
    let above = text.slice(0..view.site.scope().start);
    let above: HashSet<&str> = contents(&above).into_iter().map(str::trim).collect();
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

/// Runs of lines of `new` that begin inside a string.
fn rows_inside(view: &View<'_>, new: &[String]) -> Vec<Range<usize>> {
    let Some(tree) = view.site.tree() else { return strings::inside_strings(new) };
    let body: String = new.iter().flat_map(|line| [line.as_str(), LineEnding::Lf.as_str()]).collect();
    let text = Text::from(body);
    match Tree::parse(tree.language(), &text, &site::stop()) {
        Ok(tree) => rows_inside_strings(&tree, &text, &(0..text.len())),
        Err(_) => strings::inside_strings(new),
    }
}

/// Whether the file indents by tabs.
fn tabs(view: &View<'_>) -> bool {
    let text = view.site.text().to_string();
    let lines = contents(&text);
    let n_tabs = lines.iter().filter(|line| line.starts_with('\t')).count();
    n_tabs > lines.iter().filter(|line| line.starts_with(' ') && !is_blank(line)).count()
}

/// The indexes from the first to the last item that is not blank.
fn without_blank_border<T>(items: &[T], content: impl Fn(&T) -> &str) -> Range<usize> {
    let is_code = |item: &T| !content(item).trim().is_empty();
    let Some(first) = items.iter().position(&is_code) else { return 0..0 };
    first..items.iter().rposition(is_code).map_or(first, |last| last + 1)
}
