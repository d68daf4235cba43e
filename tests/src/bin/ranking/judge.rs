//! How many of the needed names the first definitions of a ranking hold, at a number of tokens.

use std::collections::HashSet;
use std::fmt;

use context::rank::{FEATURES, Features};

use crate::cases::Sample;

const BUDGETS: [f32; 4] = [1_000.0, 2_000.0, 4_000.0, 8_000.0];
/// See the ranking itself.
const COST: f32 = 0.3;
/// Definitions that do not fit any more before it is over.
const MAX_MISSES: usize = 40;

/// Names found and needed, by budget.
#[derive(Default)]
pub(crate) struct Judged {
    new: [(usize, usize); 4],
    old: [(usize, usize); 4],
}

impl Judged {
    pub(crate) fn add(&mut self, other: &Judged) {
        for idx in 0..4 {
            self.new[idx] = (self.new[idx].0 + other.new[idx].0, self.new[idx].1 + other.new[idx].1);
            self.old[idx] = (self.old[idx].0 + other.old[idx].0, self.old[idx].1 + other.old[idx].1);
        }
    }
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |(found, n): (usize, usize)| 100.0 * found as f64 / n.max(1) as f64;
        write!(f, "new")?;
        for counts in self.new {
            write!(f, " {:5.1}", share(counts))?;
        }
        write!(f, " of {}; all", self.new[0].1)?;
        for (new, old) in self.new.iter().zip(self.old) {
            write!(f, " {:5.1}", share((new.0 + old.0, new.1 + old.1)))?;
        }
        write!(f, " of {}", self.new[0].1 + self.old[0].1)
    }
}

pub(crate) fn print(title: &str, samples: &[&Sample], weights: &Features) -> Judged {
    let judged = judge(samples, weights);
    println!("{title:36} {judged}");
    judged
}

pub(crate) fn judge(samples: &[&Sample], weights: &Features) -> Judged {
    let mut judged = Judged::default();
    for sample in samples {
        let ranked = ranked(sample, weights);
        for (slot, budget) in BUDGETS.into_iter().enumerate() {
            let found = found(sample, &ranked, budget);
            for (idx, is_new) in sample.needed.iter().enumerate() {
                let counts = if *is_new { &mut judged.new[slot] } else { &mut judged.old[slot] };
                counts.0 += usize::from(found.contains(&idx));
                counts.1 += 1;
            }
        }
    }
    judged
}

/// Prints what the second step adds, with the function as the commit left it for an answer.
pub(crate) fn second_step(samples: &[Sample], weights: &Features) {
    let (mut n_new, mut n_first, mut n_second, mut n_both) = (0, 0, 0, 0);
    for sample in samples {
        let found = found(sample, &ranked(sample, weights), BUDGETS[2]);
        for idx in (0..sample.needed.len()).filter(|idx| sample.needed[*idx]) {
            let (is_first, is_second) = (found.contains(&idx), sample.by_answer[idx]);
            n_new += 1;
            n_first += usize::from(is_first);
            n_second += usize::from(is_second);
            n_both += usize::from(is_first || is_second);
        }
    }
    let share = |n: usize| 100.0 * n as f64 / n_new.max(1) as f64;
    println!(
        "second step, new names: {:.1} % by the first at 4,000 tokens, {:.1} % by the answer, {:.1} % by either, of {n_new}",
        share(n_first),
        share(n_second),
        share(n_both)
    );
    let n_with = samples.iter().filter(|sample| !sample.unknown.is_empty()).count();
    let n_unknown: usize = samples.iter().map(|sample| sample.unknown.len()).sum();
    println!("real names taken for inventions: {n_unknown}, in {n_with} of {} functions", samples.len());
}

/// Prints the needed names that are not found at 4,000 tokens.
pub(crate) fn misses(samples: &[Sample], weights: &Features) {
    for sample in samples {
        let ranked = ranked(sample, weights);
        let found = found(sample, &ranked, BUDGETS[2]);
        for (idx, is_new) in sample.needed.iter().enumerate().filter(|(idx, _)| !found.contains(idx)) {
            let candidate = sample.candidates.iter().position(|candidate| candidate.label == Some(idx));
            let place = candidate.and_then(|at| ranked.iter().position(|(_, idx)| *idx == at));
            let features = candidate.map(|at| sample.candidates[at].features);
            let features = features.map(|features| {
                let named = FEATURES.iter().zip(features).filter(|(_, value)| *value != 0.0);
                named.map(|(name, value)| format!("{name}={value:.2}")).collect::<Vec<_>>().join(" ")
            });
            let kind = if *is_new { "new" } else { "old" };
            println!("MISS {kind} {} {} place {place:?} {features:?}", sample.id, sample.names[idx]);
        }
    }
}

fn ranked(sample: &Sample, weights: &Features) -> Vec<(f32, usize)> {
    let mut ranked: Vec<(f32, usize)> = sample
        .candidates
        .iter()
        .map(|candidate| {
            let worth: f32 = candidate.features.iter().zip(weights).map(|(a, b)| a * b).sum();
            worth - COST * candidate.n_tokens.max(4.0).ln()
        })
        .enumerate()
        .map(|(idx, score)| (score, idx))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.truncate(1_500);
    ranked
}

fn found(sample: &Sample, ranked: &[(f32, usize)], budget: f32) -> HashSet<usize> {
    let (mut used, mut n_misses) = (0.0, 0);
    let (mut paths, mut containers, mut found) = (HashSet::new(), HashSet::new(), HashSet::new());
    for (_, idx) in ranked {
        let candidate = &sample.candidates[*idx];
        let path = if paths.contains(&candidate.path.0) { 0.0 } else { candidate.path.1 };
        let container = candidate.container.filter(|container| !containers.contains(&container.0));
        let cost = candidate.n_tokens + path + container.map_or(0.0, |container| container.1);
        if used + cost > budget {
            n_misses += 1;
            if n_misses > MAX_MISSES {
                break;
            }
            continue;
        }
        used += cost;
        paths.insert(candidate.path.0);
        containers.extend(candidate.container.map(|container| container.0));
        found.extend(candidate.label);
    }
    found
}
