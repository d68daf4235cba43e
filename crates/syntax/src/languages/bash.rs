//! Bash.

use crate::facts::BASH;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "Bash",
    ids: &["shellscript", "bash", "sh", "zsh"],
    extensions: &["sh", "bash", "zsh"],
    file_names: &[".bashrc", ".bash_profile", ".profile", ".zshrc"],
    line_comment: Some("#"),
    block_comment: None,
    grammar: || tree_sitter_bash::LANGUAGE.into(),
    scopes: &[("function_definition", ScopeKind::Function)],
    comments: &["comment"],
    imports: &[],
    wrappers: &[],
    attributes: &[],
    facts: Some(&BASH),
};
