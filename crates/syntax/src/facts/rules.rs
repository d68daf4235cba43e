//! How the facts of a language are read: its query, and what a query cannot say.

mod bash;
mod c;
mod csharp;
mod go;
mod java;
mod kotlin;
mod lua;
mod php;
mod python;
mod ruby;
mod rust;
mod scala;
mod script;
mod sql;
mod swift;

use std::sync::OnceLock;

use tree_sitter::Node;

use super::query::{Compiled, Found};

pub(crate) use bash::BASH;
pub(crate) use c::{C, CPP};
pub(crate) use csharp::CSHARP;
pub(crate) use go::GO;
pub(crate) use java::JAVA;
pub(crate) use kotlin::KOTLIN;
pub(crate) use lua::LUA;
pub(crate) use php::PHP;
pub(crate) use python::PYTHON;
pub(crate) use ruby::RUBY;
pub(crate) use rust::RUST;
pub(crate) use scala::SCALA;
pub(crate) use script::{JAVASCRIPT, TSX, TYPESCRIPT};
pub(crate) use sql::SQL;
pub(crate) use swift::SWIFT;

/// The rules of one language.
pub(crate) struct Rules {
    query: &'static str,
    /// Corrects what the query found; the text comes with it.
    pub(super) adjust: fn(&mut Found<'_>, &str),
    /// How an object's own fields are given in its methods.
    pub(super) own_fields: Option<OwnFields>,
    /// A word that stands in every import, where imports may stand in functions.
    pub(super) import_word: Option<&'static str>,
    compiled: OnceLock<Option<Compiled>>,
}

/// How an object's own fields are given in its methods: by an assignment to a member of the object.
pub(super) struct OwnFields {
    /// The word for the object.
    pub(super) object: &'static str,
    /// The kind of node that assigns.
    pub(super) assignment: &'static str,
    /// The kind of node that is a member.
    pub(super) member: &'static str,
    /// The method that they are given in, if only there; then only where the class gives none itself.
    pub(super) only_in: Option<&'static str>,
}

impl Rules {
    /// Rules of all their parts.
    pub(super) const fn new(
        query: &'static str,
        adjust: fn(&mut Found<'_>, &str),
        own_fields: Option<OwnFields>,
        import_word: Option<&'static str>,
    ) -> Rules {
        Rules { query, adjust, own_fields, import_word, compiled: OnceLock::new() }
    }

    /// The query for this grammar; none where they do not fit, which a test rules out.
    pub(super) fn query(&self, grammar: fn() -> tree_sitter::Language) -> Option<&Compiled> {
        self.compiled.get_or_init(|| Compiled::new(&grammar(), self.query)).as_ref()
    }
}

/// The text of a node.
pub(super) fn slice<'a>(node: Node<'_>, source: &'a str) -> &'a str {
    source.get(node.byte_range()).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use crate::all_languages;

    #[test]
    fn every_query_fits_its_grammar() {
        for language in all_languages() {
            let spec = language.0;
            let fits = spec.facts.is_none_or(|rules| rules.query(spec.grammar).is_some());
            assert!(fits, "{language:?}");
        }
    }
}
