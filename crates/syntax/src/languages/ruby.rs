//! Ruby.

use crate::facts::RUBY;
use crate::language::{ScopeKind, Spec};

pub(super) static SPEC: Spec = Spec {
    name: "Ruby",
    ids: &["ruby"],
    extensions: &["rb", "rake", "gemspec"],
    file_names: &["Gemfile", "Rakefile"],
    line_comment: Some("#"),
    block_comment: None,
    grammar: || tree_sitter_ruby::LANGUAGE.into(),
    scopes: &[
        ("method", ScopeKind::Method),
        ("singleton_method", ScopeKind::Method),
        ("class", ScopeKind::Class),
        ("module", ScopeKind::Module),
    ],
    comments: &["comment"],
    imports: &[],
    wrappers: &[],
    attributes: &[],
    facts: Some(&RUBY),
};
