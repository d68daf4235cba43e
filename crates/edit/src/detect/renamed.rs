//! Names that changed though nobody asked for it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use syntax::{Token, TokenKind};

use super::change::{Change, Hunk, Side};
use super::request::Request;
use super::{DetectionKind, Found};

const NAMING: [&str; 12] = [
    "rename", "name", "names", "naming", "called", "call", "snake", "camel", "case", "prefix", "suffix",
    "spelling",
];

pub(super) fn detect(change: &Change, request: &Request) -> Found {
    let mut found = Found::new();
    let (Some(old_tree), Some(new_tree)) = (&change.old.tree, &change.new.tree) else { return found };
    if request.mentions(&NAMING) {
        return found;
    }
    let (old_names, new_names) = (names(&change.old), names(&change.new));
    // To know what a text gives a name to costs more than to see that no name went, or none came.
    let is_any = |side: &Side, range: &Range<usize>, known: &BTreeSet<&str>| {
        let tokens = side.tokens_in(range).iter();
        tokens
            .filter(|token| token.kind == TokenKind::Name)
            .any(|token| !known.contains(side.at(&token.range)))
    };
    let runs = || change.hunks.iter().flat_map(|hunk| &hunk.runs);
    if !runs().any(|run| is_any(&change.old, &run.old, &new_names))
        || !runs().any(|run| is_any(&change.new, &run.new, &old_names))
    {
        return found;
    }
    let old_bound = syntax::bound_names(old_tree, &change.old.text);
    let new_bound = syntax::bound_names(new_tree, &change.new.text);
    let gone: BTreeSet<&str> =
        old_bound.iter().map(String::as_str).filter(|name| !new_names.contains(name)).collect();
    let come: BTreeSet<&str> =
        new_bound.iter().map(String::as_str).filter(|name| !old_names.contains(name)).collect();
    if gone.is_empty() || come.is_empty() {
        return found;
    }
    let renames = renames(change, &gone, &come);
    for hunk in &change.hunks {
        for (was, is) in &renames {
            if request.names(is) {
                continue;
            }
            let has = |side: &Side, range: &Range<usize>, name: &str| {
                side.tokens_in(range)
                    .iter()
                    .any(|token| token.kind == TokenKind::Name && side.at(&token.range) == name)
            };
            let loses = hunk.runs.iter().any(|run| has(&change.old, &run.old, was));
            let gains = hunk.runs.iter().any(|run| has(&change.new, &run.new, is));
            if loses && gains {
                let message = format!("renames `{was}` to `{is}`");
                found.push((hunk.idx, change.remark(DetectionKind::Rename, &hunk.new, message)));
            }
        }
    }
    found
}

fn names(side: &Side) -> BTreeSet<&str> {
    let names = side.tokens.iter().filter(|token| token.kind == TokenKind::Name);
    names.map(|token| side.at(&token.range)).collect()
}

/// Names that went, each with the one name that took its place in a line that is otherwise the same.
fn renames<'a>(
    change: &'a Change,
    gone: &BTreeSet<&'a str>,
    come: &BTreeSet<&'a str>,
) -> BTreeMap<&'a str, &'a str> {
    let mut pairs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (old, new) in change.hunks.iter().flat_map(|hunk| lines(change, hunk)) {
        if old.len() != new.len() || old.is_empty() {
            continue;
        }
        let mut renamed = BTreeSet::new();
        let is_same = old.iter().zip(new).all(|(a, b)| {
            let (was, is) = (change.old.at(&a.range), change.new.at(&b.range));
            let is_renamed = a.kind == TokenKind::Name
                && b.kind == TokenKind::Name
                && gone.contains(was)
                && come.contains(is);
            if is_renamed {
                renamed.insert((was, is));
            }
            is_renamed || was == is
        });
        if is_same {
            renamed.into_iter().for_each(|(was, is)| {
                pairs.entry(was).or_default().insert(is);
            });
        }
    }
    let one = |(was, is): (&'a str, BTreeSet<&'a str>)| {
        (is.len() == 1).then(|| is.into_iter().next().map(|is| (was, is))).flatten()
    };
    let renames: BTreeMap<&str, &str> = pairs.into_iter().filter_map(one).collect();
    // Two names that became one were merged, not renamed.
    let n_into = |name: &str| renames.values().filter(|is| **is == name).count();
    renames.iter().filter(|(_, is)| n_into(is) == 1).map(|(was, is)| (*was, *is)).collect()
}

/// Every pair of a line that goes and one that comes, of as many tokens.
fn lines<'a>(change: &'a Change, hunk: &Hunk) -> Vec<(&'a [Token], &'a [Token])> {
    /// Lines beyond which a run is new text rather than the old text renamed; pairs grow with the square.
    const MAX_LINES: usize = 400;
    let mut pairs = Vec::new();
    for run in &hunk.runs {
        let old = change.old.lines_in(&run.old);
        let new = change.new.lines_in(&run.new);
        if old.len() > MAX_LINES || new.len() > MAX_LINES {
            continue;
        }
        for old in &old {
            let old = change.old.tokens_in(old);
            let new = new.iter().map(|new| change.new.tokens_in(new));
            pairs.extend(new.filter(|new| new.len() == old.len()).map(|new| (old, new)));
        }
    }
    pairs
}
