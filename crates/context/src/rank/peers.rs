//! What code in the scope's place uses elsewhere: functions of the same name, and files that import the same.

use rustc_hash::{FxHashMap, FxHashSet};
use workspace::{FileKind, IndexedFile, NameId};

use super::modules::n_shared_dirs;
use super::resolve::Resolver;
use super::scope::ScopeView;

/// As many functions of the same name are looked at, those with the most like path.
const MAX_NAMESAKES: usize = 30;
/// As many files that import the same.
const MAX_PEERS: usize = 20;

/// The words of functions called like the scope, each with the share of them that has it.
pub(super) fn used_by_namesakes(scope: &ScopeView<'_>, resolver: &Resolver<'_>) -> FxHashMap<NameId, f32> {
    let index = scope.index;
    let mut used: FxHashMap<NameId, f32> = FxHashMap::default();
    let Some(name) = scope.name else { return used };
    let mut namesakes = Vec::new();
    for id in index.definitions_of(name) {
        let Some((file, definition)) = index.file(id.file).zip(index.definition(id)) else { continue };
        let is_other = definition.kind.is_function() && !scope.holds(id, definition);
        if is_other && file.kind == FileKind::Source && resolver.is_open_to(id.file, file) {
            let n_same = n_shared_dirs(&file.path, &scope.file.path);
            namesakes.push((usize::MAX - n_same, &file.path, definition.line, file.words_of(definition)));
        }
    }
    namesakes.sort_unstable();
    namesakes.truncate(MAX_NAMESAKES);
    let share = 1.0 / namesakes.len().max(3) as f32;
    for (.., words) in &namesakes {
        for word in *words {
            *used.entry(*word).or_default() += share;
        }
    }
    used
}

/// The names that files with the same imports import, each with how much like the file they are, at most 1.
pub(super) fn imported_by_peers(scope: &ScopeView<'_>, resolver: &Resolver<'_>) -> FxHashMap<NameId, f32> {
    let index = scope.index;
    let mut found: FxHashMap<NameId, f32> = FxHashMap::default();
    let own: FxHashSet<NameId> = imported(scope.file).collect();
    if own.is_empty() {
        return found;
    }
    let n_files = index.n_source_files() as f32;
    let weight = |name: &NameId| (1.0 + n_files / (1.0 + index.n_imports_of(*name) as f32)).ln();
    let mut peers: Vec<(f32, &str, &IndexedFile)> = Vec::new();
    for (id, file) in index.files() {
        if id == scope.own || file.kind != FileKind::Source || !resolver.is_open_to(id, file) {
            continue;
        }
        let shared: f32 = imported(file).filter(|name| own.contains(name)).map(|name| weight(&name)).sum();
        if shared > 0.0 {
            peers.push((shared / (5.0 + file.imports.len() as f32).sqrt(), &file.path, file));
        }
    }
    peers.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    peers.truncate(MAX_PEERS);
    let total: f32 = peers.iter().map(|(likeness, ..)| likeness).sum();
    for (likeness, _, file) in &peers {
        let names: FxHashSet<NameId> = imported(file).collect();
        for name in names {
            *found.entry(name).or_default() += likeness / total.max(f32::MIN_POSITIVE);
        }
    }
    found
}

fn imported(file: &IndexedFile) -> impl Iterator<Item = NameId> {
    file.imports.iter().filter_map(|import| import.name.or(import.bound))
}
