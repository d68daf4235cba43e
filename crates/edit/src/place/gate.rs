//! What must hold for a text with all edits made, whatever led to them: it parses no worse, the scope is still the one
//! definition that it was, and nothing stands in it that no file should get.

use std::collections::HashSet;
use std::ops::Range;

use syntax::{Subject, Tree, error_count, new_errors, subjects};
use text::{ChangeSet, Edit, Text};

use super::Settled;
use super::lines::contents;
use super::site::Site;
use super::typed::{self, Reading};
use super::{align, elision, twin};
use crate::{Reason, Refusal};

/// Why the text of `site` with `edits` must not be offered.
pub(super) fn check(site: &Site, edits: &[Edit]) -> Result<(), Refusal> {
    if edits.is_empty() {
        return Ok(());
    }
    let changes =
        ChangeSet::new(site.text().len(), edits.to_vec()).map_err(|_| Refusal::new(Reason::Overlap))?;
    let after = site.text().apply(&changes).map_err(|_| Refusal::new(Reason::Overlap))?;
    let scope = site.scope_after(&changes);
    let (old, new) = (site.content(), after.slice(scope.clone()));
    let (old, new) = (contents(&old), contents(&new));
    if let (Some(before), Some(tree), false) =
        (site.tree(), site.tree_after(&changes, &after), site.has_errors())
    {
        parses(before, &tree, &after, &changes)?;
        if let Some(subject) = site.subject() {
            is_one(site, &subject, &tree, &after, &scope, (&old, &new))?;
            twin::check(site, before, &subject, (&old, &new))?;
        }
    }
    let known: HashSet<&str> = old.iter().copied().collect();
    let fresh: Vec<String> =
        new.iter().filter(|line| !known.contains(*line)).map(|line| (*line).to_owned()).collect();
    if let Some(line) = elision::left_in(&old, &fresh) {
        return Err(Reason::Elision { line: line.clone() }.into());
    }
    match site.marks().read(&old, &fresh) {
        Reading::AsIs => Ok(()),
        Reading::Typed(_) => {
            let line = fresh.iter().find(|line| typed::plain(line) != **line).cloned().unwrap_or_default();
            Err(Reason::Escaped { line }.into())
        }
        Reading::Either(_, line) | Reading::Mixed(line) => Err(Reason::Escaped { line }.into()),
    }
}

/// Why the text with the edits outside of the scope, too, must not be offered.
pub(super) fn check_all(site: &Site, settled: &Settled) -> Result<(), Refusal> {
    if settled.imports.is_empty() && settled.outside.is_empty() {
        return Ok(());
    }
    let mut all = settled.with_imports();
    all.extend(settled.outside.iter().cloned());
    all.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let changes = ChangeSet::new(site.text().len(), all).map_err(|_| Refusal::new(Reason::Overlap))?;
    let after = site.text().apply(&changes).map_err(|_| Refusal::new(Reason::Overlap))?;
    match (site.tree(), site.tree_after(&changes, &after)) {
        (Some(before), Some(tree)) => parses(before, &tree, &after, &changes),
        (None, _) | (_, None) => Ok(()),
    }
}

fn parses(before: &Tree, tree: &Tree, after: &Text, changes: &ChangeSet) -> Result<(), Refusal> {
    if error_count(tree) <= error_count(before) {
        return Ok(());
    }
    let written = changes.with_after();
    let start = written.first().map_or(0, |(_, range)| range.start);
    let end = written.last().map_or(0, |(_, range)| range.end);
    let errors = new_errors(before, tree, after, &(start..end));
    let Some(error) = errors.first() else { return Ok(()) };
    let content = after.line(error.line).trim().to_owned();
    Err(Reason::Syntax { line: error.line + 1, message: error.message.clone(), content }.into())
}

/// The scope holds exactly one definition of its kind, of the same name or plausibly renamed.
fn is_one(
    site: &Site,
    subject: &Subject,
    tree: &Tree,
    after: &Text,
    scope: &Range<usize>,
    (old, new): (&[&str], &[&str]),
) -> Result<(), Refusal> {
    let found = subjects(tree, after, scope).unwrap_or_default();
    let only = match found.as_slice() {
        [only] if only.kind == subject.kind => only,
        several => {
            let n_found = if several.len() == 1 { 0 } else { several.len() };
            return Err(Reason::NotOne { kind: subject.kind.clone(), n_found }.into());
        }
    };
    let Some(expected) = subject.name.as_ref().filter(|name| only.name.as_ref() != Some(name)) else {
        return Ok(());
    };
    let name = only.name.clone().unwrap_or_default();
    let (text, range) = (site.text(), site.scope());
    let around = [text.slice(0..range.start), text.slice(range.end..text.len())];
    let n_kept = align::pairs(old, new).len();
    if name.is_empty() || around.iter().any(|text| defines(text, &name)) || n_kept * 2 < old.len() {
        return Err(Reason::OtherName { expected: expected.clone(), found: name }.into());
    }
    Ok(())
}

/// Whether `name` stands in `text` as a word that is called or given a value or a type.
fn defines(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(start, _)| {
        let before = text.get(..start).and_then(|text| text.chars().next_back());
        let behind = text.get(start + name.len()..).unwrap_or_default();
        let is_whole = !before.is_some_and(is_word) && !behind.starts_with(is_word);
        is_whole && behind.trim_start().starts_with(['(', '<', '=', ':'])
    })
}
