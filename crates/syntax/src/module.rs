//! The modules and packages that a text imports.
//!
//! Owns where a grammar keeps their names. Must never judge one: whether a module belongs to the project is for others to say.

use std::ops::Range;

use text::Text;
use tree_sitter::Node;

use crate::Tree;
use crate::node::{text_of, walk};

/// One import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// The module as it is written, without quotes: `a.b`, `./x`, `github.com/a/b`, `std::fmt`.
    pub name: String,
    /// The bytes of its import.
    pub range: Range<usize>,
}

/// What a text imports, in order, wherever the import stands. Empty for languages without imports.
pub fn modules(tree: &Tree, text: &Text) -> Vec<Module> {
    let mut found = Vec::new();
    walk(tree.root(), |node| {
        let names = names(tree.language().name(), node, text);
        let is_import = !names.is_empty();
        found.extend(names.into_iter().map(|name| Module { name, range: node.byte_range() }));
        !is_import
    });
    found
}

fn names(language: &str, node: Node<'_>, text: &Text) -> Vec<String> {
    let field = |name: &str| node.child_by_field_name(name).map(|child| text_of(child, text));
    let quoted = |name: &str| field(name).map(|text| unquoted(&text)).into_iter().collect();
    match (language, node.kind()) {
        ("Python", "import_statement") => {
            let mut cursor = node.walk();
            let children = node.named_children(&mut cursor);
            children.map(|child| text_of(child.child_by_field_name("name").unwrap_or(child), text)).collect()
        }
        ("Python", "import_from_statement") => field("module_name").into_iter().collect(),
        ("JavaScript" | "TypeScript" | "TSX", "import_statement" | "export_statement") => quoted("source"),
        ("JavaScript" | "TypeScript" | "TSX", "call_expression") => {
            called(node, text, "function", &["require", "import"])
        }
        ("Ruby", "call") => called(node, text, "method", &["require"]),
        ("Lua", "function_call") => called(node, text, "name", &["require"]),
        ("Go", "import_spec") => quoted("path"),
        ("C" | "C++", "preproc_include") => field("path").into_iter().collect(),
        ("Rust", "use_declaration") => field("argument").into_iter().collect(),
        ("Rust", "extern_crate_declaration") => field("name").into_iter().collect(),
        ("Java" | "Kotlin" | "Scala" | "Swift", "import_declaration" | "import")
        | ("C#", "using_directive")
        | ("PHP", "namespace_use_declaration") => plain(&text_of(node, text)),
        _ => Vec::new(),
    }
}

/// The string that one of `functions` is called with.
fn called(node: Node<'_>, text: &Text, field: &str, functions: &[&str]) -> Vec<String> {
    let function = node.child_by_field_name(field).map(|function| text_of(function, text));
    let is_meant = function.is_some_and(|function| functions.contains(&function.as_str()));
    let argument = node.child_by_field_name("arguments").filter(|_| is_meant);
    let name = argument.and_then(|arguments| arguments.named_child(0)).map(|name| text_of(name, text));
    name.filter(|name| name.starts_with(['"', '\''])).map(|name| unquoted(&name)).into_iter().collect()
}

/// The name in an import that is a keyword and a dotted name.
fn plain(import: &str) -> Vec<String> {
    const KEYWORDS: [&str; 8] = ["import", "using", "use", "static", "global", "function", "const", "class"];
    let import = import.split(['{', ';', '=']).next().unwrap_or("");
    let words = import.split_whitespace().skip_while(|word| KEYWORDS.contains(word));
    words.take(1).map(|name| name.trim_matches(['.', '\\', '*']).to_owned()).collect()
}

fn unquoted(text: &str) -> String {
    text.trim_matches(['"', '\'', '`']).to_owned()
}
