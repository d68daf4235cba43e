//! Text sync: every change reaches the workspace, then all that stands on the text moves with it, in the same turn.

use std::ops::Range;

use edit::Status;
use syntax::DirectiveKind;
use text::{Bias, ChangeSet, Edit, Text};
use workspace::{ContentChange, Parsed, Uri};

use crate::job::Job;
use crate::message::Token;
use crate::notice::Notice;
use crate::place::Place;

use super::Session;
use super::effects::Purpose;
use super::proposal::{Phase, Proposal};

impl Session {
    pub(super) fn opened(&mut self, uri: Uri, language_id: &str, version: i32, text: &str) {
        if self.workspace.document(&uri).is_some() {
            // Opened again without a close: what stands on the text before moves to this one.
            self.closed(&uri);
        }
        self.effects.stop_parse(&uri);
        self.workspace.open(uri.clone(), language_id, version, text);
        self.unpark(&uri);
        self.take_kept(&uri);
        self.reparse(&uri);
        self.published.forget(&uri);
    }

    pub(super) fn changed(&mut self, uri: &Uri, version: i32, changes: Vec<ContentChange>) {
        let document = self.workspace.document(uri);
        let known = document.map(|document| document.version);
        let misplaced = self.ledger.misplaced(uri, document, self.workspace.encoding(), &changes);
        let changes = self.in_one_piece(uri, changes);
        match self.workspace.change(uri, version, changes) {
            Ok(changed) => {
                let (before, after) = (&changed.before, &changed.after);
                let (arrived, sent) = self.sent_as(uri, known, before, after).unzip();
                let explained = sent.or_else(|| self.explained(uri, &changed.changes, before, after));
                if let Some(explained) = &explained {
                    self.workspace.reshape(uri, explained);
                }
                let changes = explained.unwrap_or(changed.changes);
                self.text_changed(uri, &changes, before, after);
                self.ledger.remember(uri, &changes, before);
                self.reparse(uri);
                self.landed(uri, arrived, misplaced);
            }
            Err(error) => self.effects.tell(Notice::error(format!(
                "{error}; nothing was changed here. Close and reopen the file so that the editor sends it whole"
            ))),
        }
    }

    /// A notification of nothing but the whole text as a replacement of all of it. That is trimmed to what differs first: of
    /// lines put among equal ones, a comparison of all lines could make another one that goes, and a hunk's.
    fn in_one_piece(&self, uri: &Uri, mut changes: Vec<ContentChange>) -> Vec<ContentChange> {
        if let ([ContentChange { range: range @ None, .. }], Some(document)) =
            (changes.as_mut_slice(), self.workspace.document(uri))
        {
            *range = Some(document.text.positions(&(0..document.text.len()), self.workspace.encoding()));
        }
        changes
    }

    /// The change as an edit that was sent for the text before, if it comes to the same, in whatever shape it is told. Hunks
    /// of several proposals may be in it.
    fn sent_as(
        &self,
        uri: &Uri,
        version: Option<i32>,
        before: &Text,
        after: &Text,
    ) -> Option<(Token, ChangeSet)> {
        let encoding = self.workspace.encoding();
        self.ledger.sent_for(uri, version?).find_map(|(token, sent)| {
            let edits = sent.edits.iter();
            let edits = edits.map(|(range, text)| Edit::new(before.offsets(*range, encoding), text.as_str()));
            let changes = ChangeSet::new(before.len(), edits.collect()).ok()?;
            (changes.len_after() == after.len() && before.apply(&changes).ok()? == *after)
                .then_some((token, changes))
        })
    }

    /// The change as the hunks that it accepts, if it is that: all that stands on the text follows it in this shape, and an
    /// undo of it will be the inverse of this shape.
    fn explained(&self, uri: &Uri, changes: &ChangeSet, before: &Text, after: &Text) -> Option<ChangeSet> {
        let near = with_room(changes, before, after)?;
        let mut proposals = self.proposals.values().filter(|proposal| proposal.uri == *uri);
        proposals.find_map(|proposal| proposal.hunks.explained(&near, before, after))
    }

    /// Moves everything that stands on the text of a document.
    fn text_changed(&mut self, uri: &Uri, changes: &ChangeSet, before: &Text, after: &Text) {
        if changes.is_identity() {
            return;
        }
        self.directives.on_change(uri, changes);
        self.instructions.on_change(uri, changes);
        for proposal in self.proposals.values_mut().filter(|proposal| proposal.uri == *uri) {
            proposal.text_changed(changes, before, after);
        }
    }

    /// Starts a reparse unless one runs; the tree that is there stays in use meanwhile.
    pub(super) fn reparse(&mut self, uri: &Uri) {
        if let Some(job) = self.workspace.parse_job(uri) {
            self.effects.start(Purpose::Tree(uri.clone()), Job::Parse(job));
        } else if self.workspace.document(uri).is_some_and(|document| document.language.is_none()) {
            self.tree_settled(uri);
        }
    }

    pub(super) fn parsed(&mut self, parsed: Parsed) {
        let uri = parsed.uri.clone();
        let Some(directives) = self.workspace.parsed(parsed) else {
            self.published.settle();
            return self.reparse(&uri);
        };
        let is_new = self.directives.found(&uri, directives);
        self.index_later(&uri);
        if !self.tree_settled(&uri) && !is_new {
            self.published.settle();
        }
    }

    pub(super) fn parse_stopped(&mut self, uri: &Uri) {
        self.workspace.parse_stopped(uri);
        self.tree_settled(uri);
    }

    /// A parse ended inside: what waits for the tree goes on without it.
    pub(super) fn parse_failed(&mut self, uri: &Uri, what: &str) {
        self.effects.tell(Notice::error(format!(
            "{uri} could not be parsed ({what}); your text is unchanged. Until you change it, requests about it go by paragraphs"
        )));
        self.parse_stopped(uri);
    }

    /// The tree is as good as it gets for the text as it is: requests that waited go on. Whether there were any.
    fn tree_settled(&mut self, uri: &Uri) -> bool {
        let waiting: Vec<_> = self
            .proposals
            .iter()
            .filter(|(_, proposal)| proposal.uri == *uri && matches!(proposal.phase, Phase::Waiting(_)))
            .map(|(id, _)| *id)
            .collect();
        waiting.iter().for_each(|id| self.prepare(*id));
        self.previews_go_on();
        !waiting.is_empty()
    }

    pub(super) fn saved(&mut self, uri: &Uri) {
        self.workspace.save(uri);
        if !self.config.run_on_save {
            return;
        }
        let Some(document) = self.workspace.document(uri) else { return };
        let places: Vec<Place> = self
            .directives
            .of(uri)
            .iter()
            .filter(|directive| directive.kind == DirectiveKind::OnSave)
            .filter(|directive| self.directives.bound_to(uri, &directive.range).is_none())
            .map(|directive| Place {
                uri: uri.clone(),
                version: document.version,
                range: directive.range.clone(),
            })
            .collect();
        for place in places {
            if let Err(notice) = self.run(&place) {
                self.effects.tell(notice);
            }
        }
    }

    /// Proposals of a closed document keep the text they stand on; see [`Session::unpark`].
    pub(super) fn closed(&mut self, uri: &Uri) {
        self.instructions.mentionable.forget(uri);
        if let Some(document) = self.workspace.document(uri) {
            let text = document.text.clone();
            for proposal in self.proposals.values_mut().filter(|proposal| proposal.uri == *uri) {
                proposal.parked = Some(text.clone());
            }
        }
        self.effects.stop_parse(uri);
        self.workspace.close(uri);
        self.directives.forget(uri);
        self.ledger.forget(uri);
        self.index_open();
    }

    /// A document is open again: its proposals move over what changed while it was closed, each from the text it stood on.
    pub(super) fn unpark(&mut self, uri: &Uri) {
        if let Some(changes) = self.unpark_proposals(uri) {
            self.directives.on_change(uri, &changes);
            self.instructions.on_change(uri, &changes);
        }
    }

    /// The same for proposals alone; the last change that one was moved over.
    pub(super) fn unpark_proposals(&mut self, uri: &Uri) -> Option<ChangeSet> {
        let after = self.workspace.document(uri)?.text.clone();
        let mut moved = None;
        for proposal in self.proposals.values_mut().filter(|proposal| proposal.uri == *uri) {
            let Some(before) = proposal.parked.take() else { continue };
            let changes = ChangeSet::between(&before, &after);
            if !changes.is_identity() {
                proposal.text_changed(&changes, &before, &after);
                moved = Some(changes);
            }
        }
        moved
    }
}

impl Proposal {
    /// The document changed: scope, hunks and a running answer's ground move with it.
    pub(super) fn text_changed(&mut self, changes: &ChangeSet, before: &Text, after: &Text) {
        self.scope = moved(&self.scope, changes);
        self.hunks.on_change(changes, before, after);
        for hunk in self.hunks.hunks().filter(|hunk| hunk.status == Status::Accepted) {
            if hunk.range.start <= self.scope.end && hunk.range.end >= self.scope.start {
                self.scope = self.scope.start.min(hunk.range.start)..self.scope.end.max(hunk.range.end);
            }
        }
        if let Some(stream) = self.phase.stream_mut() {
            match stream.since.compose(changes) {
                Ok(since) => stream.since = since,
                Err(error) => debug_assert!(false, "{error}"),
            }
        }
        match &mut self.phase {
            // An undo brought hunks back: they wait again, whatever came of the last request.
            Phase::Answered | Phase::Failed(_) | Phase::Cancelled if self.hunks.has_undecided() => {
                self.phase = Phase::Ready;
            }
            Phase::Answered
            | Phase::Failed(_)
            | Phase::Cancelled
            | Phase::Waiting(_)
            | Phase::Held { .. }
            | Phase::Gathering { .. }
            | Phase::Streaming(_)
            | Phase::Checking { .. }
            | Phase::Verifying { .. }
            | Phase::Ready => {}
        }
    }
}

/// The change as one edit that reaches as far as text in it may have slid: a client that trims what it tells can cut lines
/// put in or taken out in another place than the hunk that they are. None for no change.
fn with_room(changes: &ChangeSet, before: &Text, after: &Text) -> Option<ChangeSet> {
    let (first, last) = (changes.edits().first()?, changes.edits().last()?);
    let room: usize = changes.edits().iter().map(|edit| edit.range.len() + edit.text.len()).sum();
    let start = before.floor(first.range.start.saturating_sub(room));
    let end = before.floor(last.range.end.saturating_add(room).min(before.len())).max(last.range.end);
    let text = after.slice(start..after.len() - (before.len() - end));
    ChangeSet::single(before.len(), Edit::new(start..end, text)).ok()
}

/// A scope keeps what is replaced inside it and leaves out what is put in front of or behind it.
fn moved(scope: &Range<usize>, changes: &ChangeSet) -> Range<usize> {
    let start = changes.map_offset(scope.start, Bias::After);
    start..changes.map_offset(scope.end, Bias::Before).max(start)
}
