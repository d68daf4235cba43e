//! What the user and the editor do, at random.

use session::{
    Action, ActionKind, Answer, Command, DocumentEdit, EdgeReply, HunkId, HunkView, Message, Place,
    ProposalId, Query, RevisionStep, Status, Target,
};
use text::Position;

use crate::buffer::CellEdit;
use crate::oracle::Applied;
use crate::world::{ToApply, World};

impl World {
    /// One random step.
    pub fn step(&mut self) {
        let doc = self.rng.usize(0..self.buffers.len());
        match self.rng.u8(0..72) {
            0..=3 => self.ask(doc),
            4 => self.run_directive(doc),
            5..=22 => self.advance_some(),
            23..=29 => self.answer_edit(),
            30..=33 => self.accept_some(doc),
            34..=37 => self.accept_inline(doc),
            38 => self.reject_some(),
            39 => self.refine_some(),
            40 => self.revise_some(),
            41 => self.step_revision(),
            42 | 43 => self.undo_proposal(),
            44 => self.cancel_some(),
            45..=49 => self.type_somewhere(doc),
            50 => self.delete_somewhere(doc),
            51 | 52 => self.editor_undo(doc),
            53 => self.editor_redo(doc),
            54 => self.close_or_open(doc),
            55 => self.look_around(doc),
            56 => self.other_commands(doc),
            _ => self.advance_some(),
        }
    }

    fn some_proposal(&mut self) -> Option<ProposalId> {
        let ids: Vec<ProposalId> = self.oracle.views.keys().copied().collect();
        self.rng.choice(ids)
    }

    fn hunks(&self, wanted: impl Fn(&HunkView) -> bool) -> Vec<HunkView> {
        let all = self.oracle.views.values().flat_map(|view| &view.hunks);
        all.filter(|hunk| wanted(hunk)).cloned().collect()
    }

    fn some_pending(&mut self) -> Option<HunkId> {
        let pending = self.hunks(|hunk| hunk.status == Status::Pending);
        self.rng.choice(pending).map(|hunk| hunk.id)
    }

    fn place(&mut self, doc: usize) -> Place {
        let (a, b) = (self.caret(doc), self.caret(doc));
        let is_selection = self.rng.u8(0..3) == 0;
        let buffer = &self.buffers[doc];
        let (a, b) = (buffer.byte(a), buffer.byte(b));
        let range = if is_selection { a.min(b)..a.max(b) } else { a..a };
        Place { uri: buffer.uri.clone(), version: buffer.version, range }
    }

    fn ask(&mut self, doc: usize) {
        if self.oracle.views.len() > 5 {
            return;
        }
        let place = self.place(doc);
        self.command(Command::Ask { place, instruction: Some("do é".to_owned()) });
    }

    fn run_directive(&mut self, doc: usize) {
        let buffer = &self.buffers[doc];
        let cells = buffer.cells.iter();
        let found = cells.clone().position(|cell| self.oracle.directives.contains(&cell.id));
        let Some(at) = found.map(|index| buffer.byte(index)) else { return };
        let place = Place { uri: buffer.uri.clone(), version: buffer.version, range: at..at };
        self.command(Command::Run { place });
    }

    fn advance_some(&mut self) {
        let ids = self.jobs.ids();
        let Some(job) = self.rng.choice(ids) else { return };
        for _ in 0..self.rng.usize(1..20) {
            if self.jobs.get(job).is_some() {
                self.advance(job);
            }
        }
    }

    /// The editor gets to an edit, in one of the ways that editors have.
    fn answer_edit(&mut self) {
        if self.to_apply.is_empty() {
            return;
        }
        let at = self.rng.usize(0..self.to_apply.len());
        let sent = self.to_apply.remove(at).expect("inside");
        match self.rng.u8(0..10) {
            0 => {
                let lie = [Some(true), None, Some(false)][self.rng.usize(0..3)];
                self.n_lies += usize::from(lie != Some(false));
                self.reply(sent.token, lie);
            }
            // It is never answered.
            1 if self.rng.u8(0..4) == 0 => {}
            _ => self.apply_sent(sent),
        }
    }

    pub fn apply_sent(&mut self, sent: ToApply) {
        let ToApply { token, label, edit, hunks } = sent;
        let doc = self.doc(&edit.uri);
        if !self.buffers[doc].is_open || self.buffers[doc].version != edit.version {
            return self.reply(token, Some(false));
        }
        let answers_first = self.rng.u8(0..3) == 0;
        let applied = [Some(true), None][self.rng.usize(0..2)];
        if answers_first {
            self.reply(token, applied);
        }
        if label.contains("undo accepted") {
            self.apply_undo(doc, &edit);
        } else if label.contains("take back") {
            self.take_back(doc, &edit);
        } else {
            self.apply_accept(doc, &edit, &hunks);
        }
        if !answers_first {
            self.reply(token, applied);
        }
    }

    /// The editor said that it applied an edit, then the user did just that: it goes back exactly.
    fn take_back(&mut self, doc: usize, edit: &DocumentEdit) {
        let mut chars: Vec<char> = self.buffers[doc].text().chars().collect();
        for (range, text) in edit.edits.iter().rev() {
            chars.splice(self.buffers[doc].range(*range), text.chars());
        }
        let message = self.buffers[doc].undo().expect("the change that is taken back");
        assert_eq!(self.buffers[doc].text(), chars.into_iter().collect::<String>());
        self.deliver(message);
    }

    fn apply_undo(&mut self, doc: usize, edit: &DocumentEdit) {
        let is_comment = |text: &str| text.starts_with("# ai:");
        let edits = edit.edits.iter().map(|(range, text)| (self.buffers[doc].range(*range), text.clone()));
        let (comments, hunks): (Vec<_>, Vec<_>) = edits.partition(|(range, text)| {
            let buffer = &self.buffers[doc];
            range.is_empty() && is_comment(text) && self.oracle.replaced(range, text, buffer).is_none()
        });
        let mut edits = self.oracle.undo_edits(hunks, &self.buffers[doc]);
        for (range, text) in comments {
            let cells = self.buffers[doc].fresh(&text);
            self.oracle.directives.extend(cells.iter().map(|cell| cell.id));
            edits.push((range, cells));
        }
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        self.counts.undone += 1;
        let message = self.buffers[doc].change(edits);
        self.deliver(message);
    }

    /// Applies an accept; then its hunks are accepted, and taken back by the editor's undo they wait again.
    fn apply_accept(&mut self, doc: usize, edit: &DocumentEdit, hunks: &[HunkView]) {
        let mut edits: Vec<CellEdit> = Vec::new();
        for hunk in hunks {
            edits.push(self.oracle.accept_edit(hunk, &mut self.buffers[doc]));
        }
        for (range, text) in &edit.edits {
            if text.is_empty() && !hunks.iter().any(|hunk| hunk.range == *range) {
                let range = self.buffers[doc].range(*range);
                self.oracle.explained.extend(self.buffers[doc].ids(range.clone()));
                let old = self.buffers[doc].cells[range.clone()].to_vec();
                self.oracle.applied.push(Applied { old, new: Vec::new() });
                edits.push((range, Vec::new()));
            }
        }
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let before = self.buffers[doc].text();
        let message = self.buffers[doc].change(edits);
        self.deliver(message);
        self.counts.accepted += hunks.len();
        if self.oracle.has_twins {
            return;
        }
        self.check_status(hunks, Status::Accepted);
        if self.rng.u8(0..6) == 0 {
            let message = self.buffers[doc].undo().expect("something to undo");
            self.deliver(message);
            assert_eq!(self.buffers[doc].text(), before);
            self.check_status(hunks, Status::Pending);
            let message = self.buffers[doc].redo().expect("something to do again");
            self.deliver(message);
            self.check_status(hunks, Status::Accepted);
        }
    }

    /// The hunks, where their revision is shown, have this status; what lies under a newer hunk is stale.
    fn check_status(&self, hunks: &[HunkView], status: Status) {
        for hunk in hunks {
            let view = self.oracle.views.get(&hunk.id.proposal);
            let now = view.and_then(|view| view.hunks.iter().find(|now| now.id == hunk.id));
            let Some(now) = now else { continue };
            let is_covered = status == Status::Pending && now.status == Status::Stale;
            assert!(now.status == status || is_covered, "{now:?}\nis not {status:?}; before: {hunk:?}");
        }
    }

    fn accept_some(&mut self, doc: usize) {
        let Some(id) = self.some_pending() else { return };
        let target = match self.rng.u8(0..8) {
            0..=3 => Target::Hunk(id),
            4 => Target::Proposal(id.proposal),
            5 => Target::File(self.buffers[doc].uri.clone()),
            6 => Target::Place(self.place(doc)),
            _ => Target::All,
        };
        self.accept(target);
    }

    /// Accepts by a code action's own edit.
    fn accept_inline(&mut self, doc: usize) {
        let uri = self.buffers[doc].uri.clone();
        let pending = self.hunks(|hunk| hunk.status == Status::Pending);
        let Some(hunk) = self.rng.choice(pending) else { return };
        if self.oracle.views[&hunk.id.proposal].uri != uri || !self.buffers[doc].is_open {
            return;
        }
        let actions = self.actions(doc, hunk.range);
        let inline = actions.into_iter().find_map(|action| match action.kind {
            ActionKind::AcceptHunk { hunk: offered, edit } if offered.id == hunk.id => Some(edit),
            _ => None,
        });
        let edit = inline.unwrap_or_else(|| panic!("{} can be accepted at its place", hunk.id));
        let accepted = self.oracle.check_accept(&edit, &self.buffers[doc], |known| known.id == hunk.id);
        assert_eq!(accepted.len(), 1, "one action accepts one hunk");
        self.apply_accept(doc, &edit, &accepted);
        if self.rng.u8(0..4) > 0 {
            let answer = self.command(Command::Applied(Target::Hunk(hunk.id)));
            assert!(self.oracle.has_twins || !matches!(answer, Answer::Refused(_)), "{answer:?}");
        }
    }

    fn actions(&mut self, doc: usize, range: text::PositionRange) -> Vec<Action> {
        let uri = self.buffers[doc].uri.clone();
        match self.ask_quietly(Query::Actions { uri, range, diagnostics: Vec::new() }) {
            Some(Answer::Actions(actions)) => actions,
            other => panic!("asked for actions, got {other:?}"),
        }
    }

    fn reject_some(&mut self) {
        let open = self.hunks(|hunk| matches!(hunk.status, Status::Pending | Status::Stale));
        let Some(hunk) = self.rng.choice(open) else { return };
        let target = match self.rng.u8(0..4) {
            0 => Target::Proposal(hunk.id.proposal),
            _ => Target::Hunk(hunk.id),
        };
        self.command(Command::Reject { target, reason: Some("no".to_owned()) });
    }

    fn refine_some(&mut self) {
        let Some(id) = self.some_proposal() else { return };
        let pending = self.some_pending();
        let (target, instruction) = match (pending, self.rng.bool()) {
            (Some(hunk), true) => (Target::Hunk(hunk), "other"),
            _ => (Target::Proposal(id), "more"),
        };
        if self.rng.u8(0..6) == 0 {
            self.command(Command::Again(target));
        } else {
            self.command(Command::Refine { target, instruction: Some(instruction.to_owned()) });
        }
    }

    fn revise_some(&mut self) {
        let Some(id) = self.some_pending() else { return };
        let doc = self.doc(&self.oracle.views[&id.proposal].uri.clone());
        let ending = if self.buffers[doc].text().contains("\r\n") { "\r\n" } else { "\n" };
        let text = format!("{}{ending}", self.word());
        self.command(Command::Revise { target: Target::Hunk(id), text });
    }

    fn step_revision(&mut self) {
        let Some(proposal) = self.some_proposal() else { return };
        let step = match self.rng.u8(0..3) {
            0 => RevisionStep::Previous,
            1 => RevisionStep::Next,
            _ => RevisionStep::Number(self.rng.u32(1..4)),
        };
        self.command(Command::Revision { proposal, step });
    }

    fn undo_proposal(&mut self) {
        let accepted = self.hunks(|hunk| hunk.status == Status::Accepted);
        let Some(hunk) = self.rng.choice(accepted) else { return };
        self.command(Command::Undo(Target::Proposal(hunk.id.proposal)));
    }

    fn cancel_some(&mut self) {
        let Some(id) = self.some_proposal() else { return };
        if self.rng.bool() {
            self.command(Command::Cancel(Target::Proposal(id)));
        } else {
            self.deliver(Message::ProgressCancelled(id));
        }
    }

    /// Questions at any place, even where there is no text.
    fn look_around(&mut self, doc: usize) {
        let uri = self.buffers[doc].uri.clone();
        let mut position = || Position { line: self.rng.u32(0..30), character: self.rng.u32(0..30) };
        let (start, end) = (position(), position());
        let range = text::PositionRange { start: start.min(end), end: start.max(end) };
        self.actions(doc, range);
        self.ask_quietly(Query::Lenses(uri.clone()));
        self.ask_quietly(Query::Hover { uri: uri.clone(), position: start });
        self.ask_quietly(Query::Completion { uri: uri.clone(), position: start });
        if let Some(id) = self.some_proposal() {
            self.ask_quietly(Query::ReviewText(id));
        }
        self.deliver(Message::Saved(uri));
    }

    fn other_commands(&mut self, doc: usize) {
        let place = self.place(doc);
        let Some(id) = self.some_proposal() else { return };
        let command = match self.rng.u8(0..5) {
            0 => Command::Dismiss(Target::Proposal(id)),
            1 => Command::Next(Target::Place(place)),
            2 => Command::Previous(Target::Proposal(id)),
            3 => Command::Review(Target::Proposal(id)),
            _ => Command::More(Target::Proposal(id)),
        };
        self.command(command);
        // A reply that nobody waits for.
        let token = session::Token(u64::MAX);
        self.deliver(Message::Replied { token, reply: EdgeReply::Chosen(Some(0)) });
    }
}
