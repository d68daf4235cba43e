//! Reads what tests print about themselves.
//!
//! Owns the form of `counts:` and `test result:` lines. Must never change a number.

use std::collections::BTreeMap;

/// How many tests ran.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Tests that passed.
    pub n_passed: u64,
    /// Tests that failed.
    pub n_failed: u64,
    /// Test programs that reported.
    pub n_programs: u64,
}

/// The sum of all `test result:` lines.
pub fn totals(lines: &[String]) -> Totals {
    let mut totals = Totals::default();
    for line in lines.iter().filter_map(|line| line.split_once("test result:")) {
        totals.n_programs += 1;
        totals.n_passed += before(line.1, " passed");
        totals.n_failed += before(line.1, " failed");
    }
    totals
}

/// What `counts: <what> <n>` lines say, added up by what was counted.
pub fn counts(lines: &[String]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for line in lines {
        let Some((_, rest)) = line.split_once("counts:") else { continue };
        let Some((what, number)) = rest.trim().rsplit_once(' ') else { continue };
        if let Ok(number) = number.replace(['_', ','], "").parse::<u64>() {
            *counts.entry(what.trim().to_owned()).or_default() += number;
        }
    }
    counts
}

/// The number that stands before `word`.
fn before(text: &str, word: &str) -> u64 {
    let number = text.split_once(word).and_then(|(before, _)| before.rsplit(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn results_add_up() {
        let lines = lines(
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
             counts: accepts 3\n\
             test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s",
        );
        assert_eq!(totals(&lines), Totals { n_passed: 13, n_failed: 2, n_programs: 2 });
    }

    #[test]
    fn counts_of_one_thing_add_up() {
        let lines = lines(
            "counts: wrong documents 0\ntest a ... counts: accepts in order 1_000\ncounts: accepts in order 5\n",
        );
        let expect = [("accepts in order".to_owned(), 1005), ("wrong documents".to_owned(), 0)];
        assert_eq!(counts(&lines), BTreeMap::from(expect));
    }

    #[test]
    fn a_line_without_a_number_is_no_count() {
        assert_eq!(counts(&lines("counts: none here\ncounts:\n")), BTreeMap::new());
    }
}
