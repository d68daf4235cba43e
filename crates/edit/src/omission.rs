//! The words by which models leave code out: "... existing code ...", "rest of the function unchanged".
//!
//! Goes by how such a comment begins and goes on; one that only mentions the words is not one.

/// How such a comment goes on behind its dots.
const BEHIND_DOTS: [&str; 17] = [
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
    "snip",
];
/// How such a comment is worded without dots.
const PHRASES: [&str; 22] = [
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
    "remaining functions",
    "remaining implementation",
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
const WHOLES: [&str; 13] = [
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
    "scope",
];

/// Whether the text of a comment stands for code: "... rest of the function ...", "fields unchanged".
pub(crate) fn stands_for_code(comment: &str) -> bool {
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
