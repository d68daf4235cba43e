//! Times as percentiles and ratios, and where they are printed.

use std::io::Write;
use std::time::Duration;

/// Times of one thing.
#[derive(Debug, Default)]
pub struct Times {
    nanos: Vec<u64>,
}

impl Times {
    /// Adds one.
    pub fn add(&mut self, time: Duration) {
        self.nanos.push(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    }

    /// The time that `percent` of all do not exceed, in nanoseconds; 0 for none.
    pub fn percentile(&self, percent: usize) -> u64 {
        let mut sorted = self.nanos.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or(0)
    }
}

/// A Markdown table of times beside their floor.
#[derive(Debug)]
pub struct Table {
    title: String,
    rows: Vec<String>,
}

impl Table {
    /// An empty table.
    pub fn new(title: &str) -> Table {
        Table { title: title.to_owned(), rows: Vec::new() }
    }

    /// A row: what was measured, ours and the floor at p50 and p99, and the ratios.
    pub fn row(&mut self, what: &str, ours: &Times, floor: &Times) {
        let mut cells = vec![what.to_owned(), ours.nanos.len().to_string()];
        for percent in [50, 99] {
            let (ours, floor) = (ours.percentile(percent), floor.percentile(percent));
            cells.extend([shown(ours), shown(floor), ratio(ours, floor)]);
        }
        self.rows.push(format!("| {} |", cells.join(" | ")));
    }

    /// Prints the table.
    pub fn print(&self) {
        say(&format!("\n{}\n", self.title));
        say("| what | n | p50 | floor | ratio | p99 | floor | ratio |");
        say("|---|---|---|---|---|---|---|---|");
        self.rows.iter().for_each(|row| say(row));
    }
}

/// `ours` as a multiple of `floor`.
pub fn ratio(ours: u64, floor: u64) -> String {
    format!("{:.2}", ours as f64 / floor.max(1) as f64)
}

/// Prints a line. Who reads may have gone: then there is nothing to say.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn shown(nanos: u64) -> String {
    let micros = nanos as f64 / 1_000.0;
    if micros < 1_000.0 { format!("{micros:.1} µs") } else { format!("{:.2} ms", micros / 1_000.0) }
}
