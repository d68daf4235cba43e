//! What a language is to us: its names, its comments, and the node kinds that mean something.

use std::fmt;
use std::path::Path;

use crate::facts::Rules;
use crate::languages;

/// A language that can be parsed. Cheap to copy; equal when it is the same entry of the table.
#[derive(Clone, Copy)]
pub struct Language(pub(crate) &'static Spec);

/// One entry of the table of languages.
pub(crate) struct Spec {
    /// Name for people and prompts.
    pub(crate) name: &'static str,
    /// Identifiers that editors use.
    pub(crate) ids: &'static [&'static str],
    /// File extensions without the dot.
    pub(crate) extensions: &'static [&'static str],
    /// Whole file names.
    pub(crate) file_names: &'static [&'static str],
    /// Start of a comment to the end of the line.
    pub(crate) line_comment: Option<&'static str>,
    /// Start and end of a comment.
    pub(crate) block_comment: Option<(&'static str, &'static str)>,
    pub(crate) grammar: fn() -> tree_sitter::Language,
    /// Node kinds that are scopes.
    pub(crate) scopes: &'static [(&'static str, ScopeKind)],
    /// Node kinds that are comments.
    pub(crate) comments: &'static [&'static str],
    /// Node kinds that are imports.
    pub(crate) imports: &'static [&'static str],
    /// Node kinds that stand round a definition and belong to it.
    pub(crate) wrappers: &'static [&'static str],
    /// Node kinds in front of a definition that belong to it, such as attributes.
    pub(crate) attributes: &'static [&'static str],
    /// How facts are read; none where a text defines nothing that other files use.
    pub(crate) facts: Option<&'static Rules>,
}

/// What a scope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScopeKind {
    /// A function outside a class.
    Function,
    /// A function of a class or implementation.
    Method,
    /// A class, struct, interface, enum or type.
    Class,
    /// An implementation block.
    Impl,
    /// A module or namespace.
    Module,
    /// An element of JSX or HTML.
    Element,
    /// An entry of a data file, or a rule of a style sheet.
    Entry,
    /// A Markdown section.
    Section,
    /// A test.
    Test,
    /// A run of imports.
    Imports,
    /// Statements at the top level.
    Block,
    /// What the user selected.
    Selection,
    /// Lines up to the next blank one.
    Paragraph,
    /// The whole file.
    File,
}

impl ScopeKind {
    /// The word for people, settings and prompts.
    pub fn label(self) -> &'static str {
        match self {
            ScopeKind::Function => "function",
            ScopeKind::Method => "method",
            ScopeKind::Class => "class",
            ScopeKind::Impl => "impl",
            ScopeKind::Module => "module",
            ScopeKind::Element => "element",
            ScopeKind::Entry => "entry",
            ScopeKind::Section => "section",
            ScopeKind::Test => "test",
            ScopeKind::Imports => "imports",
            ScopeKind::Block => "block",
            ScopeKind::Selection => "selection",
            ScopeKind::Paragraph => "paragraph",
            ScopeKind::File => "file",
        }
    }
}

impl Language {
    /// Name for people and prompts.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    pub(crate) fn scope_kind(self, kind: &str) -> Option<ScopeKind> {
        self.0.scopes.iter().find(|(known, _)| *known == kind).map(|(_, scope)| *scope)
    }

    pub(crate) fn is_comment(self, kind: &str) -> bool {
        self.0.comments.contains(&kind)
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Language) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Language {}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

/// Every language of the table.
pub fn all_languages() -> impl Iterator<Item = Language> {
    languages::ALL.iter().map(|spec| Language(spec))
}

/// The language that an editor's identifier or a path names; the identifier wins where it is known.
///
/// JSX and TSX files are recognized by their extension even where the editor says "javascript" or "typescript".
pub fn language_for(language_id: &str, path: &str) -> Option<Language> {
    let path = Path::new(path);
    let extension =
        path.extension().and_then(|extension| extension.to_str()).unwrap_or("").to_ascii_lowercase();
    if extension == "tsx" {
        return all_languages().find(|language| language.0.extensions.contains(&"tsx"));
    }
    let id = language_id.to_ascii_lowercase();
    let by_id = all_languages().find(|language| language.0.ids.contains(&id.as_str()));
    by_id
        .or_else(|| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
            all_languages().find(|language| language.0.file_names.contains(&name))
        })
        .or_else(|| all_languages().find(|language| language.0.extensions.contains(&extension.as_str())))
}
