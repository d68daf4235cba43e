//! What a reviewer would want to be told about a hunk: what it takes away, what it leaves open, what nobody asked for.
//!
//! A detection is a remark, not a refusal, so a doubtful one is left out: a false alarm on ordinary work costs the trust in
//! all others. Owns the kinds and their words. Must never change a hunk.

mod change;
mod deleted;
mod duplicated;
mod imported;
mod lines;
mod literal;
mod noise;
mod placeholder;
mod plain;
mod renamed;
mod request;
mod standard;
mod stub;
mod tests_deleted;

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use syntax::{Language, Stop, Tree};
use text::{Edit, Text};

use change::Change;
use request::Request;

/// What the edits are the answer to.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Language of the document, if known.
    pub language: Option<Language>,
    /// What was asked for, in all rounds.
    pub instructions: &'a [String],
    /// Names of packages and modules that the project has; empty for not known.
    pub packages: &'a BTreeSet<String>,
}

/// One remark about a hunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    /// What kind of thing.
    pub kind: DetectionKind,
    /// Zero-based lines in the text with all edits made; empty where lines are gone.
    pub lines: Range<usize>,
    /// What the hunk does, for people: "removes the comment `# keep in sync with billing`".
    pub message: String,
}

/// Kinds of remarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DetectionKind {
    /// Stands for code that was left out.
    Placeholder,
    /// A comment is gone.
    Comment,
    /// A test is gone, or is skipped.
    Test,
    /// Error handling is gone.
    ErrorHandling,
    /// Something is not logged any more.
    Logging,
    /// Nothing but blanks and line breaks.
    Whitespace,
    /// Nothing but the style of quotes.
    Quotes,
    /// A name was changed.
    Rename,
    /// Lines that already stand elsewhere.
    Duplicate,
    /// A package that the project does not have.
    Import,
    /// Something left to be done.
    Stub,
    /// A number, string or truth value changed.
    Literal,
}

impl DetectionKind {
    /// Every kind, in the order of the enum.
    pub const ALL: [DetectionKind; 12] = [
        DetectionKind::Placeholder,
        DetectionKind::Comment,
        DetectionKind::Test,
        DetectionKind::ErrorHandling,
        DetectionKind::Logging,
        DetectionKind::Whitespace,
        DetectionKind::Quotes,
        DetectionKind::Rename,
        DetectionKind::Duplicate,
        DetectionKind::Import,
        DetectionKind::Stub,
        DetectionKind::Literal,
    ];

    /// Whether a hunk with nothing but such remarks changes nothing that a program or reader would notice.
    pub fn is_noise(self) -> bool {
        match self {
            DetectionKind::Whitespace | DetectionKind::Quotes => true,
            DetectionKind::Placeholder
            | DetectionKind::Comment
            | DetectionKind::Test
            | DetectionKind::ErrorHandling
            | DetectionKind::Logging
            | DetectionKind::Rename
            | DetectionKind::Duplicate
            | DetectionKind::Import
            | DetectionKind::Stub
            | DetectionKind::Literal => false,
        }
    }

    /// A name for tables and labels.
    pub fn label(self) -> &'static str {
        match self {
            DetectionKind::Placeholder => "placeholder",
            DetectionKind::Comment => "comment",
            DetectionKind::Test => "test",
            DetectionKind::ErrorHandling => "error-handling",
            DetectionKind::Logging => "logging",
            DetectionKind::Whitespace => "whitespace",
            DetectionKind::Quotes => "quotes",
            DetectionKind::Rename => "rename",
            DetectionKind::Duplicate => "duplicate",
            DetectionKind::Import => "import",
            DetectionKind::Stub => "stub",
            DetectionKind::Literal => "literal",
        }
    }
}

impl fmt::Display for Detection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// What there is to say about each of `edits`, which are sorted and disjoint in `before`.
///
/// `tree` spares a parse where it is the tree of `before`. Edits that do not fit the text have no remarks. Where `stop` ends a parse, or the language is not known, only what
/// lines can tell is said.
pub fn detect(
    before: &Text,
    tree: Option<&Tree>,
    edits: &[Edit],
    asked: &Asked<'_>,
    stop: &Stop,
) -> Vec<Vec<Detection>> {
    let mut found = vec![Vec::new(); edits.len()];
    let Some(change) = Change::new(before, tree, edits, asked.language, stop) else { return found };
    let request = Request::new(asked.instructions);
    let families = [
        placeholder::detect(&change),
        noise::detect(&change, &request, stop),
        deleted::detect(&change, &request),
        tests_deleted::detect(&change, &request),
        renamed::detect(&change, &request),
        duplicated::detect(&change, &request),
        imported::detect(&change, &request, asked.packages),
        stub::detect(&change, &request),
        literal::detect(&change, &request),
    ];
    for (idx, detection) in families.into_iter().flatten() {
        if let Some(found) = found.get_mut(idx) {
            found.push(detection);
        }
    }
    for found in &mut found {
        found.sort_by_key(|detection| (detection.kind, detection.lines.start));
        found.dedup_by(|a, b| a.kind == b.kind && a.message == b.message);
    }
    found
}

/// Remarks with the number of their hunk.
type Found = Vec<(usize, Detection)>;
