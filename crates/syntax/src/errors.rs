//! Syntax errors. A grammar may be behind its language, so only *new* errors say something about an edit.

use std::ops::Range;

use text::Text;
use tree_sitter::Node;

use crate::Tree;
use crate::node::walk;

/// A place that the grammar does not understand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub range: Range<usize>,
    /// Zero-based line on which it starts.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// How many places the grammar does not understand. Fast where there are none.
pub fn error_count(tree: &Tree) -> usize {
    let mut count = 0;
    visit(tree.root(), &mut |_| count += 1);
    count
}

/// The places the grammar does not understand, in order.
pub fn errors(tree: &Tree, text: &Text) -> Vec<SyntaxError> {
    let mut found = Vec::new();
    visit(tree.root(), &mut |node| found.push(error(node, text)));
    found
}

/// The errors of `after` that `before` did not have: those beyond the number it had, inside `changed` first.
///
/// `changed` is the range of the text after that an edit wrote.
pub fn new_errors(
    before: &Tree,
    after: &Tree,
    after_text: &Text,
    changed: &Range<usize>,
) -> Vec<SyntaxError> {
    let n_before = error_count(before);
    let mut found = errors(after, after_text);
    let n_new = found.len().saturating_sub(n_before);
    let is_inside =
        |error: &SyntaxError| error.range.start <= changed.end && error.range.end >= changed.start;
    found.sort_by_key(|error| !is_inside(error));
    found.truncate(n_new);
    found.sort_by_key(|error| error.range.start);
    found
}

/// Calls `found` for each ERROR or MISSING node; parts without errors are not entered.
fn visit(node: Node<'_>, found: &mut impl FnMut(Node<'_>)) {
    walk(node, |node| {
        let is_wrong = node.is_error() || node.is_missing();
        if is_wrong {
            found(node);
        }
        !is_wrong && node.has_error()
    });
}

fn error(node: Node<'_>, text: &Text) -> SyntaxError {
    let range = node.byte_range();
    let message = if node.is_missing() {
        format!("`{}` is missing", node.kind())
    } else {
        let shown = text.slice(range.start..range.end.min(range.start + 80));
        match shown.lines().next().map(str::trim) {
            Some(line) if !line.is_empty() => format!("unexpected `{line}`"),
            Some(_) | None => "unexpected text".to_owned(),
        }
    };
    SyntaxError { line: text.line_of(range.start), range, message }
}
