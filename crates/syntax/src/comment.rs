//! Comments: their text without markers, and a new one in a language's own style.

use crate::Language;

/// Markers that may stand in front of a comment's text, longest first.
const STARTS: [&str; 12] = ["<!--", "--[[", "///", "//!", "/**", "//", "/*", "--", "#", ";", "%", "'"];
/// Markers that may stand behind it.
const ENDS: [&str; 4] = ["-->", "*/", "]]", "--"];

/// A comment on a line of its own that begins with `text`; none for a language without comments.
pub fn comment_line(language: Language, indent: &str, text: &str) -> Option<String> {
    if let Some(start) = language.0.line_comment {
        return Some(format!("{indent}{start} {text}"));
    }
    let (start, end) = language.0.block_comment?;
    Some(format!("{indent}{start} {text} {end}"))
}

/// The text of a comment, line by line, without its markers and surrounding blanks.
pub(crate) fn stripped(comment: &str) -> Vec<String> {
    let mut body = comment.trim();
    for start in STARTS {
        if let Some(rest) = body.strip_prefix(start) {
            body = rest;
            break;
        }
    }
    for end in ENDS {
        if let Some(rest) = body.strip_suffix(end) {
            body = rest;
            break;
        }
    }
    body.lines()
        .map(|line| line.trim().trim_start_matches("* ").trim_start_matches('*').trim().to_owned())
        .collect()
}
