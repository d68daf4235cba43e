//! Go.

use crate::facts::GO;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "Go",
    ids: &["go"],
    extensions: &["go"],
    file_names: &[],
    line_comment: Some("//"),
    block_comment: Some(("/*", "*/")),
    grammar: || tree_sitter_go::LANGUAGE.into(),
    scopes: &[
        ("function_declaration", ScopeKind::Function),
        ("method_declaration", ScopeKind::Method),
        ("type_declaration", ScopeKind::Class),
        ("const_declaration", ScopeKind::Block),
        ("var_declaration", ScopeKind::Block),
    ],
    comments: &["comment"],
    imports: &["import_declaration"],
    wrappers: &[],
    attributes: &[],
    facts: Some(&GO),
};
