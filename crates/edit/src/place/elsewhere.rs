//! What an answer changes outside of its scope: imports, new definitions beside it, other places of the file.
//!
//! Such a change is never part of the scope's edits: it is told apart, so that it can be offered as hunks of their own. Only
//! what is exact counts: lines that stand once in the file, and whole nodes that the file does not have.

use std::collections::HashSet;
use std::ops::Range;

use syntax::{Tree, error_count, import_list, subjects, subjects_of};
use text::{Edit, Text};

use super::lines::{contents, indentation, is_blank, lines_of};
use super::merge::Blanks;
use super::site::{Site, View};
use super::{align, definition, elision, gate, rewrite, site};
use crate::{Block, Reason, Refusal, import_edit};

/// Fewer characters than this, blanks aside, name no place of a file.
const MIN_CHARS: usize = 8;

/// A block that reaches out of the scope.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Elsewhere {
    /// The edits of the scope, those placed before included.
    pub(super) edits: Vec<Edit>,
    /// Edits that add imports.
    pub(super) imports: Vec<Edit>,
    /// Other edits outside of the scope.
    pub(super) outside: Vec<Edit>,
}

/// What `block`, refused for the scope alone, means for the file; none if that is not exact either.
pub(super) fn place(block: &Block, site: &Site, placed: &[Edit], refusal: &Refusal) -> Option<Elsewhere> {
    match block {
        Block::Replace { search, replace } | Block::Literal { search, replace } => {
            if !matches!(refusal.reason, Reason::NotFound | Reason::TooShort) {
                return None;
            }
            let outside = exact(site, search, replace)?;
            Some(Elsewhere { edits: placed.to_vec(), outside, ..Elsewhere::default() })
        }
        Block::Diff { changes } => {
            let mut found = Elsewhere { edits: placed.to_vec(), ..Elsewhere::default() };
            for change in changes {
                let single = Block::Diff { changes: vec![change.clone()] };
                match super::place(&single, site, &found.edits) {
                    Ok(edits) => found.edits = edits,
                    Err(_) => found.outside.extend(exact(site, &change.search, &change.replace)?),
                }
            }
            Some(found)
        }
        Block::Several { blocks } => {
            let mut found = Elsewhere { edits: placed.to_vec(), ..Elsewhere::default() };
            for block in blocks {
                match super::place(block, site, &found.edits) {
                    Ok(edits) => found.edits = edits,
                    Err(refusal) => {
                        let more = place(block, site, &found.edits, &refusal)?;
                        found.edits = more.edits;
                        found.imports.extend(more.imports);
                        found.outside.extend(more.outside);
                    }
                }
            }
            Some(found)
        }
        Block::Rewrite { text } | Block::Bare { text } if placed.is_empty() => {
            let new: Vec<String> = contents(text).into_iter().map(str::to_owned).collect();
            let new = new.get(rewrite::without_blank_border(&new, String::as_str))?;
            whole_file(site, new).or_else(|| beside(site, new))
        }
        Block::Rewrite { .. } | Block::Bare { .. } => None,
        Block::OneOf { readings, .. } => {
            let mut found: Vec<Elsewhere> = Vec::new();
            for reading in readings {
                let refusal = super::place(reading, site, placed).err()?;
                found.extend(place(reading, site, placed, &refusal).filter(|more| !found.contains(more)));
            }
            found.pop().filter(|_| found.is_empty())
        }
    }
}

/// The edit for lines that stand exactly once in the file, and not in the scope.
fn exact(site: &Site, search: &str, replace: &str) -> Option<Vec<Edit>> {
    let text = site.text().to_string();
    let lines = lines_of(&text, 0);
    let (search, replace) = (contents(search), contents(replace));
    let n_chars = search.iter().map(|line| line.trim().chars().count()).sum::<usize>();
    if n_chars < MIN_CHARS || elision::left_in(&search, &owned(&replace)).is_some() {
        return None;
    }
    let is_match = |start: &usize| {
        let window = lines.get(*start..start + search.len()).unwrap_or_default();
        window.iter().map(|line| line.content).eq(search.iter().copied())
    };
    let mut places = (0..=lines.len().checked_sub(search.len())?).filter(is_match);
    let start = places.next().filter(|_| places.next().is_none())?;
    let whole = Site::new(site.text(), &(0..site.text().len()), None);
    let view = View::new(&whole, &lines);
    let edits =
        view.confirm(view.merged(start..start + search.len(), &owned(&replace), Blanks::Exact)).ok()?;
    (!edits.is_empty() && edits.iter().all(|edit| is_outside(site, &edit.range))).then_some(edits)
}

/// The whole file with changes in and outside of the scope.
fn whole_file(site: &Site, new: &[String]) -> Option<Elsewhere> {
    let text = site.text().to_string();
    let lines = lines_of(&text, 0);
    let own: Vec<&str> = lines.iter().map(|line| line.content.trim_end()).collect();
    let solid = || own.iter().filter(|line| !line.is_empty());
    let trimmed: Vec<&str> = new.iter().map(|line| line.trim_end()).collect();
    let is_whole = trimmed.first() == solid().next() && trimmed.last() == solid().next_back();
    let n_same = align::pairs(&own, &trimmed).len();
    if !is_whole || n_same * 5 < own.len() * 4 || elision::left_in(&own, new).is_some() {
        return None;
    }
    let whole = Site::new(site.text(), &(0..site.text().len()), None);
    let view = View::new(&whole, &lines);
    let first = own.iter().position(|line| !line.is_empty())?;
    let last = own.iter().rposition(|line| !line.is_empty())?;
    let all = view.confirm(view.merged(first..last + 1, new, Blanks::Trailing)).ok()?;
    let (outside, edits): (Vec<Edit>, Vec<Edit>) =
        all.into_iter().partition(|edit| is_outside(site, &edit.range));
    let scope = site.scope();
    let is_inside = |edit: &Edit| edit.range.start >= scope.start && edit.range.end <= scope.end;
    let is_clean = edits.iter().all(is_inside) && gate::check(site, &edits).is_ok();
    (is_clean && !outside.is_empty()).then(|| Elsewhere { edits, outside, ..Elsewhere::default() })
}

/// The scope's definition with imports and new definitions beside it.
fn beside(site: &Site, new: &[String]) -> Option<Elsewhere> {
    let (tree, subject) = (site.tree()?, site.subject()?);
    let content = site.content();
    let lines = lines_of(&content, site.scope().start);
    let view = View::new(site, &lines);
    let inner = lines.get(rewrite::without_blank_border(&lines, |line| line.content))?;
    let range = definition::only(&view, inner, new, &subject)?;
    let own = new.get(range.clone())?;
    let edits = view.confirm(rewrite::place(&view, &joined(own)).ok()?).ok()?;
    let mut found = Elsewhere { edits, ..Elsewhere::default() };
    for (part, is_above) in [(new.get(..range.start)?, true), (new.get(range.end..)?, false)] {
        if part.iter().all(|line| is_blank(line)) {
            continue;
        }
        let text = Text::from(joined(part));
        let parsed = Tree::parse(tree.language(), &text, &site::stop()).ok()?;
        if error_count(&parsed) > 0 {
            return None;
        }
        let imported: Vec<Range<usize>> =
            import_list(&parsed, &text).into_iter().map(|import| import.range).collect();
        for node in subjects(&parsed, &text, &(0..text.len()))? {
            if imported.iter().any(|range| range.start < node.range.end && node.range.start < range.end) {
                let line = text.slice(node.range);
                found.imports.extend(import_edit(site.text(), tree, &line));
                continue;
            }
            found.outside.extend(added(site, tree, &text, &node, is_above)?);
        }
    }
    found.imports.dedup();
    (!found.imports.is_empty() || !found.outside.is_empty()).then_some(found)
}

/// The edit that puts a new definition next to the scope; nothing where the file has its lines, none where it is no such thing.
fn added(
    site: &Site,
    tree: &Tree,
    text: &Text,
    node: &syntax::Subject,
    is_above: bool,
) -> Option<Option<Edit>> {
    let range = text.whole_lines(node.range.clone());
    let lines = text.slice(range);
    let file = site.text().to_string();
    let known: HashSet<&str> = contents(&file).into_iter().map(str::trim).collect();
    if contents(&lines).iter().all(|line| is_blank(line) || known.contains(line.trim())) {
        return Some(None);
    }
    let name = node.name.as_deref()?;
    let whole = 0..site.text().len();
    let is_new = subjects_of(tree, site.text(), &whole, &node.kind, Some(name)).is_empty();
    let content = site.content();
    let is_level = contents(&content)
        .iter()
        .find(|line| !is_blank(line))
        .is_some_and(|line| indentation(line) == indentation(&lines));
    if !is_new || !is_level || elision::left_in::<&str>(&[], &owned(&contents(&lines))).is_some() {
        return None;
    }
    let ending = site.text().line_ending();
    let lines = text::with_line_ending(&lines, ending).into_owned();
    // As many blank lines as stand between the scope and what follows it.
    let below = site.text().slice(site.scope().end..site.text().len());
    let n_blank = contents(&below).iter().take_while(|line| is_blank(line)).count().clamp(1, 2);
    let blank = ending.as_str().repeat(n_blank);
    Some(Some(if is_above {
        Edit::new(site.scope().start..site.scope().start, format!("{lines}{blank}"))
    } else {
        Edit::new(site.scope().end..site.scope().end, format!("{blank}{lines}"))
    }))
}

fn is_outside(site: &Site, range: &Range<usize>) -> bool {
    range.end <= site.scope().start || range.start >= site.scope().end
}

fn owned(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn joined(lines: &[String]) -> String {
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}
