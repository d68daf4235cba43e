//! Hunks of a text that does not parse with all of them: a tree of it may not show their names at all.
//!
//! Those that parse alone are compared among each other. Of the others only words can be read: a name that is new to the
//! text ties the hunks in which it stands.

use std::collections::BTreeSet;
use std::ops::Range;

use syntax::{Names, ParseStopped, Stop, Tree, error_count};
use text::{ChangeSet, Edit, Text};

use super::{Needs, Tie};

/// What a hunk's text names.
struct Own {
    given: BTreeSet<String>,
    used: BTreeSet<String>,
    /// It parses alone; else both are its words.
    parses: bool,
}

/// What each of `edits` needs of the others, as far as it can be told.
pub(super) fn needs(before: &Text, tree: &Tree, edits: &[Edit], stop: &Stop) -> Result<Needs, ParseStopped> {
    let mut needs = Needs::none(edits.len());
    let own = edits.iter().map(|edit| Own::of(edit, before, tree, stop)).collect::<Result<Vec<_>, _>>()?;
    let good: Vec<usize> =
        own.iter().enumerate().filter(|(_, own)| own.parses).map(|(hunk, _)| hunk).collect();
    if good.len() < edits.len() {
        let kept: Vec<Edit> = good.iter().filter_map(|hunk| edits.get(*hunk)).cloned().collect();
        let among = super::needs_until(before, Some(tree), &kept, tree.language(), stop)?;
        for (idx, hunk) in good.iter().enumerate() {
            for need in among.of(idx) {
                good.get(need.hunk).into_iter().for_each(|on| needs.add(*hunk, *on, need.tie.clone()));
            }
        }
    }
    by_words(before, &own, &mut needs);
    ended(&syntax::names(tree, before), edits, &own, &mut needs);
    Ok(needs)
}

/// A name that a hunk takes away needs the hunks that stop using it, where one of the two does not parse.
fn ended(before: &Names, edits: &[Edit], own: &[Own], needs: &mut Needs) {
    let hunk_at = |range: &Range<usize>| {
        edits.iter().position(|edit| edit.range.start < range.end && range.start < edit.range.end)
    };
    for binding in &before.bindings {
        let name = &binding.name;
        let Some((hunk, taker)) = hunk_at(&binding.range).and_then(|hunk| Some((hunk, own.get(hunk)?)))
        else {
            continue;
        };
        if taker.given.contains(name) {
            continue;
        }
        for found in before.uses.iter().filter(|found| found.name == *name) {
            let user = hunk_at(&found.range).and_then(|user| Some((user, own.get(user)?)));
            let stops =
                |(_, user): &(usize, &Own)| !(user.used.contains(name) || user.parses && taker.parses);
            if let Some((user, _)) = user.filter(stops) {
                needs.add(hunk, user, Tie::Uses(name.clone()));
            }
        }
    }
}

/// A name that is new to the text needs the hunk that gives it, or else one that holds it.
fn by_words(before: &Text, own: &[Own], needs: &mut Needs) {
    let known = words(&before.to_string());
    for (hunk, Own { given, used, parses }) in own.iter().enumerate() {
        let is_new = |name: &&String| !(known.contains(*name) || *parses && given.contains(*name));
        for name in used.iter().filter(is_new) {
            let others = || own.iter().enumerate().filter(|(other, _)| *other != hunk);
            let giver = others().find(|(_, other)| other.parses && other.given.contains(name));
            if let Some((giver, _)) = giver {
                needs.add(hunk, giver, Tie::Definition(name.clone()));
            } else if let Some((holder, _)) = others().find(|(_, other)| other.used.contains(name)) {
                needs.add(hunk, holder, Tie::Uses(name.clone()));
            }
        }
    }
}

impl Own {
    fn of(edit: &Edit, before: &Text, tree: &Tree, stop: &Stop) -> Result<Own, ParseStopped> {
        let words = || Own { given: words(&edit.text), used: words(&edit.text), parses: false };
        let after = ChangeSet::single(before.len(), edit.clone())
            .and_then(|changes| before.apply(&changes).map(|after| (changes, after)));
        let Ok((changes, after)) = after else { return Ok(words()) };
        let after_tree = tree.edited(&changes, before, &after).reparse(&after, stop)?;
        if error_count(&after_tree) > error_count(tree) {
            return Ok(words());
        }
        let names = syntax::names(&after_tree, &after);
        let place = edit.range.start..edit.range.start + edit.text.len();
        let is_own = |range: &Range<usize>| range.start < place.end && place.start < range.end;
        let given = names.bindings.into_iter().filter(|found| is_own(&found.range)).map(|found| found.name);
        let used = names.uses.into_iter().filter(|found| is_own(&found.range)).map(|found| found.name);
        Ok(Own { given: given.collect(), used: used.collect(), parses: true })
    }
}

/// The words of a text that could be names.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words
        .filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'))
        .map(str::to_owned)
        .collect()
}
