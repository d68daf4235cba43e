//! A text as the grammar cuts it: names, literals, comments and the rest.
//!
//! Owns which node kinds are literals. A string is one token, unless code stands in it.

use std::ops::Range;

use text::Text;
use tree_sitter::Node;

use crate::node::{is_name, walk};
use crate::{Language, Tree};

/// A piece of a text that a compiler would not cut further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes.
    pub range: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A comment.
    Comment,
    /// A string or character, with its quotes.
    Quoted,
    /// A number, with its unit.
    Number,
    /// `true` or `false`.
    Truth,
    /// A name.
    Name,
    /// A keyword, bracket, operator, or running text.
    Other,
}

/// The tokens of a text, in order.
pub fn tokens(tree: &Tree, text: &Text) -> Vec<Token> {
    let content = text.to_string();
    let mut tokens = Vec::new();
    walk(tree.root(), |node| {
        let written = content.get(node.byte_range()).unwrap_or("");
        let whole = whole_kind(node, tree.language(), written);
        if whole.is_none() && node.child_count() > 0 {
            return true;
        }
        let kind = whole.unwrap_or_else(|| leaf_kind(node, written));
        // Grammars have tokens for line endings and for what is not there.
        let range = match kind {
            TokenKind::Quoted => node.byte_range(),
            TokenKind::Comment
            | TokenKind::Number
            | TokenKind::Truth
            | TokenKind::Name
            | TokenKind::Other => {
                let start = node.start_byte() + (written.len() - written.trim_start().len());
                start..start + written.trim().len()
            }
        };
        if !range.is_empty() {
            tokens.push(Token { kind, range });
        }
        false
    });
    tokens
}

/// The kind of a node that is one token though it has children.
fn whole_kind(node: Node<'_>, language: Language, written: &str) -> Option<TokenKind> {
    let kind = node.kind();
    if language.is_comment(kind) {
        return Some(TokenKind::Comment);
    }
    match kind {
        "integer_value" | "float_value" | "color_value" => Some(TokenKind::Number),
        // SQL has one kind for all of them.
        "literal" => Some(leaf_kind(node, written)),
        _ if is_string(node) && !holds_code(node) => Some(TokenKind::Quoted),
        _ => None,
    }
}

/// Whether a node is a whole string or character.
pub(crate) fn is_string(node: Node<'_>) -> bool {
    let kind = node.kind();
    node.is_named()
        && (matches!(
            kind,
            "char_literal"
                | "character_literal"
                | "rune_literal"
                | "encapsed_string"
                | "quoted_attribute_value"
                | "interpolated_string_expression"
                | "double_quote_scalar"
                | "single_quote_scalar"
                | "heredoc"
                | "heredoc_body"
        ) || kind == "string"
            || kind == "template_string"
            || kind == "string_value"
            || kind == "string_scalar"
            || kind == "raw_string"
            || kind == "ansi_c_string"
            || kind.ends_with("string_literal"))
}

/// Whether something is interpolated in a string.
pub(crate) fn holds_code(node: Node<'_>) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| {
        let kind = child.kind();
        kind.contains("interpol") || kind.contains("substitution") || kind.contains("expansion")
    })
}

fn leaf_kind(node: Node<'_>, written: &str) -> TokenKind {
    let first = written.trim_start_matches(['-', '+', '.']).chars().next();
    if matches!(written, "true" | "false" | "True" | "False" | "TRUE" | "FALSE") {
        TokenKind::Truth
    } else if first.is_some_and(|first| first.is_ascii_digit()) && (node.is_named() || written.len() > 1) {
        TokenKind::Number
    } else if matches!(written.chars().next(), Some('"' | '\'' | '`')) && written.len() > 1
        || matches!(node.kind(), "string_content" | "string_fragment" | "line_str_text")
    {
        TokenKind::Quoted
    } else if is_name_leaf(node) {
        TokenKind::Name
    } else {
        TokenKind::Other
    }
}

/// Whether a leaf names something, also in a pattern.
pub(crate) fn is_name_leaf(node: Node<'_>) -> bool {
    is_name(node)
        || node.is_named()
            && node.child_count() == 0
            && matches!(
                node.kind(),
                "variable_name" | "shorthand_property_identifier_pattern" | "bare_key" | "attribute_name"
            )
}
