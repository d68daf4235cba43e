//! Edits on their way to the client, and the last change of each document: what is needed to notice that an edit was
//! dropped, or applied where it no longer fits, and to take it back exactly.

use std::collections::BTreeMap;
use std::ops::Range;

use edit::HunkId;
use text::{Bias, ChangeSet, Encoding, PositionRange, Text};
use workspace::{ContentChange, Document, Uri};

use crate::effect::DocumentEdit;
use crate::job::JobId;
use crate::message::Token;

/// An edit that was sent.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) edit: DocumentEdit,
    pub(super) purpose: SentFor,
    /// What each of its edits is to replace: where that stands in the text as it is, and the bytes.
    pub(super) made_for: Vec<(Range<usize>, String)>,
    /// Files still to come, in order.
    pub(super) rest: Vec<(Uri, Vec<HunkId>)>,
    /// Files already done.
    pub(super) done: Vec<Uri>,
    /// The client acknowledged it.
    pub(super) is_answered: bool,
    /// The text shows it.
    pub(super) has_landed: bool,
    /// It was sent a second time.
    pub(super) is_retry: bool,
    /// Waits for the text after the acknowledgment.
    pub(super) timer: Option<JobId>,
}

/// What an edit is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SentFor {
    /// These hunks are to be accepted.
    Accept(Vec<HunkId>),
    /// Accepted hunks are taken out again.
    Undo,
    /// An edit that went wrong is taken back; then these hunks are tried once more.
    TakeBack { again: Vec<HunkId> },
    /// An empty directive for the user to fill in.
    Directive { caret: PositionRange },
}

impl Sent {
    pub(super) fn new(edit: DocumentEdit, purpose: SentFor) -> Sent {
        Sent {
            edit,
            purpose,
            made_for: Vec::new(),
            rest: Vec::new(),
            done: Vec::new(),
            is_answered: false,
            has_landed: false,
            is_retry: false,
            timer: None,
        }
    }

    /// As it is when it goes out; `text` is the text that it was made for.
    pub(super) fn made_for(mut self, text: &Text, encoding: Encoding) -> Sent {
        let ranges = self.edit.edits.iter().map(|(range, _)| text.offsets(*range, encoding));
        self.made_for = ranges.map(|range| (range.clone(), text.slice(range))).collect();
        self
    }

    /// The text moved on before it arrived.
    fn on_change(&mut self, changes: &ChangeSet) {
        for (range, _) in &mut self.made_for {
            let start = changes.map_offset(range.start, Bias::After);
            *range = start..changes.map_offset(range.end, Bias::Before).max(start);
        }
    }

    /// Whether its positions still name what it was made for.
    fn is_in_place(&self, text: &Text, encoding: Encoding) -> bool {
        let places = self.edit.edits.iter().map(|(range, _)| text.offsets(*range, encoding));
        places.zip(&self.made_for).all(|(place, (range, bytes))| place == *range && text.is_at(range, bytes))
    }

    /// Whether a notification is this edit, position for position, though the text has moved on since it was sent.
    ///
    /// The user can delete the same lines by hand: that is believed to be this edit only if the client said that it applied it.
    fn is_blindly(&self, version: i32, changes: &[ContentChange]) -> bool {
        let puts_text = self.edit.edits.iter().any(|(_, text)| !text.is_empty());
        self.edit.version != version
            && (puts_text || self.is_answered)
            && self.edit.edits.len() == changes.len()
            && self.edit.edits.iter().all(|(range, text)| {
                changes.iter().any(|change| change.range == Some(*range) && change.text == *text)
            })
    }
}

/// The last change of a document, and the text it was made to.
#[derive(Debug, Clone)]
pub(super) struct LastChange {
    pub(super) changes: ChangeSet,
    pub(super) before: Text,
}

/// Edits under way and the last change per document.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    sent: BTreeMap<Token, Sent>,
    last: BTreeMap<Uri, LastChange>,
}

impl Ledger {
    pub(super) fn add(&mut self, token: Token, sent: Sent) {
        self.sent.insert(token, sent);
    }

    pub(super) fn get_mut(&mut self, token: Token) -> Option<&mut Sent> {
        self.sent.get_mut(&token)
    }

    pub(super) fn remove(&mut self, token: Token) -> Option<Sent> {
        self.sent.remove(&token)
    }

    /// Tokens of the edits of a document that did not land yet.
    pub(super) fn open(&self, uri: &Uri) -> Vec<Token> {
        self.sent
            .iter()
            .filter(|(_, sent)| sent.edit.uri == *uri && !sent.has_landed)
            .map(|(token, _)| *token)
            .collect()
    }

    /// The edits sent for a version of a document that did not land yet.
    pub(super) fn sent_for(&self, uri: &Uri, version: i32) -> impl Iterator<Item = (Token, &DocumentEdit)> {
        let open = self.sent.iter().filter(|(_, sent)| !sent.has_landed);
        let edits = open.map(|(token, sent)| (*token, &sent.edit));
        edits.filter(move |(_, edit)| edit.uri == *uri && edit.version == version)
    }

    /// Whether an accept of this hunk is under way.
    pub(super) fn is_accepting(&self, hunk: HunkId) -> bool {
        self.sent
            .values()
            .any(|sent| matches!(&sent.purpose, SentFor::Accept(hunks) if hunks.contains(&hunk)))
    }

    /// Whether this very edit was sent and has not landed yet.
    pub(super) fn is_under_way(&self, edit: &DocumentEdit) -> bool {
        self.sent.values().any(|sent| !sent.has_landed && sent.edit == *edit)
    }

    /// The sent edit that a notification is, though it was made for an older text than `document` has and its positions mean
    /// something else there.
    pub(super) fn misplaced(
        &self,
        uri: &Uri,
        document: Option<&Document>,
        encoding: Encoding,
        changes: &[ContentChange],
    ) -> Option<Token> {
        let document = document?;
        let mut open = self.sent.iter().filter(|(_, sent)| sent.edit.uri == *uri && !sent.has_landed);
        open.find(|(_, sent)| {
            sent.is_blindly(document.version, changes) && !sent.is_in_place(&document.text, encoding)
        })
        .map(|(token, _)| *token)
    }

    pub(super) fn remember(&mut self, uri: &Uri, changes: &ChangeSet, before: &Text) {
        let last = LastChange { changes: changes.clone(), before: before.clone() };
        self.last.insert(uri.clone(), last);
        let sent = self.sent.values_mut().filter(|sent| sent.edit.uri == *uri && !sent.has_landed);
        sent.for_each(|sent| sent.on_change(changes));
    }

    pub(super) fn last_change(&self, uri: &Uri) -> Option<&LastChange> {
        self.last.get(uri)
    }

    /// A document was closed: nothing sent to it can land.
    pub(super) fn forget(&mut self, uri: &Uri) {
        self.last.remove(uri);
        self.sent.retain(|_, sent| sent.edit.uri != *uri);
    }
}
