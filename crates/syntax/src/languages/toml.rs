//! TOML.

use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "TOML",
    ids: &["toml"],
    extensions: &["toml"],
    file_names: &["Cargo.lock", "Pipfile"],
    line_comment: Some("#"),
    block_comment: None,
    grammar: || tree_sitter_toml_ng::LANGUAGE.into(),
    scopes: &[
        ("table", ScopeKind::Entry),
        ("table_array_element", ScopeKind::Entry),
        ("pair", ScopeKind::Entry),
    ],
    comments: &["comment"],
    imports: &[],
    wrappers: &[],
    attributes: &[],
    facts: None,
};
