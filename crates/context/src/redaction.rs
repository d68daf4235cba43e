//! Takes secrets out of what is sent, and puts them back into what is answered.
//!
//! Owns the placeholders. A secret is replaced by a token such as `REDACTED_1_END`, the same for the same bytes, numbered
//! by first appearance, so that a follow-up's prompt begins like the prompt before it. The way back is exact to the byte.
//! Must never show a secret: neither in `Debug` nor in an error.

mod assignment;
mod detect;
mod gitleaks;
mod name;
mod placeholder;
mod restore;
mod shape;
mod value;

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

pub use restore::Restore;

/// What was hidden in the texts of one request.
#[derive(Clone, Default)]
pub struct Redaction {
    /// By number, which begins at 1.
    secrets: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Redaction {
    /// Nothing hidden yet.
    pub fn new() -> Redaction {
        Redaction::default()
    }

    /// `text` with every secret replaced by its placeholder, wherever it stands; also secrets that an earlier text showed.
    ///
    /// Text that looks like a placeholder is hidden as well, so that [`Redaction::restore`] gives back `text` exactly.
    pub fn redact(&mut self, text: &str) -> String {
        let mut spans = detect::secrets(text);
        // A name beside it gives a secret away once; it is a secret wherever else it stands.
        let mut found: Vec<&str> = spans.iter().filter_map(|span| text.get(span.clone())).collect();
        found.sort_unstable();
        found.dedup();
        let known = self.secrets.iter().map(String::as_str).chain(found);
        let repeats: Vec<Range<usize>> = known
            .filter(|secret| !secret.is_empty())
            .flat_map(|secret| text.match_indices(secret))
            .map(|(offset, secret)| offset..offset + secret.len())
            .collect();
        spans.extend(repeats);
        spans.extend(placeholder::all(text));
        self.replace(text, merged(spans))
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

    /// How many different secrets are hidden.
    pub fn n_secrets(&self) -> usize {
        self.secrets.len()
    }

    /// Whether `text` holds a placeholder of this redaction.
    pub fn is_in(&self, text: &str) -> bool {
        placeholder::all(text)
            .filter_map(|range| placeholder::number(text.get(range)?))
            .any(|number| number <= self.secrets.len())
    }

    fn replace(&mut self, text: &str, spans: Vec<Range<usize>>) -> String {
        let mut redacted = String::with_capacity(text.len());
        let mut offset = 0;
        for span in spans {
            let (Some(plain), Some(secret)) = (text.get(offset..span.start), text.get(span.clone())) else {
                debug_assert!(false, "spans are sorted and lie between characters");
                continue;
            };
            redacted.push_str(plain);
            redacted.push_str(&placeholder::of(self.number(secret)));
            offset = span.end;
        }
        redacted.push_str(text.get(offset..).unwrap_or(""));
        redacted
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
        write!(f, "Redaction({} hidden)", self.secrets.len())
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
