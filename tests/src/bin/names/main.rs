//! `names MIRRORS CASES.jsonl…`: says how often real names are taken for made up, and made up names are found.
//!
//! A case is a commit that changed one function, as for `ranking`. As it is, every name in it is real; then one use of one
//! name is changed in each of several ways, with a fixed seed. Repositories are bare clones at `MIRRORS/owner+name/repo`;
//! nothing is checked out. With `NAMES_LIST` set, every name told is printed, and every one not found.

// Printing is what a command does.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod measure;
mod mutate;
mod table;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use e2e::{read_cases, visit_cases};

use measure::Measure;

fn main() -> ExitCode {
    e2e::exit(run())
}

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mirrors, cases @ ..] = arguments.as_slice() else { bail!("usage: names MIRRORS CASES.jsonl…") };
    let mut measure = Measure::new();
    visit_cases(Path::new(mirrors), &read_cases(cases)?, |case, repo| measure.case(case, repo))?;
    measure.print();
    Ok(())
}
