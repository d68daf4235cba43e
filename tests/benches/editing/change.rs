//! `didChange`: until the text is current, and until the tree is.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use e2e::World;
use fastrand::Rng;
use serde_json::Value;
use session::{Answer, Effect, Job, JobId, Message, Outcome, Query, Report, Session, Uri};
use syntax::Stop;
use text::Encoding;
use workspace::ParseJob;

use crate::bare::Bare;
use crate::edits::{Change, Step};
use crate::table::{Table, Times};
use crate::{File, floor, ours};

/// Typed letters per file; each is taken back, which is measured too.
const N_TYPED: usize = 600;

/// Quotes per file, as above.
const N_QUOTES: usize = 50;

/// As the driver has it.
const PARSE_LIMIT: Duration = Duration::from_secs(5);

/// A session without a driver: its parses are run at once, as the driver runs them.
struct Ours {
    session: Session,
    uri: Uri,
    version: i32,
}

/// Where the time of one change went.
struct Spent {
    /// The change is handled: the text is current.
    text: Duration,
    /// The parse job ran.
    parse: Duration,
    /// Its tree is handled: the tree is current.
    settle: Duration,
}

impl Ours {
    fn open(file: &File) -> Ours {
        let uri = Uri::from(format!("file:///{}", file.name).as_str());
        let mut ours = Ours { session: Session::new(Encoding::Utf16), uri: uri.clone(), version: 1 };
        let language_id = file.source.language.to_owned();
        let opened = Message::Opened { uri, language_id, version: 1, text: file.text.clone() };
        let (id, job) = parse_of(ours.session.handle(opened)).expect("a document is parsed");
        ours.settle(id, job);
        ours
    }

    fn change(&mut self, changes: &[Change]) -> Spent {
        self.version += 1;
        let changes = changes.iter().map(Change::content).collect();
        let message = Message::Changed { uri: self.uri.clone(), version: self.version, changes };
        let started = Instant::now();
        let effects = self.session.handle(message);
        let text = started.elapsed();
        let (id, job) = parse_of(effects).expect("a change is followed by a parse");
        let (parse, settle) = self.settle(id, job);
        Spent { text, parse, settle }
    }

    fn settle(&mut self, id: JobId, job: ParseJob) -> (Duration, Duration) {
        let started = Instant::now();
        let stop = Stop::new(Some(PARSE_LIMIT), Some(Arc::new(AtomicBool::new(false))));
        let parsed = job.run(&stop).expect("a parse within its limit");
        let parse = started.elapsed();
        let report = Report { job: id, outcome: Outcome::Parsed(Box::new(parsed)) };
        let effects = self.session.handle(Message::Report(report));
        let settle = started.elapsed() - parse;
        assert!(parse_of(effects).is_none(), "one parse is enough");
        (parse, settle)
    }

    fn text(&mut self) -> String {
        let effects = self.session.handle(Message::Query(Query::DocumentText(self.uri.clone())));
        let document = effects.into_iter().find_map(|effect| match effect {
            Effect::Answer(Answer::Document(document)) => document,
            _ => None,
        });
        document.expect("an open document").text
    }
}

fn parse_of(effects: Vec<Effect>) -> Option<(JobId, ParseJob)> {
    effects.into_iter().find_map(|effect| match effect {
        Effect::Start(id, Job::Parse(job)) => Some((id, job)),
        _ => None,
    })
}

/// Times of both sides.
#[derive(Default)]
struct Pair {
    ours: Times,
    floor: Times,
}

/// Without a process in between: the session against a rope and a tree.
pub fn in_process(files: &[File]) {
    let mut table = Table::new("didChange in process, against ropey and tree-sitter alone");
    let mut parts = Table::new("of which the parse job, and handling its tree, against the bare reparse");
    for file in files {
        let mut rng = Rng::with_seed(11);
        let typed: Vec<Step> = (0..N_TYPED).map(|_| Step::typing(file, &mut rng)).collect();
        let quotes: Vec<Step> = (0..N_QUOTES).map(|_| Step::quote(file, &mut rng)).collect();
        for (what, steps) in [("typing", typed), ("quote", quotes)] {
            let (mut ours, mut bare) = (Ours::open(file), Bare::new(file.source.language, &file.text));
            let (mut text, mut tree) = (Pair::default(), Pair::default());
            let (mut parse, mut settle) = (Pair::default(), Pair::default());
            let all = steps.iter().flat_map(|step| [&step.there, &step.back]);
            for (number, changes) in all.enumerate() {
                // The side that goes first warms the caches less for itself: take turns, in pairs.
                let early = (number / 2 % 2 == 0).then(|| ours.change(changes));
                let started = Instant::now();
                let edits = bare.change(changes);
                let bare_text = started.elapsed();
                let before = bare.reparse(&edits);
                let bare_tree = started.elapsed();
                drop(before);
                let spent = early.unwrap_or_else(|| ours.change(changes));
                text.ours.add(spent.text);
                text.floor.add(bare_text);
                tree.ours.add(spent.text + spent.parse + spent.settle);
                tree.floor.add(bare_tree);
                parse.ours.add(spent.parse);
                parse.floor.add(bare_tree - bare_text);
                settle.ours.add(spent.settle);
                settle.floor.add(bare_tree - bare_text);
            }
            assert_eq!(ours.text(), bare.text(), "both sides hold the same text");
            assert_eq!(bare.text(), file.text, "every step is taken back");
            let row = |part: &str| format!("{} {what}: {part}", file.source.language);
            table.row(&row("text"), &text.ours, &text.floor);
            table.row(&row("tree"), &tree.ours, &tree.floor);
            parts.row(&row("parse job"), &parse.ours, &parse.floor);
            parts.row(&row("its tree handled"), &settle.ours, &settle.floor);
        }
    }
    table.print();
    parts.print();
}

/// Over the protocol: the real server against a process that holds a rope and a tree.
///
/// A new tree shows by the directive that it makes or unmakes. The text is current when a request behind the change is
/// answered; with a quote, that is while the tree is behind.
pub fn over_the_pipe(files: &[File], world: &World) {
    let mut table =
        Table::new("didChange over the protocol, against a process with ropey and tree-sitter alone");
    for file in files.iter().filter(|file| !file.source.marker.is_empty()) {
        let uri = world.uri(&file.name);
        let (mut ours, mut bare) = (ours(world), floor());
        for pipe in [&mut ours, &mut bare] {
            pipe.initialize(world);
            pipe.open(&uri, file);
        }
        let mut rng = Rng::with_seed(12);
        let typed: Vec<Step> = (0..N_TYPED).filter_map(|_| Step::directive(file, &mut rng)).collect();
        let quotes: Vec<Step> =
            (0..N_QUOTES).filter_map(|_| Step::quote_and_directive(file, &mut rng)).collect();
        for (what, steps) in [("typing", typed), ("quote", quotes)] {
            let (mut text, mut tree) = (Pair::default(), Pair::default());
            for (number, step) in steps.iter().enumerate() {
                for (n_directives, changes) in [(1, &step.there), (0, &step.back)] {
                    let shows = |message: &Value| is_showing(message, &uri, n_directives);
                    let tells = |message: &Value| message["method"] == "bare/parsed";
                    if number % 2 == 0 {
                        tree.ours.add(ours.time_change(&uri, changes, shows));
                        tree.floor.add(bare.time_change(&uri, changes, tells));
                    } else {
                        text.floor.add(bare.time_text("bare/edit", &uri, changes));
                        text.ours.add(ours.time_text("textDocument/didChange", &uri, changes));
                        ours.wait(shows);
                    }
                }
            }
            table.row(&format!("{} {what}: text", file.source.language), &text.ours, &text.floor);
            table.row(&format!("{} {what}: tree", file.source.language), &tree.ours, &tree.floor);
        }
        ours.end();
        bare.end();
    }
    table.print();
}

/// Whether a message shows so many directives of a document.
pub fn is_showing(message: &Value, uri: &str, n_directives: usize) -> bool {
    let params = &message["params"];
    message["method"] == "textDocument/publishDiagnostics"
        && params["uri"] == uri
        && params["diagnostics"].as_array().is_some_and(|found| {
            found.iter().filter(|diagnostic| diagnostic["code"] == "directive").count() == n_directives
        })
}
