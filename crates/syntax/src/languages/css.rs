//! CSS.

use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "CSS",
    ids: &["css"],
    extensions: &["css"],
    file_names: &[],
    line_comment: None,
    block_comment: Some(("/*", "*/")),
    grammar: || tree_sitter_css::LANGUAGE.into(),
    scopes: &[
        ("rule_set", ScopeKind::Entry),
        ("media_statement", ScopeKind::Entry),
        ("keyframes_statement", ScopeKind::Entry),
        ("supports_statement", ScopeKind::Entry),
        ("at_rule", ScopeKind::Entry),
    ],
    comments: &["comment", "js_comment"],
    imports: &["import_statement"],
    wrappers: &[],
    attributes: &[],
    facts: None,
};
