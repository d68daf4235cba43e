//! What an update of an index did, and what it leaves out and why.
//!
//! Owns the reasons and the limits. Values only.

use std::collections::BTreeMap;
use std::fmt;

/// How much of a folder is indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of one line, its ending not counted: longer ones are data or were written by a program.
    pub line_bytes: usize,
    /// Files.
    pub n_files: usize,
    /// Bytes of all files.
    pub total_bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            // The largest text that is parsed.
            file_bytes: syntax::MAX_BYTES as u64,
            line_bytes: 20_000,
            n_files: 100_000,
            total_bytes: 1 << 30,
        }
    }
}

/// Why a source file is not in the index. What is ignored, or not code by its name, is not counted at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// More bytes than [`Limits::file_bytes`].
    TooLarge,
    /// A line over [`Limits::line_bytes`].
    LongLine,
    /// It holds a zero byte.
    Binary,
    /// It is no UTF-8.
    NotUtf8,
    /// Its name, or that of its directory, is no UTF-8.
    NameNotUtf8,
    /// A pipe, a socket or a device.
    NotAFile,
    /// The system says no; a directory that cannot be listed counts once.
    Unreadable,
    /// It could not be parsed in its time.
    TooSlow,
    /// The folder has more files or bytes than [`Limits`] say.
    OverLimit,
}

/// What an update did, and what the index holds after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Files that the index holds, open documents among them.
    pub n_indexed: usize,
    /// Files that were read.
    pub n_read: usize,
    /// Files of those that were parsed; the facts of the others were known.
    pub n_parsed: usize,
    /// Files whose facts came out of the cache.
    pub n_cached: usize,
    /// Files that are gone.
    pub n_removed: usize,
    /// Source files that are not in the index, by reason.
    pub left_out: BTreeMap<LeftOut, usize>,
    /// Whether all was done, and not stopped before.
    pub is_complete: bool,
    /// Whether changes on disk are seen at once; else the folder is looked through now and then.
    pub is_watched: bool,
}

impl Report {
    /// How many source files are not in the index.
    pub fn n_left_out(&self) -> usize {
        self.left_out.values().sum()
    }

    /// What is left out and why, for people: `12 files left out: 3 too large, 9 binary`. None when nothing is.
    pub fn notice(&self) -> Option<String> {
        let n_left_out = self.n_left_out();
        if n_left_out == 0 {
            return None;
        }
        let reasons: Vec<String> =
            self.left_out.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        let files = if n_left_out == 1 { "file" } else { "files" };
        Some(format!("{n_left_out} {files} left out: {}", reasons.join(", ")))
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LeftOut::TooLarge => "too large",
            LeftOut::LongLine => "with a line that nobody wrote",
            LeftOut::Binary => "binary",
            LeftOut::NotUtf8 => "not UTF-8",
            LeftOut::NameNotUtf8 => "with a name that is not UTF-8",
            LeftOut::NotAFile => "not a regular file",
            LeftOut::Unreadable => "unreadable",
            LeftOut::TooSlow => "too slow to parse",
            LeftOut::OverLimit => "over the limit of the index",
        })
    }
}
