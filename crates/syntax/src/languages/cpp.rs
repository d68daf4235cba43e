//! C++.

use crate::facts::CPP;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "C++",
    ids: &["cpp", "c++"],
    extensions: &["cc", "cpp", "cxx", "hpp", "hh", "hxx"],
    file_names: &[],
    line_comment: Some("//"),
    block_comment: Some(("/*", "*/")),
    grammar: || tree_sitter_cpp::LANGUAGE.into(),
    scopes: &[
        ("function_definition", ScopeKind::Function),
        ("class_specifier", ScopeKind::Class),
        ("struct_specifier", ScopeKind::Class),
        ("enum_specifier", ScopeKind::Class),
        ("union_specifier", ScopeKind::Class),
        ("namespace_definition", ScopeKind::Module),
        ("type_definition", ScopeKind::Class),
    ],
    comments: &["comment"],
    imports: &["preproc_include", "using_declaration"],
    wrappers: &["template_declaration"],
    attributes: &[],
    facts: Some(&CPP),
};
