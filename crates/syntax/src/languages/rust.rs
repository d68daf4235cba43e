//! Rust.

use crate::facts::RUST;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "Rust",
    ids: &["rust"],
    extensions: &["rs"],
    file_names: &[],
    line_comment: Some("//"),
    block_comment: Some(("/*", "*/")),
    grammar: || tree_sitter_rust::LANGUAGE.into(),
    scopes: &[
        ("function_item", ScopeKind::Function),
        ("function_signature_item", ScopeKind::Function),
        ("struct_item", ScopeKind::Class),
        ("enum_item", ScopeKind::Class),
        ("union_item", ScopeKind::Class),
        ("trait_item", ScopeKind::Class),
        ("impl_item", ScopeKind::Impl),
        ("mod_item", ScopeKind::Module),
        ("macro_definition", ScopeKind::Function),
        ("type_item", ScopeKind::Class),
    ],
    comments: &["line_comment", "block_comment"],
    imports: &["use_declaration", "extern_crate_declaration"],
    wrappers: &[],
    attributes: &["attribute_item"],
    facts: Some(&RUST),
};
