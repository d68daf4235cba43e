//! One file as the index keeps it: its facts with the index's names.

use std::ops::Range;

use syntax::{DefinitionKind, Facts, Language};

use super::{NameId, PartId};

/// A file of an index. Given to another file after it was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

/// A definition of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefinitionId {
    /// Its file.
    pub file: FileId,
    /// Its place in the file's list.
    pub idx: u32,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// Written by hand, and runs.
    Source,
    /// Tests, examples, benchmarks, documentation.
    Test,
    /// Made by a program, or copied from elsewhere.
    Generated,
}

/// What the index knows of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedFile {
    /// Its path below the folder.
    pub path: Box<str>,
    /// Its language.
    pub language: Language,
    /// What it is for.
    pub kind: FileKind,
    /// The parts of its name without the extension and of its directory's, each once.
    pub parts: Box<[PartId]>,
    /// Definitions in order.
    pub definitions: Box<[IndexedDefinition]>,
    /// What its imports bring in, in order.
    pub imports: Box<[IndexedImport]>,
    /// Words and how often they stand in it.
    pub words: Box<[(NameId, u32)]>,
    /// The words of signatures and functions, one after the other.
    pool: Box<[NameId]>,
}

/// A definition; see [`syntax::Definition`] for lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedDefinition {
    /// Its name.
    pub name: NameId,
    /// The name of what it belongs to.
    pub container: Option<NameId>,
    /// What it is.
    pub kind: DefinitionKind,
    /// Bytes of the line of its name.
    pub n_bytes: u16,
    /// The line of its name.
    pub line: u32,
    /// All its lines.
    pub lines: Range<u32>,
    /// The line after its signature.
    pub signature_end: u32,
    signature: Range<u32>,
    words: Range<u32>,
}

/// Something that an import brings in; see [`syntax::ImportFact`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedImport {
    /// What it is called here; none for everything.
    pub bound: Option<NameId>,
    /// The module as it is written.
    pub module: NameId,
    /// What it is called there.
    pub name: Option<NameId>,
    /// Its line.
    pub line: u32,
}

impl IndexedFile {
    /// The facts of a file under the index's names: `names` has one for each string of them.
    pub(super) fn new(
        path: &str,
        language: Language,
        kind: FileKind,
        facts: &Facts,
        names: &[NameId],
        parts: Box<[PartId]>,
    ) -> IndexedFile {
        let name = |id: u32| names.get(id as usize).copied().unwrap_or_default();
        let definitions = facts.definitions.iter().map(|definition| IndexedDefinition {
            name: name(definition.name),
            container: definition.container.map(name),
            kind: definition.kind,
            n_bytes: definition.n_bytes,
            line: definition.line,
            lines: definition.lines.clone(),
            signature_end: definition.signature_end,
            signature: definition.pooled_signature(),
            words: definition.pooled_words(),
        });
        let definitions = definitions.collect();
        let imports = facts.imports.iter().map(|import| IndexedImport {
            bound: import.bound.map(name),
            module: name(import.module),
            name: import.name.map(name),
            line: import.line,
        });
        IndexedFile {
            path: path.into(),
            language,
            kind,
            parts,
            definitions,
            imports: imports.collect(),
            words: facts.words.iter().map(|(word, count)| (name(*word), *count)).collect(),
            pool: facts.pool().iter().map(|word| name(*word)).collect(),
        }
    }

    /// The words of a definition's signature, without its own name.
    pub fn signature_of(&self, definition: &IndexedDefinition) -> &[NameId] {
        self.pool(&definition.signature)
    }

    /// The words of a function; of anything else, none.
    pub fn words_of(&self, definition: &IndexedDefinition) -> &[NameId] {
        self.pool(&definition.words)
    }

    fn pool(&self, range: &Range<u32>) -> &[NameId] {
        self.pool.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    /// The names that its imports bind or take, each once.
    pub(super) fn imported_names(&self) -> Vec<NameId> {
        let mut names: Vec<NameId> =
            self.imports.iter().flat_map(|import| [import.bound, import.name]).flatten().collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
