//! What must not enter a file although it has a place: placeholders, lines from elsewhere, escaped copies, half answers.
//!
//! Every check here can only refuse. They go by lines and characters, so they hold for every language; whether the result
//! parses is asked elsewhere.

use std::collections::HashSet;
use std::ops::Range;

use text::Text;

use super::elision::is_elision;
use super::lines::{Line, contents, indentation as indent_of, is_blank};
use super::merge::Merge;
use super::nearest::words;
use crate::{Reason, Refusal};

/// The lines of the file around the scope, without their indentation.
pub(super) struct Outside {
    lines: HashSet<String>,
    /// The lines behind the scope that are not blank, nearest first.
    behind: Vec<String>,
    has_entity: bool,
    has_curly_quote: bool,
}

impl Outside {
    pub(super) fn new(text: &Text, scope: &Range<usize>) -> Outside {
        let (before, behind) = (text.slice(0..scope.start), text.slice(scope.end..text.len()));
        let trimmed = |text: &str| -> Vec<String> {
            contents(text)
                .into_iter()
                .map(|line| line.trim().to_owned())
                .filter(|line| !line.is_empty())
                .collect()
        };
        let behind_lines = trimmed(&behind);
        Outside {
            has_entity: has_entity(&before) || has_entity(&behind),
            has_curly_quote: has_curly_quote(&before) || has_curly_quote(&behind),
            lines: trimmed(&before).into_iter().chain(behind_lines.iter().cloned()).collect(),
            behind: behind_lines.into_iter().take(8).collect(),
        }
    }
}

/// What a whole new scope must not be, before it is aligned.
pub(super) fn rewrite(old: &[Line<'_>], new: &[String], outside: &Outside) -> Result<(), Refusal> {
    elisions(new, old)?;
    line_numbers(old, new)?;
    escapes(old, new)?;
    let known = trimmed(old);
    let old_text = || old.iter().map(|line| line.content);
    for line in new.iter().filter(|line| !known.contains(line.trim())) {
        let is_entity = has_entity(line) && !outside.has_entity && !old_text().any(has_entity);
        let is_quote = has_curly_quote(line) && !outside.has_curly_quote && !old_text().any(has_curly_quote);
        if (is_entity || is_quote) && is_code(old) {
            return Err(Reason::Escaped { line: line.clone() }.into());
        }
    }
    from_outside(&known, new, outside)?;
    related(old, new)?;
    if brackets_open(old_text()) <= 0 && brackets_open(new.iter().map(String::as_str)) > 0 {
        return Err(Reason::Brackets.into());
    }
    if braces(old_text()) == 0 && braces(new.iter().map(String::as_str)) != 0 {
        return Err(Reason::Brackets.into());
    }
    Ok(())
}

/// No line may stand for code that was left out, unless the scope holds it.
pub(super) fn elisions(new: &[String], old: &[Line<'_>]) -> Result<(), Refusal> {
    let known = trimmed(old);
    match new.iter().find(|line| is_elision(line) && !known.contains(line.trim())) {
        Some(line) => Err(Reason::Elision { line: line.clone() }.into()),
        None => Ok(()),
    }
}

/// No line may be one of the scope with its punctuation exchanged.
pub(super) fn escapes<S: AsRef<str>>(old: &[Line<'_>], new: &[S]) -> Result<(), Refusal> {
    let known = trimmed(old);
    for line in new.iter().map(AsRef::as_ref) {
        let plain = plain(line.trim());
        if plain != line.trim() && !known.contains(line.trim()) && known.contains(plain.as_str()) {
            return Err(Reason::Escaped { line: line.to_owned() }.into());
        }
    }
    Ok(())
}

/// New lines are indented by tabs or by blanks as the scope is.
pub(super) fn indentation(old: &[Line<'_>], new: &[String]) -> Result<(), Refusal> {
    let known: HashSet<&str> = old.iter().map(|line| line.content).collect();
    let indents = || old.iter().filter(|line| !is_blank(line.content)).map(|line| indent_of(line.content));
    let has_tabs = indents().any(|indent| indent.contains('\t'));
    let has_blanks = indents().any(|indent| indent.contains("  "));
    let fresh = new.iter().filter(|line| !is_blank(line) && !known.contains(line.as_str()));
    for indent in fresh.map(|line| indent_of(line)) {
        let is_foreign = indent.contains('\t') && has_blanks && !has_tabs
            || indent.starts_with("  ") && has_tabs && !has_blanks;
        if is_foreign {
            return Err(Reason::Indentation.into());
        }
    }
    Ok(())
}

/// The merged text must still be one of the scope: neither its end nor most of it may just be missing.
pub(super) fn kept(old: &[Line<'_>], new: &[String], merge: &Merge) -> Result<(), Refusal> {
    // Text that ends by a word and not by a bracket has no balance that would show what is missing.
    let last_word = |line: Option<&str>| {
        line.is_some_and(|line| matches!(line, "end" | "fi" | "done" | "esac" | "endif"))
    };
    if last_word(old.last().map(|line| line.content.trim())) && !last_word(new.last().map(|line| line.trim()))
    {
        return Err(Reason::PartOfScope.into());
    }
    let solid = |lines: &[Line<'_>]| lines.iter().filter(|line| !is_blank(line.content)).count();
    let n_old = solid(old);
    let n_new = new.iter().filter(|line| !is_blank(line)).count();
    if let Some((gone, come)) = merge.runs.last()
        && come.is_empty()
        && gone.end == old.len()
    {
        let n_gone = solid(old.get(gone.clone()).unwrap_or_default());
        let closes = old.last().is_some_and(|line| is_closer(line.content.trim()));
        if n_gone >= 2 || closes {
            return Err(Reason::PartOfScope.into());
        }
    }
    let gone: Vec<usize> = merge.runs.iter().flat_map(|(gone, _)| gone.clone()).collect();
    let n_kept = n_old.saturating_sub(
        gone.iter().filter(|idx| old.get(**idx).is_some_and(|line| !is_blank(line.content))).count(),
    );
    let drops_start = merge.runs.first().is_some_and(|(gone, come)| gone.start == 0 && come.is_empty());
    let drops_end = gone.last() == Some(&old.len().saturating_sub(1));
    if n_old >= 8 && n_new * 2 < n_old && n_kept * 2 < n_old && (drops_start || drops_end) {
        return Err(Reason::PartOfScope.into());
    }
    Ok(())
}

/// The answer neither begins nor ends with lines of the file that are not in the scope.
fn from_outside(known: &HashSet<&str>, new: &[String], outside: &Outside) -> Result<(), Refusal> {
    let is_foreign = |line: &str| {
        !known.contains(line)
            && outside.lines.contains(line)
            && line.chars().filter(|c| c.is_alphanumeric()).count() >= 3
    };
    let solid = || new.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    if let Some(first) = solid().find(|line| !is_attribute(line))
        && is_foreign(first)
    {
        return Err(Reason::OutsideScope { line: first.to_owned() }.into());
    }
    // How many of the lines behind the scope the answer ends with.
    let lines: Vec<&str> = solid().collect();
    let repeated = (1..=outside.behind.len().min(lines.len())).rev().find(|n| {
        let tail = lines.get(lines.len() - n..).unwrap_or_default();
        tail.iter().zip(&outside.behind).all(|(line, behind)| line == behind)
    });
    let tail = lines.get(lines.len() - repeated.unwrap_or(0)..).unwrap_or_default();
    match tail.iter().find(|line| is_foreign(line)) {
        Some(line) => Err(Reason::OutsideScope { line: (*line).to_owned() }.into()),
        None => Ok(()),
    }
}

/// A scope of code keeps a line that is like its first one, or half of its lines.
fn related(old: &[Line<'_>], new: &[String]) -> Result<(), Refusal> {
    let Some(first) =
        old.iter().map(|line| line.content.trim()).find(|line| !line.is_empty() && !is_attribute(line))
    else {
        return Ok(());
    };
    if !is_code(old) || old.len() < 3 {
        return Ok(());
    }
    let first_words = words(first);
    let is_like = |line: &String| {
        let line = words(line);
        line.intersection(&first_words).count() * 5 >= line.len().max(first_words.len()) * 2
    };
    let fresh: HashSet<&str> = new.iter().map(|line| line.trim()).collect();
    let solid: Vec<&str> =
        old.iter().map(|line| line.content.trim()).filter(|line| !line.is_empty()).collect();
    let n_kept = solid.iter().filter(|line| fresh.contains(**line)).count();
    if n_kept * 2 >= solid.len() || first_words.is_empty() || new.iter().any(is_like) {
        return Ok(());
    }
    Err(Reason::Unrelated.into())
}

fn line_numbers(old: &[Line<'_>], new: &[String]) -> Result<(), Refusal> {
    let number = |line: &str| -> Option<usize> {
        let line = line.trim_start();
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_numbered = rest.starts_with(" |") || rest.starts_with(['|', ':', '\t']);
        if is_numbered { line.get(..line.len() - rest.len())?.parse().ok() } else { None }
    };
    let numbers: Option<Vec<usize>> = new.iter().map(|line| number(line)).collect();
    let counts_up = |numbers: &[usize]| {
        numbers.windows(2).all(|pair| pair.first().map(|n| n + 1) == pair.get(1).copied())
    };
    let is_numbered = numbers.is_some_and(|numbers| numbers.len() > 1 && counts_up(&numbers));
    if is_numbered && !old.iter().all(|line| number(line.content).is_some()) {
        return Err(Reason::LineNumbers.into());
    }
    Ok(())
}

fn trimmed<'a>(lines: &[Line<'a>]) -> HashSet<&'a str> {
    lines.iter().map(|line| line.content.trim()).collect()
}

/// `line` with entities and typographic punctuation as a keyboard types them.
fn plain(line: &str) -> String {
    let typed: String = line
        .chars()
        .map(|c| match c {
            '“' | '”' | '„' => '"',
            '‘' | '’' | '‚' => '\'',
            '–' | '—' | '−' => '-',
            '\u{a0}' => ' ',
            c => c,
        })
        .collect();
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    pairs.iter().fold(typed, |line, (entity, c)| line.replace(entity, c))
}

fn has_entity(text: &str) -> bool {
    ["&lt;", "&gt;", "&amp;", "&quot;"].iter().any(|entity| text.contains(entity))
}

fn has_curly_quote(text: &str) -> bool {
    text.contains(['“', '”', '‘', '’'])
}

/// Whether the lines look like code and not like prose.
fn is_code(lines: &[Line<'_>]) -> bool {
    lines.iter().any(|line| {
        let line = line.content.trim_end();
        line.ends_with(['{', '}', ';', ':', ')', ',']) || line.contains(['=', '<', '{'])
    })
}

/// Whether a line only decorates or comments on the next one.
fn is_attribute(line: &str) -> bool {
    ["@", "#", "//", "/*", "*", "--", "\"\"\""].iter().any(|start| line.starts_with(start))
}

/// Whether a line closes what an earlier one opened.
fn is_closer(line: &str) -> bool {
    line.starts_with(['}', ')', ']']) || line.starts_with("</")
}

/// Round and square brackets that are open at the end, strings on one line left out.
fn brackets_open<'a>(lines: impl Iterator<Item = &'a str>) -> i64 {
    balance(lines, "([", ")]")
}

/// Braces that are open at the end, or closed too often.
fn braces<'a>(lines: impl Iterator<Item = &'a str>) -> i64 {
    balance(lines, "{", "}")
}

fn balance<'a>(lines: impl Iterator<Item = &'a str>, opens: &str, closes: &str) -> i64 {
    let mut balance = 0;
    for line in lines {
        let mut quote = None;
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match (quote, c) {
                (_, '\\') => {
                    chars.next();
                }
                (Some(open), c) if open == c => quote = None,
                (Some(_), _) => {}
                (None, '"') => quote = Some(c),
                (None, c) if opens.contains(c) => balance += 1,
                (None, c) if closes.contains(c) => balance -= 1,
                (None, _) => {}
            }
        }
    }
    balance
}
