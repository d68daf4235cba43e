//! What speaks for showing a definition, as numbers.
//!
//! Owns the features and their order. Each is near 0 to 2, so that weights can be compared.

use rustc_hash::{FxHashMap, FxHashSet};
use syntax::DefinitionKind;
use workspace::{
    DefinitionId, FileId, FileKind, Index, IndexedDefinition, IndexedFile, NameId, is_stop_word,
};

use super::Recent;
use super::modules::{dir_of, n_shared_dirs};
use super::peers::{imported_by_peers, used_by_namesakes};
use super::place::{
    class_words, directory_words, file_words, imported_modules, imported_unused, types_in_use,
};
use super::reach::{Reached, reached};
use super::resolve::Resolver;
use super::scope::ScopeView;
use super::usage::used_by_neighbours;

/// The features by name.
pub const FEATURES: [&str; 44] = [
    "bias",
    "resolved",
    "guessed",
    "same_class",
    "same_file",
    "member_of_type_in_use",
    "imported_unused",
    "imported_module",
    "same_directory",
    "near",
    "instruction",
    "instruction_exact",
    "instruction_stem",
    "instruction_path",
    "instruction_container",
    "scope_words",
    "file_uses",
    "class_uses",
    "directory_uses",
    "popular",
    "popular_import",
    "neighbours_use",
    "recent_words",
    "recent_file",
    "is_type",
    "is_function",
    "is_method",
    "is_field",
    "is_constant",
    "private_elsewhere",
    "path_alike",
    "chain_member",
    "chain_names",
    "signature_member",
    "signature_type",
    "is_generated",
    "stands_in_scope",
    "namesakes_use",
    "peers_import",
    "instruction_here",
    "instruction_around",
    "instruction_in_use",
    "commit_words",
    "commit_file",
];

/// The place of a feature.
const fn at(name: &str) -> usize {
    let mut idx = 0;
    while idx < FEATURES.len() {
        let (known, name) = (FEATURES[idx].as_bytes(), name.as_bytes());
        let mut n_same = 0;
        while n_same < known.len() && n_same < name.len() && known[n_same] == name[n_same] {
            n_same += 1;
        }
        if n_same == known.len() && n_same == name.len() {
            return idx;
        }
        idx += 1;
    }
    panic!("no feature has this name")
}

/// One number per feature.
pub type Features = [f32; FEATURES.len()];

/// Everything that features are made of, for one request.
pub(super) struct Signals<'a> {
    scope: &'a ScopeView<'a>,
    resolved: FxHashSet<DefinitionId>,
    guessed: FxHashSet<DefinitionId>,
    in_use: FxHashSet<(FileId, NameId)>,
    unused: FxHashSet<DefinitionId>,
    modules: FxHashSet<FileId>,
    reached: Reached,
    chain_names: FxHashSet<DefinitionId>,
    file_words: FxHashMap<NameId, u32>,
    class_words: FxHashMap<NameId, u32>,
    directory_words: FxHashMap<NameId, u32>,
    n_directory_files: u32,
    neighbours: FxHashMap<NameId, f32>,
    namesakes: FxHashMap<NameId, f32>,
    peers: FxHashMap<NameId, f32>,
    recent: &'a Recent,
    recent_words: FxHashSet<NameId>,
    /// By number of a part: how much it says.
    weight_of_part: Vec<f32>,
}

/// What the features of all definitions of a file share.
pub(super) struct FileSignals {
    is_own: bool,
    is_beside: bool,
    is_module: bool,
    is_recent: bool,
    is_generated: bool,
    lately: f32,
    path_alike: f32,
    instruction: f32,
}

impl<'a> Signals<'a> {
    pub(super) fn new(scope: &'a ScopeView<'a>, resolver: &Resolver<'_>, recent: &'a Recent) -> Signals<'a> {
        let index = scope.index;
        let (mut resolved, mut guessed) = (FxHashSet::default(), FxHashSet::default());
        for reference in &scope.references.uses {
            if !reference.is_member && scope.references.bound.contains(&reference.name) {
                continue;
            }
            let meant = resolver.reference(reference);
            let into = if meant.is_guess { &mut guessed } else { &mut resolved };
            let is_other = |id: &DefinitionId| {
                index
                    .definition(*id)
                    .is_some_and(|found| !scope.holds(*id, found) && Some(found.name) != scope.name)
            };
            into.extend(meant.definitions.into_iter().filter(is_other));
        }
        let named: FxHashSet<DefinitionId> = resolved.union(&guessed).copied().collect();
        let mut named_sorted: Vec<DefinitionId> = named.iter().copied().collect();
        named_sorted.sort_unstable();
        let reached = reached(scope, resolver, named_sorted.iter());
        let chain_names = reached.members.iter().copied().collect();
        let n_names = index.n_defined_names() as f32;
        let weight_of_part =
            index.part_counts().map(|n_with| (1.0 + n_names / (1.0 + n_with as f32)).ln()).collect();
        let (directory_words, n_directory_files) = directory_words(scope);
        Signals {
            in_use: types_in_use(scope, resolver, &named_sorted),
            unused: imported_unused(scope, resolver),
            modules: imported_modules(scope, resolver),
            neighbours: used_by_neighbours(scope, resolver),
            namesakes: used_by_namesakes(scope, resolver),
            peers: imported_by_peers(scope, resolver),
            file_words: file_words(scope),
            class_words: class_words(scope),
            directory_words,
            n_directory_files,
            recent,
            recent_words: recent.words.iter().filter_map(|word| index.name(word)).collect(),
            weight_of_part,
            scope,
            resolved,
            guessed,
            reached,
            chain_names,
        }
    }

    pub(super) fn of_file(&self, id: FileId, file: &IndexedFile) -> FileSignals {
        let scope = self.scope;
        let n_own = dir_of(&scope.file.path).split('/').count();
        let n_same = n_shared_dirs(&file.path, &scope.file.path);
        let n_hits = file.parts.iter().filter(|part| self.marks(**part).stem_in_instruction).count();
        FileSignals {
            is_own: id == scope.own,
            is_beside: dir_of(&file.path) == dir_of(&scope.file.path),
            is_module: self.modules.contains(&id),
            is_recent: self.recent.paths.iter().any(|path| **path == *file.path),
            is_generated: file.kind == FileKind::Generated,
            lately: lateness(scope.index.commits_since_file(&file.path)),
            path_alike: n_same as f32 / n_own as f32,
            instruction: n_hits as f32 / (1 + file.parts.len()) as f32,
        }
    }

    fn marks(&self, part: workspace::PartId) -> super::scope::Marks {
        self.scope.marks.get(Index::part_number(part)).copied().unwrap_or_default()
    }

    /// The features of a definition.
    pub(super) fn of(
        &self,
        id: DefinitionId,
        definition: &IndexedDefinition,
        file: &FileSignals,
    ) -> Features {
        let scope = self.scope;
        let index = scope.index;
        let name = definition.name;
        let text = index.text(name);
        let (mut total, mut instruction, mut stems, mut scope_words) = (2.0_f32, 0.0, 0.0, 0.0);
        for part in index.parts_of(name) {
            let weight = self.weight_of_part.get(Index::part_number(*part)).copied().unwrap_or(0.0);
            let marks = self.marks(*part);
            total += weight;
            if marks.in_instruction {
                instruction += weight;
            }
            if marks.stem_in_instruction && !is_stop_word(index.part_text(*part)) {
                stems += weight;
            }
            if marks.in_scope {
                scope_words += weight;
            }
        }
        let is_exact = instruction > 0.0
            && text.len() > 3
            && instruction + 2.0 >= total - 0.01
            && scope.instruction.contains(&text.to_lowercase());
        let container = definition.container.map(|container| {
            let parts = index.parts_of(container);
            let n_hits = parts.iter().filter(|part| self.marks(**part).stem_in_instruction).count();
            n_hits as f32 / (1 + parts.len()) as f32
        });
        let of_container = |counts: &FxHashMap<(FileId, NameId), u32>| {
            let count = definition.container.and_then(|container| counts.get(&(id.file, container)));
            count.map_or(0.0, |count| (*count as f32).ln_1p().min(1.5))
        };
        let own_count =
            |counts: &FxHashMap<(FileId, NameId), u32>| counts.get(&(id.file, name)).copied().unwrap_or(0);
        let signature_type = match definition.container {
            None => {
                let count = own_count(&self.reached.by_signature).max(own_count(&self.reached.by_chain));
                (count as f32).ln_1p().min(1.5)
            }
            Some(_) => 0.0,
        };
        let n_uses = self.file_words.get(&name).copied().unwrap_or(0).saturating_sub(u32::from(file.is_own));
        let n_class_uses = self.class_words.get(&name).copied().unwrap_or(0);
        let n_directory_uses = self.directory_words.get(&name).copied().unwrap_or(0);
        let is_in_use =
            definition.container.is_some_and(|container| self.in_use.contains(&(id.file, container)));
        let is_member = definition.container.is_some();
        let is_unresolved = !self.resolved.contains(&id) && !self.guessed.contains(&id);
        let chain_member = of_container(&self.reached.by_chain);
        let signature_member = of_container(&self.reached.by_signature);
        let kind = definition.kind;
        let flag = |is: bool| f32::from(u8::from(is));
        [
            1.0,
            flag(self.resolved.contains(&id)),
            flag(self.guessed.contains(&id)),
            flag(file.is_own && is_member && definition.container == scope.container),
            flag(file.is_own),
            flag(is_in_use),
            flag(self.unused.contains(&id)),
            flag(file.is_module && !is_member),
            flag(file.is_beside),
            if file.is_own { 1.0 / (1.0 + scope.distance(definition.line) as f32 / 30.0) } else { 0.0 },
            instruction / total,
            flag(is_exact),
            stems / total,
            file.instruction,
            container.unwrap_or(0.0),
            scope_words / total,
            (n_uses as f32).ln_1p().min(2.0),
            (n_class_uses as f32).ln_1p().min(2.0),
            n_directory_uses as f32 / self.n_directory_files.max(1) as f32,
            (index.n_files_with(name) as f32).ln_1p() / 4.0,
            (index.n_imports_of(name) as f32).ln_1p() / 4.0,
            self.neighbours.get(&name).copied().unwrap_or(0.0).min(2.0),
            flag(self.recent_words.contains(&name)),
            flag(file.is_recent),
            flag(kind.is_type()),
            flag(matches!(kind, DefinitionKind::Function | DefinitionKind::Macro)),
            flag(kind == DefinitionKind::Method),
            flag(matches!(kind, DefinitionKind::Field | DefinitionKind::Property | DefinitionKind::Variant)),
            flag(matches!(kind, DefinitionKind::Constant | DefinitionKind::Variable)),
            flag(text.starts_with('_') && !file.is_own),
            file.path_alike,
            chain_member,
            flag(self.chain_names.contains(&id)),
            signature_member,
            signature_type,
            flag(file.is_generated),
            flag(is_unresolved && scope.words.contains_key(&name)),
            self.namesakes.get(&name).copied().unwrap_or(0.0),
            self.peers.get(&name).copied().unwrap_or(0.0),
            if file.is_own { stems / total } else { 0.0 },
            if file.is_module || file.is_beside { stems / total } else { 0.0 },
            if is_in_use || chain_member > 0.0 || signature_member > 0.0 { stems / total } else { 0.0 },
            lateness(index.commits_since_word(name)),
            file.lately,
        ]
    }

    /// Why a definition is shown: the surest reason.
    pub(super) fn reason(&self, id: DefinitionId, features: &Features) -> Reason {
        let has = |at: usize| features.get(at).is_some_and(|value| *value > 0.0);
        if self.resolved.contains(&id) || self.chain_names.contains(&id) {
            Reason::Named
        } else if self.guessed.contains(&id) {
            Reason::MaybeNamed
        } else if has(const { at("instruction") }) || has(const { at("instruction_stem") }) {
            Reason::Instruction
        } else if self.scope.index.definition(id).is_some_and(|found| self.recent_words.contains(&found.name))
        {
            Reason::Recent
        } else if has(const { at("signature_type") })
            || has(const { at("signature_member") })
            || has(const { at("chain_member") })
        {
            Reason::Reached
        } else if has(const { at("member_of_type_in_use") }) {
            Reason::Member
        } else if has(const { at("same_class") }) {
            Reason::SameClass
        } else if has(const { at("same_file") }) {
            Reason::SameFile
        } else if has(const { at("neighbours_use") }) {
            Reason::Neighbours
        } else if has(const { at("imported_unused") }) || has(const { at("imported_module") }) {
            Reason::Imported
        } else {
            Reason::Near
        }
    }
}

/// How late among the last commits something was written: 1 in the newest, 0 in none of them.
fn lateness(n_commits: Option<u32>) -> f32 {
    n_commits.map_or(0.0, |n_commits| 1.0 - n_commits as f32 / 40.0)
}

/// Why a definition is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The scope names it.
    Named,
    /// The answer so far names it.
    Answered,
    /// Its name is the nearest to one that the answer invented.
    Nearest,
    /// The scope names something that may be it.
    MaybeNamed,
    /// The instruction has words of it.
    Instruction,
    /// The user just wrote its name elsewhere.
    Recent,
    /// What the scope names has it in a signature.
    Reached,
    /// It belongs to a type in use.
    Member,
    /// It belongs to the scope's type.
    SameClass,
    /// It is in the same file.
    SameFile,
    /// Functions like the scope use it.
    Neighbours,
    /// The file imports it or its module.
    Imported,
    /// It is near in the tree of files.
    Near,
}
