//! Comments: their text without markers, and a new one in a language's own style.

use std::ops::Range;

use text::Text;
use tree_sitter::Node;

use crate::node::walk;
use crate::{Language, Tree};

/// A comment, or a string that documents a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its bytes, with its markers.
    pub range: Range<usize>,
    /// Its lines without markers and surrounding blanks.
    pub lines: Vec<String>,
}

/// Markers that may stand in front of a comment's text, longest first.
const STARTS: [&str; 12] = ["<!--", "--[[", "///", "//!", "/**", "//", "/*", "--", "#", ";", "%", "'"];
/// Markers that may stand behind it.
const ENDS: [&str; 4] = ["-->", "*/", "]]", "--"];

/// The comments of a text, in order. Those on neighboring lines are not joined.
pub fn comments(tree: &Tree, text: &Text) -> Vec<Comment> {
    let language = tree.language();
    let mut found = Vec::new();
    walk(tree.root(), |node| {
        let is_comment = language.is_comment(node.kind());
        if is_comment || is_docstring(node) {
            let range = node.byte_range();
            let written = text.slice(range.clone());
            let lines = if is_comment { stripped(&written) } else { docstring(&written) };
            let range = range.start..range.start + written.trim_end().len();
            found.push(Comment { range, lines });
            return false;
        }
        true
    });
    found
}

/// Whether a node is a string in front of a body of Python.
fn is_docstring(node: Node<'_>) -> bool {
    node.kind() == "expression_statement"
        && node.named_child_count() == 1
        && node.named_child(0).is_some_and(|child| child.kind() == "string")
        && node.prev_named_sibling().is_none()
        && node.parent().is_some_and(|parent| matches!(parent.kind(), "block" | "module"))
}

fn docstring(written: &str) -> Vec<String> {
    let body = written.trim_start_matches(['r', 'R', 'u', 'U']).trim_matches(['"', '\'']);
    body.lines().map(|line| line.trim().to_owned()).collect()
}

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
