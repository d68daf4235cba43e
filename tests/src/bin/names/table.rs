//! The tables that are printed.

use std::fmt;
use std::time::Duration;

use crate::mutate::{MUTATIONS, Mutation};

/// What came of one case.
pub(crate) struct Row {
    language: &'static str,
    /// Names told where the folder is that of the commit before, that of the commit itself, and where there is none.
    pub(crate) n_told_before: usize,
    pub(crate) n_told_at: usize,
    pub(crate) n_told_alone: usize,
    pub(crate) mutants: Vec<Mutant>,
}

/// What came of one changed name.
pub(crate) struct Mutant {
    pub(crate) mutation: Mutation,
    pub(crate) target: Target,
    /// It is taken from something.
    pub(crate) is_member: bool,
    pub(crate) is_found: bool,
    pub(crate) is_found_alone: bool,
}

/// What a changed name was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// A parameter or variable of the function.
    Variable,
    /// Something that a file of the folder defines.
    Defined,
    /// Anything else: of a library, of the language, of a value.
    Other,
}

impl Row {
    pub(crate) fn new(language: &'static str) -> Row {
        Row { language, n_told_before: 0, n_told_at: 0, n_told_alone: 0, mutants: Vec::new() }
    }
}

/// Part of a whole.
struct Share(usize, usize);

impl Share {
    fn of(each: impl Iterator<Item = bool>) -> Share {
        each.fold(Share(0, 0), |share, is_in| Share(share.0 + usize::from(is_in), share.1 + 1))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:5.1} % ({} of {})", 100.0 * self.0 as f64 / self.1.max(1) as f64, self.0, self.1)
    }
}

pub(crate) fn print(rows: &[Row], times: &mut [Duration]) {
    let mut languages: Vec<&str> = rows.iter().map(|row| row.language).collect();
    languages.sort_unstable();
    languages.dedup();
    println!("real functions with a name told; names changed and told");
    for language in languages.iter().copied().map(Some).chain([None]) {
        let rows = || rows.iter().filter(|row| language.is_none_or(|language| row.language == language));
        let of = |n_told: fn(&Row) -> usize| Share::of(rows().map(|row| n_told(row) > 0));
        let mutants = || rows().flat_map(|row| row.mutants.iter());
        println!(
            "{:10} in the commit's folder {}; {}",
            language.unwrap_or("all"),
            of(|row| row.n_told_at),
            Share::of(mutants().map(|mutant| mutant.is_found))
        );
        println!("{:10} in the folder before it {}", "", of(|row| row.n_told_before));
        println!(
            "{:10} without a folder       {}; {}",
            "",
            of(|row| row.n_told_alone),
            Share::of(mutants().map(|mutant| mutant.is_found_alone))
        );
    }
    let mutants = || rows.iter().flat_map(|row| row.mutants.iter());
    for mutation in MUTATIONS {
        let of = mutants().filter(|mutant| mutant.mutation == mutation);
        println!("{:30} {}", format!("{mutation:?}"), Share::of(of.map(|mutant| mutant.is_found)));
    }
    for target in [Target::Variable, Target::Defined, Target::Other] {
        for (is_member, how) in [(false, "alone"), (true, "taken from something")] {
            let of = mutants().filter(|mutant| mutant.target == target && mutant.is_member == is_member);
            let share = Share::of(of.map(|mutant| mutant.is_found));
            println!("{:30} {share}", format!("{target:?}, {how}"));
        }
    }
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).map_or(0.0, |time| time.as_secs_f64() * 1e3);
    println!(
        "a check takes {:.2} ms in the median, {:.2} ms at p95, {:.2} ms at p99",
        at(50),
        at(95),
        at(99)
    );
}
