//! Small questions about nodes.

use text::Text;
use tree_sitter::Node;

use crate::Language;

/// Kinds of leaf that name something, over all grammars.
const NAMES: [&str; 12] = [
    "identifier",
    "type_identifier",
    "property_identifier",
    "private_property_identifier",
    "field_identifier",
    "simple_identifier",
    "namespace_identifier",
    "package_identifier",
    "shorthand_property_identifier",
    "constant",
    "name",
    "word",
];

/// Whether a node is a leaf that names something.
pub(crate) fn is_name(node: Node<'_>) -> bool {
    node.is_named() && node.child_count() == 0 && NAMES.contains(&node.kind())
}

/// The text of a node.
pub(crate) fn text_of(node: Node<'_>, text: &Text) -> String {
    text.slice(node.byte_range())
}

/// The name that a definition gives, if the grammar shows one. Declarators stand in one another, in C as deep as one likes.
pub(crate) fn name_of(node: Node<'_>, text: &Text) -> Option<String> {
    let mut outer = Vec::new();
    let mut node = node;
    while let Some(found) = named(node) {
        match found.kind() {
            "function_declarator"
            | "pointer_declarator"
            | "reference_declarator"
            | "variable_declarator"
            | "type_spec"
            | "start_tag" => {
                outer.push(found);
                node = found;
            }
            _ => {
                let name = first_line(&text_of(found, text));
                if !name.is_empty() {
                    return Some(name);
                }
                break;
            }
        }
    }
    outer.into_iter().rev().find_map(|outer| first_name(outer, text))
}

/// The part of a definition that holds its name.
fn named(node: Node<'_>) -> Option<Node<'_>> {
    let named = ["name", "key", "declarator", "type", "trait"]
        .iter()
        .find_map(|field| node.child_by_field_name(field));
    let mut cursor = node.walk();
    named.or_else(|| {
        node.named_children(&mut cursor).find(|child| {
            is_name(*child)
                || matches!(
                    child.kind(),
                    "variable_declarator"
                        | "type_spec"
                        | "key"
                        | "bare_key"
                        | "dotted_key"
                        | "selectors"
                        | "start_tag"
                        | "atx_heading"
                        | "setext_heading"
                        | "object_reference"
                        | "table"
                )
        })
    })
}

fn first_name(node: Node<'_>, text: &Text) -> Option<String> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .find(|child| is_name(*child) || child.kind() == "tag_name")
        .map(|child| text_of(child, text))
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("").trim().trim_matches('#').trim().chars().take(80).collect()
}

/// The comment at a node or round it.
pub(crate) fn comment_at(node: Node<'_>, language: Language) -> Option<Node<'_>> {
    let mut node = node;
    loop {
        if language.is_comment(node.kind()) {
            return Some(node);
        }
        node = node.parent()?;
    }
}

/// The first and last line of a node; a node that ends with its line's ending ends on that line.
pub(crate) fn lines(node: Node<'_>, text: &Text) -> (usize, usize) {
    let range = node.byte_range();
    let first = text.line_of(range.start);
    let end = trimmed_end(text, range.start, range.end);
    (first, text.line_of(end.saturating_sub(1).max(range.start)))
}

/// `end` without the blanks and line endings in front of it.
pub(crate) fn trimmed_end(text: &Text, start: usize, end: usize) -> usize {
    let tail_start = text.floor(end.saturating_sub(1_024).max(start));
    let tail = text.slice(tail_start..end);
    tail_start + tail.trim_end().len()
}

/// Visits nodes in order, outer before inner; what `enters` says no to is not entered. Deep trees cost no stack.
pub(crate) fn walk<'a>(root: Node<'a>, mut enters: impl FnMut(Node<'a>) -> bool) {
    let mut cursor = root.walk();
    loop {
        if enters(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}
