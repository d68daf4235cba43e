//! Carries what a block changes between its search and its replacement onto the lines of the scope that the search found.
//!
//! Lines that the block leaves alone stay the scope's, byte for byte. New lines get the indentation that the scope has where
//! the search text has another; where that is not plain, the block is refused.

use std::collections::BTreeMap;

use super::align;
use super::lines::{indentation, is_blank};
use super::strings::inside_strings;
use crate::{Reason, Refusal};

/// `replace`, written for `search`, on the lines `found` that stand in its place one by one.
///
/// `key` is what lines were compared by.
pub(super) fn onto(
    found: &[&str],
    search: &[String],
    replace: &[String],
    key: fn(&str) -> String,
) -> Result<Vec<String>, Refusal> {
    if replace.is_empty() {
        return Ok(Vec::new());
    }
    let keys = |lines: &[String]| -> Vec<String> { lines.iter().map(|line| key(line)).collect() };
    let pairs = align::pairs(&keys(search), &keys(replace));
    let solid: Vec<(usize, usize)> = pairs
        .iter()
        .copied()
        .filter(|(idx, _)| search.get(*idx).is_some_and(|line| !is_blank(line)))
        .collect();
    let (indent, replace) = Indent::of(found, search, replace, &solid)?;
    let inside = if indent == Indent::AsIs { Vec::new() } else { inside_strings(&replace) };
    // A line of the string that search and scope share shows that the string moved with the code.
    let is_unproved = |idx: usize| {
        let run = inside.iter().find(|run| run.contains(&idx));
        run.is_some_and(|run| !solid.iter().any(|(_, new)| run.contains(new)))
    };
    let mut carried = Vec::with_capacity(replace.len());
    for (idx, line) in replace.iter().enumerate() {
        let own = pairs.iter().find(|(_, new)| *new == idx).and_then(|(old, _)| found.get(*old));
        let placed = match (own, is_blank(line)) {
            (Some(own), true) => (*own).to_owned(),
            (None, true) => line.clone(),
            (own, false) => {
                let wanted = indent.map(indentation(line))?;
                match own {
                    Some(own) if wanted == indentation(own) => (*own).to_owned(),
                    Some(own) => format!("{wanted}{}", own.trim_start_matches([' ', '\t'])),
                    None if is_unproved(idx) && wanted != indentation(line) => {
                        return Err(Reason::MultiLineString.into());
                    }
                    None => format!("{wanted}{}", line.trim_start_matches([' ', '\t'])),
                }
            }
        };
        carried.push(placed);
    }
    Ok(carried)
}

/// How the indentation of a block becomes that of the scope.
#[derive(Debug, PartialEq, Eq)]
enum Indent {
    /// The replacement has the scope's already.
    AsIs,
    /// By what the lines of the search show.
    Mapped(BTreeMap<String, String>),
}

impl Indent {
    /// How to indent, and the replacement to do it with. `same` are the pairs of lines that search and replacement share.
    fn of(
        found: &[&str],
        search: &[String],
        replace: &[String],
        same: &[(usize, usize)],
    ) -> Result<(Indent, Vec<String>), Refusal> {
        let as_is = || Ok((Indent::AsIs, replace.to_vec()));
        let (map, is_function) = mapping(search, found, 0);
        if map.iter().all(|(searched, own)| searched == own) && is_function {
            return as_is();
        }
        let indent_at =
            |lines: &[String], idx: usize| lines.get(idx).map(|line| indentation(line).to_owned());
        let own_at = |idx: usize| found.get(idx).map(|line| indentation(line).to_owned());
        let differing: Vec<(usize, usize)> =
            same.iter().copied().filter(|(old, _)| indent_at(search, *old) != own_at(*old)).collect();
        let n_as_search =
            differing.iter().filter(|(old, new)| indent_at(replace, *new) == indent_at(search, *old)).count();
        let n_as_found =
            differing.iter().filter(|(old, new)| indent_at(replace, *new) == own_at(*old)).count();
        if n_as_search > 0 && n_as_found > 0 || !differing.is_empty() && n_as_search + n_as_found == 0 {
            return Err(Reason::Indentation.into());
        }
        if n_as_found > 0 {
            // Where some of them agree with neither, a line further out than all that was found got there by chance.
            let is_sure = n_as_found == differing.len();
            return if !is_sure && least_indent(replace) < least_indent(found) {
                Err(Reason::Indentation.into())
            } else {
                as_is()
            };
        }
        if same.is_empty() {
            let (searched, own) = (first_indent(search), first_indent(found));
            match first_indent(replace) {
                Some(given) if Some(&given) == own.as_ref() && own != searched => return as_is(),
                Some(given) if Some(&given) != searched.as_ref() => return Err(Reason::Indentation.into()),
                Some(_) | None => {}
            }
        }
        if is_function {
            return Ok((Indent::Mapped(map), replace.to_vec()));
        }
        // The first line alone lost its indentation.
        let (rest, is_function) = mapping(search, found, 1);
        let is_first = is_function && rest.iter().all(|(searched, own)| searched == own);
        let (Some(own), Some(searched), Some(given)) = (found.first(), search.first(), replace.first())
        else {
            return Err(Reason::Indentation.into());
        };
        if !is_first || searched.trim() != given.trim() {
            return Err(Reason::Indentation.into());
        }
        let mut replace = replace.to_vec();
        if let Some(first) = replace.first_mut() {
            *first = format!("{}{}", indentation(own), first.trim_start_matches([' ', '\t']));
        }
        Ok((Indent::AsIs, replace))
    }

    /// The scope's indentation for `given`.
    fn map(&self, given: &str) -> Result<String, Refusal> {
        let map = match self {
            Indent::AsIs => return Ok(given.to_owned()),
            Indent::Mapped(map) => map,
        };
        if let Some(own) = map.get(given) {
            return Ok(own.clone());
        }
        let added = all_same(map.iter().map(|(searched, own)| own.strip_suffix(searched.as_str())));
        if let Some(added) = added {
            return Ok(format!("{added}{given}"));
        }
        let cut = all_same(map.iter().map(|(searched, own)| searched.strip_suffix(own.as_str())));
        if let Some(rest) = cut.and_then(|cut| given.strip_prefix(cut)) {
            return Ok(rest.to_owned());
        }
        exchanged(map, given).ok_or_else(|| Reason::Indentation.into())
    }
}

/// Indentations of the search text with those of the lines found, from line `skip` on, and whether each has only one.
fn mapping(search: &[String], found: &[&str], skip: usize) -> (BTreeMap<String, String>, bool) {
    let mut map: BTreeMap<String, String> = BTreeMap::new();
    let mut is_function = true;
    for (searched, own) in search.iter().zip(found).skip(skip) {
        if is_blank(searched) || is_blank(own) {
            continue;
        }
        let own = indentation(own).to_owned();
        let known = map.entry(indentation(searched).to_owned()).or_insert_with(|| own.clone());
        is_function &= *known == own;
    }
    (map, is_function)
}

/// The indentation of the first line that is not blank.
fn first_indent<S: AsRef<str>>(lines: &[S]) -> Option<String> {
    let first = lines.iter().map(AsRef::as_ref).find(|line| !is_blank(line));
    first.map(|line| indentation(line).to_owned())
}

/// Blanks in front of the line that has the fewest.
fn least_indent<S: AsRef<str>>(lines: &[S]) -> usize {
    let solid = lines.iter().map(AsRef::as_ref).filter(|line| !is_blank(line));
    solid.map(|line| indentation(line).len()).min().unwrap_or(0)
}

/// The one value that all have.
fn all_same<'a>(mut values: impl Iterator<Item = Option<&'a str>>) -> Option<&'a str> {
    let first = values.next()??;
    values.all(|value| value == Some(first)).then_some(first)
}

/// `given` with tabs for blanks or blanks for tabs, in the one width that the mapping shows.
fn exchanged(map: &BTreeMap<String, String>, given: &str) -> Option<String> {
    let only = |text: &str, c: char| !text.is_empty() && text.chars().all(|found| found == c);
    let mut widths: Vec<usize> = Vec::new();
    let mut to_tabs = false;
    for (searched, own) in map.iter().filter(|(searched, own)| !searched.is_empty() || !own.is_empty()) {
        let (blanks, tabs) = match () {
            () if only(searched, ' ') && only(own, '\t') => {
                to_tabs = true;
                (searched.len(), own.len())
            }
            () if only(searched, '\t') && only(own, ' ') => (own.len(), searched.len()),
            () => return None,
        };
        if !blanks.is_multiple_of(tabs) {
            return None;
        }
        widths.push(blanks / tabs);
    }
    let width =
        widths.first().copied().filter(|width| *width > 0 && widths.iter().all(|other| other == width))?;
    if given.is_empty() {
        return Some(String::new());
    }
    match to_tabs {
        true if only(given, ' ') && given.len().is_multiple_of(width) => {
            Some("\t".repeat(given.len() / width))
        }
        false if only(given, '\t') => Some(" ".repeat(given.len() * width)),
        true | false => None,
    }
}
