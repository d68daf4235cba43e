//! YAML.

use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "YAML",
    ids: &["yaml"],
    extensions: &["yaml", "yml"],
    file_names: &[".clang-format"],
    line_comment: Some("#"),
    block_comment: None,
    grammar: || tree_sitter_yaml::LANGUAGE.into(),
    scopes: &[
        ("block_mapping_pair", ScopeKind::Entry),
        ("block_sequence_item", ScopeKind::Entry),
        ("flow_pair", ScopeKind::Entry),
    ],
    comments: &["comment"],
    imports: &[],
    wrappers: &[],
    attributes: &[],
    facts: None,
};
