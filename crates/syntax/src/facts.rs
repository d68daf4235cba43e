//! What a file defines, imports and uses: what an index over many files keeps of it.
//!
//! Owns the form of these facts. A file's facts depend on its text alone, and name nothing but its own strings and lines.

mod collect;
mod imports;
mod query;
mod read;
mod rules;
mod signature;
mod strings;
mod words;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub(crate) use rules::{
    BASH, C, CPP, CSHARP, GO, JAVA, JAVASCRIPT, KOTLIN, LUA, PHP, PYTHON, RUBY, RUST, Rules, SCALA, SQL,
    SWIFT, TSX, TYPESCRIPT,
};
pub use strings::Strings;

/// A string of the facts it stands in: a place in [`Facts::strings`].
pub type StringId = u32;

/// The facts of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Every string that the facts name, sorted, each once.
    pub strings: Strings,
    /// The words of the text (a letter or `_`, then letters, digits or `_`; in comments too) and how often each stands in it;
    /// by string. Values in quotes without a blank, and words like keys, are none: facts are kept, secrets must not be.
    pub words: Vec<(StringId, u32)>,
    /// Definitions in the order of their first lines, outer before inner. What is local to a function is none.
    pub definitions: Vec<Definition>,
    /// What imports bring in, in order; those inside functions too.
    pub imports: Vec<ImportFact>,
    /// The words of signatures and functions, one after the other.
    pool: Vec<StringId>,
}

/// Something that a file defines. Lines count from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// Its name.
    pub name: StringId,
    /// What it is.
    pub kind: DefinitionKind,
    /// The name of the type or namespace that it belongs to: the one it stands in, or the one that a receiver names.
    pub container: Option<StringId>,
    /// The line of its name.
    pub line: u32,
    /// All its lines, with decorators and attributes in front.
    pub lines: Range<u32>,
    /// The line after its signature: what a caller has to know, from `line` on. At least `line + 1`.
    pub signature_end: u32,
    /// Bytes of the line of its name, without the line ending; at most 65535.
    pub n_bytes: u16,
    /// Where its words stand in the pool of its facts.
    pub(crate) signature: Range<u32>,
    pub(crate) words: Range<u32>,
}

/// What is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DefinitionKind {
    /// A class, record or object.
    Class,
    /// An interface or protocol.
    Interface,
    /// A struct or union.
    Struct,
    /// An enum.
    Enum,
    /// A trait.
    Trait,
    /// A type by another name.
    Type,
    /// A module or namespace.
    Module,
    /// A function outside of types.
    Function,
    /// A macro.
    Macro,
    /// A function of a type.
    Method,
    /// A constructor.
    Constructor,
    /// A field of a type.
    Field,
    /// A variant of an enum.
    Variant,
    /// An entry of an object that a constant holds.
    Property,
    /// A constant.
    Constant,
    /// A variable outside of functions.
    Variable,
}

/// One thing that an import brings in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFact {
    /// What it is called here; none when everything comes in.
    pub bound: Option<StringId>,
    /// The module or package, as it is written; relative ones with their dots.
    pub module: StringId,
    /// What it is called there; none when it is the module itself, or everything of it.
    pub name: Option<StringId>,
    /// The line where the import begins, from 0.
    pub line: u32,
}

/// By which rules facts are made, and in which form they come: 16 digits, others whenever a text could have other facts than
/// before. They follow the sources of this crate and the versions of its grammars by themselves.
pub fn facts_form() -> &'static str {
    env!("HUNKWISE_FACTS_FORM")
}

impl DefinitionKind {
    /// Whether it has members, or names a type that has.
    pub fn is_type(self) -> bool {
        use DefinitionKind::{Class, Enum, Interface, Struct, Trait, Type};
        matches!(self, Class | Interface | Struct | Enum | Trait | Type)
    }

    /// Whether it has a body that runs.
    pub fn is_function(self) -> bool {
        use DefinitionKind::{Constructor, Function, Method};
        matches!(self, Function | Method | Constructor)
    }
}

impl Definition {
    /// Where the words of its signature stand in [`Facts::pool`].
    pub fn pooled_signature(&self) -> Range<u32> {
        self.signature.clone()
    }

    /// Where the words of its lines stand in [`Facts::pool`].
    pub fn pooled_words(&self) -> Range<u32> {
        self.words.clone()
    }
}

impl Facts {
    /// The string behind an id of these facts.
    pub fn string(&self, id: StringId) -> &str {
        self.strings.get(id)
    }

    /// The words of a definition's signature but its own name, in order, each once: the types of parameters, results and
    /// fields, and what it extends.
    pub fn signature_of(&self, definition: &Definition) -> &[StringId] {
        self.pooled(&definition.signature)
    }

    /// The words of a function's lines, sorted, each once; none for anything else, and where the lines are minified.
    pub fn words_of(&self, definition: &Definition) -> &[StringId] {
        self.pooled(&definition.words)
    }

    /// The words of all signatures and functions, one after the other.
    pub fn pool(&self) -> &[StringId] {
        &self.pool
    }

    fn pooled(&self, range: &Range<u32>) -> &[StringId] {
        // Read back from bytes, a range can be anything.
        self.pool.get(range.start as usize..range.end as usize).unwrap_or_default()
    }
}
