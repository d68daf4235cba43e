//! A session with one file, whose jobs run at once, and what it has shown and written of its proposal.

use fastrand::Rng;
use model::{Event, Stop, Usage};
use session::config::Config;
use session::{
    Action, ActionKind, Answer, Command, ContentChange, DocumentEdit, EdgeEffect, EdgeReply, Effect, Found,
    HunkId, Job, JobId, Message, Outcome, Place, ProposalView, Query, Record, Session, Status, Taken, Target,
    Token, Uri,
};
use text::{ChangeSet, Edit, Encoding, Text};

use crate::jobs::{self, Jobs};

/// What was written of the proposal.
#[derive(Clone)]
pub struct Row {
    pub path: String,
    pub name: String,
    pub content: Vec<u8>,
}

pub struct Desk {
    session: Session,
    jobs: Jobs,
    pub text: String,
    pub encoding: Encoding,
    version: i32,
    pub view: Option<ProposalView>,
    row: Option<Row>,
    edits: Vec<(Token, DocumentEdit)>,
    take: Option<JobId>,
    answer: Option<String>,
}

/// A word that is nowhere else.
pub fn words(rng: &mut Rng, n_words: &mut usize) -> String {
    *n_words += 1;
    format!("w{n_words}{}", ["é", "漢", "😀", "x", ""][rng.usize(0..5)])
}

impl Desk {
    /// A session that keeps its proposals, with nothing open. Numbers of proposals begin at `first`.
    pub fn start(text: &str, first: u32, encoding: Encoding) -> Desk {
        let mut session = Session::new(encoding);
        session.number_proposals_from(first);
        session.keep_proposals(true);
        let mut desk = Desk {
            session,
            jobs: Jobs::default(),
            text: text.to_owned(),
            encoding,
            version: 0,
            view: None,
            row: None,
            edits: Vec::new(),
            take: None,
            answer: None,
        };
        let config = Box::new(Config { context_tokens: 200, ..Config::default() });
        desk.deliver(Message::Configured { config, provider: jobs::provider() });
        desk
    }

    pub fn open(text: &str, first: u32, encoding: Encoding) -> Desk {
        let mut desk = Desk::start(text, first, encoding);
        desk.open_again();
        desk
    }

    pub fn uri(&self) -> Uri {
        Uri::from("file:///w/a.txt")
    }

    pub fn open_again(&mut self) {
        self.version += 1;
        let (uri, version, text) = (self.uri(), self.version, self.text.clone());
        self.deliver(Message::Opened { uri, language_id: "plaintext".to_owned(), version, text });
    }

    pub fn close(&mut self) {
        self.deliver(Message::Closed(self.uri()));
    }

    /// The text becomes another, told as the lines that differ.
    pub fn change(&mut self, text: &str) {
        let (before, after) = (Text::from(self.text.as_str()), Text::from(text));
        let changes = ChangeSet::between(&before, &after);
        let change = |edit: &Edit| ContentChange {
            range: Some(before.positions(&edit.range, self.encoding)),
            text: edit.text.clone(),
        };
        let changes: Vec<ContentChange> = changes.edits().iter().rev().map(change).collect();
        if changes.is_empty() {
            return;
        }
        self.text = text.to_owned();
        self.version += 1;
        self.deliver(Message::Changed { uri: self.uri(), version: self.version, changes });
    }

    /// Asks about the whole text, and has it answered by another.
    pub fn ask(&mut self, answer: &str) {
        self.answer = Some(format!("```\n{answer}{}```\n", if answer.ends_with('\n') { "" } else { "\n" }));
        let place = Place { uri: self.uri(), version: self.version, range: 0..self.text.len() };
        self.command(Command::Ask { place, instruction: Some("do é".to_owned()) });
    }

    pub fn command(&mut self, command: Command) {
        self.deliver(Message::Command(command));
    }

    /// Accepts a hunk by command, as an editor that applies what it is sent.
    pub fn accept(&mut self, hunk: HunkId) {
        self.command(Command::Accept(Target::Hunk(hunk)));
        let Some((token, edit)) = self.edits.pop() else { return };
        let text = self.applied(&edit);
        self.change(&text);
        let reply = EdgeReply::Applied { applied: Some(true), failure: None };
        self.deliver(Message::Replied { token, reply });
    }

    /// The text with one hunk, by its code action; none where there is no such action.
    pub fn accepted(&mut self, hunk: HunkId) -> Option<String> {
        let view = self.view.as_ref()?.hunks.iter().find(|view| view.id == hunk)?;
        let query = Query::Actions { uri: self.uri(), range: view.range, diagnostics: Vec::new() };
        let edit = self.ask_session(query).into_iter().find_map(|action| match action.kind {
            ActionKind::AcceptHunk { hunk: found, edit } if found.id == hunk => Some(edit),
            _ => None,
        })?;
        Some(self.applied(&edit))
    }

    fn ask_session(&mut self, query: Query) -> Vec<Action> {
        let effects = self.session.handle(Message::Query(query));
        let answer = effects.into_iter().find_map(|effect| match effect {
            Effect::Answer(Answer::Actions(actions)) => Some(actions),
            _ => None,
        });
        answer.unwrap_or_default()
    }

    /// What an undo of the proposal would do; it is not done.
    pub fn undo_edits(&mut self) -> Vec<(text::PositionRange, String)> {
        let Some(view) = &self.view else { return Vec::new() };
        self.command(Command::Undo(Target::Proposal(view.proposal)));
        let Some((token, edit)) = self.edits.pop() else { return Vec::new() };
        let reply = EdgeReply::Applied { applied: Some(false), failure: None };
        self.deliver(Message::Replied { token, reply });
        edit.edits
    }

    /// Ids of hunks with a status.
    pub fn hunks(&self, is_wanted: impl Fn(&Status) -> bool) -> Vec<HunkId> {
        let hunks = self.view.iter().flat_map(|view| &view.hunks);
        hunks.filter(|hunk| is_wanted(&hunk.status)).map(|hunk| hunk.id).collect()
    }

    /// What lies in the state directory when the session ends now; none where that is nothing.
    pub fn written(&mut self) -> Option<Row> {
        let effects = self.session.keep_at_end();
        self.perform(effects);
        self.row.clone()
    }

    /// What was written is found.
    pub fn taken(&mut self, name: String, found: Found) {
        let job = self.take.take().expect("it is looked for when the document is opened");
        let taken = Taken { found: vec![(name, found)], ..Taken::default() };
        self.deliver(jobs::report(job, Outcome::Taken(Box::new(taken))));
    }

    fn applied(&self, edit: &DocumentEdit) -> String {
        assert_eq!(edit.version, self.version, "an edit for another version");
        let text = Text::from(self.text.as_str());
        let edits = edit.edits.iter();
        let edits = edits.map(|(range, new)| Edit::new(text.offsets(*range, self.encoding), new.as_str()));
        let changes = ChangeSet::new(text.len(), edits.collect()).expect("sorted edits");
        text.apply(&changes).expect("edits of the text").to_string()
    }

    fn deliver(&mut self, message: Message) {
        let effects = self.session.handle(message);
        self.perform(effects);
        while let Some(id) = self.jobs.ids().first().copied() {
            let job = self.jobs.take(id).expect("it runs");
            match job {
                Job::Complete { .. } => {
                    let answer = self.answer.clone().expect("a question was asked");
                    for event in
                        [Event::Text(answer), Event::End { stop: Stop::Complete, usage: Usage::default() }]
                    {
                        let effects = self.session.handle(jobs::report(id, Outcome::Streamed(event)));
                        self.perform(effects);
                    }
                }
                job => {
                    let outcome = jobs::run(job).expect("no question");
                    let effects = self.session.handle(jobs::report(id, outcome));
                    self.perform(effects);
                }
            }
        }
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Start(id, Job::Take(_)) => self.take = Some(id),
                Effect::Start(id, Job::Record(Record::Proposals(record))) => {
                    let (put, remove) = record.rows(7);
                    for row in remove {
                        if self.row.as_ref().is_some_and(|kept| kept.name == row.name) {
                            self.row = None;
                        }
                    }
                    for (row, content) in put {
                        self.row = Some(Row { path: row.root, name: row.name, content });
                    }
                    let effects = self.session.handle(jobs::report(id, Outcome::Recorded(None)));
                    self.perform(effects);
                }
                // What is written is asked for, when the test wants it.
                Effect::Start(_, Job::Wait { .. }) => {}
                Effect::Start(id, job) => self.jobs.start(id, job),
                Effect::Stop(id) => drop(self.jobs.stop(id)),
                Effect::Edge(EdgeEffect::Apply { token, edit, .. }) => self.edits.push((token, edit)),
                Effect::Edge(EdgeEffect::Updated(_, view)) => self.view = Some(*view),
                Effect::Edge(_) | Effect::Answer(_) | Effect::Watch(_) | Effect::Index(_) => {}
            }
        }
    }
}
