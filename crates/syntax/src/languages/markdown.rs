//! Markdown.

use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "Markdown",
    ids: &["markdown"],
    extensions: &["md", "markdown"],
    file_names: &[],
    line_comment: None,
    block_comment: Some(("<!--", "-->")),
    grammar: || tree_sitter_md::LANGUAGE.into(),
    scopes: &[("section", ScopeKind::Section)],
    comments: &["html_block"],
    imports: &[],
    wrappers: &[],
    attributes: &[],
    facts: None,
};
