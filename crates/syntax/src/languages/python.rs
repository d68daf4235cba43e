//! Python.

use crate::facts::PYTHON;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "Python",
    ids: &["python"],
    extensions: &["py", "pyi", "pyw"],
    file_names: &[],
    line_comment: Some("#"),
    block_comment: None,
    grammar: || tree_sitter_python::LANGUAGE.into(),
    scopes: &[("function_definition", ScopeKind::Function), ("class_definition", ScopeKind::Class)],
    comments: &["comment"],
    imports: &["import_statement", "import_from_statement", "future_import_statement"],
    wrappers: &["decorated_definition"],
    attributes: &[],
    facts: Some(&PYTHON),
};
