//! An undecided proposal as it lies in the state directory, and the way back on the text that its document has then.
//!
//! Owns the form. Of the document it has the texts of the hunks, and of all other lines no more than tells whether they are
//! the same. Must never hold a secret that the model was not shown: a proposal with one is not written at all. What is
//! damaged, or of a newer form, is refused as a whole.

use std::ops::Range;

use edit::{KeptHunks, Round};
use serde::{Deserialize, Serialize};
use text::{ChangeSet, Retraced, Text, Trace};
use workspace::{Uri, digest};

/// Raised when what is written means something else.
const FORM: u32 = 1;

/// What it begins with, in front of the number of the form.
const HEAD: &str = "hunkwise proposal ";

/// Bytes of a document beyond which its proposals are not kept.
const MAX_DOCUMENT: usize = 16 << 20;

/// A proposal, without the text that it stands on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// Its number.
    pub(crate) proposal: u32,
    /// Its scope, in bytes.
    pub(crate) scope: Range<usize>,
    pub(crate) scope_label: String,
    /// Name of its model in the settings.
    pub(crate) model: Option<String>,
    pub(crate) effort: Option<model::Effort>,
    pub(crate) asked_of: Option<String>,
    pub(crate) asked: String,
    pub(crate) rounds: Vec<Round>,
    pub(crate) prose: String,
    pub(crate) spent: Spent,
    pub(crate) hunks: KeptHunks,
}

/// What its requests came to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spent {
    pub(crate) input_tokens: u64,
    pub(crate) cached_tokens: u64,
    pub(crate) output_tokens: u64,
    pub(crate) cost: Option<f64>,
    pub(crate) n_unpriced: u64,
}

/// Something to be written.
#[derive(Debug)]
pub(crate) struct ToKeep {
    pub(crate) kept: Kept,
    /// The text that it stands on.
    pub(crate) text: Text,
    /// What was hidden from the model.
    pub(crate) redaction: context::Redaction,
}

/// Why what was kept is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// A newer version wrote it.
    Newer,
    /// It is not what was written.
    Damaged,
}

/// A kept proposal, and what became of its document.
#[derive(Debug)]
pub struct Found {
    pub(crate) kept: Kept,
    /// Where the lines are now.
    pub(crate) retraced: Retraced,
    /// From the text that it stood on, as far as it is known, to `text`.
    pub(crate) changes: ChangeSet,
    /// The document's text when it was looked for.
    pub(crate) text: Text,
}

/// The head of the form, in front of the lines.
#[derive(Serialize, Deserialize)]
struct Whole {
    /// What the marks of lines are made with.
    salt: u64,
    proposal: Kept,
}

impl ToKeep {
    /// The form that is written; none where nothing is to be: for a secret, or for want of room.
    pub(crate) fn write(mut self, salt: u64) -> Option<Vec<u8>> {
        if self.has_secret() || self.text.len() > MAX_DOCUMENT {
            return None;
        }
        let text = self.text.to_string();
        // What looks like a secret may have been typed after the request.
        self.redaction.learn(&text);
        let hidden = self.redaction.places(&text);
        let trace = Trace::of(&self.text, &hidden, |line| digest(salt, line.as_bytes()))?;
        let mut body = serde_json::to_vec(&Whole { salt, proposal: self.kept }).ok()?;
        let n_head = body.len();
        body.extend(trace.to_bytes());
        let mut bytes = format!("{HEAD}{FORM} {n_head} {:016x}\n", digest(0, &body)).into_bytes();
        bytes.extend(body);
        Some(bytes)
    }

    /// Whether a text of it, but for the document's, has what looks like a secret or a placeholder.
    fn has_secret(&mut self) -> bool {
        let texts: Vec<&str> = self.kept.texts().collect();
        texts.iter().for_each(|text| self.redaction.learn(text));
        texts.iter().any(|text| self.redaction.is_secret_in(text))
    }
}

impl Kept {
    /// All that somebody wrote.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let hunks = self.hunks.revisions.iter().flat_map(|revision| &revision.hunks);
        let of_hunks = hunks.flat_map(|hunk| {
            let reason = match &hunk.status {
                edit::KeptStatus::Rejected { reason } => reason.as_deref(),
                edit::KeptStatus::Pending | edit::KeptStatus::Accepted | edit::KeptStatus::Stale => None,
            };
            [Some(hunk.old.as_str()), Some(hunk.new.as_str()), reason].into_iter().flatten()
        });
        let of_rounds = self.rounds.iter().flat_map(|round| {
            let changes = round.accepted.iter().chain(round.rejected.iter().map(|rejected| &rejected.change));
            let changes = changes.flat_map(|change| [change.old.as_str(), change.new.as_str()]);
            let reasons = round.rejected.iter().filter_map(|rejected| rejected.reason.as_deref());
            changes.chain(reasons).chain([round.instruction.as_str()])
        });
        let directive = self.hunks.directive.iter().map(|directive| directive.text.as_str());
        let own = [&self.scope_label, &self.asked, &self.prose].map(String::as_str);
        own.into_iter().chain(directive).chain(of_rounds).chain(of_hunks)
    }
}

/// Reads what was written, and finds its lines in the text that the document has now.
fn read(bytes: &[u8], text: &Text) -> Result<Found, Unreadable> {
    let damaged = Unreadable::Damaged;
    let end = bytes.iter().position(|byte| *byte == b'\n').ok_or(damaged)?;
    let (head, body) = bytes.split_at(end);
    let body = body.get(1..).unwrap_or_default();
    let head = std::str::from_utf8(head).ok().and_then(|head| head.strip_prefix(HEAD)).ok_or(damaged)?;
    let mut parts = head.split(' ');
    let form: u32 = parts.next().and_then(|form| form.parse().ok()).ok_or(damaged)?;
    if form > FORM {
        return Err(Unreadable::Newer);
    }
    let n_head: usize = parts.next().and_then(|n_head| n_head.parse().ok()).ok_or(damaged)?;
    let sum = parts.next().and_then(|sum| u64::from_str_radix(sum, 16).ok()).ok_or(damaged)?;
    if form != FORM || sum != digest(0, body) {
        return Err(damaged);
    }
    let (whole, trace) = body.split_at_checked(n_head).ok_or(damaged)?;
    let Whole { salt, proposal: kept } = serde_json::from_slice(whole).map_err(|_| damaged)?;
    let trace = Trace::from_bytes(trace).ok_or(damaged)?;
    let mark = |line: &str| digest(salt, line.as_bytes());
    let retraced = trace.in_text(text, MAX_DOCUMENT, mark).ok_or(damaged)?;
    let base = retraced.base();
    let is_inside = kept.scope.start <= kept.scope.end
        && base.is_boundary(kept.scope.start)
        && base.is_boundary(kept.scope.end);
    if !is_inside || edit::Proposal::from_kept(edit::ProposalId(0), kept.hunks.clone(), base).is_none() {
        return Err(damaged);
    }
    let changes = ChangeSet::between(base, text);
    Ok(Found { kept, retraced, changes, text: text.clone() })
}

/// What is looked for in the state directory when a document is opened.
#[derive(Debug)]
pub struct TakeJob {
    /// The document.
    pub uri: Uri,
    /// The path that it is known by there.
    pub path: String,
    /// Its text.
    pub text: Text,
}

impl TakeJob {
    /// What was written of a proposal, on this text. Fails for what cannot be read, or not be trusted.
    pub fn read(&self, bytes: &[u8]) -> Result<Found, Unreadable> {
        read(bytes, &self.text)
    }
}

/// What earlier runs have left of a document.
#[derive(Debug, Default)]
pub struct Taken {
    /// What this session has now, each by the name that it is kept by.
    pub found: Vec<(String, Found)>,
    /// What another session that is alive has.
    pub n_living: usize,
    /// What was written by a newer version, and stays.
    pub n_newer: usize,
    /// What cannot be read, and stays until its time is over.
    pub n_damaged: usize,
}
