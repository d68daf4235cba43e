//! JavaScript.

use crate::facts::JAVASCRIPT;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "JavaScript",
    ids: &["javascript", "javascriptreact", "jsx"],
    extensions: &["js", "mjs", "cjs", "jsx"],
    file_names: &[],
    line_comment: Some("//"),
    block_comment: Some(("/*", "*/")),
    grammar: || tree_sitter_javascript::LANGUAGE.into(),
    scopes: &[
        ("function_declaration", ScopeKind::Function),
        ("generator_function_declaration", ScopeKind::Function),
        ("method_definition", ScopeKind::Method),
        ("class_declaration", ScopeKind::Class),
        ("lexical_declaration", ScopeKind::Function),
        ("variable_declaration", ScopeKind::Function),
        ("field_definition", ScopeKind::Method),
        ("expression_statement", ScopeKind::Test),
        ("pair", ScopeKind::Entry),
        ("jsx_element", ScopeKind::Element),
        ("jsx_self_closing_element", ScopeKind::Element),
    ],
    comments: &["comment", "html_comment"],
    imports: &["import_statement"],
    wrappers: &["export_statement"],
    attributes: &["decorator"],
    facts: Some(&JAVASCRIPT),
};
