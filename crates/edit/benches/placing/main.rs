//! What placing an answer costs, beside a floor of the same run: the line diff and the reparse that any check of it takes.
//!
//! Cases are the spoiled answers of the tests, on the files of `fixtures/edits` and on the same files
//! grown to 2,000 lines; and
//! scopes of 200 lines, streamed in pieces of 20 bytes. Judges nothing.

#[path = "../../tests/spoiled/blocks.rs"]
mod blocks;
#[allow(dead_code)]
#[path = "../../tests/spoiled/case.rs"]
mod case;
#[path = "../../tests/spoiled/rewrites.rs"]
mod rewrites;
mod streamed;

use std::io::{Write, stdout};
use std::time::{Duration, Instant};

use edit::{Site, resolve};
use fastrand::Rng;
use syntax::{Stop, Tree, error_count, language_for};
use text::{ChangeSet, Edit, Text, diff_lines};

use case::{Base, Case};

/// How often a case is measured, in turns with its floor; the fastest counts, so that a busy machine shows less.
const TURNS: usize = 5;

fn main() {
    let bases = Base::all();
    say("| | cases | p50 | p99 | floor p50 | floor p99 | ratio p50 | ratio p99 |");
    say("|---|---|---|---|---|---|---|---|");
    for (name, n_lines) in [("files as they are", 0), ("files of 2,000 lines", 2_000)] {
        let (mut ours, mut floor) = (Vec::new(), Vec::new());
        let mut rng = Rng::with_seed(1);
        for base in bases.iter().map(|base| grown(base, n_lines)) {
            let cases = rewrites::cases(&base, &mut rng).into_iter().chain(blocks::cases(&base, &mut rng));
            for case in cases {
                let prepared = Prepared::new(&case, &base);
                let (mine, bare) = fastest(|| prepared.ours(), || prepared.floor());
                ours.push(mine);
                floor.push(bare);
            }
        }
        row(name, &mut ours, &mut floor);
    }
    streamed::measure();
}

/// The fastest of some runs of each, in turns.
pub(crate) fn fastest(ours: impl Fn() -> bool, floor: impl Fn() -> bool) -> (Duration, Duration) {
    let turns = (0..TURNS).map(|_| (timed(&ours), timed(&floor)));
    turns.fold((Duration::MAX, Duration::MAX), |(a, b), (ours, floor)| (a.min(ours), b.min(floor)))
}

/// One answer with all that the session has before it comes.
struct Prepared<'a> {
    case: &'a Case,
    base: &'a Base,
    site: Site,
    text: Text,
    tree: Tree,
}

impl<'a> Prepared<'a> {
    fn new(case: &'a Case, base: &'a Base) -> Prepared<'a> {
        let text = Text::from(case.text.as_str());
        let language = language_for("", &case.path).expect("a known language");
        let tree = Tree::parse(language, &text, &Stop::never()).expect("nothing stops it");
        Prepared { case, base, site: Site::new(&text, &case.scope, Some(tree.clone())), text, tree }
    }

    fn ours(&self) -> bool {
        resolve(&self.case.answer, self.case.format, self.case.ending, &self.site).is_ok()
    }

    /// The scope's new text is diffed with the old one, put in place, and reparsed once.
    fn floor(&self) -> bool {
        let changes = diff_lines(self.base.old(), &self.base.new).len();
        let edit = Edit::new(self.case.scope.clone(), self.base.new.as_str());
        let change = ChangeSet::single(self.text.len(), edit).expect("the scope is in the text");
        let after = self.text.apply(&change).expect("it fits");
        let tree = self.tree.edited(&change, &self.text, &after).reparse(&after, &Stop::never());
        tree.is_ok_and(|tree| error_count(&tree) < changes)
    }
}

/// `base` with its scope repeated behind it, so that the file has at least `n_lines` lines.
fn grown(base: &Base, n_lines: usize) -> Base {
    let missing = n_lines.saturating_sub(base.text.lines().count());
    let more = base.old().repeat(missing.div_ceil(base.old().lines().count()));
    Base {
        path: base.path.clone(),
        text: format!("{}{}{more}{}", base.above(), base.old(), base.below()),
        scope: base.scope.clone(),
        new: base.new.clone(),
    }
}

fn timed(run: impl FnOnce() -> bool) -> Duration {
    let started = Instant::now();
    std::hint::black_box(run());
    started.elapsed()
}

/// Prints one line of the table.
pub fn row(name: &str, ours: &mut [Duration], floor: &mut [Duration]) {
    ours.sort_unstable();
    floor.sort_unstable();
    let at = |times: &[Duration], percent: usize| {
        times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e3
    };
    let (p50, p99, floor_p50, floor_p99) = (at(ours, 50), at(ours, 99), at(floor, 50), at(floor, 99));
    say(&format!(
        "| {name} | {} | {p50:.2} ms | {p99:.2} ms | {floor_p50:.2} ms | {floor_p99:.2} ms | {:.1} | {:.1} |",
        ours.len(),
        p50 / floor_p50,
        p99 / floor_p99
    ));
}

/// Prints a line.
pub fn say(line: &str) {
    let _ = writeln!(stdout(), "{line}");
}
