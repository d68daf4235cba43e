//! Directives: comments that hold an instruction.

use std::ops::Range;

use text::Text;
use tree_sitter::Node;

use crate::comment::stripped;
use crate::node::{comment_at, trimmed_end};
use crate::{Markers, Tree};

/// A comment whose text begins with `ai:`, `ai?` or `ai!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// What to remove when it is done: whole lines where it stands alone, else the comment and the blanks in front of it.
    pub range: Range<usize>,
    /// The instruction, its lines joined, without markers.
    pub text: String,
    /// What it asks for.
    pub kind: DirectiveKind,
    /// Whether nothing else stands on its lines.
    pub is_alone: bool,
    /// Where to look for the scope it is about.
    pub target: usize,
}

/// What a directive asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectiveKind {
    /// `ai:` an edit.
    Edit,
    /// `ai?` an answer in prose.
    Answer,
    /// `ai!` an edit, asked for when the file is saved.
    OnSave,
}

/// The directives of a text, in order. `tree` and `markers` are the text's.
pub fn directives(tree: &Tree, text: &Text, markers: &Markers) -> Vec<Directive> {
    let mut found: Vec<Directive> = Vec::new();
    for offset in markers.offsets().iter().copied() {
        if found.last().is_some_and(|last| offset < last.range.end) {
            continue;
        }
        let Some(node) = tree.root().descendant_for_byte_range(offset, offset + 1) else { continue };
        let Some(comment) = comment_at(node, tree.language()) else { continue };
        if let Some(directive) = read(comment, tree, text) {
            found.push(directive);
        }
    }
    found
}

impl Directive {
    /// The directive as its range reads in `text`, which may have been typed into since the tree was made; none when it is
    /// no directive any more.
    pub fn reread(&self, text: &Text) -> Option<Directive> {
        let comment = text.slice(self.range.clone());
        let is_block = comment.trim_start().starts_with(['<', '{'])
            || comment.trim_start().starts_with("/*")
            || comment.trim_start().starts_with("--[[");
        let inner = comment.trim().trim_start_matches('{').trim_end_matches('}');
        let mut lines: Vec<String> =
            if is_block { stripped(inner) } else { inner.lines().flat_map(stripped).collect() };
        lines.retain(|line| !line.is_empty());
        let (kind, head) = kind_of(lines.first()?)?;
        let parts = std::iter::once(head).chain(lines.into_iter().skip(1)).collect::<Vec<_>>();
        let text = parts.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Directive { text, kind, ..self.clone() })
    }
}

fn read(first: Node<'_>, tree: &Tree, text: &Text) -> Option<Directive> {
    let mut lines = stripped(&text.slice(first.byte_range()));
    while lines.first().is_some_and(|line| line.is_empty()) {
        lines.remove(0);
    }
    let (kind, head) = kind_of(lines.first()?)?;
    let mut parts = vec![head];
    parts.extend(lines.into_iter().skip(1));
    let outer = outermost(first);
    let start = outer.start_byte();
    let mut end = trimmed_end(text, start, outer.end_byte());
    let line_start = text.line_start(text.line_of(start));
    let is_alone_before = text.slice(line_start..start).trim().is_empty();
    if is_alone_before {
        let mut last = outer;
        while let Some(next) = continuation(last, first, tree, text) {
            parts.extend(stripped(&text.slice(next.byte_range())));
            end = trimmed_end(text, next.start_byte(), next.end_byte());
            last = next;
        }
    }
    let last_line = text.line_of(end);
    let is_alone = is_alone_before && text.slice(end..text.line_end(last_line)).trim().is_empty();
    let range = if is_alone {
        line_start..text.line_end(last_line)
    } else {
        let before = text.slice(line_start..start);
        line_start + before.trim_end().len()..end
    };
    let text = parts.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    Some(Directive { range, text, kind, is_alone, target: start })
}

/// The kind, and the rest of the line behind the marker.
fn kind_of(line: &str) -> Option<(DirectiveKind, String)> {
    let marker = line.get(..3)?;
    let kind = match marker.to_ascii_lowercase().as_str() {
        "ai:" => DirectiveKind::Edit,
        "ai?" => DirectiveKind::Answer,
        "ai!" => DirectiveKind::OnSave,
        _ => return None,
    };
    let rest = line.get(3..)?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| (kind, rest.trim().to_owned()))
}

/// A JSX comment stands in braces of its own, which go with it.
fn outermost(comment: Node<'_>) -> Node<'_> {
    match comment.parent() {
        Some(parent) if parent.kind() == "jsx_expression" && parent.named_child_count() == 1 => parent,
        Some(_) | None => comment,
    }
}

/// The comment on the next line at the same column, if it goes on and is no directive of its own.
fn continuation<'a>(last: Node<'a>, first: Node<'a>, tree: &Tree, text: &Text) -> Option<Node<'a>> {
    let next = last.next_sibling()?;
    if !tree.language().is_comment(next.kind()) || next.kind() != first.kind() {
        return None;
    }
    let last_line = text.line_of(trimmed_end(text, last.start_byte(), last.end_byte()));
    let line = text.line_of(next.start_byte());
    let column = |node: Node<'_>| node.start_byte() - text.line_start(text.line_of(node.start_byte()));
    if line != last_line + 1 || column(next) != column(first) {
        return None;
    }
    let starts_another =
        stripped(&text.slice(next.byte_range())).first().is_some_and(|line| kind_of(line).is_some());
    (!starts_another).then_some(next)
}
