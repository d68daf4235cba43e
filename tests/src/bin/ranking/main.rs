//! `ranking MIRRORS WEIGHTS.rs CASES.jsonl…`: fits the weights of the ranking on cases and says how well they do.
//!
//! A case is a commit that changed one function: `repo`, `parent` (the commit that is the workspace), `path`, `start_line` and
//! `end_line` (from 1, inclusive), `instruction`, `needed` (`[{name, status: "new" | "old", defs: [{path, line}]}]`: what the
//! changed function uses) and `session` (`[{path, kind, added}]`: what the same commit wrote elsewhere). Repositories are bare
//! clones at `MIRRORS/owner+name/repo`; nothing is checked out.

// Printing is what a command does.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod cases;
mod fit;
mod judge;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use context::rank::FEATURES;

use cases::Sample;

fn main() -> ExitCode {
    e2e::exit(run())
}

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mirrors, weights, cases @ ..] = arguments.as_slice() else {
        bail!("usage: ranking MIRRORS WEIGHTS.rs CASES.jsonl…")
    };
    let recent = cases::samples(Path::new(mirrors), cases)?;
    let plain: Vec<Sample> = recent.iter().map(Sample::without_recent).collect();
    report("without recent edits", &plain);
    report("with recent edits", &recent);
    judge::second_step(&plain, &fit::fit(&plain));
    if std::env::var_os("RANKING_MISSES").is_some() {
        judge::misses(&plain, &fit::fit(&plain));
    }
    fit::write(Path::new(weights), &fit::fit(&plain), &fit::fit(&recent))
}

/// Prints what the weights find in cases that they were not fitted on.
fn report(title: &str, samples: &[Sample]) {
    println!("\n{title}, {} cases", samples.len());
    let all: Vec<&Sample> = samples.iter().collect();
    judge::print("fitted and judged on all", &all, &fit::fit(samples));
    let mut halves = judge::Judged::default();
    for half in 0..2 {
        let is_in = |sample: &&Sample| sample.fold % 2 == half;
        let weights = fit::fit(samples.iter().filter(|sample| !is_in(sample)));
        halves.add(&judge::judge(&samples.iter().filter(is_in).collect::<Vec<_>>(), &weights));
    }
    println!("{:36} {halves}", "each half judged by the other");
    let mut repositories: Vec<&str> = samples.iter().map(|sample| sample.repo.as_str()).collect();
    repositories.sort_unstable();
    repositories.dedup();
    let mut others = judge::Judged::default();
    for repo in repositories {
        let weights = fit::fit(samples.iter().filter(|sample| sample.repo != repo));
        let own: Vec<&Sample> = samples.iter().filter(|sample| sample.repo == repo).collect();
        others.add(&judge::print(&format!("{repo} by the others"), &own, &weights));
    }
    println!("{:36} {others}", "each repository judged by the others");
    if std::env::var_os("RANKING_ABLATE").is_some() {
        for (idx, name) in FEATURES.iter().enumerate().skip(1) {
            let mut halves = judge::Judged::default();
            for half in 0..2 {
                let is_in = |sample: &&Sample| sample.fold % 2 == half;
                let mut weights = fit::fit_without(samples.iter().filter(|sample| !is_in(sample)), idx);
                weights[idx] = 0.0;
                halves.add(&judge::judge(&samples.iter().filter(is_in).collect::<Vec<_>>(), &weights));
            }
            println!("without {name:28} {halves}");
        }
    }
}
