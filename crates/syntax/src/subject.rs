//! What a range holds: the one definition or statement that a scope is about, and the same one in a text that came back.
//!
//! Comments, attributes and punctuation around a node belong to it and never count as nodes of their own.

use std::ops::Range;

use text::Text;
use tree_sitter::Node;

use crate::node::{name_of, trimmed_end};
use crate::scope::{kind_of, with_front};
use crate::{ScopeKind, Tree};

/// A definition, an entry or a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// What it is: the label of its scope kind, where functions, methods and tests are all "function"; the grammar's word
    /// for a node that is no scope.
    pub kind: String,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Its bytes, with what is wrapped round it (`export`, decorators of Python).
    pub range: Range<usize>,
}

/// The nodes that stand in a range of whole lines, in order, outermost; none where the border of the range cuts a node.
pub fn subjects(tree: &Tree, text: &Text, range: &Range<usize>) -> Option<Vec<Subject>> {
    let start = range.start + {
        let inner = text.slice(range.clone());
        inner.len() - inner.trim_start().len()
    };
    let end = trimmed_end(text, start.min(range.end), range.end).max(start);
    if start >= end {
        return Some(Vec::new());
    }
    let smallest = tree.root().descendant_for_byte_range(start, end)?;
    if is_of(smallest, tree) || ends_of(smallest, text) == (start..end) {
        let single = std::iter::successors(Some(smallest), |node| node.parent())
            .take_while(|node| node.parent().is_some() && ends_of(*node, text) == (start..end));
        let mut single: Vec<Node<'_>> = single.collect();
        let meant = single.iter().position(|node| definition_in(*node, tree, text).is_some());
        if let Some(node) = meant.map(|idx| single.swap_remove(idx)).or_else(|| single.pop()) {
            return Some(vec![subject(node, tree, text)]);
        }
    }
    let mut found = Vec::new();
    let mut cursor = smallest.walk();
    for child in smallest.children(&mut cursor) {
        let Range { start: child_start, end: child_end } = ends_of(child, text);
        if child_end <= start || child_start >= end {
            continue;
        }
        if child_start < start || child_end > end {
            return None;
        }
        if child.is_named() && !is_of(child, tree) {
            found.push(subject(child, tree, text));
        }
    }
    Some(found)
}

/// The definitions of this kind that lie in a range, outermost, in order; only those of this name, if one is given.
pub fn subjects_of(
    tree: &Tree,
    text: &Text,
    within: &Range<usize>,
    kind: &str,
    name: Option<&str>,
) -> Vec<Subject> {
    let mut found: Vec<Subject> = Vec::new();
    let mut pending = vec![tree.root()];
    while let Some(node) = pending.pop() {
        if node.end_byte() <= within.start || node.start_byte() >= within.end {
            continue;
        }
        let is_inside = node.start_byte() >= within.start && ends_of(node, text).end <= within.end;
        if is_inside && node.is_named() && definition_in(node, tree, text).is_some() {
            let candidate = subject(node, tree, text);
            if candidate.kind == kind && (name.is_none() || candidate.name.as_deref() == name) {
                found.push(candidate);
                continue;
            }
        }
        let mut cursor = node.walk();
        pending.extend(node.children(&mut cursor));
    }
    found.sort_by_key(|subject| subject.range.start);
    found
}

/// The name of the innermost definition that a line stands in; none outside of all and where it has no name.
pub fn definition_around(tree: &Tree, text: &Text, line: usize) -> Option<String> {
    let start = text.line_start(line);
    let content = text.line(line);
    let offset = start + (content.len() - content.trim_start().len()).min(content.trim_end().len());
    let node = tree.root().descendant_for_byte_range(offset, offset)?;
    let is_definition = |kind: ScopeKind| matches!(label(kind), "function" | "class" | "impl" | "module");
    std::iter::successors(Some(node), |node| node.parent()).find_map(|node| {
        let (inner, _) = definition_in(node, tree, text).filter(|(_, kind)| is_definition(*kind))?;
        name_of(inner, text)
    })
}

/// Where definitions begin in a range, those inside of functions left out: the starts of their first lines, comments and
/// attributes in front included, in order.
pub fn borders(tree: &Tree, text: &Text, range: &Range<usize>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut pending = vec![tree.root()];
    while let Some(node) = pending.pop() {
        if node.end_byte() <= range.start || node.start_byte() >= range.end {
            continue;
        }
        let kind = definition_in(node, tree, text).map(|(_, kind)| label(kind)).filter(|_| node.is_named());
        if kind.is_some_and(|kind| ["function", "class", "impl", "module", "section"].contains(&kind)) {
            found.push(with_front(node, tree.language(), text).start);
        }
        // What stands inside of a function is one thing to a reader.
        if kind != Some(ScopeKind::Function.label()) {
            let mut cursor = node.walk();
            pending.extend(node.children(&mut cursor));
        }
    }
    found.retain(|start| range.contains(start));
    found.sort_unstable();
    found.dedup();
    found
}

/// The rows of `range`, counted from its first line, that begin inside a string of several lines: a run for each string.
///
/// A string that opens its line and whose lines are indented at least as much is text set with the code, like a docstring,
/// and left out.
pub fn rows_inside_strings(tree: &Tree, text: &Text, range: &Range<usize>) -> Vec<Range<usize>> {
    let first = text.line_of(range.start);
    let mut runs = Vec::new();
    let mut pending = vec![tree.root()];
    while let Some(node) = pending.pop() {
        if node.end_byte() <= range.start || node.start_byte() >= range.end {
            continue;
        }
        let (start, end) = (text.line_of(node.start_byte()), text.line_of(node.end_byte()));
        if start == end {
            continue;
        }
        if !is_string(node.kind()) {
            let mut cursor = node.walk();
            pending.extend(node.children(&mut cursor));
        } else if !is_set_with_code(node, text, start + 1..end + 1) {
            runs.push((start + 1).max(first) - first..(end + 1).max(first) - first);
        }
    }
    runs.retain(|run| !run.is_empty());
    runs.sort_by_key(|run| run.start);
    runs
}

fn is_set_with_code(string: Node<'_>, text: &Text, mut rows: Range<usize>) -> bool {
    let start = text.line_start(text.line_of(string.start_byte()));
    let front = text.slice(start..string.start_byte());
    front.trim().is_empty()
        && rows.all(|row| {
            let line = text.line(row);
            line.trim().is_empty() || line.starts_with(&front)
        })
}

fn is_string(kind: &str) -> bool {
    kind.contains("string") && !kind.contains("interpolation")
        || kind.contains("heredoc")
        || kind == "block_scalar"
}

/// Whether a node only belongs to the one behind it.
fn is_of(node: Node<'_>, tree: &Tree) -> bool {
    tree.language().is_comment(node.kind()) || tree.language().0.attributes.contains(&node.kind())
}

/// The bytes of a node without the white space that some grammars count to its end.
fn ends_of(node: Node<'_>, text: &Text) -> Range<usize> {
    let start = node.start_byte();
    start..trimmed_end(text, start, node.end_byte()).max(start)
}

fn subject(node: Node<'_>, tree: &Tree, text: &Text) -> Subject {
    let range = ends_of(node, text);
    match definition_in(node, tree, text) {
        Some((inner, kind)) => Subject { kind: label(kind).to_owned(), name: name_of(inner, text), range },
        None => Subject { kind: node.kind().to_owned(), name: None, range },
    }
}

/// The definition that a node is, or that it is wrapped round.
fn definition_in<'a>(node: Node<'a>, tree: &Tree, text: &Text) -> Option<(Node<'a>, ScopeKind)> {
    if let Some(kind) = kind_of(node, tree.language(), text) {
        return Some((node, kind));
    }
    if !tree.language().0.wrappers.contains(&node.kind()) {
        return None;
    }
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find_map(|child| definition_in(child, tree, text))
}

fn label(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::Function | ScopeKind::Method | ScopeKind::Test => ScopeKind::Function.label(),
        ScopeKind::Class
        | ScopeKind::Impl
        | ScopeKind::Module
        | ScopeKind::Element
        | ScopeKind::Entry
        | ScopeKind::Section
        | ScopeKind::Imports
        | ScopeKind::Block
        | ScopeKind::Selection
        | ScopeKind::Paragraph
        | ScopeKind::File => kind.label(),
    }
}
