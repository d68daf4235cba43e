//! C#.

use crate::facts::CSHARP;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "C#",
    ids: &["csharp"],
    extensions: &["cs", "csx"],
    file_names: &[],
    line_comment: Some("//"),
    block_comment: Some(("/*", "*/")),
    grammar: || tree_sitter_c_sharp::LANGUAGE.into(),
    scopes: &[
        ("method_declaration", ScopeKind::Method),
        ("constructor_declaration", ScopeKind::Method),
        ("local_function_statement", ScopeKind::Function),
        ("property_declaration", ScopeKind::Method),
        ("operator_declaration", ScopeKind::Method),
        ("class_declaration", ScopeKind::Class),
        ("interface_declaration", ScopeKind::Class),
        ("struct_declaration", ScopeKind::Class),
        ("enum_declaration", ScopeKind::Class),
        ("record_declaration", ScopeKind::Class),
        ("namespace_declaration", ScopeKind::Module),
    ],
    comments: &["comment"],
    imports: &["using_directive"],
    wrappers: &[],
    attributes: &[],
    facts: Some(&CSHARP),
};
