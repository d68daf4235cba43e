//! Which hunks of a proposal need which others, and why.
//!
//! Owns the reasons and their words. By names only: what a hunk gives and another uses, as tree-sitter reads the text with
//! and without the edits. Never says that a hunk may not be accepted alone.

mod broken;
mod ends;
mod side;
mod signature;

use std::collections::BTreeSet;
use std::fmt;

use syntax::{Language, ParseStopped, Stop, Tree};
use text::{ChangeSet, Edit, Text};

use side::Sides;

/// What each hunk of a proposal needs. Hunks go by their place in the list of edits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    of: Vec<Vec<Need>>,
}

/// Another hunk that a hunk needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The other hunk.
    pub hunk: usize,
    /// Why.
    pub tie: Tie,
}

/// Why a hunk needs another. Shown as a clause about the other: "`rate` is defined there".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// It gives this name.
    Definition(String),
    /// It makes this name a parameter.
    Parameter(String),
    /// It imports this name.
    Import(String),
    /// It changes the parameters of this function.
    Signature(String),
    /// It changes calls of this function.
    Calls(String),
    /// It holds uses of this name.
    Uses(String),
    /// It takes this name away from where it was.
    Removal(String),
    /// Only with it does the text parse.
    Parse,
}

impl fmt::Display for Tie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tie::Definition(name) => write!(f, "`{name}` is defined there"),
            Tie::Parameter(name) => write!(f, "`{name}` is a parameter there"),
            Tie::Import(name) => write!(f, "`{name}` is imported there"),
            Tie::Signature(name) => write!(f, "the parameters of `{name}` change there"),
            Tie::Calls(name) => write!(f, "calls of `{name}` change there"),
            Tie::Uses(name) => write!(f, "`{name}` is used there"),
            Tie::Removal(name) => write!(f, "`{name}` is removed there"),
            Tie::Parse => f.write_str("it parses only with that one"),
        }
    }
}

/// What each of `edits`, disjoint in `before`, needs of the others. Nothing without a language.
pub fn needs(before: &Text, edits: &[Edit], language: Option<Language>) -> Needs {
    let found = language.map(|language| needs_until(before, None, edits, language, &Stop::never()));
    found.and_then(Result::ok).unwrap_or_else(|| Needs::none(edits.len()))
}

/// As [`needs`], with the tree of `before` where it is known. Fails when `stop` ends a parse.
pub fn needs_until(
    before: &Text,
    tree: Option<&Tree>,
    edits: &[Edit],
    language: Language,
    stop: &Stop,
) -> Result<Needs, ParseStopped> {
    let mut order: Vec<usize> = (0..edits.len()).collect();
    order.sort_by_key(|idx| edits.get(*idx).map(|edit| (edit.range.start, edit.range.end)));
    let sorted: Vec<Edit> = order.iter().filter_map(|idx| edits.get(*idx)).cloned().collect();
    let changes = ChangeSet::new(before.len(), sorted.clone());
    let after = changes.and_then(|changes| before.apply(&changes).map(|after| (changes, after)));
    let (false, Ok((changes, after))) = (edits.len() < 2, after) else { return Ok(Needs::none(edits.len())) };
    let mut needs = Needs::none(edits.len());
    let before_tree = match tree.filter(|tree| tree.language() == language) {
        Some(tree) => tree.clone(),
        None => Tree::parse(language, before, stop)?,
    };
    let after_tree = before_tree.edited(&changes, before, &after).reparse(&after, stop)?;
    if syntax::error_count(&after_tree) > syntax::error_count(&before_tree) {
        return broken::needs(before, &before_tree, edits, stop);
    }
    let sides = Sides::new(before, &before_tree, &after, &after_tree, &sorted);
    sides.newly_used(&mut needs);
    sides.taken_away(&mut needs);
    sides.called(&mut needs);
    if language.name() == "Go" {
        sides.unused_imports(&mut needs);
    }
    Ok(needs.renamed(&order))
}

impl Needs {
    /// Nothing, for a number of hunks.
    pub fn none(n_hunks: usize) -> Needs {
        Needs { of: vec![Vec::new(); n_hunks] }
    }

    /// What a hunk needs directly, by the other's place.
    pub fn of(&self, hunk: usize) -> &[Need] {
        self.of.get(hunk).map_or(&[], Vec::as_slice)
    }

    /// The same by other places: those of `order`.
    fn renamed(self, order: &[usize]) -> Needs {
        let place = |hunk: usize| order.get(hunk).copied().unwrap_or(hunk);
        let mut renamed = Needs::none(self.of.len());
        for (hunk, of) in self.of.into_iter().enumerate() {
            let mut of: Vec<Need> =
                of.into_iter().map(|need| Need { hunk: place(need.hunk), ..need }).collect();
            of.sort_by_key(|need| need.hunk);
            if let Some(renamed) = renamed.of.get_mut(place(hunk)) {
                *renamed = of;
            }
        }
        renamed
    }

    /// The hunks that import what a hunk uses.
    pub fn imports(&self, hunk: usize) -> impl Iterator<Item = usize> {
        let imports = self.of(hunk).iter().filter(|need| matches!(need.tie, Tie::Import(_)));
        imports.map(|need| need.hunk)
    }

    /// A hunk with all that it needs, and what these need in turn.
    pub fn closure(&self, hunk: usize) -> BTreeSet<usize> {
        let mut closure = BTreeSet::new();
        let mut pending = vec![hunk];
        while let Some(hunk) = pending.pop() {
            if closure.insert(hunk) {
                pending.extend(self.of(hunk).iter().map(|need| need.hunk));
            }
        }
        closure
    }

    /// A hunk needs another. A second reason of the same kind for the same two is not kept.
    pub fn add(&mut self, hunk: usize, on: usize, tie: Tie) {
        if hunk == on {
            return;
        }
        let Some(of) = self.of.get_mut(hunk) else { return };
        let is_known = |need: &Need| {
            need.hunk == on && std::mem::discriminant(&need.tie) == std::mem::discriminant(&tie)
        };
        if !of.iter().any(is_known) {
            of.push(Need { hunk: on, tie });
        }
    }
}
