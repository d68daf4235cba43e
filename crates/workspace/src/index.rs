//! What the files of one folder define, import and use, by name and by place.
//!
//! Owns the tables over the facts of files. It is derived: it can be made again from the files at any time, and says the same
//! whatever the order in which they came. Must never read a file.

mod commits;
mod file;
mod fingerprint;
mod names;
mod strings;
mod words;

use std::collections::BTreeMap;
use std::ops::Bound;

use rustc_hash::FxHashMap;
use syntax::{Facts, Language};

pub use commits::Commits;
pub use file::{DefinitionId, FileId, FileKind, IndexedDefinition, IndexedFile, IndexedImport};
pub use fingerprint::Fingerprint;
pub use names::{NameId, PartId};
pub use words::{is_stop_word, parts, stem, words};

use names::Names;

/// The index of one folder. Paths are relative to it, with `/`.
#[derive(Debug, Default)]
pub struct Index {
    names: Names,
    /// By [`FileId`]; none where a file was removed.
    files: Vec<Option<IndexedFile>>,
    free: Vec<FileId>,
    by_path: BTreeMap<Box<str>, FileId>,
    by_dir: FxHashMap<Box<str>, Vec<FileId>>,
    by_file_name: FxHashMap<Box<str>, Vec<FileId>>,
    by_name: FxHashMap<NameId, Vec<DefinitionId>>,
    by_container: FxHashMap<NameId, Vec<DefinitionId>>,
    /// By name: in how many source files it stands, and how many import it.
    n_files_with: Vec<u32>,
    n_imports_of: Vec<u32>,
    n_source_files: u32,
    n_definitions: usize,
    lately: Lately,
}

/// What the last commits wrote, by this index's names.
#[derive(Debug, Default)]
struct Lately {
    files: FxHashMap<Box<str>, u32>,
    words: FxHashMap<NameId, u32>,
}

impl Index {
    /// Takes what a file says now, in place of what it said.
    pub fn insert(&mut self, path: &str, language: Language, kind: FileKind, facts: &Facts) {
        self.remove(path);
        let names: Vec<NameId> = facts.strings.iter().map(|string| self.names.intern(string)).collect();
        let parts = self.path_parts(path);
        let file = IndexedFile::new(path, language, kind, facts, &names, parts);
        let id = self.free.pop().unwrap_or(FileId(self.files.len() as u32));
        self.grow();
        self.count(&file, true);
        for (idx, definition) in file.definitions.iter().enumerate() {
            let place = DefinitionId { file: id, idx: idx as u32 };
            let same = self.by_name.entry(definition.name).or_default();
            if same.is_empty() {
                self.names.define(definition.name);
            }
            same.push(place);
            if let Some(container) = definition.container {
                self.by_container.entry(container).or_default().push(place);
            }
        }
        self.n_definitions += file.definitions.len();
        self.by_path.insert(path.into(), id);
        let (dir, file_name) = split(path);
        self.by_dir.entry(dir.into()).or_default().push(id);
        self.by_file_name.entry(file_name.into()).or_default().push(id);
        match self.files.get_mut(id.0 as usize) {
            Some(slot) => *slot = Some(file),
            None => self.files.push(Some(file)),
        }
    }

    /// Forgets a file; says whether it was known.
    pub fn remove(&mut self, path: &str) -> bool {
        let Some(id) = self.by_path.remove(path) else { return false };
        let Some(file) = self.files.get_mut(id.0 as usize).and_then(Option::take) else { return false };
        self.free.push(id);
        self.count(&file, false);
        for definition in &file.definitions {
            if take_out(&mut self.by_name, &definition.name, |place| place.file == id) {
                self.names.undefine(definition.name);
            }
            if let Some(container) = &definition.container {
                take_out(&mut self.by_container, container, |place| place.file == id);
            }
        }
        self.n_definitions -= file.definitions.len();
        let (dir, file_name) = split(path);
        take_out(&mut self.by_dir, dir, |file| *file == id);
        take_out(&mut self.by_file_name, file_name, |file| *file == id);
        true
    }

    fn path_parts(&mut self, path: &str) -> Box<[PartId]> {
        let (dir, file_name) = split(path);
        let stem = file_name.split_once('.').map_or(file_name, |(stem, _)| stem);
        let found = parts(split(dir).1).into_iter().chain(parts(stem));
        let mut found: Vec<PartId> = found.map(|part| self.names.intern_part(&part)).collect();
        found.sort_unstable();
        found.dedup();
        found.into()
    }

    fn grow(&mut self) {
        self.n_files_with.resize(self.names.len(), 0);
        self.n_imports_of.resize(self.names.len(), 0);
    }

    /// Counts a source file's words and imports in, or out.
    fn count(&mut self, file: &IndexedFile, is_in: bool) {
        if file.kind != FileKind::Source {
            return;
        }
        let step = |count: &mut u32| *count = if is_in { *count + 1 } else { count.saturating_sub(1) };
        step(&mut self.n_source_files);
        for (name, _) in &file.words {
            self.n_files_with.get_mut(name.0 as usize).map(step);
        }
        for name in file.imported_names() {
            self.n_imports_of.get_mut(name.0 as usize).map(step);
        }
    }

    /// The id of a path.
    pub fn file_id(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// A file.
    pub fn file(&self, id: FileId) -> Option<&IndexedFile> {
        self.files.get(id.0 as usize)?.as_ref()
    }

    /// All files, by path.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &IndexedFile)> {
        self.by_path.values().filter_map(|id| Some((*id, self.file(*id)?)))
    }

    /// The files whose path begins with `prefix`, by path.
    pub fn files_below<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (FileId, &'a IndexedFile)> {
        self.by_path
            .range::<str, _>((Bound::Included(prefix), Bound::Unbounded))
            .take_while(move |(path, _)| path.starts_with(prefix))
            .filter_map(|(_, id)| Some((*id, self.file(*id)?)))
    }

    /// The files right in a directory (no `/` at its end; empty for the root), in no order.
    pub fn files_in(&self, dir: &str) -> &[FileId] {
        self.by_dir.get(dir).map_or(&[], Vec::as_slice)
    }

    /// The files with a name, in no order.
    pub fn files_named(&self, file_name: &str) -> &[FileId] {
        self.by_file_name.get(file_name).map_or(&[], Vec::as_slice)
    }

    /// A definition.
    pub fn definition(&self, id: DefinitionId) -> Option<&IndexedDefinition> {
        self.file(id.file)?.definitions.get(id.idx as usize)
    }

    /// All definitions of a name, by path and line.
    pub fn definitions_of(&self, name: NameId) -> Vec<DefinitionId> {
        self.sorted(self.by_name.get(&name))
    }

    /// How many definitions a name has.
    pub fn n_definitions_of(&self, name: NameId) -> usize {
        self.by_name.get(&name).map_or(0, Vec::len)
    }

    /// All members of the types and namespaces with a name, by path and line.
    pub fn members_of(&self, container: NameId) -> Vec<DefinitionId> {
        self.sorted(self.by_container.get(&container))
    }

    fn sorted(&self, found: Option<&Vec<DefinitionId>>) -> Vec<DefinitionId> {
        let mut found = found.cloned().unwrap_or_default();
        if found.len() > 1 {
            let path = |id: &DefinitionId| self.file(id.file).map(|file| &file.path);
            found.sort_by(|a, b| path(a).cmp(&path(b)).then(a.idx.cmp(&b.idx)));
        }
        found
    }

    /// The id of a name that stands somewhere in the files, now or before.
    pub fn name(&self, name: &str) -> Option<NameId> {
        self.names.get(name)
    }

    /// The name behind an id.
    pub fn text(&self, name: NameId) -> &str {
        self.names.text(name)
    }

    /// How many names have been met.
    pub fn n_names(&self) -> usize {
        self.names.len()
    }

    /// The parts of a name that is defined somewhere, each once; of any other, none.
    pub fn parts_of(&self, name: NameId) -> &[PartId] {
        self.names.parts_of(name)
    }

    /// The id of a part of a defined name: lower case, as [`parts`] gives it.
    pub fn part(&self, part: &str) -> Option<PartId> {
        self.names.part(part)
    }

    /// The parts that are left the same without their endings; see [`stem`].
    pub fn parts_with_stem(&self, stem: &str) -> &[PartId] {
        self.names.parts_with_stem(stem)
    }

    /// The part behind an id.
    pub fn part_text(&self, part: PartId) -> &str {
        self.names.part_text(part)
    }

    /// The defined names that have any of these parts, in no order. Looks at all names: for a few questions, not for many.
    pub fn names_with_any<'a>(&'a self, parts: &'a [PartId]) -> impl Iterator<Item = NameId> + 'a {
        let names = self.by_name.keys().copied().filter(|_| !parts.is_empty());
        names.filter(move |name| self.parts_of(*name).iter().any(|part| parts.contains(part)))
    }

    /// The number of a part, below [`Index::n_parts`].
    pub fn part_number(part: PartId) -> usize {
        part.0 as usize
    }

    /// The number of a name, below [`Index::n_names`].
    pub fn name_number(name: NameId) -> usize {
        name.0 as usize
    }

    /// How many parts have been met.
    pub fn n_parts(&self) -> usize {
        self.names.n_parts()
    }

    /// How many defined names have each part, by its number.
    pub fn part_counts(&self) -> impl Iterator<Item = u32> {
        self.names.part_counts()
    }

    /// The defined names, in no order.
    pub fn defined_names(&self) -> impl Iterator<Item = NameId> + '_ {
        self.by_name.keys().copied()
    }

    /// How many names are defined.
    pub fn n_defined_names(&self) -> usize {
        self.by_name.len()
    }

    /// How many definitions there are.
    pub fn n_definitions(&self) -> usize {
        self.n_definitions
    }

    /// How many files there are.
    pub fn n_files(&self) -> usize {
        self.by_path.len()
    }

    /// How many files are sources: no tests, nothing generated.
    pub fn n_source_files(&self) -> u32 {
        self.n_source_files
    }

    /// In how many source files a name stands.
    pub fn n_files_with(&self, name: NameId) -> u32 {
        self.n_files_with.get(name.0 as usize).copied().unwrap_or(0)
    }

    /// Whether a name is defined somewhere, or stands in any file that there is now.
    pub fn stands_somewhere(&self, name: NameId) -> bool {
        self.n_files_with(name) > 0
            || self.by_name.contains_key(&name)
            || self.files().any(|(_, file)| file.words.iter().any(|(word, _)| *word == name))
    }

    /// Takes what the last commits wrote, in place of what others did. Words that stand in no file are dropped.
    pub fn set_commits(&mut self, commits: &Commits) {
        let words = commits.words.iter().filter_map(|(word, age)| Some((self.names.get(word)?, *age)));
        self.lately = Lately { words: words.collect(), files: commits.files.clone() };
    }

    /// How many commits later than the last that added a word there are; none if none of the last did.
    pub fn commits_since_word(&self, name: NameId) -> Option<u32> {
        self.lately.words.get(&name).copied()
    }

    /// How many commits later than the last that changed a file there are; none if none of the last did.
    pub fn commits_since_file(&self, path: &str) -> Option<u32> {
        self.lately.files.get(path).copied()
    }

    /// How many source files import a name.
    pub fn n_imports_of(&self, name: NameId) -> u32 {
        self.n_imports_of.get(name.0 as usize).copied().unwrap_or(0)
    }
}

/// Takes entries out of the list under a key, and the key with the last of them; says whether the list is gone.
fn take_out<K, Q, V>(map: &mut FxHashMap<K, Vec<V>>, key: &Q, is_out: impl Fn(&V) -> bool) -> bool
where
    K: std::borrow::Borrow<Q> + std::hash::Hash + Eq,
    Q: std::hash::Hash + Eq + ?Sized,
{
    let Some(list) = map.get_mut(key) else { return false };
    list.retain(|value| !is_out(value));
    let is_empty = list.is_empty();
    if is_empty {
        map.remove(key);
    }
    is_empty
}

/// The directory and the name of a file.
pub(crate) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}
