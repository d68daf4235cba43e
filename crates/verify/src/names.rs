//! Names that an answer may have made up: nothing knows them, and the place where they stand is one of which enough is known.
//!
//! Owns the question when that is said. Looking names up is not done here: what stands nowhere in a folder is given, with how
//! much is known of where it could come from. A name too many costs trust, so one that could be a library's is told only where
//! it is much like a name that is known.

mod alike;
mod known;

use std::collections::BTreeSet;
use std::ops::Range;

use syntax::Language;
use text::{Edit, Text};
use workspace::{Index, words};

use alike::{Likeness, most_alike};
use known::Library;

use crate::Finding;
use crate::blame::Trial;

/// As many known names are told for one that is not.
const MAX_NEAREST: usize = 3;

/// A name of an answer that stands nowhere in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewName {
    /// The name.
    pub name: String,
    /// Whether it is taken from something, as in `a.name`.
    pub is_member: bool,
    /// Where it stands in the text with the answer.
    pub ranges: Vec<Range<usize>>,
    /// What is known of where it could come from.
    pub source: Source,
}

/// What is known of where a name could come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// From files that were all looked through, and the language itself.
    Files,
    /// From such files, or from what they take from a library.
    Partly,
    /// From a module of a library.
    Library(String),
    /// From something of which nothing is known.
    Unknown,
}

/// A text with an answer put into it.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// The language of both texts.
    pub language: Language,
    /// The text without it.
    pub before: &'a Text,
    /// The text with it.
    pub after: &'a Text,
    /// What the files of the folder define, or those of them that are open.
    pub index: &'a Index,
    /// All files of the folder are in the index.
    pub is_whole: bool,
}

/// A name that may be made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invention {
    /// The name.
    pub name: String,
    /// Where it stands in the text with the answer.
    pub ranges: Vec<Range<usize>>,
    /// Known names that are most like it, the most alike first.
    pub nearest: Vec<String>,
    /// Lines of files that define such names; empty for none.
    pub help: String,
}

/// Whether the names of a language and its library are known here: in others nothing is told.
pub fn is_known(language: Language) -> bool {
    Library::of(language).is_some()
}

/// Those of `names` that may be made up. None in a language whose own names are not known here.
pub fn inventions(answered: &Answered<'_>, names: &[NewName]) -> Vec<Invention> {
    let library = Library::of(answered.language).filter(|_| !names.is_empty());
    let Some(library) = library else { return Vec::new() };
    let before = answered.before.slice(0..answered.before.len());
    let stood: BTreeSet<&str> = words(&before).collect();
    let is_new = |name: &&NewName| !stood.contains(name.name.as_str()) && !library.has(&name.name);
    let new: Vec<&NewName> = names.iter().filter(is_new).collect();
    if new.is_empty() {
        return Vec::new();
    }
    let after = answered.after.slice(0..answered.after.len());
    let is_known = |word: &&str| !new.iter().any(|name| name.name == **word);
    let here: BTreeSet<&str> = words(&after).filter(is_known).collect();
    let told = new.iter().filter_map(|name| {
        let alike = most_alike(&name.name, &here, answered.index, library);
        let is_told = match &name.source {
            _ if !answered.is_whole => is_known_from_file(answered.language, name),
            Source::Files => true,
            Source::Library(module) => library.has_module(module),
            Source::Partly => alike.first().is_some_and(|alike| alike.likeness >= Likeness::Extended),
            Source::Unknown => alike.first().is_some_and(|alike| alike.is_telling(&name.name)),
        };
        is_told.then(|| Invention {
            name: name.name.clone(),
            ranges: name.ranges.clone(),
            help: String::new(),
            nearest: alike::nearest(alike).take(MAX_NEAREST).map(|alike| alike.name).collect(),
        })
    });
    told.collect()
}

/// Whether a file alone tells that it does not have a name: in Go and Java, others give names to it that it does not import.
fn is_known_from_file(language: Language, name: &NewName) -> bool {
    name.source == Source::Files && (name.is_member || !matches!(language.name(), "Go" | "Java"))
}

/// The findings about `inventions` for each of `edits`, which are sorted and disjoint in `before` and make the text that the
/// inventions stand in. A name that several hunks have is told on each.
pub fn per_hunk(before: &Text, edits: &[Edit], inventions: &[Invention]) -> Vec<Vec<Finding>> {
    let mut findings = vec![Vec::new(); edits.len()];
    let Ok(trial) = Trial::new(before, edits) else { return findings };
    for (place, findings) in trial.places.iter().zip(&mut findings) {
        for invention in inventions {
            let is_in = |range: &&Range<usize>| place.start <= range.start && range.end <= place.end;
            if let Some(range) = invention.ranges.iter().find(is_in) {
                findings.push(Finding::name(invention, trial.lines(range)));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests;
