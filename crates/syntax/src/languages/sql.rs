//! SQL.

use crate::facts::SQL;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "SQL",
    ids: &["sql"],
    extensions: &["sql"],
    file_names: &[],
    line_comment: Some("--"),
    block_comment: Some(("/*", "*/")),
    grammar: || tree_sitter_sequel::LANGUAGE.into(),
    scopes: &[("statement", ScopeKind::Block), ("create_function", ScopeKind::Function)],
    comments: &["comment", "marginalia"],
    imports: &[],
    wrappers: &[],
    attributes: &[],
    facts: Some(&SQL),
};
