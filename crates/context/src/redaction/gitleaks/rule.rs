//! One rule: its pattern, how random a match must be, and what it allows.
//!
//! Owns the form of the data file and the reading of Go's patterns as bytes, where `\w`, `\b` and `(?i)` are about ASCII as
//! in Go. Must never take a hash for a secret only because a vendor's name stands near.

use std::ops::Range;
use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use super::super::{assignment, value};

/// How most rules begin. It takes in the name's start, which no secret is part of, and hides from the compiler that a match
/// begins with a keyword.
const NAME_START: &str = r"[\w.-]{0,50}?";

/// What may follow a secret in a string: the escape of a line break, and in a text within a text that of a quote.
const ESCAPE_BEHIND: &str = r"|\\[nr]|";
const ESCAPE_OR_QUOTE_BEHIND: &str = r#"|\\[nr"']|"#;

/// A compiled pattern may take so many bytes.
const MAX_COMPILED_BYTES: usize = 16 << 20;

/// A rule of the data file.
#[derive(Default)]
pub(super) struct Rule {
    pub(super) id: &'static str,
    /// In lower case.
    pub(super) keywords: Vec<&'static str>,
    pattern: &'static str,
    /// Bits per character that a secret has more of.
    entropy: f64,
    /// The group that is the secret; without one, the first that matched.
    group: Option<usize>,
    allowed: Allowed,
    /// None if the pattern is broken.
    compiled: OnceLock<Option<Regex>>,
}

/// What looks like a secret and is none.
#[derive(Default)]
pub(super) struct Allowed {
    secret: Patterns,
    /// Of all that the pattern matched.
    matched: Patterns,
    /// Of the line that it stands in.
    line: Patterns,
    /// Parts of the secret, in lower case.
    stops: Vec<&'static str>,
}

#[derive(Default)]
struct Patterns {
    patterns: Vec<&'static str>,
    compiled: OnceLock<Option<RegexSet>>,
}

/// What all rules allow, and the rules.
pub(super) fn read(data: &'static str) -> (Allowed, Vec<Rule>) {
    let mut all = Allowed::default();
    let mut rules: Vec<Rule> = Vec::new();
    for line in data.lines() {
        let (what, rest) = line.split_once(' ').unwrap_or((line, ""));
        if what == "rule" {
            rules.push(Rule { id: rest, ..Rule::default() });
            continue;
        }
        let allowed = rules.last_mut().map_or(&mut all, |rule| &mut rule.allowed);
        match what {
            "allow-secret" => allowed.secret.patterns.push(rest),
            "allow-match" => allowed.matched.patterns.push(rest),
            "allow-line" => allowed.line.patterns.push(rest),
            "stop" => allowed.stops.push(rest),
            _ => {}
        }
        let Some(rule) = rules.last_mut() else { continue };
        match what {
            "keyword" => rule.keywords.push(rest),
            "entropy" => rule.entropy = rest.parse().unwrap_or(0.0),
            "group" => rule.group = rest.parse().ok(),
            "regex" => rule.pattern = rest,
            _ => {}
        }
    }
    (all, rules)
}

impl Rule {
    /// The secrets in a part of a text.
    pub(super) fn secrets(&self, text: &str, window: Range<usize>, all: &Allowed) -> Vec<Range<usize>> {
        let mut spans = Vec::new();
        let (Some(regex), Some(seen)) = (self.regex(), text.as_bytes().get(..window.end)) else {
            return spans;
        };
        let mut from = window.start;
        while let Some(captures) = regex.captures_at(seen, from) {
            let groups = captures.iter().skip(1).flatten();
            let secret = match self.group {
                Some(group) => captures.get(group),
                None => groups.into_iter().find(|group| !group.is_empty()),
            };
            let Some(matched) = captures.get(0) else { break };
            let secret = secret.unwrap_or(matched).range();
            from = matched.end().max(matched.start() + 1);
            if from > window.end {
                break;
            }
            let whole = name_start(text, matched.start())..matched.end();
            if let (Some(whole), Some(found)) = (text.get(whole.clone()), text.get(secret.clone()))
                && self.is_secret(whole, found)
                && ![all, &self.allowed]
                    .iter()
                    .any(|allowed| allowed.has(text, whole, &matched.range(), found))
            {
                let is_cut = secret.end == window.end;
                spans.push(
                    secret.start..if is_cut { value::end_of_token(text, secret.end) } else { secret.end },
                );
            }
        }
        spans
    }

    fn is_secret(&self, matched: &str, secret: &str) -> bool {
        if self.entropy > 0.0 && value::entropy(secret) <= self.entropy || value::is_stand_in(secret) {
            return false;
        }
        let before = matched.split(secret).next().unwrap_or("");
        if self.id == "generic-api-key" {
            return assignment::is_named(before, secret);
        }
        let lower = matched.to_ascii_lowercase();
        !value::is_hash(secret) || self.keywords.iter().any(|keyword| lower.contains(keyword))
    }

    fn regex(&self) -> Option<&Regex> {
        let compile = || {
            let (flags, rest) = match self.pattern.strip_prefix("(?i)") {
                Some(rest) => ("(?i)", rest),
                None => ("", self.pattern),
            };
            let rest = rest.strip_prefix(NAME_START).unwrap_or(rest);
            let pattern = format!("{flags}{rest}").replace(ESCAPE_BEHIND, ESCAPE_OR_QUOTE_BEHIND);
            RegexBuilder::new(&pattern).unicode(false).size_limit(MAX_COMPILED_BYTES).build().ok()
        };
        self.compiled.get_or_init(compile).as_ref()
    }

    #[cfg(test)]
    pub(super) fn is_sound(&self) -> bool {
        self.regex().is_some() && !self.keywords.is_empty() && self.allowed.is_sound()
    }
}

/// Where the name begins that goes on at `offset`.
fn name_start(text: &str, offset: usize) -> usize {
    let name = text.get(..offset).unwrap_or("").bytes().rev().take(50);
    offset - name.take_while(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(byte)).count()
}

impl Allowed {
    fn has(&self, text: &str, whole: &str, matched: &Range<usize>, secret: &str) -> bool {
        let lower = secret.to_ascii_lowercase();
        self.secret.any(secret)
            || self.matched.any(whole)
            || !self.line.patterns.is_empty() && self.line.any(line_at(text, matched))
            || self.stops.iter().any(|stop| lower.contains(stop))
    }

    #[cfg(test)]
    pub(super) fn is_sound(&self) -> bool {
        [&self.secret, &self.matched, &self.line]
            .iter()
            .all(|patterns| patterns.patterns.is_empty() || patterns.set().is_some())
    }
}

impl Patterns {
    fn any(&self, text: &str) -> bool {
        !self.patterns.is_empty() && self.set().is_some_and(|set| set.is_match(text.as_bytes()))
    }

    fn set(&self) -> Option<&RegexSet> {
        let compile = || {
            let mut builder = RegexSetBuilder::new(&self.patterns);
            builder.unicode(false).size_limit(MAX_COMPILED_BYTES).build().ok()
        };
        self.compiled.get_or_init(compile).as_ref()
    }
}

/// The lines that a match stands in, as far as they are short.
fn line_at<'a>(text: &'a str, matched: &Range<usize>) -> &'a str {
    const MAX_LINE_BYTES: usize = 512;
    let before = text.get(..matched.start).unwrap_or("");
    let behind = text.get(matched.end..).unwrap_or("");
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let end = matched.end + behind.find('\n').unwrap_or(behind.len());
    let line = start.max(matched.start.saturating_sub(MAX_LINE_BYTES))..end.min(matched.end + MAX_LINE_BYTES);
    text.get(line).unwrap_or("")
}
