//! The state directory: receipts, undecided proposals, review documents, trust and what an index is made from, and the user's
//! settings file. Bytes in, bytes out.
//!
//! Owns the embedded database and all writes to the state directory (readable by the user only). It must never be given a
//! secret: what comes in has been through redaction, and nothing here asks for a key.

mod database;
mod dirs;
mod files;
mod index_cache;
mod journal;
mod live;
mod numbers;
mod receipts;
mod trust;

use std::path::PathBuf;

pub use database::{Store, replace_damaged};
pub use dirs::{config_file, log_file, state_dir};
pub use files::{read_config, scratch_dir, write_config, write_review};
pub use index_cache::{CachedFacts, CachedFile};
pub use journal::{Left, RowId};
pub use live::{LiveSession, end_lost};
pub use numbers::take_numbers;
pub use receipts::{KeptReceipt, LOST, Receipt, ShownLines, Spent, UNDER_WAY, keep_receipt, spent_today};

/// Something could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or directory of ours.
    #[error("{what} {}: {source}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// With what.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The database.
    #[error("use {}: {source}", path.display())]
    Database {
        /// Its file.
        path: PathBuf,
        /// Why not.
        source: rusqlite::Error,
    },
    /// There is no place for settings.
    #[error("no place for a settings file; set HUNKWISE_CONFIG")]
    NoConfigDir,
}

impl Error {
    /// Whether the database is damaged, as opposed to one that cannot be used at the moment.
    pub fn is_damage(&self) -> bool {
        match self {
            Error::Database { source, .. } => database::is_damaged(source),
            Error::Io { .. } | Error::NoConfigDir => false,
        }
    }
}
