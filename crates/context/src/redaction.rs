//! Takes secrets out of what is sent, and puts them back into what is answered.
//!
//! Owns the placeholders. A secret is replaced by a token such as `REDACTED_1_END`, the same for the same bytes, numbered
//! by first appearance, so that a follow-up's prompt begins like the prompt before it. The way back is exact to the byte.
//! Must never show a secret: neither in `Debug` nor in an error.

mod assignment;
mod detect;
mod gitleaks;
mod kept;
mod name;
mod placeholder;
mod restore;
mod shape;
mod value;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::ops::Range;

use aho_corasick::AhoCorasick;

pub use kept::Touched;
pub use restore::Restore;

/// More secrets than these are looked for in one pass.
const MAX_SEARCHES: usize = 16;

/// What was hidden in the texts of a proposal's requests.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Redaction {
    /// By number, which begins at 1.
    secrets: Vec<String>,
    numbers: HashMap<String, usize>,
    /// Numbers of those that stood in a text that was covered.
    hidden: BTreeSet<usize>,
}

impl Redaction {
    /// Nothing hidden yet.
    pub fn new() -> Redaction {
        Redaction::default()
    }

    /// Keeps in mind what the secrets of `text` are, so that they are hidden wherever else they stand.
    pub fn learn(&mut self, text: &str) {
        for span in merged(detect::secrets(text)) {
            if let Some(secret) = text.get(span) {
                self.number(secret);
            }
        }
    }

    /// `text` with every secret replaced by its placeholder, wherever it stands; also secrets that an earlier text showed.
    ///
    /// Text that looks like a placeholder is hidden as well, so that [`Redaction::restore`] gives back `text` exactly.
    pub fn redact(&mut self, text: &str) -> String {
        self.learn(text);
        self.cover(text)
    }

    /// The same for a text that was learned from.
    pub fn cover(&mut self, text: &str) -> String {
        let mut spans = self.occurrences(text);
        spans.extend(placeholder::all(text));
        let spans = merged(spans);
        for span in &spans {
            if let Some(secret) = text.get(span.clone()) {
                let number = self.number(secret);
                self.hidden.insert(number);
            }
        }
        self.replaced(text, spans, |number, _| placeholder::of(number))
    }

    /// `text` with the secrets that are known so far replaced by their placeholders.
    pub fn hide(&self, text: &str) -> String {
        self.replaced(text, self.known(text), |number, _| placeholder::of(number))
    }

    /// `text` with every placeholder of this redaction replaced by what it stands for; unknown ones stay.
    pub fn restore(&self, text: &str) -> String {
        let mut restore = self.restore_stream();
        let mut restored = restore.push(text);
        restored.push_str(&restore.finish());
        restored
    }

    /// The same for a text that arrives in pieces, cut anywhere.
    pub fn restore_stream(&self) -> Restore {
        Restore::new(&self.secrets)
    }

    /// How many different secrets were hidden in texts; what was hidden for looking like a placeholder is none.
    pub fn n_secrets(&self) -> usize {
        let hidden = self.hidden.iter().filter_map(|number| self.secrets.get(number.checked_sub(1)?));
        hidden.filter(|secret| !placeholder::is_one(secret)).count()
    }

    /// Keeps in mind the secrets that another one knows.
    pub fn adopt(&mut self, other: &Redaction) {
        for secret in &other.secrets {
            self.number(secret);
        }
    }

    /// Where secrets stand that are known; those that overlap as one.
    pub fn places(&self, text: &str) -> Vec<Range<usize>> {
        merged(self.occurrences(text))
    }

    /// Whether `text` has a secret that is known, or what looks like a placeholder.
    pub fn is_secret_in(&self, text: &str) -> bool {
        !self.occurrences(text).is_empty() || placeholder::n_heads(text) > 0
    }

    /// Where secrets stand that are known, apart from each other: where two overlap, the first.
    fn known(&self, text: &str) -> Vec<Range<usize>> {
        let mut spans = self.occurrences(text);
        spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let mut end = 0;
        spans.retain(|span| {
            let is_apart = span.start >= end;
            end = if is_apart { span.end } else { end };
            is_apart
        });
        spans
    }

    /// Where secrets stand that are known, in no order; spans may overlap.
    fn occurrences(&self, text: &str) -> Vec<Range<usize>> {
        let secrets = self.secrets.iter().filter(|secret| !secret.is_empty());
        if self.secrets.len() > MAX_SEARCHES
            && let Ok(all) = AhoCorasick::new(secrets.clone())
        {
            return all.find_overlapping_iter(text).map(|found| found.range()).collect();
        }
        let found = secrets.flat_map(|secret| text.match_indices(secret.as_str()));
        found.map(|(offset, secret)| offset..offset + secret.len()).collect()
    }

    /// `text` with `by` of the number and the text of every span that is known.
    fn replaced(&self, text: &str, spans: Vec<Range<usize>>, by: impl Fn(usize, &str) -> String) -> String {
        let mut replaced = String::with_capacity(text.len());
        let mut offset = 0;
        for span in spans {
            let (Some(plain), Some(secret)) = (text.get(offset..span.start), text.get(span.clone())) else {
                debug_assert!(false, "spans are sorted and lie between characters");
                continue;
            };
            let Some(number) = self.numbers.get(secret) else { continue };
            replaced.push_str(plain);
            replaced.push_str(&by(*number, secret));
            offset = span.end;
        }
        replaced.push_str(text.get(offset..).unwrap_or(""));
        replaced
    }

    fn number(&mut self, secret: &str) -> usize {
        if let Some(number) = self.numbers.get(secret) {
            return *number;
        }
        self.secrets.push(secret.to_owned());
        self.numbers.insert(secret.to_owned(), self.secrets.len());
        self.secrets.len()
    }
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redaction({} hidden)", self.n_secrets())
    }
}

/// The spans in order, those that overlap as one. Spans that only touch are two secrets.
fn merged(mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.sort_by_key(|span| (span.start, span.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

#[cfg(test)]
mod tests;
