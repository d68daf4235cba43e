//! Random subsets of random proposals, accepted through the session's front door: a result that parses worse than the text
//! before, or that lost a name, was announced by a finding or a need of one of the hunks that were accepted.

#[path = "desk/jobs.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod jobs;
#[path = "subsets/program.rs"]
mod program;

use std::collections::BTreeSet;

use fastrand::Rng;
use model::{Event, Stop, Usage};
use program::{LANGUAGES, Program};
use session::config::Config;
use session::{
    Command, ContentChange, DocumentEdit, EdgeEffect, EdgeReply, Effect, HunkView, Job, JobId, Message,
    Outcome, Place, ProposalId, Query, Session, Status, Target, Uri,
};
use text::{ChangeSet, Edit, Encoding, Text};

/// Names that a text uses and does not give, among those that the generator makes.
fn dangling(path: &str, text: &Text) -> BTreeSet<String> {
    let language = syntax::language_for("", path).expect("a known language");
    let tree = syntax::Tree::parse(language, text, &syntax::Stop::never()).expect("it parses");
    let names = syntax::names(&tree, text);
    let given: BTreeSet<&str> = names.bindings.iter().map(|binding| binding.name.as_str()).collect();
    let used = names.uses.iter().map(|found| found.name.as_str());
    used.filter(|name| program::is_made(name) && !given.contains(name)).map(str::to_owned).collect()
}

fn n_errors(path: &str, text: &Text) -> usize {
    let language = syntax::language_for("", path).expect("a known language");
    syntax::error_count(&syntax::Tree::parse(language, text, &syntax::Stop::never()).expect("it parses"))
}

struct Desk {
    session: Session,
    uri: Uri,
    text: Text,
    version: i32,
    question: Option<JobId>,
}

impl Desk {
    /// A file whose whole text is asked about and answered with another one.
    fn asked(path: &str, before: &str, after: &str) -> Desk {
        let mut desk = Desk {
            session: Session::new(Encoding::Utf8),
            uri: Uri::from(format!("untitled:{path}").as_str()),
            text: Text::from(before),
            version: 1,
            question: None,
        };
        let config = Box::new(Config { context_tokens: 0, ..Config::default() });
        desk.tell(Message::Configured { config, provider: jobs::provider() });
        let (uri, text) = (desk.uri.clone(), before.to_owned());
        desk.tell(Message::Opened { uri: uri.clone(), language_id: String::new(), version: 1, text });
        let place = Place { uri, version: 1, range: 0..before.len() };
        desk.tell(Message::Command(Command::Ask { place, instruction: Some("go".to_owned()) }));
        // What does not parse is asked for again, and offered with findings when it comes again.
        while let Some(job) = desk.question.take() {
            let text = Event::Text(format!("```\n{after}```\n"));
            desk.tell(jobs::report(job, Outcome::Streamed(text)));
            let end = Event::End { stop: Stop::Complete, usage: Usage::default() };
            desk.tell(jobs::report(job, Outcome::Streamed(end)));
        }
        desk
    }

    /// Handles a message, and all that comes of it: jobs, edits.
    fn tell(&mut self, message: Message) {
        let mut messages = std::collections::VecDeque::from([message]);
        while let Some(message) = messages.pop_front() {
            for effect in self.session.handle(message) {
                match effect {
                    Effect::Start(_, Job::Wait { .. }) => {}
                    Effect::Start(id, job @ Job::Complete { .. }) => {
                        drop(job);
                        self.question = Some(id);
                    }
                    Effect::Start(id, job) => {
                        let outcome = jobs::run(job).expect("not a question");
                        messages.push_back(jobs::report(id, outcome));
                    }
                    Effect::Edge(EdgeEffect::Apply { token, edit, .. }) => {
                        messages.push_back(self.apply(&edit));
                        let reply = EdgeReply::Applied { applied: Some(true), failure: None };
                        messages.push_back(Message::Replied { token, reply });
                    }
                    Effect::Edge(_)
                    | Effect::Answer(_)
                    | Effect::Stop(_)
                    | Effect::Watch(_)
                    | Effect::Index(_) => {}
                }
            }
        }
    }

    fn apply(&mut self, edit: &DocumentEdit) -> Message {
        assert_eq!(edit.version, self.version);
        let edits = edit.edits.iter();
        let edits =
            edits.map(|(range, new)| Edit::new(self.text.offsets(*range, Encoding::Utf8), new.as_str()));
        let changes = ChangeSet::new(self.text.len(), edits.collect()).expect("disjoint");
        self.text = self.text.apply(&changes).expect("it fits");
        self.version += 1;
        // Each change refers to the text after the one before it, so the last one goes first.
        let changes = edit.edits.iter().rev();
        let changes = changes.map(|(range, text)| ContentChange { range: Some(*range), text: text.clone() });
        Message::Changed { uri: self.uri.clone(), version: self.version, changes: changes.collect() }
    }

    fn hunks(&mut self) -> Vec<HunkView> {
        let effects = self.session.handle(Message::Query(Query::Proposal(ProposalId(1))));
        match jobs::answers(&effects).as_slice() {
            [session::Answer::View(Some(view))] => view.hunks.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn pending(&mut self) -> Vec<HunkView> {
        self.hunks().into_iter().filter(|hunk| hunk.status == Status::Pending).collect()
    }
}

#[derive(Default)]
struct Counts {
    subsets: usize,
    announced: usize,
    worse: usize,
    lost_names: usize,
    hunks: usize,
    with_needs: usize,
}

/// Whether a finding says that a hunk breaks the text; other remarks announce nothing here.
fn is_broken(hunk: &HunkView) -> bool {
    let starts = ["new syntax error", "parses only together", "syntax not checked"];
    hunk.findings.iter().any(|finding| starts.iter().any(|start| finding.starts_with(start)))
}

/// A hunk with all pending ones that it needs.
fn closure<'a>(hunk: &'a HunkView, pending: &'a [HunkView]) -> Vec<&'a HunkView> {
    let mut closure = vec![hunk];
    let mut next = 0;
    while let Some(member) = closure.get(next).copied() {
        next += 1;
        for need in &member.needs {
            let found = pending.iter().find(|hunk| hunk.id == need.hunk);
            let new = found.filter(|found| closure.iter().all(|known| known.id != found.id));
            closure.extend(new);
        }
    }
    closure
}

/// Accepts and rejects some hunks in some order; what came of it was announced if it is bad.
fn decide(rng: &mut Rng, path: &str, desk: &mut Desk, before: &Text, counts: &mut Counts) {
    let mut is_announced = false;
    let is_told = |hunk: &HunkView| is_broken(hunk) || !hunk.needs.is_empty();
    let mut log: String =
        desk.hunks().iter().map(|hunk| format!("{:?} -> {:?}\n", hunk.old, hunk.new)).collect();
    for _ in 0..rng.usize(1..9) {
        let pending = desk.pending();
        let Some(hunk) = rng.choice(&pending) else { break };
        log.push_str(&format!("{} {:?} {:?}\n", hunk.id, hunk.findings, hunk.needs));
        match rng.u8(0..8) {
            0 => {
                let reject = Command::Reject { target: Target::Hunk(hunk.id), reason: None };
                desk.tell(Message::Command(reject));
            }
            1 | 2 => {
                counts.with_needs += usize::from(!hunk.needs.is_empty());
                let n_pending = pending.len();
                desk.tell(Message::Command(Command::AcceptWith(Target::Hunk(hunk.id))));
                // The title of the action counts the findings of all that it accepts.
                is_announced |= closure(hunk, &pending).iter().any(|hunk| is_broken(hunk));
                let left = desk.pending();
                assert!(
                    left.len() < n_pending || !hunk.needs.is_empty(),
                    "only a need that cannot be met keeps a hunk"
                );
            }
            3 if rng.bool() => {
                let needed = pending.iter().flat_map(|hunk| &hunk.needs);
                let mut outside = needed.filter(|need| pending.iter().all(|hunk| hunk.id != need.hunk));
                is_announced |= outside.next().is_some() || pending.iter().any(is_broken);
                desk.tell(Message::Command(Command::Accept(Target::All)));
            }
            _ => {
                is_announced |= is_told(hunk);
                desk.tell(Message::Command(Command::Accept(Target::Hunk(hunk.id))));
            }
        }
        let (errors, lost) = (n_errors(path, &desk.text), dangling(path, &desk.text));
        let is_worse = errors > n_errors(path, before);
        let has_lost = !lost.is_empty() && !is_worse;
        assert!(
            is_announced || !is_worse && !has_lost,
            "{path}: not announced, errors {errors}, lost {lost:?}\n{log}--- before\n{before}--- after\n{}",
            desk.text
        );
        counts.subsets += 1;
        counts.announced += usize::from(is_announced);
        counts.worse += usize::from(is_worse);
        counts.lost_names += usize::from(has_lost);
    }
}

#[test]
fn a_subset_that_is_worse_than_the_text_before_was_announced() {
    let soak: usize = std::env::var("HUNKWISE_SOAK").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut rng = Rng::with_seed(31);
    let mut counts = Counts::default();
    let mut n_proposals = 0;
    for _ in 0..60 * soak {
        for language in LANGUAGES {
            let old = Program::random(&mut rng);
            let new = old.changed(&mut rng);
            let (before, after) = (old.text(language), new.text(language));
            let path = language.path();
            assert_eq!(n_errors(path, &Text::from(before.as_str())), 0, "{before}");
            let mut desk = Desk::asked(path, &before, &after);
            let n_hunks = desk.pending().len();
            if !(2..=8).contains(&n_hunks) {
                continue;
            }
            n_proposals += 1;
            counts.hunks += n_hunks;
            decide(&mut rng, path, &mut desk, &Text::from(before.as_str()), &mut counts);
        }
    }
    eprintln!("counts: proposals of two to eight hunks {n_proposals}, of hunks {}", counts.hunks);
    eprintln!("counts: accepted subsets {}, of them announced {}", counts.subsets, counts.announced);
    eprintln!("counts: subsets that parse worse {}, that lost names {}", counts.worse, counts.lost_names);
    eprintln!("counts: hunks accepted with what they need {}", counts.with_needs);
    eprintln!("counts: bad subsets that were not announced 0");
    assert!(
        counts.subsets > 200 * soak && counts.worse > 0 && counts.lost_names > 0 && counts.with_needs > 0
    );
}
