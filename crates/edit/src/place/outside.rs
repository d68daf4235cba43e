//! Lines that show a whole answer to be about something else than its scope, where no tree says so: lines from around it,
//! nothing in common with it, or its end missing.
//!
//! Every check here can only refuse. They go by lines and characters, so they hold for every language.

use std::collections::HashSet;
use std::ops::Range;

use text::similarity;

use super::lines::{Line, contents, indentation, is_blank};
use super::merge::Merge;
use super::nearest::words;
use super::site::View;
use crate::{Reason, Refusal};

/// The lines of the file around the scope, without their indentation.
struct Outside {
    lines: HashSet<String>,
    /// The lines behind the scope that are not blank, nearest first.
    behind: Vec<String>,
}

impl Outside {
    fn new(view: &View<'_>) -> Outside {
        let (text, scope) = (view.site.text(), view.site.scope());
        let (before, behind) = (text.slice(0..scope.start), text.slice(scope.end..text.len()));
        let trimmed = |text: &str| -> Vec<String> {
            contents(text)
                .into_iter()
                .map(|line| line.trim().to_owned())
                .filter(|line| !line.is_empty())
                .collect()
        };
        let behind = trimmed(&behind);
        Outside {
            lines: trimmed(&before).into_iter().chain(behind.iter().cloned()).collect(),
            behind: behind.into_iter().take(8).collect(),
        }
    }
}

/// What a whole new text of a scope that is no single definition must not be.
pub(super) fn check(view: &View<'_>, old: &[Line<'_>], new: &[String]) -> Result<(), Refusal> {
    let known = trimmed(old);
    let old_text = || old.iter().map(|line| line.content);
    let outside = Outside::new(view);
    from_outside(&known, new, &outside)?;
    next_section(view, &known, new, &outside)?;
    related(old, new)?;
    headed(view, old, new)?;
    if brackets_open(old_text()) <= 0 && brackets_open(new.iter().map(String::as_str)) > 0 {
        return Err(Reason::Brackets.into());
    }
    if braces(old_text()) == 0 && braces(new.iter().map(String::as_str)) != 0 {
        return Err(Reason::Brackets.into());
    }
    Ok(())
}

/// The merged text must still be one of the scope: neither its end nor most of it may just be missing.
///
/// `is_definition` says whether the scope is a single one, which begins with its head and ends with its body.
pub(super) fn kept(
    old: &[Line<'_>],
    new: &[String],
    merge: &Merge,
    is_definition: bool,
) -> Result<(), Refusal> {
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
        let leaves = old
            .last()
            .is_some_and(|line| matches!(words_of(line.content).next(), Some("return" | "raise" | "throw")));
        if n_gone >= 2 || closes || leaves {
            return Err(Reason::PartOfScope.into());
        }
    }
    // A definition does not end with the head of a block, whatever a grammar forgives.
    let is_head = |line: Option<&str>| line.is_some_and(|line| line.trim_end().ends_with(':'));
    if is_definition
        && is_head(new.last().map(String::as_str))
        && !is_head(old.last().map(|line| line.content))
    {
        return Err(Reason::PartOfScope.into());
    }
    // Of statements alone, nothing tells an answer that begins late or ends early from one that removes the rest.
    let is_lost =
        |run: Option<&(Range<usize>, Range<usize>)>, at: fn(&Range<usize>) -> usize, border: usize| {
            run.is_some_and(|(gone, come)| {
                come.is_empty() && at(gone) == border && solid(old.get(gone.clone()).unwrap_or_default()) > 0
            })
        };
    let is_part = is_lost(merge.runs.first(), |gone| gone.start, 0)
        || is_lost(merge.runs.last(), |gone| gone.end, old.len());
    if !is_definition && is_part {
        return Err(Reason::PartOfScope.into());
    }
    // An answer that begins behind the decorators of a definition does not say that they go.
    let is_decorator =
        |line: &Line<'_>| line.content.trim().starts_with(['@']) || line.content.trim().starts_with("#[");
    if let Some((gone, come)) = merge.runs.first()
        && come.is_empty()
        && gone.start == 0
        && old.get(gone.clone()).is_some_and(|gone| gone.iter().all(is_decorator))
    {
        return Err(Reason::PartOfScope.into());
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

/// Whether `line` begins a section, or an entry that a line of the same depth ends.
fn is_heading(view: &View<'_>, line: &str) -> bool {
    let language = view.site.tree().map_or("", |tree| tree.language().name());
    let line = line.trim();
    match language {
        "Markdown" => line.starts_with('#'),
        "YAML" => line.ends_with(':') && !line.starts_with('#'),
        _ => line.starts_with('[') && line.ends_with(']') && !line.contains(','),
    }
}

/// The answer does not go on with the next section or entry.
fn next_section(
    view: &View<'_>,
    known: &HashSet<&str>,
    new: &[String],
    outside: &Outside,
) -> Result<(), Refusal> {
    let next = outside.behind.first().filter(|line| is_heading(view, line) && !known.contains(line.as_str()));
    match next.filter(|next| new.iter().any(|line| line.trim() == next.as_str())) {
        Some(line) => Err(Reason::OutsideScope { line: line.clone() }.into()),
        None => Ok(()),
    }
}

/// A scope under a heading, or a key with an indented block, keeps a first line that is more like it than like the rest.
fn headed(view: &View<'_>, old: &[Line<'_>], new: &[String]) -> Result<(), Refusal> {
    let solid: Vec<&str> = old.iter().map(|line| line.content).filter(|line| !is_blank(line)).collect();
    let first_new = new.iter().find(|line| !is_blank(line)).map(|line| line.trim());
    let (Some((head, rest)), Some(first)) = (solid.split_first(), first_new) else { return Ok(()) };
    let is_deeper = |line: &&str| indentation(line).len() > indentation(head).len();
    if rest.is_empty() || !(is_heading(view, head) || rest.iter().all(is_deeper)) {
        return Ok(());
    }
    let n_head = similarity(first, head.trim());
    match rest.iter().any(|line| similarity(first, line.trim()) > n_head) {
        true => Err(Reason::PartOfScope.into()),
        false => Ok(()),
    }
}

fn trimmed<'a>(lines: &[Line<'a>]) -> HashSet<&'a str> {
    lines.iter().map(|line| line.content.trim()).collect()
}

/// Whether the lines look like code and not like prose.
fn is_code(lines: &[Line<'_>]) -> bool {
    lines.iter().any(|line| {
        let line = line.content.trim_end();
        line.ends_with(['{', '}', ';', ':', ')', ',']) || line.contains(['=', '<', '{'])
    })
}

/// Whether a line only decorates or comments on the next one.
pub(super) fn is_attribute(line: &str) -> bool {
    ["@", "#", "//", "/*", "*", "--", "\"\"\""].iter().any(|start| line.starts_with(start))
}

fn words_of(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
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
