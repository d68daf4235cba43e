//! Hunks outside of the scope. Placement hands them over beside those of the scope; here a test does.

use edit::{HunkId, ProposalId};
use expect_test::{Expect, expect};
use model::{Event, Usage};
use text::{ChangeSet, Edit, Encoding, Text};
use workspace::Uri;

use crate::config::Config;
use crate::effect::{EdgeEffect, Effect};
use crate::job::{Job, JobId, Outcome, Report};
use crate::message::{Command, Message, Query};
use crate::place::{Place, Target};
use crate::provider::ProviderState;
use crate::view::{ActionKind, ProposalView};
use crate::{Answer, DocumentEdit, Session};

use super::super::proposal::Phase;

const CODE: &str = "import os\n\n\ndef f(a):\n    return a\n\n\ndef g(a):\n    return os.path(a)\n";

struct Desk {
    session: Session,
    uri: Uri,
    question: Option<JobId>,
    sent: Option<DocumentEdit>,
    answer: Option<Answer>,
}

impl Desk {
    /// The function `f` is rewritten to `rewrite`, and `outside` replaces parts of the rest.
    fn asked(rewrite: &str, outside: &[(&str, &str)]) -> Desk {
        let uri = Uri::from("untitled:a.py");
        let session = Session::new(Encoding::Utf8);
        let mut desk = Desk { session, uri: uri.clone(), question: None, sent: None, answer: None };
        let identity = model::Identity {
            via: model::Via::Http(model::Protocol::OpenaiChat),
            model: "m-1".to_owned(),
            endpoint: "model.test".to_owned(),
            key_source: model::KeySource::None,
            max_output_tokens: None,
            context_tokens: None,
        };
        let limits = model::Limits {
            context_tokens: 100_000,
            source: model::LimitSource::Settings,
            input_tokens: None,
            output_tokens: None,
            price: None,
        };
        desk.tell(Message::Configured {
            config: Box::new(Config { context_tokens: 0, ..Config::default() }),
            provider: ProviderState::Ready { identity, limits },
        });
        let text = CODE.to_owned();
        desk.tell(Message::Opened { uri: uri.clone(), language_id: "python".to_owned(), version: 1, text });
        let at = CODE.find("return a").expect("it is there");
        let place = Place { uri, version: 1, range: at..at };
        desk.command(Command::Ask { place, instruction: Some("go".to_owned()) });
        desk.says(&format!("```\n{rewrite}```\n"), outside);
        desk
    }

    /// The model's whole answer.
    fn says(&mut self, answer: &str, outside: &[(&str, &str)]) {
        let job = self.question.take().expect("a question is out");
        let text = Event::Text(answer.to_owned());
        self.tell(Message::Report(Report { job, outcome: Outcome::Streamed(text) }));
        let proposal = self.session.proposals.get_mut(&ProposalId(1)).expect("it was asked");
        let Phase::Streaming(stream) = &mut proposal.phase else { panic!("it streams") };
        let shown = stream.ground.shown().to_string();
        stream.outside = outside
            .iter()
            .map(|(old, new)| {
                let start = shown.find(old).expect("it is there");
                Edit::new(start..start + old.len(), *new)
            })
            .collect();
        let end = Event::End { stop: model::Stop::Complete, usage: Usage::default() };
        self.tell(Message::Report(Report { job, outcome: Outcome::Streamed(end) }));
    }

    fn command(&mut self, command: Command) {
        self.tell(Message::Command(command));
    }

    /// Handles a message and runs the jobs that come of it.
    fn tell(&mut self, message: Message) {
        let mut pending = self.session.handle(message);
        while !pending.is_empty() {
            let mut next = Vec::new();
            for effect in pending {
                match effect {
                    Effect::Start(job, work) => {
                        let outcome = match work {
                            Job::Complete { .. } => {
                                self.question = Some(job);
                                continue;
                            }
                            Job::Parse(work) => {
                                Outcome::Parsed(Box::new(work.run(&syntax::Stop::never()).expect("runs")))
                            }
                            Job::Gather(work) => Outcome::Gathered(Box::new(work.run())),
                            Job::Settle(work) => Outcome::Settled(Box::new(work.run(&syntax::Stop::never()))),
                            Job::Check(work) => Outcome::Checked(work.run(&syntax::Stop::never())),
                            Job::Recheck(work) => Outcome::Checked(work.run_again(&syntax::Stop::never())),
                            Job::Limits(_)
                            | Job::Connect { .. }
                            | Job::Today
                            | Job::Wait { .. }
                            | Job::Record(_)
                            | Job::Names(_)
                            | Job::LookUp(_)
                            | Job::Verify(_)
                            | Job::Warm(_)
                            | Job::Trust(..)
                            | Job::Take(_)
                            | Job::Compare(..) => continue,
                        };
                        next.extend(self.session.handle(Message::Report(Report { job, outcome })));
                    }
                    Effect::Answer(answer) => self.answer = Some(answer),
                    Effect::Edge(EdgeEffect::Apply { edit, .. }) => self.sent = Some(edit),
                    Effect::Edge(_) | Effect::Stop(_) | Effect::Watch(_) | Effect::Index(_) => {}
                }
            }
            pending = next;
        }
    }

    fn view(&self) -> ProposalView {
        self.session.view(ProposalId(1)).expect("it was asked")
    }

    /// The hunks as users see them.
    fn hunks(&self) -> String {
        let line = |hunk: &crate::HunkView| {
            let needs: String = hunk.needs.iter().map(|need| format!("; {need}")).collect();
            let off = if hunk.is_on { "" } else { "; off" };
            format!("h{} {:?}: {}{off}{needs}\n", hunk.id.hunk, hunk.status, hunk.summary).to_lowercase()
        };
        self.view().hunks.iter().map(line).collect()
    }

    /// The text after the edit that a command sent, or why there is none.
    fn after(&mut self, command: Command) -> String {
        self.command(command);
        match (self.sent.take(), &self.answer) {
            (Some(edit), _) => applied(&edit),
            (None, Some(Answer::Refused(notice))) => format!("{notice}\n"),
            (None, other) => panic!("{other:?}"),
        }
    }

    fn actions(&mut self, hunk: u32) -> Vec<ActionKind> {
        let view = self.view();
        let range = view.hunks.iter().find(|view| view.id.hunk == hunk).expect("a hunk").range;
        let uri = self.uri.clone();
        let query = Query::Actions { uri, range, diagnostics: Vec::new() };
        self.tell(Message::Query(query));
        let Some(Answer::Actions(actions)) = self.answer.take() else { panic!("actions are told") };
        actions.into_iter().map(|action| action.kind).collect()
    }
}

fn applied(edit: &DocumentEdit) -> String {
    let text = Text::from(CODE);
    let edits = edit.edits.iter();
    let edits = edits.map(|(range, new)| Edit::new(text.offsets(*range, Encoding::Utf8), new.as_str()));
    let changes = ChangeSet::new(text.len(), edits.collect()).expect("disjoint");
    text.apply(&changes).expect("it fits").to_string()
}

fn id(revision: u32, hunk: u32) -> HunkId {
    HunkId { proposal: ProposalId(1), revision, hunk }
}

#[track_caller]
fn check(found: String, expect: Expect) {
    expect.assert_eq(&found);
}

const WITH_MATH: &str = "def f(a):\n    return math.floor(a)\n";

#[test]
fn a_hunk_outside_of_the_scope_is_off_and_an_import_for_the_scope_is_on() {
    let outside = [("import os\n", "import os\nimport math\n"), ("return os.path(a)", "return a")];
    let mut desk = Desk::asked(WITH_MATH, &outside);
    check(
        desk.hunks(),
        expect![[r#"
            h2 pending: adds 1 line, outside scope
            h1 pending: changes 1 line in `f`
            h3 pending: changes 1 line in `g`, outside scope; off
        "#]],
    );
    check(
        desk.after(Command::Accept(Target::All)),
        expect![[r#"
        import os
        import math


        def f(a):
            return math.floor(a)


        def g(a):
            return os.path(a)
    "#]],
    );
}

#[test]
fn accepting_a_hunk_takes_its_import_along() {
    let mut desk = Desk::asked(WITH_MATH, &[("import os\n", "import os\nimport math\n")]);
    let inline = desk.actions(1).into_iter().find_map(|kind| match kind {
        ActionKind::AcceptHunk { edit, .. } => Some(applied(&edit)),
        _ => None,
    });
    let by_command = desk.after(Command::Accept(Target::Hunk(id(1, 1))));
    assert_eq!(inline.as_ref(), Some(&by_command));
    check(
        by_command,
        expect![[r#"
        import os
        import math


        def f(a):
            return math.floor(a)


        def g(a):
            return os.path(a)
    "#]],
    );
}

#[test]
fn a_hunk_outside_is_accepted_by_its_name_only() {
    let mut desk = Desk::asked("def f(a):\n    return g(a)\n", &[("return os.path(a)", "return a")]);
    check(
        desk.after(Command::Accept(Target::Hunk(id(1, 2)))),
        expect![[r#"
        import os


        def f(a):
            return a


        def g(a):
            return a
    "#]],
    );
    let mut desk = Desk::asked("def f(a):\n    return g(a)\n", &[("return os.path(a)", "return a")]);
    desk.command(Command::Reject { target: Target::Hunk(id(1, 1)), reason: None });
    check(
        desk.after(Command::Accept(Target::File(desk.uri.clone()))),
        expect![[r#"
        1 hunk is left, outside of the scope; nothing was changed. Accept it by its name
    "#]],
    );
}

#[test]
fn without_its_use_an_import_is_off() {
    let mut desk = Desk::asked(WITH_MATH, &[("import os\n", "import os\nimport math\n")]);
    desk.command(Command::Reject { target: Target::Hunk(id(1, 1)), reason: None });
    check(
        desk.hunks(),
        expect![[r#"
            h2 pending: adds 1 line, outside scope; off
            h1 rejected { reason: none }: changes 1 line in `f`
        "#]],
    );
}

#[test]
fn what_the_scope_needs_outside_is_said() {
    let mut desk = Desk::asked("def f(a):\n    return h(a)\n", &[("def g(a):", "def h(a):")]);
    check(
        desk.hunks(),
        expect![[r#"
            h1 pending: changes 1 line in `f`; needs hunk 2: `h` is defined there
            h2 pending: changes 1 line in `g`, outside scope; off
        "#]],
    );
    let file = desk.actions(1).into_iter().find_map(|kind| match kind {
        ActionKind::AcceptFile { needs, .. } => Some(needs.len()),
        _ => None,
    });
    assert_eq!(file, None, "one hunk is on");
}

#[test]
fn the_mark_stays_over_revisions() {
    let outside = [("return os.path(a)", "return a")];
    let mut desk = Desk::asked("def f(a):\n    return g(a)\n", &outside);
    let refine = |target| Command::Refine { target, instruction: Some("again".to_owned()) };
    desk.command(refine(Target::Hunk(id(1, 2))));
    desk.says("```\n    return -a\n```\n", &[]);
    check(
        desk.hunks(),
        expect![[r#"
            h1 pending: changes 1 line in `f`
            h2 pending: changes 1 line in `g`, outside scope; off
        "#]],
    );
    desk.command(refine(Target::Proposal(ProposalId(1))));
    desk.says("<<<<<<< SEARCH\n    return g(a)\n=======\n    return g(-a)\n>>>>>>> REPLACE\n", &[]);
    check(
        desk.hunks(),
        expect![[r#"
            h1 pending: changes 1 line in `f`
            h2 pending: changes 1 line in `g`, outside scope; off
        "#]],
    );
}
