//! What was asked for, as words: whether a change is part of it.
//!
//! Errs towards "it was": whoever asks stays silent then.

use std::collections::BTreeSet;

use super::lines::{stem, words};

/// Words that ask for something to go.
const REMOVING: [&str; 18] = [
    "remove",
    "delete",
    "drop",
    "strip",
    "rid",
    "cut",
    "omit",
    "eliminate",
    "discard",
    "prune",
    "clean",
    "unused",
    "dead",
    "obsolete",
    "replace",
    "inline",
    "simplify",
    "without",
];
/// Words that ask for a value to be another one.
const CHANGING: [&str; 30] = [
    "change", "set", "raise", "lower", "increase", "decrease", "reduce", "bump", "extend", "shorten",
    "double", "halve", "more", "less", "fewer", "larger", "smaller", "longer", "shorter", "higher", "bigger",
    "faster", "slower", "update", "adjust", "limit", "switch", "enable", "disable", "turn",
];
const NUMBERS: [(&str, f64); 22] = [
    ("zero", 0.0),
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("twelve", 12.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("hundred", 100.0),
    ("thousand", 1000.0),
    ("million", 1_000_000.0),
    ("half", 0.5),
    ("quarter", 0.25),
    ("second", 1.0),
    ("third", 3.0),
    ("minute", 1.0),
];
/// How a number that is asked for may be written: as a percentage, in milliseconds, minutes, KiB.
const SCALES: [f64; 10] = [1.0, 10.0, 60.0, 100.0, 1000.0, 1024.0, 3600.0, 60_000.0, 86_400.0, 1_048_576.0];

/// The instructions of all rounds.
pub(super) struct Request {
    text: String,
    stems: BTreeSet<String>,
    numbers: Vec<f64>,
}

impl Request {
    pub(super) fn new(instructions: &[String]) -> Request {
        let text = instructions.join("\n");
        let words = words(&text);
        let spelled = words
            .iter()
            .filter_map(|word| NUMBERS.iter().find(|(known, _)| known == word).map(|(_, number)| *number));
        let written = text
            .split(|c: char| !c.is_ascii_digit() && c != '.')
            .filter_map(|word| word.trim_matches('.').parse().ok());
        let numbers = spelled.chain(written).collect();
        Request { stems: words.iter().map(|word| stem(word)).collect(), text, numbers }
    }

    /// Whether one of the words, in any form, is in it.
    pub(super) fn mentions(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.stems.contains(&stem(word)))
    }

    /// Whether the text, as it is written, is in it as a whole word.
    pub(super) fn names(&self, name: &str) -> bool {
        has_word(&self.text, name)
    }

    /// As [`Request::names`], in capitals or not.
    pub(super) fn names_any_case(&self, name: &str) -> bool {
        has_word(&self.text.to_lowercase(), &name.to_lowercase())
    }

    /// Whether it asks for something to go.
    pub(super) fn removes(&self) -> bool {
        self.mentions(&REMOVING)
    }

    /// Whether it asks for a value to be another one.
    pub(super) fn changes_value(&self) -> bool {
        self.mentions(&CHANGING)
    }

    /// Whether a number is in it, in some unit.
    pub(super) fn has_number(&self, number: f64) -> bool {
        self.numbers.iter().any(|known| {
            SCALES.iter().any(|scale| is_near(known * scale, number) || is_near(known / scale, number))
        })
    }

    /// How many of the words it has.
    pub(super) fn n_shared(&self, words: &[String]) -> usize {
        words.iter().filter(|word| word.len() > 2 && self.stems.contains(&stem(word))).count()
    }
}

/// Whether `name` stands in `text` with no letter or digit beside it.
fn has_word(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    !name.is_empty()
        && text.match_indices(name).any(|(start, _)| {
            let before = text.get(..start).and_then(|before| before.chars().next_back());
            let after = text.get(start + name.len()..).and_then(|after| after.chars().next());
            !before.is_some_and(is_part) && !after.is_some_and(is_part)
        })
}

fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * a.abs().max(b.abs()).max(1.0)
}
