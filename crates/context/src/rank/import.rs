//! What an import stands for in the workspace: definitions, a module, or nothing of it.
//!
//! Owns how each family of languages means its imports.

use std::rc::Rc;

use workspace::{DefinitionId, FileId, IndexedDefinition, NameId};

use super::modules::{dir_of, files_of};
use super::resolve::{FEW, Resolver, few};
use crate::family::Family;

/// What an import stands for.
pub(super) enum Target {
    /// Definitions of the workspace.
    Definitions(Vec<DefinitionId>),
    /// A module of it.
    Module(Rc<[FileId]>),
    /// Nothing of it.
    External,
}

impl Resolver<'_> {
    /// What an import stands for.
    pub(super) fn import(&self, bound: NameId, module: NameId, name: Option<NameId>) -> Target {
        let files = self.module_files(module);
        let in_files = |name: NameId, is_wanted: &dyn Fn(&IndexedDefinition) -> bool| -> Vec<DefinitionId> {
            let mut found = self.index.definitions_of(name);
            found.retain(|id| {
                files.binary_search(&id.file).is_ok() && self.index.definition(*id).is_some_and(is_wanted)
            });
            found
        };
        let is_top = |definition: &IndexedDefinition| definition.container.is_none();
        match (self.family, name) {
            (Family::Python, Some(name)) => {
                let found = in_files(name, &is_top);
                if !found.is_empty() {
                    return Target::Definitions(found);
                }
                let written = self.index.text(module);
                let point = if written.ends_with('.') { "" } else { "." };
                let inner = format!("{written}{point}{}", self.index.text(name));
                let inner = self.sorted_files(&inner);
                if !inner.is_empty() {
                    return Target::Module(inner.into());
                }
                let is_inside = !files.is_empty() || written.starts_with('.') || self.is_package(written);
                if is_inside { Target::Definitions(few(self.top(name), FEW)) } else { Target::External }
            }
            (Family::Script, Some(name)) => {
                if files.is_empty() && !self.index.text(module).starts_with('.') {
                    return Target::External;
                }
                let name = if self.index.text(name) == "default" { bound } else { name };
                let found = in_files(name, &is_top);
                // A file that only exports what others define.
                Target::Definitions(if found.is_empty() { few(self.top(name), FEW) } else { found })
            }
            (Family::Jvm | Family::CSharp | Family::Php, Some(name)) => self.of_package(module, name),
            (Family::Rust, Some(name)) => self.of_crate(&files, module, name),
            (_, Some(name)) => {
                let found = in_files(name, &is_top);
                Target::Definitions(if found.is_empty() { few(self.top(name), FEW) } else { found })
            }
            (_, None) if files.is_empty() => Target::External,
            (_, None) => Target::Module(files),
        }
    }

    /// Whether the first part of a module of Python is a package of the workspace.
    fn is_package(&self, module: &str) -> bool {
        let first = module.split('.').next().unwrap_or_default();
        !files_of(self.index, self.family, "", first).is_empty()
    }

    /// `import package.Name`, or a member of the class that the package's last part is.
    fn of_package(&self, module: NameId, name: NameId) -> Target {
        let written = self.index.text(module).replace('\\', ".");
        let whole = format!("{written}.{}", self.index.text(name));
        let files = self.sorted_files(&whole);
        let mut found = self.index.definitions_of(name);
        found.retain(|id| {
            files.binary_search(&id.file).is_ok()
                && self.index.definition(*id).is_some_and(|found| found.kind.is_type())
        });
        if !found.is_empty() {
            return Target::Definitions(found);
        }
        // A nested class, or a static member.
        let files = self.sorted_files(&written);
        let mut found = self.index.definitions_of(name);
        found.retain(|id| files.binary_search(&id.file).is_ok());
        if !found.is_empty() {
            return Target::Definitions(found);
        }
        // The package is one of the workspace, and the file has another name.
        let dir = written.replace('.', "/");
        let mut found = self.types(name);
        found.retain(|id| self.index.file(id.file).is_some_and(|file| dir_of(&file.path).ends_with(&dir)));
        if found.is_empty() { Target::External } else { Target::Definitions(found) }
    }

    fn of_crate(&self, files: &[FileId], module: NameId, name: NameId) -> Target {
        if files.is_empty() {
            return Target::External;
        }
        let is_in = |id: &DefinitionId| files.binary_search(&id.file).is_ok();
        let top = self.top(name);
        let mut found: Vec<DefinitionId> = top.iter().copied().filter(is_in).collect();
        if found.is_empty() {
            found = self.defined(name, |definition, _| definition.kind == syntax::DefinitionKind::Variant);
            found.retain(is_in);
        }
        if found.is_empty() {
            // Exported again by another crate of the workspace.
            found = top;
        }
        let written = self.index.text(module);
        let last =
            written.split("::").filter(|part| !matches!(*part, "crate" | "self" | "super" | "")).last();
        if let Some(last) = last.filter(|_| found.len() > 1) {
            let path_has =
                |id: &DefinitionId| self.index.file(id.file).is_some_and(|file| file.path.contains(last));
            if found.iter().any(path_has) {
                found.retain(path_has);
            }
        }
        match found.len() {
            0 => Target::Module(files.into()),
            _ => Target::Definitions(few(found, FEW)),
        }
    }
}
