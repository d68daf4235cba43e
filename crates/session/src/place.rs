//! Opaque ids that travel in command arguments: a place in a document, and what a command is about.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use edit::{HunkId, ProposalId, RevisionId};
use workspace::Uri;

/// A range of a document at a version. Written `17:120-140@file:///w/app.py`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The document.
    pub uri: Uri,
    /// Its version when the place was named.
    pub version: i32,
    /// Byte range at that version.
    pub range: Range<usize>,
}

/// What a command is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `p7`
    Proposal(ProposalId),
    /// `p7.r3`
    Revision(RevisionId),
    /// `p7.r3.h2`
    Hunk(HunkId),
    /// `file@URI`: everything pending in a document.
    File(Uri),
    /// `all`: everything pending.
    All,
    /// A place in a document.
    Place(Place),
}

/// A command argument that is none of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "read command argument {argument:?}: expected an id such as p7, p7.r3 or p7.r3.h2, file@URI, all, or a place"
)]
pub struct BadTarget {
    /// The argument as it came.
    pub argument: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}-{}@{}", self.version, self.range.start, self.range.end, self.uri)
    }
}

impl FromStr for Place {
    type Err = BadTarget;

    fn from_str(argument: &str) -> Result<Place, BadTarget> {
        let parse = || {
            let (place, uri) = argument.split_once('@')?;
            let (version, range) = place.split_once(':')?;
            let (start, end) = range.split_once('-')?;
            let (start, end): (usize, usize) = (start.parse().ok()?, end.parse().ok()?);
            (start <= end).then_some(())?;
            Some(Place { uri: Uri::from(uri), version: version.parse().ok()?, range: start..end })
        };
        parse().ok_or_else(|| BadTarget { argument: argument.to_owned() })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Proposal(id) => id.fmt(f),
            Target::Revision(id) => id.fmt(f),
            Target::Hunk(id) => id.fmt(f),
            Target::File(uri) => write!(f, "file@{uri}"),
            Target::All => f.write_str("all"),
            Target::Place(place) => place.fmt(f),
        }
    }
}

impl FromStr for Target {
    type Err = BadTarget;

    fn from_str(argument: &str) -> Result<Target, BadTarget> {
        if argument == "all" {
            return Ok(Target::All);
        }
        if let Some(uri) = argument.strip_prefix("file@") {
            return Ok(Target::File(Uri::from(uri)));
        }
        if let Ok(target) = argument.parse::<edit::Target>() {
            return Ok(match target {
                edit::Target::Proposal(id) => Target::Proposal(id),
                edit::Target::Revision(id) => Target::Revision(id),
                edit::Target::Hunk(id) => Target::Hunk(id),
            });
        }
        argument.parse().map(Target::Place)
    }
}
