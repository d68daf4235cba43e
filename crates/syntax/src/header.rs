//! What has to stand at the top of a file, in front of its imports.

use text::Text;
use tree_sitter::Node;

use crate::Tree;
use crate::node::text_of;

/// Node kinds that nothing may be put in front of.
const FIRST: [&str; 11] = [
    "file_annotation",
    "hash_bang_line",
    "inner_attribute_item",
    "namespace_definition",
    "package_clause",
    "package_declaration",
    "package_header",
    "package_object",
    "php_tag",
    "preproc_hash_bang_line",
    "shebang",
];

/// Offset behind the header of a text: interpreter line, license, docstring, package; 0 without one.
///
/// A comment belongs to the header where a blank line follows; else it belongs to the definition below.
pub fn header_end(tree: &Tree, text: &Text) -> usize {
    let language = tree.language();
    let mut end = 0;
    let mut has_statement = false;
    let mut cursor = tree.root().walk();
    let children: Vec<Node<'_>> = tree.root().named_children(&mut cursor).collect();
    for (idx, node) in children.iter().enumerate() {
        let own = text_of(*node, text);
        let node_end = node.start_byte() + own.trim_end().len();
        if FIRST.contains(&node.kind())
            || is_directive(*node) && !(language.name() == "Python" && has_statement)
        {
            has_statement = true;
            end = node_end;
        } else if language.is_comment(node.kind()) {
            let next = children.get(idx + 1).map(|next| text.line_of(next.start_byte()));
            let has_gap = next.is_none_or(|next| next > text.line_of(node_end) + 1);
            let is_inner =
                ["#!", "//!", "/*!", "//go:build", "// +build"].iter().any(|start| own.starts_with(start));
            if has_gap || is_inner || own.contains("coding:") && node.start_position().row < 2 {
                end = node_end;
            }
        } else {
            break;
        }
    }
    end
}

/// A string that stands as a statement: a docstring, or a directive such as `"use strict"`.
fn is_directive(node: Node<'_>) -> bool {
    node.kind() == "expression_statement"
        && node.named_child_count() == 1
        && node.named_child(0).is_some_and(|child| child.kind() == "string")
}
