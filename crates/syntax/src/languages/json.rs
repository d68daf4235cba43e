//! JSON.

use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "JSON",
    ids: &["json", "jsonc"],
    extensions: &["json", "jsonc", "json5"],
    file_names: &[".eslintrc", ".prettierrc", ".babelrc"],
    line_comment: None,
    block_comment: None,
    grammar: || tree_sitter_json::LANGUAGE.into(),
    scopes: &[("pair", ScopeKind::Entry), ("object", ScopeKind::Entry)],
    comments: &["comment"],
    imports: &[],
    wrappers: &[],
    attributes: &[],
    facts: None,
};
