//! C.

use crate::facts::C;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "C",
    ids: &["c"],
    extensions: &["c", "h"],
    file_names: &[],
    line_comment: Some("//"),
    block_comment: Some(("/*", "*/")),
    grammar: || tree_sitter_c::LANGUAGE.into(),
    scopes: &[
        ("function_definition", ScopeKind::Function),
        ("struct_specifier", ScopeKind::Class),
        ("enum_specifier", ScopeKind::Class),
        ("union_specifier", ScopeKind::Class),
        ("type_definition", ScopeKind::Class),
    ],
    comments: &["comment"],
    imports: &["preproc_include"],
    wrappers: &[],
    attributes: &[],
    facts: Some(&C),
};
