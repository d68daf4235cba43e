//! Tokens and comments of a text whose language is not known: quotes, numbers, words and signs.

use std::ops::Range;

use syntax::{Comment, Token, TokenKind};

/// What may begin a comment at the start of a line.
const MARKERS: [&str; 7] = ["<!--", "//", "/*", "--", "#", ";", "%"];

/// The tokens of a text, in order.
pub(super) fn tokens(content: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (start, line) in lines(content) {
        if let Some(range) = comment(start, line) {
            tokens.push(Token { kind: TokenKind::Comment, range });
            continue;
        }
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let offset = start + line.len() - rest.len();
            let (kind, len) = match first {
                '"' | '\'' | '`' => quoted(rest, first),
                c if c.is_ascii_digit() => {
                    (TokenKind::Number, run(rest, |c| c.is_alphanumeric() || c == '.' || c == '_'))
                }
                c if c.is_alphabetic() || c == '_' => {
                    (TokenKind::Name, run(rest, |c| c.is_alphanumeric() || c == '_'))
                }
                c => (TokenKind::Other, c.len_utf8()),
            };
            let written = rest.get(..len).unwrap_or("");
            let kind = if matches!(written, "true" | "false") { TokenKind::Truth } else { kind };
            if !first.is_whitespace() {
                tokens.push(Token { kind, range: offset..offset + len });
            }
            rest = rest.get(len..).unwrap_or("");
        }
    }
    tokens
}

/// The comments of a text that stand on lines of their own.
pub(super) fn comments(content: &str) -> Vec<Comment> {
    let comments = lines(content).into_iter().filter_map(|(start, line)| {
        let range = comment(start, line)?;
        let body = line.trim().trim_start_matches(['<', '!', '-', '/', '*', '#', ';', '%']);
        let body = body.trim_end_matches(['-', '>', '*', '/']).trim();
        Some(Comment { range, lines: vec![body.to_owned()] })
    });
    comments.collect()
}

fn lines(content: &str) -> Vec<(usize, &str)> {
    let mut start = 0;
    text::split_lines(content)
        .into_iter()
        .map(|line| {
            let here = start;
            start += line.len();
            (here, line.trim_end_matches(['\r', '\n']))
        })
        .collect()
}

fn comment(start: usize, line: &str) -> Option<Range<usize>> {
    let body = line.trim();
    let is_comment = MARKERS.iter().any(|marker| body.starts_with(marker));
    let lead = line.len() - line.trim_start().len();
    is_comment.then(|| start + lead..start + lead + body.len())
}

fn quoted(rest: &str, quote: char) -> (TokenKind, usize) {
    match rest.get(1..).and_then(|body| body.find(quote)) {
        Some(len) => (TokenKind::Quoted, len + 2),
        None => (TokenKind::Other, 1),
    }
}

fn run(rest: &str, belongs: impl Fn(char) -> bool) -> usize {
    rest.find(|c: char| !belongs(c)).unwrap_or(rest.len())
}
