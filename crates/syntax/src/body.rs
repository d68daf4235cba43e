//! What a function does: nothing, nothing yet, or something.

use std::ops::Range;

use text::Text;
use tree_sitter::Node;

use crate::node::{name_of, text_of, walk};
use crate::{ScopeKind, Tree};

/// The body of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The function's name.
    pub name: String,
    /// The bytes of the function.
    pub range: Range<usize>,
    /// Whether nothing stands in it but comments, `pass` or `...`.
    pub is_empty: bool,
    /// Whether it may be empty for good: abstract, overloaded, of a protocol, or without a body at all.
    pub is_abstract: bool,
}

/// The functions of a text that have a body, in order.
pub fn bodies(tree: &Tree, text: &Text) -> Vec<Body> {
    let language = tree.language();
    let mut found = Vec::new();
    // Where methods have no bodies by their nature.
    let mut abstracts: Vec<Range<usize>> = Vec::new();
    walk(tree.root(), |node| {
        if is_abstract_class(node, text) {
            abstracts.push(node.byte_range());
        }
        let is_function =
            matches!(language.scope_kind(node.kind()), Some(ScopeKind::Function | ScopeKind::Method))
                || matches!(node.kind(), "function_item" | "method_definition" | "arrow_function");
        if let Some(body) = is_function.then(|| body_of(node)).flatten() {
            let start = node.start_byte();
            let front_line = text.line_start(text.line_of(start).saturating_sub(3));
            let front = text.slice(front_line..body.start_byte());
            let is_marked =
                ["abstract", "overload", "protected override"].iter().any(|mark| front.contains(mark));
            found.push(Body {
                name: name_of(node, text).unwrap_or_default(),
                range: node.byte_range(),
                is_empty: is_empty(body, text),
                is_abstract: is_marked || abstracts.iter().any(|range| range.contains(&start)),
            });
        }
        true
    });
    found
}

fn body_of(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.child_by_field_name("body").or_else(|| {
        node.named_children(&mut cursor).find(|child| matches!(child.kind(), "function_body" | "block"))
    })
}

fn is_empty(body: Node<'_>, text: &Text) -> bool {
    let mut cursor = body.walk();
    let mut children = body.named_children(&mut cursor);
    let is_block = ["block", "body", "statement", "compound"].iter().any(|part| body.kind().contains(part));
    is_block
        && children.all(|child| {
            child.kind().contains("comment")
                || child.kind() == "pass_statement"
                || child.kind() == "expression_statement"
                    && (text_of(child, text) == "..." || text_of(child, text).starts_with(['"', '\'']))
                || child.kind() == "block" && child.named_child_count() == 0
        })
}

fn is_abstract_class(node: Node<'_>, text: &Text) -> bool {
    match node.kind() {
        "interface_declaration" | "trait_item" | "protocol_declaration" | "trait_definition" => true,
        "class_definition" => node.child_by_field_name("superclasses").is_some_and(|bases| {
            let bases = text_of(bases, text);
            bases.contains("ABC") || bases.contains("Protocol")
        }),
        _ => false,
    }
}
