//! Secrets of some 200 vendors, and values that a name beside them gives away, by the rules of gitleaks.
//!
//! Owns where a rule is tried: round its keywords, found in one pass over the text. A rule is compiled when one of its
//! keywords is met for the first time. Must never try a rule on a whole text.

mod rule;

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use rule::{Allowed, Rule};

/// Bytes in front of a keyword and behind it where a rule is tried. A token that goes on beyond them is followed to its end.
const BEFORE: usize = 320;
const BEHIND: usize = 1024;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::read(include_str!("../../data/secret_rules.txt")));

/// All rules, and the keywords that lead to them.
struct Rules {
    /// What no rule takes for a secret.
    allowed: Allowed,
    rules: Vec<Rule>,
    /// None if the keywords are too many for it, which a test excludes.
    keywords: Option<AhoCorasick>,
    /// The rules of each keyword.
    rules_of: Vec<Vec<usize>>,
}

/// Every secret that a rule finds in `text`, in no order; spans may overlap.
pub(super) fn secrets(text: &str) -> Vec<Range<usize>> {
    let rules = &*RULES;
    let windows = rules.windows(text);
    let found = rules.rules.iter().zip(windows).flat_map(|(rule, windows)| {
        windows.into_iter().flat_map(|window| rule.secrets(text, window, &rules.allowed))
    });
    found.collect()
}

impl Rules {
    fn read(data: &'static str) -> Rules {
        let (allowed, rules) = rule::read(data);
        let mut words: Vec<&str> = Vec::new();
        let mut rules_of: Vec<Vec<usize>> = Vec::new();
        for (idx, rule) in rules.iter().enumerate() {
            for keyword in &rule.keywords {
                match words.iter().position(|word| word == keyword).and_then(|at| rules_of.get_mut(at)) {
                    Some(known) => known.push(idx),
                    None => {
                        words.push(keyword);
                        rules_of.push(vec![idx]);
                    }
                }
            }
        }
        let keywords = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&words)
            .ok();
        Rules { allowed, rules, keywords, rules_of }
    }

    /// Where each rule is to be tried: in order, apart from each other.
    fn windows(&self, text: &str) -> Vec<Vec<Range<usize>>> {
        let mut windows: Vec<Vec<Range<usize>>> = vec![Vec::new(); self.rules.len()];
        let hits = self.keywords.iter().flat_map(|keywords| keywords.find_overlapping_iter(text));
        for hit in hits {
            let window = hit.start().saturating_sub(BEFORE)..(hit.end() + BEHIND).min(text.len());
            for rule in self.rules_of.get(hit.pattern().as_usize()).into_iter().flatten() {
                let Some(known) = windows.get_mut(*rule) else { continue };
                match known.last_mut() {
                    Some(last) if window.start <= last.end => last.end = window.end,
                    _ => known.push(window.clone()),
                }
            }
        }
        windows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_compiles() {
        let rules = &*RULES;
        assert!(rules.keywords.is_some());
        assert!(rules.rules.len() > 200, "{}", rules.rules.len());
        let broken: Vec<&str> =
            rules.rules.iter().filter(|rule| !rule.is_sound()).map(|rule| rule.id).collect();
        assert!(broken.is_empty(), "{broken:?}");
        assert!(rules.allowed.is_sound());
    }
}
