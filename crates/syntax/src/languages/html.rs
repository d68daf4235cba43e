//! HTML.

use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "HTML",
    ids: &["html"],
    extensions: &["html", "htm"],
    file_names: &[],
    line_comment: None,
    block_comment: Some(("<!--", "-->")),
    grammar: || tree_sitter_html::LANGUAGE.into(),
    scopes: &[
        ("element", ScopeKind::Element),
        ("script_element", ScopeKind::Element),
        ("style_element", ScopeKind::Element),
    ],
    comments: &["comment"],
    imports: &[],
    wrappers: &[],
    attributes: &[],
    facts: None,
};
