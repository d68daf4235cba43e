//! TypeScript.

use crate::facts::TYPESCRIPT;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "TypeScript",
    ids: &["typescript"],
    extensions: &["ts", "mts", "cts"],
    file_names: &[],
    line_comment: Some("//"),
    block_comment: Some(("/*", "*/")),
    grammar: || tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
    scopes: &[
        ("function_declaration", ScopeKind::Function),
        ("generator_function_declaration", ScopeKind::Function),
        ("function_signature", ScopeKind::Function),
        ("method_definition", ScopeKind::Method),
        ("method_signature", ScopeKind::Method),
        ("abstract_method_signature", ScopeKind::Method),
        ("class_declaration", ScopeKind::Class),
        ("abstract_class_declaration", ScopeKind::Class),
        ("interface_declaration", ScopeKind::Class),
        ("enum_declaration", ScopeKind::Class),
        ("type_alias_declaration", ScopeKind::Class),
        ("internal_module", ScopeKind::Module),
        ("module", ScopeKind::Module),
        ("lexical_declaration", ScopeKind::Function),
        ("variable_declaration", ScopeKind::Function),
        ("public_field_definition", ScopeKind::Method),
        ("expression_statement", ScopeKind::Test),
        ("pair", ScopeKind::Entry),
    ],
    comments: &["comment"],
    imports: &["import_statement", "import_alias"],
    wrappers: &["export_statement", "ambient_declaration"],
    attributes: &["decorator"],
    facts: Some(&TYPESCRIPT),
};
