//! Java.

use crate::facts::JAVA;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "Java",
    ids: &["java"],
    extensions: &["java"],
    file_names: &[],
    line_comment: Some("//"),
    block_comment: Some(("/*", "*/")),
    grammar: || tree_sitter_java::LANGUAGE.into(),
    scopes: &[
        ("method_declaration", ScopeKind::Method),
        ("constructor_declaration", ScopeKind::Method),
        ("compact_constructor_declaration", ScopeKind::Method),
        ("class_declaration", ScopeKind::Class),
        ("interface_declaration", ScopeKind::Class),
        ("enum_declaration", ScopeKind::Class),
        ("record_declaration", ScopeKind::Class),
        ("annotation_type_declaration", ScopeKind::Class),
    ],
    comments: &["line_comment", "block_comment"],
    imports: &["import_declaration"],
    wrappers: &[],
    attributes: &[],
    facts: Some(&JAVA),
};
