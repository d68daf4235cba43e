//! A small language for transcripts: each line is something that an editor, a model or a user does, and what comes of it is
//! written below.
//!
//! `open close save rename delete disk`, `reopens a.py "old" "new"` (with another text, and without a close),
//! `type a.py "old" "new"`, `undone redone` (the editor's undo and redo);
//! `ask run accept accept-with reject refine again revise revision review undo cancel applied next previous more dismiss`;
//! `takes 1000` (tokens, or `nobody-knows`), `limit tokens 100` and `limit cost 1` set up the model, each token of which costs
//! $0.01, and what the user lets be sent; `limits 9000`, `limits none` and `today 0.5` end the questions about them; `preview
//! p1 "…"` and `preview-at a.py "…" "…"` show a request, and `is-previewed` says whether it is the one that is out;
//! `folder /w` and `context 1000` set things up, `asked "…"` shows lines of the question to the model;
//! `parse names gather check wait written compare` run jobs, `compares same`, `gone` or `differs` says what a file holds, and `panics parse` fails one, `says "…"` is the model's next words and `stops complete` their end;
//! `at a.py "…" accept` gives a command a place in the client's positions, and `listens` has the status told;
//! `rewrites "…"` does all that from the question to the checked answer; `applies`, `applies blindly`, `refuses`, `lies` and
//! `ignores` answer the oldest edit; `inline p1.r1.h1` applies a code action's own edit; `shows`, `actions`, `lenses`, `hover`
//! `finds nothing`, `finds untrusted` and `finds lint` end the search for the project's own checks, `found` with texts and
//! numbers of hunks ends one, `kept` keeps trust; and `completes` look.

use std::collections::{BTreeMap, VecDeque};

use model::{Event, Stop, Usage};
use session::checks::CheckCommand;
use session::config::Config;
use session::project::{Asked, LookedUp, ProjectFinding, Verified, VerifiedBy};
use session::{
    ActionKind, Answer, Command, DocumentEdit, EdgeEffect, EdgeReply, Effect, HunkId, Job, JobId, Message,
    OnDisk, Outcome, Place, ProviderState, Query, Record, RevisionStep, Session, Target, Token, Uri,
};
use text::{Encoding, PositionRange};

use crate::buffer::Buffer;
use crate::jobs::{self, Jobs};
use crate::shown;
use crate::words::{target, uri, words};

/// A command that the checkout's own settings name.
fn asked(typed: &str) -> Asked {
    Asked { typed: typed.to_owned(), kept: Some(typed.to_owned()), is_declined: false }
}

/// A checkout that is trusted: the word for it is only given for a directory that is there.
fn trusted() -> workspace::Trusted {
    let dir = tempfile::tempdir().expect("a directory");
    workspace::Trust::grant(&dir.path().join("state"), dir.path()).expect("it is kept")
}

fn command(name: &str) -> CheckCommand {
    CheckCommand {
        name: name.to_owned(),
        argv: vec![name.to_owned()],
        dir: String::new(),
        format: verify::Format::Lines,
        network: false,
        limit: std::time::Duration::from_secs(1),
        origin: verify::project::Origin::User,
    }
}

pub struct Script {
    session: Session,
    buffers: BTreeMap<String, Buffer>,
    jobs: Jobs,
    edits: VecDeque<(Token, DocumentEdit)>,
    token: Option<Token>,
    config: Config,
    limits: model::Limits,
    previewed: Option<model::Request>,
    out: String,
}

impl Script {
    pub fn new(files: &str) -> Script {
        let mut script = Script {
            session: Session::new(Encoding::Utf16),
            buffers: BTreeMap::new(),
            jobs: Jobs::default(),
            edits: VecDeque::new(),
            token: None,
            config: Config { context_tokens: 0, ..Config::default() },
            limits: jobs::limits(100_000),
            previewed: None,
            out: String::new(),
        };
        for (idx, file) in text::fixture::files(files).into_iter().enumerate() {
            let language = if file.path.ends_with(".py") { "python" } else { "plaintext" };
            let buffer = Buffer::new(uri(&file.path), language, &file.text, Encoding::Utf16, idx);
            script.buffers.insert(file.path, buffer);
        }
        script.configure_ready();
        script.out.clear();
        script
    }

    /// The state after a script that is not written down.
    pub fn after(mut self, script: &str) -> Script {
        for line in script.lines() {
            let words = words(line);
            self.line(&words.iter().map(String::as_str).collect::<Vec<_>>());
        }
        self.out.clear();
        self
    }

    pub fn run(mut self, script: &str) -> String {
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            self.out.push_str(&format!("> {line}\n"));
            let words = words(line);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            self.line(&words);
        }
        self.out
    }

    fn line(&mut self, words: &[&str]) {
        let [verb, args @ ..] = words else { return };
        match (*verb, args) {
            ("provider", ["none"]) => self.configure(ProviderState::Missing(model::Error::not_configured())),
            ("client", ["prompts"]) => {
                self.config.client.prompt = true;
                self.configure_ready();
            }
            ("open" | "close" | "save" | "delete" | "disk" | "undone" | "redone" | "shows", [name]) => {
                self.document(verb, name);
            }
            ("rename", [old, new]) => self.rename(old, new),
            ("type", [name, old, new]) => self.type_over(name, old, new),
            ("typed-while-closed", [name, old, new]) => {
                let edit = self.typed(name, old, new);
                self.buffer(name).change_closed(vec![edit]);
            }
            ("folder", [name]) => self.deliver(Message::Folders(vec![uri(name)])),
            ("context", [tokens]) => {
                self.config.context_tokens = tokens.parse().expect("a number");
                self.configure_ready();
            }
            ("takes" | "limit" | "limits" | "today" | "preview-at" | "is-previewed", _) => {
                self.sending(verb, args);
            }
            ("asked", [part]) => self.asked(part),
            (
                "parse" | "names" | "gather" | "check" | "wait" | "written" | "compare" | "kept" | "warm",
                [],
            ) => self.run_jobs(verb),
            ("panics", ["parse"]) => {
                let id = self.job(|job| matches!(job, Job::Parse(_))).expect("a parse runs");
                self.jobs.take(id);
                self.deliver(jobs::report(id, Outcome::Panicked("oh".to_owned())));
            }
            ("reopens", [name, old, new]) => {
                let edit = self.typed(name, old, new);
                let buffer = self.buffer(name);
                buffer.is_open = false;
                buffer.change_closed(vec![edit]);
                let message = buffer.open();
                self.deliver(message);
            }
            ("finds", how) => self.finds(how),
            ("found", how) => self.found(how),
            ("compares", [found]) => self.compares(found),
            ("says", [text]) => self.report(Outcome::Streamed(Event::Text((*text).to_owned()))),
            ("stops", [how]) => self.stop(how),
            ("rewrites", [text]) => self.rewrite(text),
            ("applies" | "refuses" | "lies" | "ignores", how) => {
                self.answer_edit(verb, how.first() == Some(&"blindly"))
            }
            ("inline", [hunk]) => self.inline(hunk),
            ("prompted", args) => {
                self.replied(EdgeReply::Prompted(args.first().map(|text| (*text).to_owned())))
            }
            ("cannot-prompt", []) => self.replied(EdgeReply::PromptUnsupported),
            ("chooses", [number]) => self.replied(EdgeReply::Chosen(number.parse().ok())),
            ("actions" | "hover" | "completes", [name, part]) => self.look(verb, name, part),
            ("lenses", [name]) => self.look(verb, name, ""),
            ("listens", []) => self.deliver(Message::Listening),
            ("at", [name, part, verb, rest @ ..]) => {
                let at = self.find(name, part).start;
                let (uri, range) = (self.buffer(name).uri.clone(), self.buffer(name).positions(&(at..at)));
                // Its own target does not count.
                let args: Vec<&str> = ["p9"].into_iter().chain(rest.iter().copied()).collect();
                let command = self.command(verb, &args);
                self.deliver(Message::CommandAt { uri, range, command });
            }
            _ => {
                let command = self.command(verb, args);
                self.deliver(Message::Command(command));
            }
        }
    }

    fn command(&mut self, verb: &str, args: &[&str]) -> Command {
        let text = args.get(1).map(|text| (*text).to_owned());
        let first = *args.first().expect("a target");
        match verb {
            "ask" => Command::Ask {
                place: self.place(first, args[1]),
                instruction: args.get(2).map(|text| (*text).to_owned()),
            },
            "run" => Command::Run { place: self.place(first, args[1]) },
            "accept" => Command::Accept(target(first)),
            "accept-with" => Command::AcceptWith(target(first)),
            "reject" => Command::Reject { target: target(first), reason: text },
            "drop-noise" => Command::DropNoise(target(first)),
            "refine" => Command::Refine { target: target(first), instruction: text },
            "again" => Command::Again(target(first)),
            "revise" => Command::Revise { target: target(first), text: text.expect("a text") },
            "revision" => {
                let step = match args[1] {
                    "prev" => RevisionStep::Previous,
                    "next" => RevisionStep::Next,
                    number => RevisionStep::Number(number.parse().expect("a number")),
                };
                let Target::Proposal(proposal) = target(first) else { panic!("{first} is no proposal") };
                Command::Revision { proposal, step }
            }
            "review" => Command::Review(target(first)),
            "undo" => Command::Undo(target(first)),
            "cancel" => Command::Cancel(target(first)),
            "applied" => Command::Applied(target(first)),
            "next" => Command::Next(target(first)),
            "previous" => Command::Previous(target(first)),
            "more" => Command::More(target(first)),
            "verify" => Command::Verify(target(first)),
            "trust" => Command::Trust(target(first)),
            "dismiss" => Command::Dismiss(target(first)),
            "preview" => Command::Preview { target: target(first), instruction: text },
            other => panic!("{other:?} is no word of this language"),
        }
    }

    /// What a request takes and may come to.
    fn sending(&mut self, verb: &str, args: &[&str]) {
        match (verb, args) {
            ("takes", ["nobody-knows"]) => {
                let context_tokens = model::ASSUMED_CONTEXT_TOKENS;
                let source = model::LimitSource::Assumed;
                self.limits = model::Limits { context_tokens, source, ..self.limits };
                self.configure_ready();
            }
            ("takes", [tokens]) => {
                self.limits = jobs::limits(tokens.parse().expect("a number"));
                self.configure_ready();
            }
            ("limit", [what, most]) => {
                let limits = &mut self.config.limits;
                match *what {
                    "tokens" => limits.request_tokens = Some(most.parse().expect("a number")),
                    _ => limits.daily_cost = Some(most.parse().expect("a number")),
                }
                let per_token = 10_000.0;
                let price =
                    model::Price { input: per_token, output: per_token, cache_read: None, cache_write: None };
                self.limits.price = Some(price);
                self.configure_ready();
            }
            ("limits", [said]) => {
                let id = self.job(|job| matches!(job, Job::Limits(_))).expect("the server is asked");
                self.jobs.take(id);
                let server =
                    |tokens| model::Limits { source: model::LimitSource::Server, ..jobs::limits(tokens) };
                self.deliver(jobs::report(id, Outcome::Limits(said.parse().ok().map(server))));
            }
            ("today", [cost]) => {
                let id = self.job(|job| matches!(job, Job::Today)).expect("today is looked up");
                self.jobs.take(id);
                let cost = cost.parse().expect("a number");
                let spent = store::Spent { n_requests: 1, cost, ..store::Spent::default() };
                self.deliver(jobs::report(id, Outcome::Spent(Some(spent))));
            }
            ("preview-at", [name, part, rest @ ..]) => {
                let target = Target::Place(self.place(name, part));
                let instruction = rest.first().map(|text| (*text).to_owned());
                self.deliver(Message::Command(Command::Preview { target, instruction }));
            }
            _ => {
                let id = self.job(|job| matches!(job, Job::Complete { .. })).expect("a question is out");
                let Some(Job::Complete { request, .. }) = self.jobs.get(id) else { return };
                let is_same = self.previewed.as_ref() == Some(request);
                self.out.push_str(if is_same { "  it is\n" } else { "  it is not\n" });
            }
        }
    }

    fn configure_ready(&mut self) {
        self.configure(jobs::provider_with(self.limits));
    }

    fn configure(&mut self, provider: ProviderState) {
        let config = Box::new(self.config.clone());
        self.deliver(Message::Configured { config, provider });
    }

    fn buffer(&mut self, name: &str) -> &mut Buffer {
        self.buffers.get_mut(name).unwrap_or_else(|| panic!("there is no {name}"))
    }

    /// The cells of the first occurrence of a part.
    fn find(&mut self, name: &str, part: &str) -> std::ops::Range<usize> {
        let text = self.buffer(name).text();
        let at = text.find(part).unwrap_or_else(|| panic!("{part:?} is not in {text:?}"));
        let start = text[..at].chars().count();
        start..start + part.chars().count()
    }

    fn place(&mut self, name: &str, part: &str) -> Place {
        let at = self.find(name, part).start;
        let buffer = self.buffer(name);
        let at = buffer.byte(at);
        Place { uri: buffer.uri.clone(), version: buffer.version, range: at..at }
    }

    /// Hands a message over and writes down what comes of it.
    fn deliver(&mut self, message: Message) {
        for effect in self.session.handle(message) {
            if let Some(shown) = shown::effect(&effect) {
                for line in shown.lines() {
                    self.out.push_str(&format!("  {line}\n"));
                }
            }
            match effect {
                Effect::Start(id, job) => self.jobs.start(id, job),
                Effect::Stop(id) => assert!(self.jobs.stop(id), "what is stopped runs"),
                Effect::Edge(EdgeEffect::Apply { token, edit, .. }) => self.edits.push_back((token, edit)),
                Effect::Edge(EdgeEffect::Prompt { token, .. } | EdgeEffect::Choose { token, .. }) => {
                    self.token = Some(token);
                }
                Effect::Edge(EdgeEffect::Previewed(Ok(preview))) => self.previewed = Some(preview.request),
                Effect::Edge(_) | Effect::Answer(_) | Effect::Watch(_) | Effect::Index(_) => {}
            }
        }
    }

    /// The checks of a document are looked up: `nothing`, `untrusted`, or the names of commands that may run. Of several, the
    /// newest: one for checks without hunks can stand before it.
    fn finds(&mut self, how: &[&str]) {
        let is_wanted = |id: &JobId| matches!(self.jobs.get(*id), Some(Job::LookUp(_)));
        let id = self.jobs.ids().into_iter().rev().find(is_wanted).expect("checks are looked up");
        self.jobs.take(id);
        let commands: Vec<CheckCommand> = how.iter().map(|name| command(name)).collect();
        let looked = match how {
            ["nothing"] => LookedUp::Nothing,
            ["untrusted"] => LookedUp::NotTrusted {
                checkout: "/w".into(),
                commands: vec![asked("make check")],
                is_declined: false,
                may_ask: true,
            },
            ["changed"] => LookedUp::Trusted {
                trusted: trusted(),
                commands: vec![command("lint")],
                not_run: vec!["make check: it has changed".to_owned()],
                others: vec![asked("make check")],
                may_ask: true,
            },
            _ => {
                let (not_run, others) = (Vec::new(), Vec::new());
                LookedUp::Trusted { trusted: trusted(), commands, not_run, others, may_ask: true }
            }
        };
        self.deliver(jobs::report(id, Outcome::LookedUp(Box::new(looked))));
    }

    /// The checks say something: a text, and the number of the hunk that causes it, or `-`; nothing for no finding.
    fn found(&mut self, how: &[&str]) {
        let id = self.job(|job| matches!(job, Job::Verify(_))).expect("checks run");
        let Some(Job::Verify(job)) = self.jobs.take(id) else { return };
        let finding = |(text, hunk): (&str, &str)| ProjectFinding {
            word: "type error",
            text: text.to_owned(),
            told: format!("told: {text}"),
            hunks: hunk.parse::<usize>().ok().map(|number| job.hunks[number - 1]).into_iter().collect(),
        };
        let findings: Vec<ProjectFinding> =
            how.chunks(2).filter_map(|pair| Some(finding((pair.first()?, pair.get(1)?)))).collect();
        let is_bad = !findings.is_empty();
        let name = job.commands[0].name.clone();
        let check = VerifiedBy { name, took: std::time::Duration::ZERO, findings, is_bad };
        let verified = Verified { checks: vec![check], not_run: Vec::new() };
        self.deliver(jobs::report(id, Outcome::Verified(Box::new(verified))));
    }

    fn compares(&mut self, found: &str) {
        let id = self.job(|job| matches!(job, Job::Compare(..))).expect("files are compared");
        let Some(Job::Compare(_, uris)) = self.jobs.take(id) else { return };
        let on_disk = match found {
            "same" => OnDisk::Same,
            "gone" => OnDisk::Gone,
            _ => OnDisk::Differs,
        };
        let files = uris.into_iter().map(|uri| (uri, on_disk)).collect();
        self.deliver(jobs::report(id, Outcome::Compared(files)));
    }

    fn document(&mut self, verb: &str, name: &str) {
        let buffer = self.buffer(name);
        let message = match verb {
            "open" => buffer.open(),
            "close" => buffer.close(),
            "save" => Message::Saved(buffer.uri.clone()),
            "delete" => Message::Deleted(vec![buffer.uri.clone()]),
            "disk" => Message::ChangedOnDisk(vec![buffer.uri.clone()]),
            "undone" => buffer.undo().expect("something to undo"),
            "redone" => buffer.redo().expect("something to do again"),
            _ => {
                let text = buffer.text();
                text.lines().for_each(|line| self.out.push_str(&format!("  |{line}\n")));
                return;
            }
        };
        self.deliver(message);
    }

    fn rename(&mut self, old: &str, new: &str) {
        let mut buffer = self.buffers.remove(old).expect("a document");
        let names = vec![(buffer.uri.clone(), uri(new))];
        buffer.uri = uri(new);
        self.buffers.insert(new.to_owned(), buffer);
        self.deliver(Message::Renamed(names));
    }

    fn typed(&mut self, name: &str, old: &str, new: &str) -> crate::buffer::CellEdit {
        let range = self.find(name, old);
        (range, self.buffer(name).fresh(new))
    }

    fn type_over(&mut self, name: &str, old: &str, new: &str) {
        let edit = self.typed(name, old, new);
        let message = self.buffer(name).change(vec![edit]);
        self.deliver(message);
    }

    fn job(&self, is_it: impl Fn(&Job) -> bool) -> Option<JobId> {
        self.jobs.ids().into_iter().find(|id| self.jobs.get(*id).is_some_and(&is_it))
    }

    fn run_jobs(&mut self, verb: &str) {
        while let Some(id) = self.job(|job| match verb {
            "parse" => matches!(job, Job::Parse(_)),
            "gather" => matches!(job, Job::Gather(_)),
            "names" => matches!(job, Job::Names(_)),
            "settle" => matches!(job, Job::Settle(_)),
            "check" => matches!(job, Job::Check(_) | Job::Recheck(_)),
            "wait" => matches!(job, Job::Wait { .. }),
            "kept" => matches!(job, Job::Trust(..)),
            "warm" => matches!(job, Job::Warm(_)),
            "written" => matches!(job, Job::Record(_)),
            _ => matches!(job, Job::Compare(..)),
        }) {
            let job = self.jobs.take(id).expect("it runs");
            let outcome = match job {
                Job::Record(Record::Document { name, text }) => {
                    Outcome::Recorded(Some(self.written(&name, &text)))
                }
                job => jobs::run(job).expect("not a question"),
            };
            self.deliver(jobs::report(id, outcome));
        }
    }

    /// The lines of the question to the model that hold a part.
    fn asked(&mut self, part: &str) {
        let id = self.job(|job| matches!(job, Job::Complete { .. })).expect("a question is out");
        let Some(Job::Complete { request, .. }) = self.jobs.get(id) else { return };
        let text = request.messages.last().map(|message| message.text.clone()).unwrap_or_default();
        for line in text.lines().filter(|line| line.contains(part)) {
            self.out.push_str(&format!("  {line}\n"));
        }
    }

    /// A document appears in the state directory.
    fn written(&mut self, name: &str, text: &str) -> std::path::PathBuf {
        let path = std::path::Path::new("/state").join(name);
        let uri = Uri::from_path(&path).expect("an absolute path");
        let buffer = Buffer::new(uri, "markdown", text, Encoding::Utf16, 100 + self.buffers.len());
        self.buffers.insert(name.to_owned(), buffer);
        path
    }

    /// The model's question reports.
    fn report(&mut self, outcome: Outcome) {
        let id = self.job(|job| matches!(job, Job::Complete { .. })).expect("a question is out");
        if outcome.is_last() {
            self.jobs.take(id);
        }
        self.deliver(jobs::report(id, outcome));
    }

    fn stop(&mut self, how: &str) {
        let usage = Usage { input_tokens: Some(5), output_tokens: Some(7), ..Usage::default() };
        let stop = match how {
            "complete" => Stop::Complete,
            "too-long" => Stop::MaxTokens,
            "refused" => Stop::Refusal("not that".to_owned()),
            _ => {
                let cause = "the line went dead".to_owned();
                return self.report(Outcome::StreamFailed(model::Error::CutOff { cause }));
            }
        };
        self.report(Outcome::Streamed(Event::End { stop, usage }));
        self.run_jobs("settle");
    }

    /// From the question to the checked answer, without the lines between.
    fn rewrite(&mut self, text: &str) {
        let out = std::mem::take(&mut self.out);
        self.run_jobs("parse");
        self.run_jobs("gather");
        self.report(Outcome::Streamed(Event::Text(format!("```\n{text}```\n"))));
        self.stop("complete");
        self.out = out;
        self.run_jobs("check");
    }

    fn answer_edit(&mut self, verb: &str, is_blind: bool) {
        let (token, edit) = self.edits.pop_front().expect("an edit was sent");
        if verb == "ignores" {
            return;
        }
        if verb == "applies" {
            let found = self.buffers.iter().find(|(_, buffer)| buffer.uri == edit.uri);
            let name = found.expect("a document").0.clone();
            let fits = self.buffer(&name).version == edit.version;
            assert!(fits || is_blind, "the edit is for another version");
            self.apply(&name, &edit);
        }
        let applied = Some(verb != "refuses");
        let failure = (verb == "refuses").then(|| "not now".to_owned());
        self.deliver(Message::Replied { token, reply: EdgeReply::Applied { applied, failure } });
    }

    fn apply(&mut self, name: &str, edit: &DocumentEdit) {
        let buffer = self.buffer(name);
        let mut edits = Vec::new();
        for (range, text) in &edit.edits {
            edits.push((buffer.range(*range), buffer.fresh(text)));
        }
        let message = buffer.change(edits);
        self.deliver(message);
    }

    fn inline(&mut self, hunk: &str) {
        let Target::Hunk(id) = target(hunk) else { panic!("{hunk} is no hunk") };
        let (uri, range) = self.place_of(id);
        let actions = match self.ask(Query::Actions { uri: uri.clone(), range, diagnostics: Vec::new() }) {
            Answer::Actions(actions) => actions,
            other => panic!("{other:?}"),
        };
        let edit = actions.into_iter().find_map(|action| match action.kind {
            ActionKind::AcceptHunk { hunk, edit } if hunk.id == id => Some(edit),
            _ => None,
        });
        let name = uri.as_str().trim_start_matches("untitled:").to_owned();
        self.apply(&name, &edit.expect("it can be accepted"));
    }

    fn place_of(&mut self, id: HunkId) -> (Uri, PositionRange) {
        let Answer::View(Some(view)) = self.ask(Query::Proposal(id.proposal)) else { panic!("no {id}") };
        let hunk = view.hunks.iter().find(|hunk| hunk.id == id).expect("a hunk");
        (view.uri.clone(), hunk.range)
    }

    fn replied(&mut self, reply: EdgeReply) {
        let token = self.token.take().expect("something was asked");
        self.deliver(Message::Replied { token, reply });
    }

    fn ask(&mut self, query: Query) -> Answer {
        let mut answers = Vec::new();
        for effect in self.session.handle(Message::Query(query)) {
            match effect {
                Effect::Answer(answer) => answers.push(answer),
                Effect::Start(id, job @ Job::Names(_)) => self.jobs.start(id, job),
                other => panic!("a question changes nothing: {other:?}"),
            }
        }
        answers.pop().expect("an answer")
    }

    fn look(&mut self, verb: &str, name: &str, part: &str) {
        let at = self.find(name, part).start;
        let buffer = self.buffer(name);
        let (uri, position) = (buffer.uri.clone(), buffer.position(at));
        let range = PositionRange { start: position, end: position };
        let query = match verb {
            "actions" => Query::Actions { uri, range, diagnostics: Vec::new() },
            "hover" => Query::Hover { uri, position },
            "completes" => {
                let end = self.find(name, part).end;
                Query::Completion { uri, position: self.buffer(name).position(end) }
            }
            _ => Query::Lenses(uri),
        };
        let lines: Vec<String> = match self.ask(query) {
            Answer::Actions(actions) => actions.iter().map(shown::action).collect(),
            Answer::Lenses(lenses) => lenses.iter().map(shown::lens).collect(),
            Answer::Hover(hover) => hover
                .map(|hover| format!("{} for {:?}", hover.hunk.id, hover.instruction))
                .into_iter()
                .collect(),
            Answer::Completions(found) => {
                let more = found.is_incomplete.then(|| "and perhaps more".to_owned());
                found.items.iter().map(|found| found.text.clone()).chain(more).collect()
            }
            other => panic!("{other:?}"),
        };
        lines.iter().for_each(|line| self.out.push_str(&format!("  {line}\n")));
    }
}
