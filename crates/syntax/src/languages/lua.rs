//! Lua.

use crate::facts::LUA;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "Lua",
    ids: &["lua"],
    extensions: &["lua"],
    file_names: &[],
    line_comment: Some("--"),
    block_comment: Some(("--[[", "]]")),
    grammar: || tree_sitter_lua::LANGUAGE.into(),
    scopes: &[("function_declaration", ScopeKind::Function)],
    comments: &["comment"],
    imports: &[],
    wrappers: &[],
    attributes: &[],
    facts: Some(&LUA),
};
