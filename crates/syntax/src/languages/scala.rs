//! Scala.

use crate::facts::SCALA;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "Scala",
    ids: &["scala"],
    extensions: &["scala", "sc", "sbt"],
    file_names: &[],
    line_comment: Some("//"),
    block_comment: Some(("/*", "*/")),
    grammar: || tree_sitter_scala::LANGUAGE.into(),
    scopes: &[
        ("function_definition", ScopeKind::Function),
        ("class_definition", ScopeKind::Class),
        ("object_definition", ScopeKind::Class),
        ("trait_definition", ScopeKind::Class),
        ("enum_definition", ScopeKind::Class),
        ("given_definition", ScopeKind::Function),
        ("extension_definition", ScopeKind::Impl),
    ],
    comments: &["comment", "block_comment"],
    imports: &["import_declaration"],
    wrappers: &[],
    attributes: &[],
    facts: Some(&SCALA),
};
