//! Precision and recall. What counts is a pair of a hunk and a kind.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use edit::DetectionKind;

/// How often something was said rightly, wrongly, or not.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    right: usize,
    wrong: usize,
    missed: usize,
}

/// Counts per kind.
#[derive(Debug, Clone, Default)]
pub struct Score {
    kinds: BTreeMap<DetectionKind, Counts>,
    n_hunks: usize,
    n_clean: usize,
    n_false_alarms: usize,
}

impl Counts {
    /// Share of what was said that is right; 1 where nothing was said.
    pub fn precision(self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    /// Share of what was to be said that was said; 1 where there was nothing.
    pub fn recall(self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    fn plus(self, other: Counts) -> Counts {
        Counts {
            right: self.right + other.right,
            wrong: self.wrong + other.wrong,
            missed: self.missed + other.missed,
        }
    }
}

impl Score {
    /// Counts one hunk.
    pub fn add(&mut self, expected: &BTreeSet<DetectionKind>, found: &BTreeSet<DetectionKind>) {
        self.n_hunks += 1;
        self.n_clean += usize::from(expected.is_empty());
        self.n_false_alarms += usize::from(expected.is_empty() && !found.is_empty());
        for kind in expected.union(found) {
            let counts = self.kinds.entry(*kind).or_default();
            match (expected.contains(kind), found.contains(kind)) {
                (true, true) => counts.right += 1,
                (false, _) => counts.wrong += 1,
                (true, false) => counts.missed += 1,
            }
        }
    }

    /// The counts of all kinds together.
    pub fn overall(&self) -> Counts {
        self.kinds.values().fold(Counts::default(), |sum, counts| sum.plus(*counts))
    }

    /// Two scores as one.
    pub fn with(&self, other: &Score) -> Score {
        let mut sum = self.clone();
        for (kind, counts) in &other.kinds {
            let entry = sum.kinds.entry(*kind).or_default();
            *entry = entry.plus(*counts);
        }
        sum.n_hunks += other.n_hunks;
        sum.n_clean += other.n_clean;
        sum.n_false_alarms += other.n_false_alarms;
        sum
    }

    fn of(&self, kind: DetectionKind) -> Counts {
        self.kinds.get(&kind).copied().unwrap_or_default()
    }
}

/// Labels as a case has them.
pub fn labels(kinds: &BTreeSet<DetectionKind>) -> String {
    let labels: Vec<&str> = kinds.iter().map(|kind| kind.label()).collect();
    if labels.is_empty() { "clean".to_owned() } else { labels.join(" ") }
}

/// Both scores and their sum, per kind.
pub fn table(tuned: &Score, held: &Score) -> String {
    let all = tuned.with(held);
    let mut out = String::new();
    let _ = writeln!(out, "{:<16}{:>24}{:>24}{:>24}", "", "tuned", "held", "all");
    let columns = "precision recall    n";
    let _ = writeln!(out, "{:<16}{columns:>24}{columns:>24}{columns:>24}", "kind");
    let mut row = |name: &str, cells: [Counts; 3]| {
        let _ = write!(out, "{name:<16}");
        for counts in cells {
            let n = counts.right + counts.missed;
            let _ = write!(out, "{:>12.3}{:>7.3}{n:>5}", counts.precision(), counts.recall());
        }
        out.push('\n');
    };
    for kind in DetectionKind::ALL {
        row(kind.label(), [tuned.of(kind), held.of(kind), all.of(kind)]);
    }
    row("overall", [tuned.overall(), held.overall(), all.overall()]);
    for (name, score) in [("tuned", tuned), ("held", held), ("all", &all)] {
        let _ = writeln!(
            out,
            "{name}: {} hunks, {} of them clean, {} of those with a false alarm",
            score.n_hunks, score.n_clean, score.n_false_alarms
        );
    }
    out
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
