//! Open documents, the files of the project, and what of them may leave the machine.
//!
//! Owns the file system as far as projects go: nobody else reads a project file, and the only write to one is the command line's
//! guarded one. Values and snapshots, and the system's watches; it starts no job and keeps no clock, but that an index is updated
//! and followed on a thread that its caller lends.

mod digest;
mod disk;
mod document;
mod git;
mod glob;
mod history;
mod ignored;
mod index;
mod indexer;
mod lately;
mod named;
mod packages;
mod parse;
mod rules_files;
mod sending;
mod shadow;
mod snapshot;
mod trust;
mod uncommitted;
mod uri;
mod watch;
mod workspace;

pub use digest::digest;
pub use disk::{FileError, FileText, WriteRefused, checkout_root, read_file, write_guarded};
pub use document::{Changed, ContentChange, Document};
pub use glob::matches_glob;
pub use ignored::Withheld;
pub use index::{
    Commits, DefinitionId, FileId, FileKind, Fingerprint, Index, IndexedDefinition, IndexedFile,
    IndexedImport, NameId, PartId, is_stop_word, parts, stem, words,
};
pub use indexer::{Indexer, IndexerOptions, LeftOut, Limits, Report, SharedIndex, indexed_as};
pub use lately::LOG_OPTIONS;
pub use named::Named;
pub use packages::packages;
pub use parse::{ParseJob, Parsed};
pub use rules_files::{RulesFile, RulesKind, rules_files};
pub use sending::{NotSent, Sendable};
pub use shadow::{ContentState, Depended, Dependencies, Overlay, Shadow, ShadowError, remove_tree};
pub use snapshot::{OnDisk, Snapshot};
pub use trust::{Trust, TrustError, Trusted};
pub use uncommitted::{NoDiff, Uncommitted};
pub use uri::Uri;
pub use watch::Watcher;
pub use workspace::{ChangeRefused, Workspace};
