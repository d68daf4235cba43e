//! Names of proposals, revisions and hunks, as they travel through menus and commands: `p7`, `p7.r3`, `p7.r3.h2`.

use std::fmt;
use std::str::FromStr;

/// One thing the user asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProposalId(pub u32);

/// The outcome of one model turn of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId {
    /// The proposal.
    pub proposal: ProposalId,
    /// Counts from 1.
    pub revision: u32,
}

/// One hunk of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HunkId {
    /// The proposal.
    pub proposal: ProposalId,
    /// The revision, counting from 1.
    pub revision: u32,
    /// The hunk, counting from 1. A hunk that goes unchanged into the next revision keeps its number.
    pub hunk: u32,
}

/// Any of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// `p7`
    Proposal(ProposalId),
    /// `p7.r3`
    Revision(RevisionId),
    /// `p7.r3.h2`
    Hunk(HunkId),
}

/// A text that names none of the three.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read id {text:?}: expected p7, p7.r3 or p7.r3.h2")]
pub struct BadId {
    /// The text.
    pub text: String,
}

impl fmt::Display for ProposalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p{}", self.0)
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.r{}", self.proposal, self.revision)
    }
}

impl fmt::Display for HunkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.r{}.h{}", self.proposal, self.revision, self.hunk)
    }
}

impl FromStr for Target {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Target, BadId> {
        let number = |part: Option<&str>, prefix: char| part?.strip_prefix(prefix)?.parse::<u32>().ok();
        let parse = || {
            let parts: Vec<&str> = text.split('.').collect();
            let proposal = ProposalId(number(parts.first().copied(), 'p')?);
            match parts.len() {
                1 => Some(Target::Proposal(proposal)),
                2 => Some(Target::Revision(RevisionId {
                    proposal,
                    revision: number(parts.get(1).copied(), 'r')?,
                })),
                3 => Some(Target::Hunk(HunkId {
                    proposal,
                    revision: number(parts.get(1).copied(), 'r')?,
                    hunk: number(parts.get(2).copied(), 'h')?,
                })),
                _ => None,
            }
        };
        parse().ok_or_else(|| BadId { text: text.to_owned() })
    }
}

impl FromStr for ProposalId {
    type Err = BadId;

    fn from_str(text: &str) -> Result<ProposalId, BadId> {
        match text.parse()? {
            Target::Proposal(id) => Ok(id),
            Target::Revision(_) | Target::Hunk(_) => Err(BadId { text: text.to_owned() }),
        }
    }
}
