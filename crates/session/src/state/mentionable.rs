//! What an instruction can mention: names of files and symbols, and what other servers report about a document.
//!
//! Names are made in a job when somebody types `@`, and answered from as they are until the next ones come. Reports are those
//! that came with questions for code actions: LSP tells a server nothing else about them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use context::{Name, NameKind, Names};
use text::{Bias, ChangeSet};
use workspace::Uri;

use crate::job::{Job, JobId, NamesJob};
use crate::message::{ForeignDiagnostic, Query};
use crate::view::{Completion, CompletionKind, Completions};

use super::Session;
use super::effects::Purpose;
use super::instruct::DocumentPurpose;

/// Names offered at once.
const MAX_COMPLETIONS: usize = 50;
/// Reports kept of one document.
const MAX_REPORTED: usize = 200;

/// What can be mentioned.
#[derive(Debug, Default)]
pub(super) struct Mentionable {
    names: Arc<Names>,
    /// The documents that the names are of, with the one in whose folder they are.
    made_of: Option<MadeOf>,
    making: Option<(JobId, MadeOf)>,
    reported: BTreeMap<Uri, Vec<Reported>>,
    /// Documents of which all reports are known, because the client sends them by itself.
    told_whole: BTreeSet<Uri>,
}

/// A document, and the open documents with the versions whose names are known; 0 for that with the instruction.
type MadeOf = (Uri, Vec<(Uri, Option<i32>)>);

#[derive(Debug)]
pub(super) struct Reported {
    pub(super) range: Range<usize>,
    pub(super) source: Option<String>,
    pub(super) message: String,
}

impl Mentionable {
    /// Takes what a question brought along, in place of what was known of its range.
    fn hear(&mut self, uri: &Uri, asked: &Range<usize>, found: Vec<Reported>) {
        let known = self.reported.entry(uri.clone()).or_default();
        known.retain(|old| {
            let is_again = found.iter().any(|new| new.range == old.range && new.message == old.message);
            !is_again && (old.range.end < asked.start || asked.end < old.range.start)
        });
        known.extend(found);
        known.sort_by_key(|reported| reported.range.start);
        known.truncate(MAX_REPORTED);
        if known.is_empty() {
            self.reported.remove(uri);
        }
    }

    /// Takes all that is reported about a document, in place of what was known.
    pub(super) fn hear_all(&mut self, uri: &Uri, found: Vec<Reported>) {
        if found.len() <= MAX_REPORTED {
            self.told_whole.insert(uri.clone());
        } else {
            self.told_whole.remove(uri);
        }
        self.reported.remove(uri);
        self.hear(uri, &(0..0), found);
    }

    /// All that is reported about a document; none where the client does not say all.
    pub(super) fn all_of(&self, uri: &Uri) -> Option<&[Reported]> {
        self.told_whole.contains(uri).then(|| self.reported.get(uri).map_or(&[][..], Vec::as_slice))
    }

    /// A document changed: reports about text that was touched are forgotten, the others move.
    pub(super) fn on_change(&mut self, uri: &Uri, changes: &ChangeSet) {
        let Some(known) = self.reported.get_mut(uri) else { return };
        known.retain(|reported| {
            let is_touched = |edit: &text::Edit| {
                edit.range.start <= reported.range.end && reported.range.start <= edit.range.end
            };
            !changes.edits().iter().any(is_touched)
        });
        for reported in known {
            let start = changes.map_offset(reported.range.start, Bias::After);
            reported.range = start..changes.map_offset(reported.range.end, Bias::Before).max(start);
        }
    }

    /// A document is gone.
    pub(super) fn forget(&mut self, uri: &Uri) {
        self.reported.remove(uri);
        self.told_whole.remove(uri);
    }
}

impl Session {
    /// Takes what a question tells, and has names made where they are wanted and old.
    pub(super) fn attend(&mut self, query: &Query) {
        match query {
            Query::Actions { uri, range, diagnostics } => self.hear(uri, *range, diagnostics),
            Query::Completion { uri, position } if self.typed_mention(uri, *position).is_some() => {
                self.make_names(uri);
            }
            Query::Completion { .. }
            | Query::Lenses(_)
            | Query::Hover { .. }
            | Query::Proposal(_)
            | Query::ReviewText(_)
            | Query::ProposedText(_)
            | Query::DocumentText(_) => {}
        }
    }

    fn hear(&mut self, uri: &Uri, range: text::PositionRange, diagnostics: &[ForeignDiagnostic]) {
        let Some(document) = self.workspace.document(uri) else { return };
        let asked = document.text.offsets(range, self.workspace.encoding());
        let found = self.placed(&document.text, diagnostics);
        self.instructions.mentionable.hear(uri, &asked, found);
    }

    /// What is reported about a document, a line each.
    pub(super) fn reported(&self, uri: &Uri) -> Vec<String> {
        let Some(document) = self.workspace.document(uri) else { return Vec::new() };
        let known = self.instructions.mentionable.reported.get(uri).map_or(&[][..], Vec::as_slice);
        known.iter().map(|reported| reported.in_words(&document.text)).collect()
    }

    /// The document that an instruction written in this one is about.
    fn about(&self, uri: &Uri) -> Option<Uri> {
        match self.instructions.document(uri) {
            Some(DocumentPurpose::Request(place)) => Some(place.uri.clone()),
            Some(DocumentPurpose::Reading) => None,
            Some(DocumentPurpose::Review(id)) => Some(self.proposals.get(id)?.uri.clone()),
            None => Some(uri.clone()),
        }
    }

    fn make_names(&mut self, uri: &Uri) {
        let Some(of) = self.names_wanted(uri) else { return };
        if self.instructions.mentionable.making.is_some() {
            return;
        }
        let job = NamesJob { snapshot: self.workspace.snapshot(), uri: of.0.clone(), indexer: None };
        let id = self.effects.start(Purpose::Names, Job::Names(job));
        self.instructions.mentionable.making = Some((id, of));
    }

    /// What names should be made of, where those that are there are of something else.
    fn names_wanted(&self, uri: &Uri) -> Option<MadeOf> {
        let about = self.about(uri)?;
        let known = self.instructions.mentionable.made_of.as_ref();
        let version = |other: Uri| {
            let document = self.workspace.document(&other)?;
            let is_known = known.is_some_and(|(_, of)| of.contains(&(other.clone(), Some(0))));
            let version = match (document.is_awaiting_tree(), other == *uri) {
                // An instruction that is being typed defines nothing.
                (false, true) => Some(0),
                (true, true) if is_known => Some(0),
                (false, false) => Some(document.version),
                (true, _) => None,
            };
            Some((other, version))
        };
        // A document of ours defines nothing.
        let open = self.workspace.uris().into_iter().filter(|uri| self.instructions.document(uri).is_none());
        let of = (about, open.filter_map(version).collect());
        (self.instructions.mentionable.made_of.as_ref() != Some(&of)).then_some(of)
    }

    /// Names are there; none where making them failed.
    pub(super) fn named(&mut self, names: Option<Arc<Names>>) {
        let mentionable = &mut self.instructions.mentionable;
        let Some((_, of)) = mentionable.making.take() else { return };
        if let Some(names) = names {
            mentionable.made_of = (!names.is_partial).then_some(of);
            mentionable.names = names;
        }
    }

    /// The mention that is being typed at a place in a directive or a document of ours.
    fn typed_mention(&self, uri: &Uri, position: text::Position) -> Option<(Range<usize>, String)> {
        let document = self.workspace.document(uri)?;
        let offset = document.text.offset(position, self.workspace.encoding());
        if !self.is_instruction(uri, offset) {
            return None;
        }
        let line = document.text.line_start(document.text.line_of(offset));
        let before = document.text.slice(line..offset);
        let (at, typed) = context::typed_mention(&before)?;
        Some((line + at..offset, typed.to_owned()))
    }

    /// What the mention that is being typed may become.
    pub(super) fn mention_completions(&self, uri: &Uri, position: text::Position) -> Option<Completions> {
        let (range, typed) = self.typed_mention(uri, position)?;
        let range = self.workspace.document(uri)?.text.positions(&range, self.workspace.encoding());
        let about = self.about(uri)?;
        let found = self.instructions.mentionable.names.completions(
            &typed,
            &self.open_beside(&about),
            MAX_COMPLETIONS,
        );
        let completion = |name: Name| Completion {
            range,
            label: name.detail,
            text: format!("@{}", name.text),
            kind: match name.kind {
                NameKind::Keyword => CompletionKind::Keyword,
                NameKind::File => CompletionKind::File,
                NameKind::Symbol => CompletionKind::Symbol,
            },
        };
        let items: Vec<Completion> = found.into_iter().map(completion).collect();
        let is_incomplete = items.len() == MAX_COMPLETIONS || self.names_wanted(uri).is_some();
        Some(Completions { items, is_incomplete })
    }

    /// The paths of the open documents in the folder of one.
    fn open_beside(&self, uri: &Uri) -> BTreeSet<String> {
        let path = |uri: &Uri| self.workspace.document(uri).and_then(|document| document.path.clone());
        let snapshot = self.workspace.snapshot();
        let root = path(uri).and_then(|path| snapshot.root_of(&path).map(ToOwned::to_owned));
        let Some(root) = root else { return BTreeSet::new() };
        let beside =
            self.workspace.uris().into_iter().filter(|other| {
                path(other).is_some_and(|path| snapshot.root_of(&path) == Some(root.as_path()))
            });
        beside.map(|uri| self.workspace.display_path(&uri)).collect()
    }
}
