//! Whether all that a name could stand for is known to the workspace.
//!
//! Owns what each family of languages lets a name come from besides the files of the folder. In doubt it is not known: a
//! class with a base of a library has members that stand in no file.

use syntax::Reference;
use workspace::{DefinitionId, FileId, NameId};

use super::import::Target;
use super::resolve::{FEW, Resolver};
use crate::family::Family;

/// Bases are followed this far.
const MAX_DEPTH: usize = 5;

/// What is known of where a name could come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// From files of the folder and the language itself alone.
    Files,
    /// From files of the folder, or from something of a library that they extend or import whole.
    Partly,
    /// From a module of a library.
    Library(String),
    /// From something of which nothing is known.
    Unknown,
}

/// Words of a type's head that are no types.
const HEAD_WORDS: [&str; 24] = [
    "abstract",
    "class",
    "const",
    "data",
    "declare",
    "default",
    "enum",
    "export",
    "extends",
    "final",
    "implements",
    "interface",
    "internal",
    "object",
    "open",
    "override",
    "private",
    "protected",
    "public",
    "readonly",
    "sealed",
    "static",
    "struct",
    "type",
];

impl Resolver<'_> {
    /// Whether an import of the file binds a name.
    pub(super) fn imports_as(&self, name: &str) -> bool {
        self.index.name(name).is_some_and(|name| self.imported(name).is_some())
    }

    /// Where the name of a reference could come from; `typed` is what variables are declared with or begin as.
    pub(super) fn origin(&self, reference: &Reference, typed: &[(String, Vec<String>)]) -> Origin {
        if !reference.is_member {
            return self.origin_of_bare();
        }
        let Some(root) = reference.package.as_ref().or(reference.receiver.first()) else {
            return Origin::Unknown;
        };
        let is_only = reference.package.is_none() && reference.receiver.len() == 1;
        let root_name = self.index.name(root);
        if let Some((root, (module, name))) = root_name.and_then(|root| Some((root, self.imported(root)?))) {
            return match self.import(root, module, name) {
                Target::External => Origin::Library(self.index.text(module).to_owned()),
                Target::Module(files) if is_only => self.origin_in_files(&files),
                Target::Definitions(found) if is_only => self.origin_of_members(&found),
                Target::Module(_) | Target::Definitions(_) => Origin::Unknown,
            };
        }
        let is_rust = self.family == Family::Rust;
        match root.as_str() {
            "std" | "core" | "alloc" if is_rust => return Origin::Library(root.clone()),
            "crate" if is_rust => return Origin::Partly,
            "self" | "this" | "cls" | "Self" if is_only => {
                let types = self.container.map(|container| self.types(container)).unwrap_or_default();
                return self.origin_of_members(&types);
            }
            _ if !is_only => return Origin::Unknown,
            _ => {}
        }
        if let Some((_, types)) = typed.iter().rev().find(|(name, _)| name == root) {
            return match types.as_slice() {
                [only] => match self.index.name(only) {
                    Some(only) => self.origin_of_members(&self.resolved_types(only)),
                    None => Origin::Unknown,
                },
                _ => Origin::Unknown,
            };
        }
        match root_name {
            Some(root) if self.index.text(root).starts_with(char::is_uppercase) => {
                self.origin_of_members(&self.resolved_types(root))
            }
            _ => Origin::Unknown,
        }
    }

    /// Where a name that stands alone could come from.
    fn origin_of_bare(&self) -> Origin {
        let brings_more = || {
            let mut stars = self.stars.iter();
            stars.any(|module| self.module_files(*module).is_empty())
        };
        let is_whole = match self.family {
            Family::Script | Family::Go => true,
            Family::Python | Family::Rust => !brings_more(),
            Family::Jvm => {
                let types = self.container.map(|container| self.types(container));
                !brings_more() && types.is_none_or(|types| self.origin_of_members(&types) == Origin::Files)
            }
            Family::C | Family::CSharp | Family::Ruby | Family::Php | Family::Other(_) => false,
        };
        if is_whole { Origin::Files } else { Origin::Partly }
    }

    fn origin_in_files(&self, files: &[FileId]) -> Origin {
        let takes_more = |id: &FileId| {
            let file = self.index.file(*id);
            let stars = file.into_iter().flat_map(|file| file.imports.iter());
            stars
                .filter(|import| import.bound.is_none())
                .any(|import| self.module_files(import.module).is_empty())
        };
        if self.family != Family::Go && files.iter().any(takes_more) { Origin::Partly } else { Origin::Files }
    }

    /// Where members of these types could come from. Without a type nothing is known.
    fn origin_of_members(&self, types: &[DefinitionId]) -> Origin {
        let is_type =
            |id: &DefinitionId| self.index.definition(*id).is_some_and(|found| found.kind.is_type());
        if types.is_empty() || !types.iter().all(is_type) {
            return Origin::Unknown;
        }
        if types.iter().all(|id| self.is_whole(*id, 0)) { Origin::Files } else { Origin::Partly }
    }

    /// Whether all members of a type stand in the files: it extends nothing but such types.
    fn is_whole(&self, id: DefinitionId, depth: usize) -> bool {
        // Traits of libraries add to what they like, and what a struct embeds its signature does not tell.
        if depth > MAX_DEPTH || !matches!(self.family, Family::Python | Family::Script | Family::Jvm) {
            return false;
        }
        let Some((file, definition)) = self.index.file(id.file).zip(self.index.definition(id)) else {
            return false;
        };
        file.signature_of(definition).iter().all(|word| {
            let text = self.index.text(*word);
            if HEAD_WORDS.contains(&text) {
                return true;
            }
            let bases = self.types(*word);
            !bases.is_empty()
                && bases.len() <= FEW
                && bases.iter().all(|base| self.is_whole(*base, depth + 1))
        })
    }

    /// The types that a name stands for here.
    fn resolved_types(&self, name: NameId) -> Vec<DefinitionId> {
        if let Some((module, original)) = self.imported(name) {
            return match self.import(name, module, original) {
                Target::Definitions(found) => found,
                Target::Module(_) | Target::External => Vec::new(),
            };
        }
        let found = self.types(name);
        if found.len() <= FEW { found } else { Vec::new() }
    }
}
