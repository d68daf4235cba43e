//! A session, an editor, a model and a user at one desk. Every message goes through [`World::deliver`], which checks all.

use std::collections::{BTreeMap, VecDeque};

use fastrand::Rng;
use session::{
    Answer, Command, DocumentEdit, EdgeEffect, EdgeReply, Effect, HunkView, Job, JobId, Message, Place,
    Progress, ProposalId, ProposalState, Query, Session, Status, Target, Token, Uri,
};
use text::{Encoding, PositionRange};

use crate::asked::{self, Answering};
use crate::buffer::{Buffer, Telling};
use crate::jobs::{self, Jobs};
use crate::oracle::Oracle;

/// An edit on its way to the editor.
pub struct ToApply {
    pub token: Token,
    pub label: String,
    pub edit: DocumentEdit,
    /// The hunks that it accepts, as they were when it was sent.
    pub hunks: Vec<HunkView>,
}

#[derive(Default)]
pub struct Counts {
    pub messages: usize,
    pub accepted: usize,
    pub undone: usize,
    pub refused: usize,
    pub stale: usize,
    pub streamed: usize,
}

pub struct World {
    pub rng: Rng,
    pub session: Session,
    pub buffers: Vec<Buffer>,
    pub jobs: Jobs,
    pub answering: BTreeMap<JobId, (ProposalId, Answering)>,
    pub to_apply: VecDeque<ToApply>,
    pub oracle: Oracle,
    pub counts: Counts,
    pub log: Vec<String>,
    next_word: u64,
    last_update: u64,
    in_progress: BTreeMap<ProposalId, i32>,
    is_undoing: bool,
    /// Edits that the editor said to have applied, and had not.
    pub n_lies: usize,
    /// Edits that the session says did not arrive.
    n_missed: usize,
}

impl World {
    pub fn new(seed: u64) -> World {
        let mut rng = Rng::with_seed(seed);
        let encoding = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32][rng.usize(0..3)];
        let has_twins = rng.u8(0..5) == 0;
        let mut world = World {
            rng,
            session: Session::new(encoding),
            buffers: Vec::new(),
            jobs: Jobs::default(),
            answering: BTreeMap::new(),
            to_apply: VecDeque::new(),
            oracle: Oracle::new(has_twins),
            counts: Counts::default(),
            log: Vec::new(),
            next_word: 0,
            last_update: 0,
            in_progress: BTreeMap::new(),
            is_undoing: false,
            n_lies: 0,
            n_missed: 0,
        };
        for (name, language) in [("untitled:a.py", "python"), ("untitled:b.txt", "plaintext")] {
            let (text, language) = match world.rng.u8(0..3) {
                0 => (world.paragraphs(), "plaintext"),
                _ if language == "plaintext" => (world.paragraphs(), language),
                _ => (world.functions(), language),
            };
            let mut buffer = Buffer::new(Uri::from(name), language, &text, encoding, world.buffers.len());
            buffer.telling =
                [Telling::Edits, Telling::InOrder, Telling::OnePiece, Telling::Whole][world.rng.usize(0..4)];
            world.mark_directives(&buffer);
            let words = buffer.cells.iter().filter(|cell| !cell.ch.is_whitespace());
            world.oracle.owned.push(words.map(|cell| cell.id).collect());
            world.buffers.push(buffer);
        }
        let config = Box::new(session::config::Config { context_tokens: 200, ..Default::default() });
        world.deliver(Message::Configured { config, provider: jobs::provider() });
        for doc in 0..world.buffers.len() {
            let message = world.buffers[doc].open();
            world.deliver(message);
        }
        world
    }

    /// A word that is nowhere else; with twins, one of few.
    pub fn word(&mut self) -> String {
        self.next_word += 1;
        let n = if self.oracle.has_twins { self.next_word % 3 } else { self.next_word };
        let flavor = ["é", "漢", "😀", "x", ""][self.rng.usize(0..5)];
        format!("w{n}{flavor}")
    }

    fn functions(&mut self) -> String {
        let ending = ["\n", "\r\n"][self.rng.usize(0..2)];
        let mut text = String::new();
        for _ in 0..self.rng.usize(1..4) {
            if self.rng.u8(0..3) == 0 && !self.oracle.has_twins {
                text.push_str(&format!("# ai: {}{ending}", self.word()));
            }
            let name = self.word().replace('😀', "");
            text.push_str(&format!("def {name}():{ending}"));
            for _ in 0..self.rng.usize(1..6) {
                text.push_str(&format!("    {} = \"é漢😀\"{ending}", self.word().replace('😀', "")));
            }
            text.push_str(ending);
        }
        text
    }

    fn paragraphs(&mut self) -> String {
        let ending = ["\n", "\r\n"][self.rng.usize(0..2)];
        let mut text = String::new();
        // Of a long scope the model tells what changes, block by block.
        let is_long = self.rng.u8(0..8) == 0;
        for _ in 0..if is_long { self.rng.usize(85..95) } else { self.rng.usize(2..12) } {
            let line = self.word();
            text.push_str(&format!("{line} é{ending}"));
            if !is_long && self.rng.u8(0..5) == 0 {
                text.push_str(ending);
            }
        }
        if self.rng.bool() {
            text.push_str(&self.word());
        }
        text
    }

    fn mark_directives(&mut self, buffer: &Buffer) {
        let starts = buffer.line_starts();
        for (idx, start) in starts.iter().enumerate() {
            let end = starts.get(idx + 1).copied().unwrap_or(buffer.cells.len());
            if buffer.slice(*start..end).starts_with("# ai:") {
                self.oracle.directives.extend(buffer.ids(*start..end));
            }
        }
    }

    pub fn doc(&self, uri: &Uri) -> usize {
        self.buffers.iter().position(|buffer| buffer.uri == *uri).expect("a document of this world")
    }

    /// Hands a message over and checks everything that can be checked. Returns the answer.
    pub fn deliver(&mut self, message: Message) -> Option<Answer> {
        self.counts.messages += 1;
        self.log.push(format!("{message:?}").chars().take(400).collect());
        let asks = matches!(message, Message::Command(_) | Message::Query(_));
        self.is_undoing = matches!(message, Message::Command(Command::Undo(_)));
        let effects = self.session.handle(message);
        let mut answers: Vec<Answer> = jobs::answers(&effects).into_iter().cloned().collect();
        assert_eq!(answers.len(), usize::from(asks), "one answer for each question");
        self.take_views(&effects);
        let mut started = None;
        for effect in effects {
            match effect {
                Effect::Start(id, job) => {
                    if matches!(job, Job::Complete { .. }) {
                        started = Some(id);
                    }
                    self.jobs.start(id, job);
                }
                Effect::Stop(id) => {
                    assert!(self.jobs.stop(id), "what is stopped runs");
                    self.answering.remove(&id);
                }
                Effect::Edge(EdgeEffect::Progress(id, progress)) => {
                    if let Some(job) = started.take() {
                        let is_repair =
                            !matches!(&progress, Progress::Report(said) if said == "waiting for the model");
                        self.model_asked(job, id, is_repair);
                    }
                    self.progressed(id, &progress);
                }
                Effect::Edge(EdgeEffect::Apply { token, label, edit }) => {
                    self.check_apply(token, label, edit)
                }
                Effect::Edge(EdgeEffect::Tell(notice)) => {
                    if notice.text.contains("accepted from this proposal and") {
                        self.oracle.something_is_left_out();
                    }
                    self.n_missed += usize::from(notice.text.contains("but the text does not show it"));
                    let n_lies = self.n_lies;
                    assert!(self.n_missed <= n_lies, "an edit that was applied is missed: {notice}");
                }
                Effect::Edge(_) | Effect::Answer(_) | Effect::Watch(_) | Effect::Index(_) => {}
            }
        }
        assert!(started.is_none(), "a request belongs to a proposal");
        self.check();
        answers.pop()
    }

    pub fn command(&mut self, command: Command) -> Answer {
        let answer = self.deliver(Message::Command(command)).expect("a command is answered");
        self.counts.refused += usize::from(matches!(answer, Answer::Refused(_)));
        answer
    }

    fn take_views(&mut self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::Edge(EdgeEffect::Updated(number, view)) = effect {
                assert!(*number > self.last_update, "updates are numbered");
                self.last_update = *number;
                if view.state == ProposalState::Dismissed {
                    assert!(self.oracle.views.remove(&view.proposal).is_some(), "what goes was there");
                } else {
                    self.oracle.take_view((**view).clone());
                }
            }
        }
        let known: Vec<ProposalId> = self.oracle.views.keys().copied().collect();
        for id in known {
            let Some(Answer::View(view)) = self.ask_quietly(Query::Proposal(id)) else { panic!("no view") };
            match view {
                Some(view) => assert_eq!(*view, self.oracle.views[&id], "every change of a proposal is told"),
                None => panic!("nobody was told that {id} is gone"),
            }
        }
    }

    /// A question that nothing is checked after.
    pub fn ask_quietly(&mut self, query: Query) -> Option<Answer> {
        let effects = self.session.handle(Message::Query(query));
        assert_eq!(effects.len(), 1, "a question changes nothing: {effects:?}");
        jobs::answers(&effects).first().map(|answer| (*answer).clone())
    }

    fn model_asked(&mut self, job: JobId, id: ProposalId, is_repair: bool) {
        let Some(Job::Complete { request, .. }) = self.jobs.get(job) else { panic!("a request") };
        let request = request.clone();
        let mut rng = self.rng.fork();
        let mut line = |old: &str| {
            let indent: String = old.chars().take_while(|c| *c == ' ').collect();
            format!("{indent}{} = \"m漢\"", self.word().replace('😀', ""))
        };
        let answering = asked::answer(&request, &mut rng, &mut line);
        let doc = self.doc(&self.oracle.views[&id].uri.clone());
        self.oracle.requested(id, &self.buffers[doc], answering.meant.clone(), is_repair);
        self.answering.insert(job, (id, answering));
    }

    fn progressed(&mut self, id: ProposalId, progress: &Progress) {
        let running = self.in_progress.entry(id).or_default();
        match progress {
            Progress::Begin(_) => *running += 1,
            Progress::Report(_) => assert_eq!(*running, 1, "{id} reports while it works"),
            Progress::End(_) => *running -= 1,
        }
        assert!((0..=1).contains(running), "{id}: work begins and ends once");
    }

    /// No edit without a user's word.
    fn check_apply(&mut self, token: Token, label: String, edit: DocumentEdit) {
        self.log.push(format!("  sent {token:?} {label}: {edit:?}").chars().take(400).collect());
        let doc = self.doc(&edit.uri);
        let buffer = &self.buffers[doc];
        assert!(buffer.is_open, "edits go to open documents");
        assert_eq!(edit.version, buffer.version, "an edit is for the newest text");
        let mut hunks = Vec::new();
        if label.contains("accept hunk") || label.contains(" hunks") {
            hunks = self.oracle.check_accept(&edit, buffer, |hunk| self.oracle.is_wanted(hunk));
            for hunk in &hunks {
                assert!(self.oracle.is_wanted(hunk), "{} is accepted by nobody", hunk.id);
            }
        } else if label.contains("take back") {
            assert!(self.n_lies > 0, "only an edit that was not applied can be mistaken");
        } else {
            assert!(label.contains("undo accepted") && self.is_undoing, "an edit of nobody: {label}");
        }
        self.to_apply.push_back(ToApply { token, label, edit, hunks });
    }

    /// What must hold between any two messages.
    fn check(&mut self) {
        for doc in 0..self.buffers.len() {
            let uri = self.buffers[doc].uri.clone();
            let answer = self.ask_quietly(Query::DocumentText(uri));
            let Some(Answer::Document(document)) = answer else { panic!("no answer about a text") };
            let buffer = &self.buffers[doc];
            match document {
                Some(document) => {
                    assert!(buffer.is_open);
                    assert_eq!(document.text, buffer.text(), "both have the same text");
                    assert_eq!((document.version, document.n_inversions), (buffer.version, 0));
                    self.oracle.check_hunks(buffer);
                }
                None => assert!(!buffer.is_open),
            }
        }
        let ids: Vec<ProposalId> = self.oracle.views.keys().copied().collect();
        for id in ids {
            let view = &self.oracle.views[&id];
            let works = matches!(
                view.state,
                ProposalState::Preparing | ProposalState::Streaming | ProposalState::Checking
            );
            let running = self.in_progress.get(&id).copied().unwrap_or(0);
            assert_eq!(running, i32::from(works), "{id} is {:?}: progress shows that", view.state);
            self.counts.stale += view.hunks.iter().filter(|hunk| hunk.status == Status::Stale).count();
            let is_over = matches!(
                view.state,
                ProposalState::Decided
                    | ProposalState::Answered
                    | ProposalState::Failed
                    | ProposalState::Cancelled
            );
            let waits = view.hunks.iter().find(|hunk| hunk.status == Status::Pending);
            assert!(!is_over || waits.is_none(), "{:?}, but {waits:?} waits", view.state);
            if !works {
                self.oracle.answer_is_over(id);
            } else if view.state == ProposalState::Checking {
                let doc = self.doc(&view.uri.clone());
                if self.buffers[doc].is_open {
                    self.oracle.check_answer(id, &self.buffers[doc]);
                }
            }
        }
    }

    /// The user accepts something by a command.
    pub fn accept(&mut self, target: Target) {
        let views = self.oracle.views.values();
        let hunks = views.flat_map(|view| view.hunks.iter().map(move |hunk| (view, hunk)));
        let meant: Vec<_> = hunks
            .filter(|(view, hunk)| {
                hunk.status == Status::Pending
                    && match &target {
                        Target::Hunk(id) => *id == hunk.id,
                        Target::Proposal(id) => *id == hunk.id.proposal,
                        Target::Revision(id) => id.proposal == hunk.id.proposal,
                        Target::File(uri) => *uri == view.uri,
                        Target::Place(place) => place.uri == view.uri && self.is_on_lines(hunk, place),
                        Target::All => true,
                    }
            })
            .map(|(_, hunk)| (hunk.id.proposal, hunk.old.clone(), hunk.new.clone()))
            .collect();
        self.oracle.wanted.extend(meant);
        self.command(Command::Accept(target));
    }

    /// Whether a hunk stands on the lines of a place; one that only inserts stands on the line that it comes before.
    fn is_on_lines(&self, hunk: &HunkView, place: &Place) -> bool {
        let buffer = self.buffers.iter().find(|buffer| buffer.uri == place.uri).expect("it is known");
        let index =
            |byte: usize| (0..).find(|index| buffer.byte(*index) >= byte).expect("it lies in the text");
        let line = |byte: usize| buffer.position(index(byte)).line;
        let PositionRange { start, end } = hunk.range;
        let last = if end.character == 0 && end.line > start.line { end.line - 1 } else { end.line };
        start.line <= line(place.range.end) && last >= line(place.range.start)
    }

    /// The next report of a job.
    pub fn advance(&mut self, job: JobId) {
        let outcome = match self.answering.get_mut(&job) {
            Some((_, answering)) => {
                self.counts.streamed += 1;
                let outcome = answering.rest.pop_front().expect("an answer has an end");
                if answering.rest.is_empty() {
                    self.answering.remove(&job);
                    self.jobs.take(job);
                }
                outcome
            }
            None => {
                let run = jobs::run(self.jobs.take(job).expect("it runs"));
                run.expect("questions are being answered")
            }
        };
        self.deliver(jobs::report(job, outcome));
    }

    /// The editor answers an edit.
    pub fn reply(&mut self, token: Token, applied: Option<bool>) {
        let failure = (applied == Some(false)).then(|| "the document changed".to_owned());
        self.deliver(Message::Replied { token, reply: EdgeReply::Applied { applied, failure } });
    }
}
