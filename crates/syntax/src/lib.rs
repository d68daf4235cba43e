//! Languages, trees and what can be read from them: scopes, directives, outline, names, comments, tokens, imports, facts,
//! error handling and tests, syntax errors.
//!
//! Owns tree-sitter and the grammars; neither shows in the public API. Values only: a parse runs where its caller runs it
//! and can be stopped; nothing here knows documents, versions or threads.

mod body;
mod bound;
mod comment;
mod directive;
mod errors;
mod facts;
mod header;
mod import;
mod language;
mod languages;
mod markers;
mod module;
mod names;
mod node;
mod outline;
mod scope;
mod site;
mod subject;
mod token;
mod tree;

pub use body::{Body, bodies};
pub use bound::bound_names;
pub use comment::{Comment, comment_line, comments};
pub use directive::{Directive, DirectiveKind, directives};
pub use errors::{SyntaxError, error_count, errors, new_errors};
pub use facts::{Definition, DefinitionKind, Facts, ImportFact, StringId, Strings, facts_form};
pub use header::header_end;
pub use import::{Import, Imported, import_list};
pub use language::{Language, ScopeKind, all_languages, language_for};
pub use markers::Markers;
pub use module::{Module, modules};
pub use names::{
    Binding, BindingKind, Call, Names, Parameter, Reference, References, Signature, Tokens, Use, names,
    references,
};
pub use outline::{Item, identifiers, imports, outline};
pub use scope::{Scope, narrow, scope_at, widen};
pub use site::{Site, SiteKind, sites};
pub use subject::{Subject, borders, definition_around, rows_inside_strings, subjects, subjects_of};
pub use token::{Token, TokenKind, tokens};
pub use tree::{MAX_BYTES, ParseStopped, Stop, Tree};
