//! Random ends and starts: proposals that are taken up again, beside the same ones in a session that never ended.
//!
//! What a hunk that is offered again does to the text is compared with what it does in a session that saw every key, and in
//! one whose document was closed meanwhile. Fewer may be offered; none may do anything else.

#[path = "restarts/desk.rs"]
mod desk;
#[path = "desk/jobs.rs"]
#[allow(dead_code, reason = "the other random test uses the rest")]
mod jobs;

use std::collections::BTreeMap;

use desk::{Desk, Row, words};
use fastrand::Rng;
use session::{Command, HunkId, ProposalView, Status, TakeJob, Target};

/// Between the end of one session and the start of the next.
#[derive(Clone, Copy, PartialEq)]
enum Between {
    /// Nothing ends: the session is told of every change.
    Open,
    /// Nothing ends, but the document is closed meanwhile.
    Closed,
    /// The session ends, and another begins.
    Ended,
}

fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}

/// Lines as they are made.
#[derive(Clone, Copy, PartialEq)]
enum Lines {
    /// Some of them stand several times.
    Any,
    /// Each stands nowhere else.
    New,
}

fn line(rng: &mut Rng, n_words: &mut usize, lines: Lines) -> String {
    match rng.u8(0..10) {
        _ if lines == Lines::New => words(rng, n_words),
        0 => "}".to_owned(),
        1 => String::new(),
        2 => "x = 1".to_owned(),
        _ => words(rng, n_words),
    }
}

/// The text with some lines replaced, put in or taken out.
fn changed(rng: &mut Rng, n_words: &mut usize, text: &str, n: usize, made: Lines) -> String {
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut lines: Vec<String> = text::split_lines(text).into_iter().map(str::to_owned).collect();
    for _ in 0..n {
        let at = rng.usize(0..lines.len() + 1);
        let new = format!("{}{ending}", line(rng, n_words, made));
        match rng.u8(0..6) {
            0 | 1 => lines.insert(at, new),
            2 if at < lines.len() => drop(lines.remove(at)),
            // Within a line.
            3 | 4 if at < lines.len() => {
                let word = words(rng, n_words);
                lines[at].insert_str(0, &word);
            }
            _ if at < lines.len() => lines[at] = new,
            _ => lines.push(new),
        }
    }
    lines.concat()
}

/// The last line may have got its end in the middle.
fn whole_lines(text: &str) -> String {
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let lines = text::split_lines(text);
    let n_lines = lines.len();
    let line = |(idx, line): (usize, &str)| {
        let has_end = line.ends_with('\n') || idx + 1 == n_lines;
        if has_end { line.to_owned() } else { format!("{line}{ending}") }
    };
    lines.into_iter().enumerate().map(line).collect()
}

/// A session up to the end, and what follows: the same for the same seed.
fn run(seed: u64, between: Between) -> (Desk, Option<Row>) {
    let mut rng = Rng::with_seed(seed);
    let n_words = &mut 0;
    let ending = ["\n", "\r\n"][rng.usize(0..2)];
    let n_lines = rng.usize(3..25);
    let mut text: String = (0..n_lines).map(|_| line(&mut rng, n_words, Lines::Any) + ending).collect();
    if rng.bool() {
        text.truncate(text.len() - ending.len());
    }
    let mut desk = Desk::open(&text, 1, [text::Encoding::Utf8, text::Encoding::Utf16][rng.usize(0..2)]);
    let n_changes = rng.usize(1..6);
    let answer = whole_lines(&changed(&mut rng, n_words, &text, n_changes, Lines::Any));
    desk.ask(&answer.replace("\r\n", "\n"));
    for _ in 0..rng.usize(0..4) {
        decide(&mut desk, &mut rng, n_words, Lines::Any);
    }
    let made = since(seed);
    // What was written may be older than what is there.
    let is_late = rng.u8(0..3) == 0;
    let written = desk.written();
    if is_late {
        decide(&mut desk, &mut rng, n_words, made);
    }
    let row = if is_late { written } else { desk.written() };
    let n_edits = rng.usize(0..6);
    match between {
        Between::Open => {}
        Between::Closed => desk.close(),
        Between::Ended => {
            let mut next = Desk::start(&desk.text, 1_001, desk.encoding);
            // As a server that is killed: nothing is said.
            std::mem::swap(&mut desk, &mut next);
        }
    }
    for _ in 0..n_edits {
        let n_changes = rng.usize(1..3);
        let text = whole_lines(&changed(&mut rng, n_words, &desk.text, n_changes, made));
        if between == Between::Open { desk.change(&text) } else { desk.text = text }
    }
    match between {
        Between::Open => {}
        Between::Closed | Between::Ended => desk.open_again(),
    }
    (desk, row)
}

/// Which lines are made between what is written and what is read.
fn since(seed: u64) -> Lines {
    if seed.is_multiple_of(2) { Lines::New } else { Lines::Any }
}

/// One of the things that a user does with hunks, and with the text beside them.
fn decide(desk: &mut Desk, rng: &mut Rng, n_words: &mut usize, made: Lines) {
    let pending = desk.hunks(|status| *status == Status::Pending);
    let hunk = rng.choice(pending);
    match (rng.u8(0..4), hunk) {
        (0, Some(hunk)) => desk.command(Command::Reject { target: Target::Hunk(hunk), reason: None }),
        (1, Some(hunk)) => desk.accept(hunk),
        _ => {
            let text = whole_lines(&changed(rng, n_words, &desk.text, 1, made));
            desk.change(&text);
        }
    }
}

/// The text after each hunk that can be accepted, alone.
fn accepted(desk: &mut Desk) -> BTreeMap<HunkId, String> {
    let pending = desk.hunks(|status| *status == Status::Pending);
    let accepted = pending.into_iter().filter_map(|hunk| Some((hunk, desk.accepted(hunk)?)));
    accepted.collect()
}

/// A hunk that is offered replaces its own lines by its own, and nothing else.
#[track_caller]
fn check_own(desk: &Desk, view: &ProposalView, accepted: &BTreeMap<HunkId, String>) {
    let text = text::Text::from(desk.text.as_str());
    for hunk in view.hunks.iter().filter(|hunk| accepted.contains_key(&hunk.id)) {
        let range = text.offsets(hunk.range, desk.encoding);
        assert_eq!(text.slice(range.clone()), *hunk.old, "{} stands on its own lines", hunk.id);
        let expected = format!("{}{}{}", &desk.text[..range.start], hunk.new, &desk.text[range.end..]);
        assert_eq!(accepted[&hunk.id], expected, "{} changes its own lines", hunk.id);
    }
}

#[derive(Default)]
struct Counts {
    n_taken: usize,
    n_pending: usize,
    n_compared: usize,
    n_stale: usize,
    n_undone: usize,
}

fn check(seed: u64, counts: &mut Counts) {
    let (mut ended, row) = run(seed, Between::Ended);
    let Some(row) = row else { return };
    let path = row.path.clone();
    let take = TakeJob { uri: ended.uri(), path, text: text::Text::from(ended.text.as_str()) };
    let found = take.read(&row.content).expect("what was written is read");
    ended.taken(row.name, found);
    let Some(view) = ended.view.clone() else { return };
    counts.n_taken += 1;
    let here = accepted(&mut ended);
    check_own(&ended, &view, &here);
    counts.n_pending += here.len();
    counts.n_stale += view.hunks.iter().filter(|hunk| hunk.status == Status::Stale).count();
    for between in [Between::Open, Between::Closed] {
        // Whoever makes a line anew that was there, and away with the one before, is believed to have moved it.
        if between == Between::Open && since(seed) == Lines::Any {
            continue;
        }
        let (mut never, _) = run(seed, between);
        assert_eq!(never.text, ended.text);
        let there = accepted(&mut never);
        for (hunk, text) in &here {
            if let Some(expected) = there.get(hunk) {
                assert_eq!(text, expected, "{hunk} does what it did");
                counts.n_compared += 1;
            }
        }
        let (undone, expected) = (ended.undo_edits(), never.undo_edits());
        for edit in &undone {
            let is_known = expected.is_empty() || expected.contains(edit);
            assert!(is_known, "undo {edit:?} is not among {expected:?}");
            counts.n_undone += 1;
        }
    }
}

#[test]
fn a_hunk_that_is_back_does_what_it_would_have_done() {
    let first = std::env::var("HUNKWISE_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = match first {
        Some(seed) => seed..seed + 1,
        None => 0..600 * soak() as u64,
    };
    let n_seeds = seeds.end - seeds.start;
    let mut counts = Counts::default();
    for seed in seeds {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut of = Counts::default();
            check(seed, &mut of);
            of
        }));
        let of = outcome.unwrap_or_else(|panic| {
            eprintln!("seed {seed}");
            std::panic::resume_unwind(panic)
        });
        counts.n_taken += of.n_taken;
        counts.n_pending += of.n_pending;
        counts.n_compared += of.n_compared;
        counts.n_stale += of.n_stale;
        counts.n_undone += of.n_undone;
    }
    eprintln!("counts: restarts {n_seeds}");
    eprintln!("counts: proposals taken up again {}", counts.n_taken);
    eprintln!("counts: hunks offered again {}", counts.n_pending);
    eprintln!("counts: of these compared {}", counts.n_compared);
    eprintln!("counts: hunks that no longer fit {}", counts.n_stale);
    eprintln!("counts: undone edits compared {}", counts.n_undone);
    if first.is_none() {
        assert!(counts.n_compared > n_seeds as usize / 2, "hunks are offered again");
        assert!(counts.n_stale > 0 && counts.n_undone > 0, "and some are not, and some undone");
    }
}
