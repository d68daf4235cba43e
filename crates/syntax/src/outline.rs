//! What a file defines, imports and names.

use std::collections::BTreeSet;
use std::ops::Range;

use text::Text;
use tree_sitter::Node;

use crate::node::{is_name, name_of, text_of};
use crate::scope::kind_of;
use crate::{ScopeKind, Tree};

/// Longest signature kept, in bytes.
const SIGNATURE_BYTES: usize = 400;

/// One definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ScopeKind,
    /// Its name; empty where the grammar shows none.
    pub name: String,
    /// Its bytes.
    pub range: Range<usize>,
    /// Its first lines up to the body, on one line.
    pub signature: String,
    /// How many definitions it stands in.
    pub depth: usize,
    /// Name of the definition that it stands in.
    pub container: Option<String>,
}

/// The definitions of a text in order, outer before inner.
pub fn outline(tree: &Tree, text: &Text) -> Vec<Item> {
    let mut items = Vec::new();
    collect(tree.root(), tree, text, 0, None, &mut items);
    items
}

fn collect(
    node: Node<'_>,
    tree: &Tree,
    text: &Text,
    depth: usize,
    container: Option<&str>,
    items: &mut Vec<Item>,
) {
    let mut cursor = node.walk();
    for child in node.named_children(&mut cursor) {
        let kind = kind_of(child, tree.language(), text).filter(|kind| {
            let is_deep_entry = *kind == ScopeKind::Entry && depth > 1;
            !is_deep_entry && !matches!(kind, ScopeKind::Element | ScopeKind::Block)
        });
        match kind {
            Some(kind) => {
                let name = name_of(child, text).unwrap_or_default();
                items.push(Item {
                    kind,
                    name: name.clone(),
                    range: child.byte_range(),
                    signature: signature(child, text),
                    depth,
                    container: container.map(str::to_owned),
                });
                collect(child, tree, text, depth + 1, Some(&name), items);
            }
            None => collect(child, tree, text, depth, container, items),
        }
    }
}

/// The text of a definition in front of its body, blanks folded.
fn signature(node: Node<'_>, text: &Text) -> String {
    let body = node.child_by_field_name("body").map(|body| body.start_byte());
    let start = node.start_byte();
    let line_end = text.content_end(text.line_of(start));
    let end = body.unwrap_or(line_end).min(start + SIGNATURE_BYTES).min(node.end_byte());
    let head = text.slice(start..end);
    head.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The byte ranges of imports, in order.
pub fn imports(tree: &Tree, _: &Text) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut pending = vec![tree.root()];
    while let Some(node) = pending.pop() {
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            if tree.language().0.imports.contains(&child.kind()) {
                found.push(child.byte_range());
            } else if node.parent().is_none()
                && matches!(child.kind(), "import_list" | "import_header" | "compilation_unit")
            {
                pending.push(child);
            }
        }
    }
    found.sort_by_key(|range| range.start);
    found
}

/// The names that stand in a range.
pub fn identifiers(tree: &Tree, text: &Text, range: &Range<usize>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut pending = vec![tree.root()];
    while let Some(node) = pending.pop() {
        if node.end_byte() <= range.start || node.start_byte() >= range.end {
            continue;
        }
        if is_name(node) {
            names.insert(text_of(node, text));
        }
        let mut cursor = node.walk();
        pending.extend(node.children(&mut cursor));
    }
    names
}
