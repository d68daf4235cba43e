//! Random interleavings of everything that editors, models and users do, through the session's front door.
//!
//! The text belongs to the editor. What is checked after every message is in `desk/world.rs` and `desk/oracle.rs`: both
//! sides have the same text, a hunk stands on exactly the characters it was made for, no edit is sent that nobody asked for,
//! and an accepted hunk replaces its own place by its own text and nothing else.

#[path = "desk/asked.rs"]
mod asked;
#[path = "desk/buffer.rs"]
mod buffer;
#[path = "desk/jobs.rs"]
mod jobs;
#[path = "desk/oracle.rs"]
mod oracle;
#[path = "desk/typing.rs"]
mod typing;
#[path = "desk/user.rs"]
mod user;
#[path = "desk/world.rs"]
mod world;

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use session::ProposalState;
use world::World;

fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}

/// Lets everything that is under way come to its end.
fn settle(world: &mut World) {
    for doc in 0..world.buffers.len() {
        if !world.buffers[doc].is_open {
            let message = world.buffers[doc].open();
            world.deliver(message);
        }
    }
    let mut n_rounds = 0;
    loop {
        n_rounds += 1;
        assert!(n_rounds < 100_000, "work ends");
        if let Some(sent) = world.to_apply.pop_front() {
            world.apply_sent(sent);
        } else if let Some(job) = world.jobs.ids().first() {
            world.advance(*job);
        } else {
            break;
        }
    }
    for view in world.oracle.views.values() {
        let works = [ProposalState::Preparing, ProposalState::Streaming, ProposalState::Checking];
        assert!(!works.contains(&view.state), "{} still works", view.proposal);
    }
}

/// Every character that the user did not remove, and that no accepted hunk was to replace, is still there.
fn check_kept(world: &World) {
    for (buffer, owned) in world.buffers.iter().zip(&world.oracle.owned) {
        let there: HashSet<u64> = buffer.cells.iter().map(|cell| cell.id).collect();
        let lost = owned.iter().find(|id| !there.contains(id) && !world.oracle.explained.contains(id));
        assert_eq!(lost, None, "a character is lost from {:?}", buffer.text());
    }
}

fn interleave(world: &mut World) {
    let n_steps = world.rng.usize(20..160);
    for _ in 0..n_steps {
        world.step();
    }
    settle(world);
    check_kept(world);
}

/// Rounds that failed once, run every time: an edit that was applied late at its own place was taken back.
const FAILED_ONCE: [u64; 1] = [7110];

#[test]
fn nothing_is_lost_misplaced_or_left_running() {
    let rounds = 300 * soak() as u64;
    let first = std::env::var("HUNKWISE_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds: Vec<u64> = match first {
        Some(seed) => vec![seed],
        None => (0..rounds).chain(FAILED_ONCE.into_iter().filter(|seed| *seed >= rounds)).collect(),
    };
    let n_seeds = seeds.len();
    let mut total = world::Counts::default();
    let (mut n_hunks, mut n_answers) = (0, 0);
    for seed in seeds {
        let mut world = World::new(seed);
        let result = catch_unwind(AssertUnwindSafe(|| interleave(&mut world)));
        if let Err(panic) = result {
            let from = world.log.len().saturating_sub(if first.is_some() { 400 } else { 12 });
            eprintln!("seed {seed}, last messages:\n{}", world.log[from..].join("\n"));
            resume_unwind(panic);
        }
        total.messages += world.counts.messages;
        total.accepted += world.counts.accepted;
        total.undone += world.counts.undone;
        total.refused += world.counts.refused;
        total.stale += world.counts.stale;
        total.streamed += world.counts.streamed;
        n_hunks += world.oracle.n_checked_hunks;
        n_answers += world.oracle.n_checked_answers;
    }
    eprintln!("counts: interleavings through the front door {n_seeds}");
    eprintln!("counts: messages of these {}", total.messages);
    eprintln!("counts: hunks accepted {}", total.accepted);
    eprintln!("counts: accepts undone by command {}", total.undone);
    eprintln!("counts: commands refused {}", total.refused);
    eprintln!("counts: places of hunks checked {n_hunks}");
    eprintln!("counts: whole answers checked {n_answers}");
    // Each is compared after every message; one that differs ends the test.
    eprintln!("counts: wrong documents 0");
    eprintln!("counts: lost keystrokes 0");
    if first.is_none() {
        let rounds = rounds as usize;
        assert!(total.accepted > rounds / 2 && n_answers > rounds / 4, "hunks are offered and accepted");
        assert!(total.undone > 0 && total.stale > 0 && total.refused > 0, "all kinds of step happen");
    }
}
