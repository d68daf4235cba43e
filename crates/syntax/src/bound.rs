//! The names that a text gives: of definitions, parameters and variables.

use std::collections::BTreeSet;

use text::Text;
use tree_sitter::{Node, TreeCursor};

use crate::Tree;
use crate::node::text_of;
use crate::token::{holds_code, is_name_leaf, is_string};

/// Parts of the kinds of nodes that give a name.
const GIVING: [&str; 21] = [
    "definition",
    "declaration",
    "declarator",
    "_item",
    "parameter",
    "assignment",
    "let_",
    "for_",
    "foreach",
    "range_clause",
    "_spec",
    "binding",
    "pattern",
    "class",
    "method",
    "function",
    "closure",
    "lambda",
    "catch",
    "variable_list",
    "_clause",
];

/// The names that `text` itself gives to something; what it only uses is not among them.
pub fn bound_names(tree: &Tree, text: &Text) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut cursor = tree.root().walk();
    let mut levels: Vec<Level<'_>> = Vec::new();
    loop {
        let node = cursor.node();
        let is_given = levels.last().is_some_and(|level| gives(level, &cursor));
        if is_given && is_name_leaf(node) {
            names.insert(text_of(node, text));
        }
        if (!is_string(node) || holds_code(node)) && cursor.goto_first_child() {
            levels.push(Level { parent: node, is_given });
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return names;
            }
            levels.pop();
        }
    }
}

/// A node that the cursor is inside of.
struct Level<'a> {
    parent: Node<'a>,
    /// Whether what names something in it is given.
    is_given: bool,
}

/// Whether the node at the cursor, a child of `level`'s, holds names that are given.
fn gives(level: &Level<'_>, cursor: &TreeCursor<'_>) -> bool {
    let (kind, inherited) = (level.parent.kind(), level.is_given);
    let is_giving = GIVING.iter().any(|part| kind.contains(part))
        && !kind.contains("call")
        && !kind.contains("invocation")
        && !kind.contains("import")
        && kind != "type_parameters";
    match cursor.field_name() {
        Some("name" | "pattern" | "left" | "declarator" | "alias" | "parameter" | "parameters" | "key") => {
            is_giving || inherited
        }
        Some("bound_identifier" | "item") => true,
        Some(
            "type" | "value" | "right" | "default_value" | "body" | "arguments" | "return_type" | "path",
        ) => false,
        Some(_) => inherited,
        None => {
            let child = cursor.node().kind();
            let is_type = child.contains("type") && !child.contains("typed");
            !is_type
                && (inherited || is_giving && (kind.contains("parameter") || kind == "variable_declaration"))
        }
    }
}
