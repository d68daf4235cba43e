//! Languages, trees and what can be read from them: scopes, directives, outline, comments, syntax errors.
//!
//! Owns tree-sitter and the grammars; neither shows in the public API. Values only: a parse runs where its caller runs it
//! and can be stopped; nothing here knows documents, versions or threads.

mod comment;
mod directive;
mod errors;
mod language;
mod languages;
mod node;
mod outline;
mod scope;
mod subject;
mod tree;

pub use comment::comment_line;
pub use directive::{Directive, DirectiveKind, directives};
pub use errors::{SyntaxError, error_count, errors, new_errors};
pub use language::{Language, ScopeKind, all_languages, language_for};
pub use outline::{Item, identifiers, imports, outline};
pub use scope::{Scope, narrow, scope_at, widen};
pub use subject::{Subject, rows_inside_strings, subjects, subjects_of};
pub use tree::{MAX_BYTES, ParseStopped, Stop, Tree};
