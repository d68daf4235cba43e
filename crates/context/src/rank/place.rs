//! What the place of a scope says: what its file imports, which types are in use, which words stand round it.

use rustc_hash::{FxHashMap, FxHashSet};
use workspace::{DefinitionId, FileId, FileKind, NameId};

use super::import::Target;
use super::modules::dir_of;
use super::resolve::Resolver;
use super::scope::ScopeView;

/// A directory of more files than these is no neighbourhood.
const MAX_MODULE_FILES: usize = 40;

/// The types that the scope names, and the bases of its own, as (file, name).
pub(super) fn types_in_use(
    scope: &ScopeView<'_>,
    resolver: &Resolver<'_>,
    named: &[DefinitionId],
) -> FxHashSet<(FileId, NameId)> {
    const MAX_TYPES: usize = 6;
    let index = scope.index;
    let place =
        |id: &DefinitionId| Some((id.file, index.definition(*id).filter(|found| found.kind.is_type())?.name));
    let mut found: FxHashSet<(FileId, NameId)> = named.iter().filter_map(place).collect();
    let Some(container) = scope.container else { return found };
    let own = resolver.types(container);
    let mut pending: Vec<DefinitionId> = own.iter().copied().filter(|id| id.file == scope.own).collect();
    if pending.is_empty() {
        pending.extend(own.first());
    }
    let mut seen: FxHashSet<DefinitionId> = FxHashSet::default();
    while let Some(id) = pending.pop() {
        for base in resolver.bases(id) {
            let Some(base) = resolver.top(base).first().copied() else { continue };
            if seen.len() < MAX_TYPES && seen.insert(base) {
                pending.push(base);
            }
        }
    }
    found.extend(seen.iter().filter_map(place));
    found
}

/// What the file imports and the scope does not name.
pub(super) fn imported_unused(scope: &ScopeView<'_>, resolver: &Resolver<'_>) -> FxHashSet<DefinitionId> {
    let mut found = FxHashSet::default();
    for (bound, module, name) in resolver.imports() {
        if scope.words.contains_key(&bound) {
            continue;
        }
        if let Target::Definitions(definitions) = resolver.import(bound, module, name) {
            found.extend(definitions.into_iter().take(2));
        }
    }
    found
}

/// The files of the modules that the file imports something of.
pub(super) fn imported_modules(scope: &ScopeView<'_>, resolver: &Resolver<'_>) -> FxHashSet<FileId> {
    let mut found = FxHashSet::default();
    for import in &scope.file.imports {
        let files = resolver.module_files(import.module);
        if files.len() <= MAX_MODULE_FILES {
            found.extend(files.iter().copied().filter(|id| *id != scope.own));
        }
    }
    found
}

/// The words of the file outside of the scope.
pub(super) fn file_words(scope: &ScopeView<'_>) -> FxHashMap<NameId, u32> {
    let words = scope.file.words.iter().map(|(name, count)| {
        let inside = scope.words.get(name).copied().unwrap_or(0);
        (*name, count.saturating_sub(inside))
    });
    words.filter(|(_, count)| *count > 0).collect()
}

/// The words of the other functions of the scope's type, and in how many of them each stands.
pub(super) fn class_words(scope: &ScopeView<'_>) -> FxHashMap<NameId, u32> {
    let mut words = FxHashMap::default();
    let Some(container) = scope.container else { return words };
    for definition in &scope.file.definitions {
        let is_other = definition.container == Some(container) && !scope.lines.contains(&definition.line);
        if is_other && definition.kind.is_function() {
            for word in scope.file.words_of(definition) {
                *words.entry(*word).or_default() += 1;
            }
        }
    }
    words
}

/// The words of the other source files of the directory, in how many of them each stands, and how many files there are.
pub(super) fn directory_words(scope: &ScopeView<'_>) -> (FxHashMap<NameId, u32>, u32) {
    let (mut words, mut n_files) = (FxHashMap::default(), 0);
    for id in scope.index.files_in(dir_of(&scope.file.path)) {
        let Some(file) = scope.index.file(*id) else { continue };
        if *id == scope.own || file.kind != FileKind::Source {
            continue;
        }
        n_files += 1;
        for (word, _) in &file.words {
            *words.entry(*word).or_default() += 1;
        }
    }
    (words, n_files)
}
