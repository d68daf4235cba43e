//! A whole new text of the scope: what of the answer is that text, indented as the scope is, carried onto its lines.

use std::ops::Range;

use syntax::{Tree, rows_inside_strings};
use text::{LineEnding, Text};

use super::indent::Surroundings;
use super::lines::{Line, contents, is_blank};
use super::merge::Blanks;
use super::site::{Placed, View};
use super::typed::Reading;
use super::{definition, elision, gate, indent, numbers, outside, site, strings};
use crate::{Reason, Refusal};

/// The edits that make `text` the scope's text.
pub(super) fn place(view: &View<'_>, text: &str) -> Result<Placed, Refusal> {
    let inner = without_blank_border(view.lines, |line| line.content);
    let new: Vec<String> = contents(text).into_iter().map(str::to_owned).collect();
    let new = new.get(without_blank_border(&new, String::as_str)).unwrap_or_default();
    if new.is_empty() {
        let nothing = || Placed {
            edits: Vec::new(),
            expected: view.contents().into_iter().map(str::to_owned).collect(),
        };
        return if inner.is_empty() { Ok(nothing()) } else { Err(Reason::EmptyRewrite.into()) };
    }
    if inner.is_empty() {
        let none: [&str; 0] = [];
        if let Some(line) = elision::left_in(&none, new) {
            return Err(Reason::Elision { line: line.clone() }.into());
        }
        let placed = view.merged(0..view.lines.len(), new, Blanks::Exact);
        return gate::check(view.site, &placed.edits).map(|()| placed);
    }
    let new = without_path(view, new);
    let own = view.contents();
    // Without a line of the scope behind its number it is a numbered list.
    let is_own = |line: &String| !is_blank(line) && own.iter().any(|own| own.trim() == line.trim());
    let numbered = numbers::stripped(new, &own).filter(|plain| plain.iter().any(is_own));
    let mut new = numbered.unwrap_or_else(|| new.to_vec());
    // A byte order mark is no text that a model repeats.
    if own.first().is_some_and(|line| line.starts_with('\u{feff}'))
        && let Some(first) = new.first_mut().filter(|first| !first.starts_with('\u{feff}'))
    {
        first.insert(0, '\u{feff}');
    }
    match view.site.marks().read(&own, &new) {
        Reading::AsIs => fitted(view, &inner, &new),
        Reading::Typed(typed) => fitted(view, &inner, &typed),
        Reading::Mixed(line) => Err(Reason::Escaped { line }.into()),
        Reading::Either(typed, line) => match fitted(view, &inner, &new) {
            // It may be meant as it is, and it may not.
            Ok(_) => Err(Reason::Escaped { line }.into()),
            Err(_) if view.site.tree().is_none() => Err(Reason::Escaped { line }.into()),
            Err(_) => fitted(view, &inner, &typed),
        },
    }
}

/// The edits for `new`, from the first to the last line that is not blank, in place of the lines `inner`.
fn fitted(view: &View<'_>, inner: &Range<usize>, new: &[String]) -> Result<Placed, Refusal> {
    let old = view.lines.get(inner.clone()).unwrap_or_default();
    let is_code = |line: Option<&String>| line.is_some_and(|line| !outside::is_attribute(line.trim()));
    // Most answers are the definition and nothing else: then the gate alone has to parse.
    if view.site.subject().is_some()
        && !view.site.has_errors()
        && is_code(new.first())
        && is_code(new.last())
        && let Ok(placed) = aligned(view, inner, old, new)
    {
        return Ok(placed);
    }
    if !definition::is_possible(view, old, new) {
        return Err(definition::none(view));
    }
    let old_contents: Vec<&str> = old.iter().map(|line| line.content).collect();
    let new =
        whole_file(view, new).or_else(|| without_context(view, old, new)).unwrap_or_else(|| new.to_vec());
    // Where it cannot be filled yet, what stands outside of the scope may still fall away.
    let new = elision::filled(&old_contents, &new).unwrap_or(new);
    let new = match view.site.subject() {
        Some(subject) => definition::found(view, old, &new, &subject)?,
        None => {
            outside::check(view, old, &new)?;
            new
        }
    };
    aligned(view, inner, old, &new)
}

/// The edits for lines that are the scope's new text, but for their indentation and placeholders.
fn aligned(
    view: &View<'_>,
    inner: &Range<usize>,
    old: &[Line<'_>],
    new: &[String],
) -> Result<Placed, Refusal> {
    let old_contents: Vec<&str> = old.iter().map(|line| line.content).collect();
    let new = indent::fitted(old, new, view)?;
    let new = elision::filled(&old_contents, &new)?;
    indent::check(&old_contents, &new)?;
    let merge = view.merge(inner.clone(), &new, Blanks::Trailing);
    outside::kept(old, &new, &merge, view.site.subject().is_some())?;
    let placed = view.placed(&merge, inner.clone());
    gate::check(view.site, &placed.edits)?;
    Ok(placed)
}

impl Surroundings for View<'_> {
    fn has_tabs(&self) -> bool {
        let text = self.site.text().to_string();
        let lines = contents(&text);
        let n_tabs = lines.iter().filter(|line| line.starts_with('\t')).count();
        n_tabs > lines.iter().filter(|line| line.starts_with(' ') && !is_blank(line)).count()
    }

    fn inside_strings(&self, new: &[String]) -> Vec<Range<usize>> {
        let Some(tree) = self.site.tree() else { return strings::inside_strings(new) };
        let body: String = new.iter().flat_map(|line| [line.as_str(), LineEnding::Lf.as_str()]).collect();
        let text = Text::from(body);
        match Tree::parse(tree.language(), &text, &site::stop()) {
            Ok(tree) => rows_inside_strings(&tree, &text, &(0..text.len())),
            Err(_) => strings::inside_strings(new),
        }
    }
}

/// `new` without the name of a file that stands in a comment above a definition.
fn without_path<'a>(view: &View<'_>, new: &'a [String]) -> &'a [String] {
    let Some((first, rest)) = new.split_first().filter(|_| view.site.subject().is_some()) else { return new };
    let comment = ["//", "#", "--", "/*", "<!--"].iter().find_map(|mark| first.trim().strip_prefix(mark));
    let name = comment.map(|comment| {
        let name = comment.trim_end_matches("-->").trim_end_matches("*/").trim();
        name.strip_prefix("File:").or_else(|| name.strip_prefix("file:")).unwrap_or(name).trim()
    });
    let is_path = name.and_then(|name| name.rsplit_once('.')).is_some_and(|(stem, extension)| {
        let is_name = |c: char| c.is_alphanumeric() || "/\\._-@+[]()".contains(c);
        !stem.is_empty()
            && stem.chars().all(is_name)
            && stem.contains(char::is_alphanumeric)
            && (1..=5).contains(&extension.len())
            && extension.chars().all(|c| c.is_ascii_alphanumeric())
    });
    let is_own = view.lines.iter().any(|line| line.content.trim() == first.trim());
    match rest.get(without_blank_border(rest, String::as_str)) {
        Some(rest) if is_path && !is_own && !rest.is_empty() => rest,
        Some(_) | None => new,
    }
}

/// What stands in place of the scope, if `new` is the whole file with nothing changed around the scope.
fn whole_file(view: &View<'_>, new: &[String]) -> Option<Vec<String>> {
    let (above, below) = view.site.around();
    let (above, below) = (contents(&above), contents(&below));
    let above = above.get(above.iter().position(|line| !is_blank(line))?..)?;
    let below = below.get(..below.iter().rposition(|line| !is_blank(line)).map_or(0, |last| last + 1))?;
    let is_same = |a: &[&str], b: &[String]| a.iter().zip(b).all(|(a, b)| a.trim_end() == b.trim_end());
    let rest = new.len().checked_sub(above.len() + below.len()).filter(|rest| *rest > 0)?;
    let (head, rest) = (new.get(..above.len())?, new.get(above.len()..above.len() + rest)?);
    let tail = new.get(new.len() - below.len()..)?;
    let inner = rest.get(without_blank_border(rest, String::as_str))?;
    (is_same(above, head) && is_same(below, tail) && !inner.is_empty()).then(|| inner.to_vec())
}

/// `new` without the lines right above and below the scope that it repeats, if what is left begins as the scope does.
fn without_context(view: &View<'_>, old: &[Line<'_>], new: &[String]) -> Option<Vec<String>> {
    let (above, below) = view.site.around();
    let (above, below) = (contents(&above), contents(&below));
    let is_same = |a: &[&str], b: &[String]| a.iter().zip(b).all(|(a, b)| a.trim_end() == b.trim_end());
    let has_code = |lines: &[String]| lines.iter().any(|line| !is_blank(line));
    let n_above = (1..new.len().min(above.len() + 1)).rev().find(|n| {
        let (head, above) = (new.get(..*n), above.get(above.len() - n..));
        head.zip(above).is_some_and(|(head, above)| has_code(head) && is_same(above, head))
    });
    let rest = new.get(n_above.unwrap_or(0)..)?;
    let n_below = (1..rest.len().min(below.len() + 1)).rev().find(|n| {
        let (tail, below) = (rest.get(rest.len() - n..), below.get(..*n));
        tail.zip(below).is_some_and(|(tail, below)| has_code(tail) && is_same(below, tail))
    });
    if n_above.is_none() && n_below.is_none() {
        return None;
    }
    let rest = rest.get(..rest.len() - n_below.unwrap_or(0))?;
    let inner = rest.get(without_blank_border(rest, String::as_str))?;
    let is_start = inner.first()?.trim() == old.first()?.content.trim();
    is_start.then(|| inner.to_vec())
}

/// The indexes from the first to the last item that is not blank.
pub(super) fn without_blank_border<T>(items: &[T], content: impl Fn(&T) -> &str) -> Range<usize> {
    let is_code = |item: &T| !content(item).trim().is_empty();
    let Some(first) = items.iter().position(&is_code) else { return 0..0 };
    first..items.iter().rposition(is_code).map_or(first, |last| last + 1)
}
