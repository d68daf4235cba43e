//! Mentions: `@` and the name of a file, a symbol or a keyword in an instruction, for the model to be shown it.
//!
//! Owns what is a mention and what it means. A word in backticks is none, nor one behind a letter, as in an address of mail.
//! Must never guess: one that means nothing, or several things, is said to the user, unless it is an ordinary word.

mod names;
mod symbol;
mod take;
mod unmet;

use std::collections::BTreeMap;
use std::ops::Range;

pub use names::{Name, NameKind, Names, typed_mention};
pub(crate) use symbol::{Symbol, find as find_symbol};
pub(crate) use take::take_mentions;
pub use unmet::Unmet;

/// What goes with an instruction because it is mentioned.
#[derive(Debug, Clone, Default)]
pub struct Mentions {
    /// What the newest instruction mentions: all of it must be found.
    pub newest: Vec<String>,
    /// What the instructions before it mention: shown as far as it is still there.
    pub earlier: Vec<String>,
    /// What git says is not committed, where it was asked.
    pub diff: Option<Result<workspace::Uncommitted, workspace::NoDiff>>,
    /// What is reported about the document, a line each.
    pub diagnostics: Vec<String>,
    /// The text of pages by their addresses, or why there is none; nothing where pages are not to be read.
    pub pages: Option<BTreeMap<String, Result<String, String>>>,
}

/// Mentions with a meaning of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyword {
    Diff,
    Diagnostics,
    Url,
}

impl Keyword {
    pub(crate) const ALL: [Keyword; 3] = [Keyword::Diff, Keyword::Diagnostics, Keyword::Url];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Keyword::Diff => "diff",
            Keyword::Diagnostics => "diagnostics",
            Keyword::Url => "url",
        }
    }

    /// The keyword that a word is.
    fn of(word: &str) -> Option<Keyword> {
        if is_address(word) {
            return Some(Keyword::Url);
        }
        Keyword::ALL.into_iter().find(|keyword| keyword.name() == word)
    }
}

impl Mentions {
    /// The mentions of an instruction, and of those before it that it does not repeat.
    pub fn of(newest: &str, earlier: &[&str]) -> Mentions {
        let newest = words(newest);
        let mut before: Vec<String> = earlier.iter().flat_map(|text| words(text)).collect();
        before.retain(|word| !newest.contains(word));
        let mut seen = std::collections::BTreeSet::new();
        before.retain(|word| seen.insert(word.clone()));
        Mentions { newest, earlier: before, ..Mentions::default() }
    }

    /// Whether `@diff` is among them.
    pub fn wants_diff(&self) -> bool {
        self.newest.iter().chain(&self.earlier).any(|word| Keyword::of(word) == Some(Keyword::Diff))
    }

    /// The addresses among them.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.newest.iter().chain(&self.earlier).map(String::as_str).filter(|word| is_address(word))
    }
}

/// The words behind `@`, each once.
fn words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for range in ranges(text) {
        let word = text.get(range).unwrap_or_default().trim_start_matches('@');
        let word = word.trim_matches('"').to_owned();
        if !word.is_empty() && !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// Where mentions may stand in a text, each with its `@`.
pub(crate) fn ranges(text: &str) -> Vec<Range<usize>> {
    let code = code_spans(text);
    let mut found = Vec::new();
    let mut before: Option<char> = None;
    for (offset, c) in text.char_indices() {
        let may_begin = before.is_none_or(|before| before.is_whitespace() || "([{\"'“‘".contains(before));
        before = Some(c);
        if c != '@' || !may_begin || code.iter().any(|span| span.contains(&offset)) {
            continue;
        }
        let rest = text.get(offset + 1..).unwrap_or_default();
        let len = match rest.strip_prefix('"') {
            Some(quoted) => {
                quoted.find(['"', '\n']).filter(|end| quoted[*end..].starts_with('"')).map(|end| end + 2)
            }
            None => Some(word_len(rest)),
        };
        if let Some(len) = len.filter(|len| *len > 0) {
            found.push(offset..offset + 1 + len);
        }
    }
    found
}

/// Whether a word is the address of a page.
fn is_address(word: &str) -> bool {
    ["http://", "https://"].iter().any(|start| word.starts_with(start))
}

/// How much of a text is one word; a sentence's own marks at its end are not.
fn word_len(text: &str) -> usize {
    if is_address(text) {
        let end = text.find(|c: char| c.is_whitespace() || "<>\"`'()[]{}".contains(c)).unwrap_or(text.len());
        return text.get(..end).unwrap_or_default().trim_end_matches(['.', ',', ';', ':', '!', '?']).len();
    }
    let is_part = |c: char| c.is_alphanumeric() || "_./\\-:#$~+".contains(c);
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default().trim_end_matches(['.', ':', '-', '#']).len()
}

/// What stands between equally long runs of backticks.
fn code_spans(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (offset, _) in text.match_indices('`') {
        match runs.last_mut() {
            Some(run) if run.end == offset => run.end += 1,
            _ => runs.push(offset..offset + 1),
        }
    }
    let mut spans = Vec::new();
    let mut idx = 0;
    while let Some(open) = runs.get(idx) {
        let close = runs.iter().skip(idx + 1).position(|run| run.len() == open.len());
        match close {
            Some(n_between) => {
                let close = &runs[idx + 1 + n_between];
                spans.push(open.start..close.end);
                idx += n_between + 2;
            }
            None => idx += 1,
        }
    }
    spans
}

#[cfg(test)]
mod tests;
