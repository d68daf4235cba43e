//! Swift.

use crate::facts::SWIFT;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "Swift",
    ids: &["swift"],
    extensions: &["swift"],
    file_names: &[],
    line_comment: Some("//"),
    block_comment: Some(("/*", "*/")),
    grammar: || tree_sitter_swift::LANGUAGE.into(),
    scopes: &[
        ("function_declaration", ScopeKind::Function),
        ("init_declaration", ScopeKind::Method),
        ("deinit_declaration", ScopeKind::Method),
        ("subscript_declaration", ScopeKind::Method),
        ("class_declaration", ScopeKind::Class),
        ("protocol_declaration", ScopeKind::Class),
    ],
    comments: &["comment", "multiline_comment"],
    imports: &["import_declaration"],
    wrappers: &[],
    attributes: &[],
    facts: Some(&SWIFT),
};
