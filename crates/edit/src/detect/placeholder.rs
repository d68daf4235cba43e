//! Comments that stand for code that was left out.

use syntax::TokenKind;

use super::change::Change;
use super::lines::shown;
use super::{DetectionKind, Found};

/// How such a comment goes on behind its dots.
const BEHIND_DOTS: [&str; 16] = [
    "existing",
    "rest",
    "the rest",
    "remaining",
    "unchanged",
    "same",
    "other",
    "previous",
    "keep",
    "no change",
    "code",
    "more",
    "omitted",
    "as before",
    "your",
    "implementation",
];
/// How such a comment is worded without dots.
const PHRASES: [&str; 20] = [
    "existing code",
    "existing implementation",
    "existing logic",
    "existing methods",
    "existing content",
    "rest unchanged",
    "rest is unchanged",
    "rest remains",
    "rest stays",
    "rest as before",
    "remaining code",
    "remaining methods",
    "remaining fields",
    "unchanged code",
    "same as before",
    "same as above",
    "code unchanged",
    "code remains",
    "omitted for brevity",
    "no changes",
];
/// How such a comment may go on: "existing code here", not "existing code relies on it".
const BEHIND_PHRASE: [&str; 12] = [
    "here",
    "goes",
    "stays",
    "unchanged",
    "remains",
    "as",
    "is",
    "above",
    "below",
    "omitted",
    "continues",
    "for",
];
/// What "rest of the …" may be about.
const WHOLES: [&str; 12] = [
    "class",
    "code",
    "file",
    "function",
    "implementation",
    "logic",
    "method",
    "module",
    "body",
    "component",
    "handler",
    "table",
];

pub(super) fn detect(change: &Change) -> Found {
    let mut found = Found::new();
    for hunk in &change.hunks {
        for comment in change.new.comments.iter().filter(|comment| hunk.adds(&comment.range)) {
            let stood = change.old.comments.iter().any(|old| old.lines == comment.lines);
            if !stood && comment.lines.iter().any(|line| stands_for_code(line)) {
                let message = format!("has {} in place of code", shown(change.new.at(&comment.range)));
                found.push((hunk.idx, change.remark(DetectionKind::Placeholder, &comment.range, message)));
            }
        }
        for line in hunk.runs.iter().flat_map(|run| change.new.lines_in(&run.new)) {
            let written = change.new.at(&line).trim();
            let is_comment =
                change.new.tokens_in(&line).first().is_some_and(|token| token.kind == TokenKind::Comment);
            let is_bare = written
                .strip_prefix("...")
                .is_some_and(|rest| rest.starts_with([' ', '.']) && stands_for_code(written));
            if is_bare && !is_comment {
                let message = format!("has {} in place of code", shown(written));
                found.push((hunk.idx, change.remark(DetectionKind::Placeholder, &line, message)));
            }
        }
    }
    found
}

/// Whether the text of a comment stands for code: "... rest of the function ...", "fields unchanged".
pub(super) fn stands_for_code(comment: &str) -> bool {
    let body =
        comment.trim_matches(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')' | '{' | '}'));
    let lower = body.to_lowercase();
    if lower.len() > 80 {
        return false;
    }
    let dotted = lower.strip_prefix("...").or_else(|| lower.strip_prefix('…'));
    if let Some(rest) = dotted {
        let rest = rest.trim_matches(['.', '…', ' ', '(', '[', ']', ')']);
        return rest.is_empty() || BEHIND_DOTS.iter().any(|word| rest.starts_with(word));
    }
    let plain = lower.trim_end_matches(['.', '…', ' ']);
    let is_phrase = PHRASES.iter().filter_map(|phrase| plain.strip_prefix(phrase)).any(|behind| {
        behind.is_empty()
            || behind.starts_with(' ')
                && behind.split_whitespace().next().is_some_and(|word| BEHIND_PHRASE.contains(&word))
    });
    let rest_of = plain.strip_prefix("the ").unwrap_or(plain).strip_prefix("rest of ");
    let is_rest = rest_of.is_some_and(|rest| {
        let mut words = rest.split(|c: char| !c.is_alphanumeric());
        words.any(|word| WHOLES.contains(&word) || WHOLES.contains(&word.trim_end_matches('s')))
    });
    let is_short = plain.split_whitespace().count() <= 3;
    let is_unchanged =
        is_short && (plain.ends_with(" unchanged") || plain == "unchanged" || plain.ends_with(" omitted"));
    is_phrase || is_rest || is_unchanged
}
