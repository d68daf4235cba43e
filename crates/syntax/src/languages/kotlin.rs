//! Kotlin.

use crate::facts::KOTLIN;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "Kotlin",
    ids: &["kotlin"],
    extensions: &["kt", "kts"],
    file_names: &[],
    line_comment: Some("//"),
    block_comment: Some(("/*", "*/")),
    grammar: || tree_sitter_kotlin_ng::LANGUAGE.into(),
    scopes: &[
        ("function_declaration", ScopeKind::Function),
        ("secondary_constructor", ScopeKind::Method),
        ("class_declaration", ScopeKind::Class),
        ("object_declaration", ScopeKind::Class),
        ("companion_object", ScopeKind::Class),
    ],
    comments: &["line_comment", "block_comment"],
    imports: &["import"],
    wrappers: &[],
    attributes: &[],
    facts: Some(&KOTLIN),
};
