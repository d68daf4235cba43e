//! Which rules files speak of a path, and how much of each is shown.
//!
//! Pure: files in, values out. Their text is content of the project's files like any other: it decides nothing here, and its
//! front matter says for which paths it is meant, nothing else. Must never show more than the limits allow.

mod applies;
mod editor_config;
mod front_matter;

use std::ops::Range;

use workspace::{RulesFile, RulesKind};

use applies::applies_to;

/// Tokens of one rules file.
pub const MAX_RULES_TOKENS: usize = 1_500;
/// Tokens of all rules files of one request.
pub const MAX_ALL_RULES_TOKENS: usize = 3_000;

/// What the project says about how its code should be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Of outer directories first, so that the nearest have the last word.
    pub files: Vec<Rule>,
    /// Indentation, line length and line endings of the path, as sentences of our own; empty for none.
    pub layout: String,
    /// The files that `layout` is from.
    pub layout_paths: Vec<String>,
}

/// What is shown of one rules file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its path below the folder.
    pub path: String,
    /// Zero-based lines shown; front matter is not.
    pub lines: Range<usize>,
    /// How many lines it has.
    pub n_lines: usize,
    /// Their text; where it was cut, the last line says so.
    pub text: String,
    /// Estimated tokens of the text and the path.
    pub tokens: usize,
    /// Characters that nobody sees and that were taken out.
    pub n_invisible: usize,
}

/// What the rules files say about a path below their folder, in at most `limit` tokens; where that is too little, the
/// nearest come first.
pub fn rules(files: &[RulesFile], path: &str, limit: usize, count: fn(&str) -> usize) -> Rules {
    let (layout, layout_paths) = editor_config::layout(files, path);
    let mut found: Vec<(usize, Rule)> = Vec::new();
    let mut left = limit.min(MAX_ALL_RULES_TOKENS);
    let mut nearest: Vec<(usize, &RulesFile)> = files.iter().enumerate().collect();
    nearest.sort_by_key(|(idx, file)| (std::cmp::Reverse(file.dir.len()), *idx));
    let mut texts: Vec<&str> = Vec::new();
    for (idx, file) in nearest.into_iter().filter(|(_, file)| file.kind != RulesKind::EditorConfig) {
        let Some(start) = applies_to(file, path) else { continue };
        let body = file.text.get(start..).unwrap_or_default().trim();
        // Many projects keep one text under several names.
        if body.is_empty() || texts.contains(&body) {
            continue;
        }
        texts.push(body);
        if let Some(rule) = shown(file, start, left.min(MAX_RULES_TOKENS), count) {
            left -= rule.tokens.min(left);
            found.push((idx, rule));
        }
    }
    found.sort_by_key(|(idx, _)| *idx);
    Rules { files: found.into_iter().map(|(_, rule)| rule).collect(), layout, layout_paths }
}

/// The lines of a file from an offset on that the limit allows; none where there is no room for one.
fn shown(file: &RulesFile, start: usize, limit: usize, count: fn(&str) -> usize) -> Option<Rule> {
    let (front, body) = file.text.split_at_checked(start)?;
    let blank: usize = body.split_inclusive('\n').take_while(|line| line.trim().is_empty()).count();
    let first = front.matches('\n').count() + blank;
    let body: Vec<&str> = body.trim_end().split_inclusive('\n').skip(blank).collect();
    let path_tokens = count(&file.path) + 2;
    let mark = |n_left: usize| format!("[cut here: {} has {n_left} more lines]\n", file.path);
    // The mark is part of what is counted.
    let mut tokens = path_tokens + count(&mark(body.len()));
    let (mut text, mut n_shown, mut n_invisible) = (String::new(), 0, 0);
    for line in &body {
        let seen: String = line.chars().filter(|c| !is_invisible(*c)).collect();
        tokens += count(&seen) + 1;
        if tokens > limit {
            break;
        }
        n_invisible += line.chars().count() - seen.chars().count();
        text.push_str(&seen);
        n_shown += 1;
    }
    if n_shown == 0 {
        return None;
    }
    if n_shown < body.len() {
        text.push_str(&mark(body.len() - n_shown));
    }
    let tokens = path_tokens + count(&text);
    let (lines, n_lines) = (first..first + n_shown, first + body.len());
    Some(Rule { path: file.path.clone(), lines, n_lines, text, tokens, n_invisible })
}

/// Characters that a reviewer of the file does not see and a model reads.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests;
