//! What a name stands for: through imports, the file itself, the class round it and its bases, else the workspace.
//!
//! Owns the rules by which a name is looked up. A guess is made only where few definitions come into question; all else is
//! left to the ranking.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use syntax::Reference;
use workspace::{DefinitionId, FileId, FileKind, Index, IndexedDefinition, IndexedFile, NameId};

use super::import::Target;
use super::modules::{crate_root, dir_of, files_of};
use crate::family::{Family, family};

/// A name with more definitions than these, each as good as the others, is not resolved.
pub(super) const FEW: usize = 3;
/// The same for a member of nobody knows what.
const FEW_MEMBERS: usize = 2;
/// Bases are followed this far.
const MAX_BASES: usize = 5;

/// Looks names up from one file.
pub(super) struct Resolver<'a> {
    pub(super) index: &'a Index,
    pub(super) own: FileId,
    pub(super) file: &'a IndexedFile,
    pub(super) family: Family,
    /// The type that the scope belongs to.
    pub(super) container: Option<NameId>,
    /// By the name bound: module, and name there.
    imports: FxHashMap<NameId, (NameId, Option<NameId>)>,
    /// Modules that everything is taken from.
    pub(super) stars: Vec<NameId>,
    /// Modules looked up so far.
    modules: RefCell<FxHashMap<NameId, Rc<[FileId]>>>,
}

/// What a reference stands for.
#[derive(Default)]
pub(super) struct Meant {
    pub(super) definitions: Vec<DefinitionId>,
    /// Nothing but the name says so.
    pub(super) is_guess: bool,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(
        index: &'a Index,
        own: FileId,
        file: &'a IndexedFile,
        container: Option<NameId>,
    ) -> Resolver<'a> {
        let mut imports = FxHashMap::default();
        let mut stars = Vec::new();
        for import in &file.imports {
            match import.bound {
                Some(bound) => drop(imports.entry(bound).or_insert((import.module, import.name))),
                None => stars.push(import.module),
            }
        }
        Resolver {
            index,
            own,
            file,
            family: family(file.language),
            container,
            imports,
            stars,
            modules: RefCell::default(),
        }
    }

    pub(super) fn imports(&self) -> impl Iterator<Item = (NameId, NameId, Option<NameId>)> {
        self.file.imports.iter().filter_map(|import| Some((import.bound?, import.module, import.name)))
    }

    /// The module, and the name there, that an import binds a name to.
    pub(super) fn imported(&self, bound: NameId) -> Option<(NameId, Option<NameId>)> {
        self.imports.get(&bound).copied()
    }

    /// The files of a module that the file imports, sorted by id.
    pub(super) fn module_files(&self, module: NameId) -> Rc<[FileId]> {
        let known = self.modules.borrow().get(&module).cloned();
        known.unwrap_or_else(|| {
            let mut files = files_of(self.index, self.family, &self.file.path, self.index.text(module));
            files.sort_unstable();
            let files: Rc<[FileId]> = files.into();
            self.modules.borrow_mut().insert(module, files.clone());
            files
        })
    }

    pub(super) fn sorted_files(&self, module: &str) -> Vec<FileId> {
        let mut files = files_of(self.index, self.family, &self.file.path, module);
        files.sort_unstable();
        files
    }

    /// Whether definitions of a file may be meant: it is of the family, and no test unless the own file is one.
    pub(super) fn is_open_to(&self, id: FileId, file: &IndexedFile) -> bool {
        id == self.own
            || family(file.language) == self.family
                && (file.kind != FileKind::Test || self.file.kind == FileKind::Test)
    }

    pub(super) fn defined(
        &self,
        name: NameId,
        is_wanted: impl Fn(&IndexedDefinition, &IndexedFile) -> bool,
    ) -> Vec<DefinitionId> {
        let mut found = self.index.definitions_of(name);
        found.retain(|id| {
            let Some(file) = self.index.file(id.file) else { return false };
            let Some(definition) = self.index.definition(*id) else { return false };
            self.is_open_to(id.file, file) && is_wanted(definition, file)
        });
        found
    }

    /// Definitions outside of types; else types anywhere.
    pub(super) fn top(&self, name: NameId) -> Vec<DefinitionId> {
        let found = self.defined(name, |definition, _| definition.container.is_none());
        if found.is_empty() { self.types(name) } else { found }
    }

    /// Types of a name.
    pub(super) fn types(&self, name: NameId) -> Vec<DefinitionId> {
        self.defined(name, |definition, _| definition.kind.is_type())
    }

    /// The members called `name` of the type called `container`, or of what it extends; those of the own file if there are any.
    pub(super) fn members(&self, container: NameId, name: NameId) -> Vec<DefinitionId> {
        let mut seen = FxHashSet::default();
        let mut pending = vec![(container, 0)];
        while let Some((container, depth)) = pending.pop() {
            if depth > MAX_BASES || !seen.insert(container) {
                continue;
            }
            let mut found = self.defined(name, |definition, _| definition.container == Some(container));
            if !found.is_empty() {
                if found.iter().any(|id| id.file == self.own) {
                    found.retain(|id| id.file == self.own);
                }
                return found;
            }
            let bases: Vec<NameId> =
                self.types(container).iter().take(FEW).flat_map(|id| self.bases(*id)).collect();
            pending.extend(bases.into_iter().rev().map(|base| (base, depth + 1)));
        }
        Vec::new()
    }

    /// The types of the workspace that a type's signature names.
    pub(super) fn bases(&self, id: DefinitionId) -> Vec<NameId> {
        let Some((file, definition)) = self.index.file(id.file).zip(self.index.definition(id)) else {
            return Vec::new();
        };
        if !definition.kind.is_type() {
            return Vec::new();
        }
        let names = file.signature_of(definition).iter().copied();
        names.filter(|name| !self.types(*name).is_empty()).take(12).collect()
    }

    /// The definitions that a reference stands for; none where that is not known.
    pub(super) fn reference(&self, reference: &Reference) -> Meant {
        let name = reference.name.as_str();
        if name.len() < 3 || name.starts_with("__") && name.ends_with("__") {
            return Meant::default();
        }
        let Some(name) = self.index.name(name) else { return Meant::default() };
        if !reference.is_member {
            return Meant { definitions: self.plain(name), is_guess: false };
        }
        match self.member(name, &reference.receiver) {
            Some(definitions) => Meant { definitions, is_guess: false },
            None => Meant {
                definitions: few(
                    self.defined(name, |definition, _| definition.container.is_some()),
                    FEW_MEMBERS,
                ),
                is_guess: true,
            },
        }
    }

    fn plain(&self, name: NameId) -> Vec<DefinitionId> {
        if let Some((module, original)) = self.imports.get(&name) {
            return match self.import(name, *module, *original) {
                Target::Definitions(found) => few(found, FEW),
                Target::Module(_) | Target::External => Vec::new(),
            };
        }
        let own = self.own_definitions(name, |definition| definition.container.is_none());
        if !own.is_empty() {
            return own;
        }
        match self.family {
            Family::Go => {
                let dir = dir_of(&self.file.path);
                let mut found = self.top(name);
                found.retain(|id| self.index.file(id.file).is_some_and(|file| dir_of(&file.path) == dir));
                few(found, FEW)
            }
            Family::Jvm | Family::CSharp | Family::Php => self.in_class_or_package(name),
            Family::Rust => {
                let mut found = self.top(name);
                let root = crate_root(&self.file.path);
                let is_near = |id: &DefinitionId| {
                    self.index.file(id.file).is_some_and(|file| crate_root(&file.path) == root)
                };
                if found.iter().any(is_near) {
                    found.retain(is_near);
                } else if self.stars.is_empty() && self.index.text(name).starts_with(char::is_uppercase) {
                    return Vec::new();
                }
                if found.is_empty() {
                    found = self
                        .defined(name, |definition, _| definition.kind == syntax::DefinitionKind::Variant);
                    return few(found, 1);
                }
                few(found, FEW)
            }
            Family::Python if self.stars.is_empty() => Vec::new(),
            Family::Script => Vec::new(),
            _ => few(self.top(name), FEW_MEMBERS),
        }
    }

    /// Names without imports: of the file, of the class and its bases, of the package, of packages taken whole.
    fn in_class_or_package(&self, name: NameId) -> Vec<DefinitionId> {
        let own =
            self.own_definitions(name, |definition| definition.kind != syntax::DefinitionKind::Constructor);
        if !own.is_empty() {
            return own;
        }
        let inherited = self.container.map(|container| self.members(container, name)).unwrap_or_default();
        if !inherited.is_empty() {
            return few(inherited, FEW);
        }
        let top = self.top(name);
        let package = package_of(&self.file.path);
        let is_near = |id: &&DefinitionId| {
            self.index.file(id.file).is_some_and(|file| package_of(&file.path) == package)
        };
        let near: Vec<DefinitionId> = top.iter().filter(is_near).copied().collect();
        if !near.is_empty() {
            return few(near, FEW);
        }
        for module in &self.stars {
            let module = self.index.text(*module).replace(['.', '\\'], "/");
            let mut found = self.defined(name, |_, file| {
                dir_of(&file.path).ends_with(&module)
                    || file.path.rsplit_once('.').is_some_and(|(stem, _)| stem.ends_with(&module))
            });
            found.truncate(FEW + 1);
            if !found.is_empty() {
                return few(found, FEW);
            }
        }
        Vec::new()
    }

    /// A member of what a chain of names stands for; none where that is not known.
    fn member(&self, name: NameId, receiver: &[String]) -> Option<Vec<DefinitionId>> {
        let root = receiver.first().map(String::as_str);
        let only = root.filter(|_| receiver.len() == 1);
        let root_name = root.and_then(|root| self.index.name(root));
        let import = root_name.and_then(|root| Some((root, self.imports.get(&root)?)));
        if let Some((root, (module, original))) = import {
            match self.import(root, *module, *original) {
                Target::External => return Some(Vec::new()),
                Target::Module(files) if only.is_some() => return Some(self.in_module(name, &files)),
                Target::Definitions(found) if only.is_some() => {
                    let containers = found.iter().filter_map(|id| self.index.definition(*id));
                    for container in containers {
                        let members = self.members(container.name, name);
                        if !members.is_empty() {
                            return Some(few(members, FEW));
                        }
                    }
                }
                _ => {}
            }
        } else if let (Some("self" | "this" | "cls" | "Self" | "super" | "base"), Some(container)) =
            (only, self.container)
        {
            let members = self.members(container, name);
            if !members.is_empty() {
                return Some(few(members, FEW));
            }
        } else if let Some(only) = only.and(root_name) {
            let is_own = !self.own_definitions(only, |definition| definition.container.is_none()).is_empty();
            if is_own || self.index.text(only).starts_with(char::is_uppercase) {
                let members = self.members(only, name);
                if !members.is_empty() {
                    return Some(few(members, FEW));
                }
            }
        }
        match root {
            Some("std" | "core" | "alloc") if self.family == Family::Rust => return Some(Vec::new()),
            Some("crate" | "super") if self.family == Family::Rust => return Some(few(self.top(name), FEW)),
            _ => {}
        }
        None
    }

    fn in_module(&self, name: NameId, files: &[FileId]) -> Vec<DefinitionId> {
        let is_rust = self.family == Family::Rust;
        let mut found = self.index.definitions_of(name);
        found.retain(|id| {
            let is_top = self.index.definition(*id).is_some_and(|found| found.container.is_none() || is_rust);
            is_top && files.binary_search(&id.file).is_ok()
        });
        if !found.is_empty() || self.family == Family::Go {
            return few(found, FEW);
        }
        few(self.top(name), FEW_MEMBERS)
    }

    fn own_definitions(
        &self,
        name: NameId,
        is_wanted: impl Fn(&IndexedDefinition) -> bool,
    ) -> Vec<DefinitionId> {
        let own = self.file.definitions.iter().enumerate();
        let found = own.filter(|(_, definition)| definition.name == name && is_wanted(definition));
        found.map(|(idx, _)| DefinitionId { file: self.own, idx: idx as u32 }).take(FEW).collect()
    }
}

/// All of them if they are few, else none: any one would be a guess.
pub(super) fn few(found: Vec<DefinitionId>, n_most: usize) -> Vec<DefinitionId> {
    if found.len() <= n_most { found } else { Vec::new() }
}

/// The package of a file as its path shows it.
fn package_of(path: &str) -> &str {
    let dir = dir_of(path);
    let inner = ["/java/", "/kotlin/", "/scala/"].iter().find_map(|mark| Some(dir.split_once(mark)?.1));
    inner.unwrap_or(dir)
}
