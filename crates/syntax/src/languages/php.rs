//! PHP.

use crate::facts::PHP;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "PHP",
    ids: &["php"],
    extensions: &["php"],
    file_names: &[],
    line_comment: Some("//"),
    block_comment: Some(("/*", "*/")),
    grammar: || tree_sitter_php::LANGUAGE_PHP.into(),
    scopes: &[
        ("function_definition", ScopeKind::Function),
        ("method_declaration", ScopeKind::Method),
        ("class_declaration", ScopeKind::Class),
        ("interface_declaration", ScopeKind::Class),
        ("trait_declaration", ScopeKind::Class),
        ("enum_declaration", ScopeKind::Class),
        ("namespace_definition", ScopeKind::Module),
    ],
    comments: &["comment"],
    imports: &["namespace_use_declaration"],
    wrappers: &[],
    attributes: &[],
    facts: Some(&PHP),
};
