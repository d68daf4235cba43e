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

/// The definitions of a text in order, outer before inner. Deep nesting costs no stack.
pub fn outline(tree: &Tree, text: &Text) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut pending: Vec<Pending<'_>> = Vec::new();
    enter(tree.root(), 0, None, &mut pending);
    while let Some(Pending { node, depth, container }) = pending.pop() {
        let kind = kind_of(node, tree.language(), text).filter(|kind| {
            let is_deep_entry = *kind == ScopeKind::Entry && depth > 1;
            !is_deep_entry && !matches!(kind, ScopeKind::Element | ScopeKind::Block)
        });
        let Some(kind) = kind else {
            enter(node, depth, container, &mut pending);
            continue;
        };
        let container = container.and_then(|idx| items.get(idx)).map(|outer| outer.name.clone());
        items.push(Item {
            kind,
            name: name_of(node, text).unwrap_or_default(),
            range: node.byte_range(),
            signature: signature(node, text),
            depth,
            container,
        });
        enter(node, depth + 1, Some(items.len() - 1), &mut pending);
    }
    items
}

/// A node to look at.
struct Pending<'a> {
    node: Node<'a>,
    /// In how many definitions it stands.
    depth: usize,
    /// The place of the innermost of them.
    container: Option<usize>,
}

/// Puts the children of a node on the pile, the first on top.
fn enter<'a>(node: Node<'a>, depth: usize, container: Option<usize>, pending: &mut Vec<Pending<'a>>) {
    let n_before = pending.len();
    let mut cursor = node.walk();
    pending.extend(node.named_children(&mut cursor).map(|node| Pending { node, depth, container }));
    if let Some(added) = pending.get_mut(n_before..) {
        added.reverse();
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
    if range.is_empty() {
        return names;
    }
    // What lies in front of the range is passed over, not visited.
    let inner = tree.root().descendant_for_byte_range(range.start, range.end.saturating_sub(1));
    let mut pending = vec![inner.unwrap_or(tree.root())];
    while let Some(node) = pending.pop() {
        if node.end_byte() <= range.start || node.start_byte() >= range.end {
            continue;
        }
        if is_name(node) {
            names.insert(text_of(node, text));
        }
        let mut cursor = node.walk();
        if cursor.goto_first_child_for_byte(range.start).is_none() {
            continue;
        }
        loop {
            pending.push(cursor.node());
            if cursor.node().start_byte() >= range.end || !cursor.goto_next_sibling() {
                break;
            }
        }
    }
    names
}
