//! The second step: what an answer names that nobody could know was needed before it came.
//!
//! Owns the question whether a name is known at all. Where in doubt it is: a word that stands anywhere in the folder, or is
//! bound or was used before, is no invention.

use std::ops::Range;

use rustc_hash::FxHashSet;
use syntax::{Reference, References, Tokens, Tree};
use text::Text;
use workspace::{DefinitionId, FileId, Index, NameId, PartId, parts};

use super::origin::Origin;
use super::resolve::Resolver;

/// As many definitions are given for a name that is not known.
const MAX_NEAREST: usize = 3;
/// For more names nothing is looked up, nor for longer ones.
const MAX_UNKNOWN: usize = 20;
const MAX_NAME: usize = 64;
/// Letters that a name may have more or less than one that is meant.
const MAX_SLIP: usize = 2;
/// Shorter names are too near to too many others.
const MIN_UNKNOWN: usize = 4;

/// A text with an answer put into it.
pub struct Answered<'a> {
    /// Its tree.
    pub tree: &'a Tree,
    /// The text.
    pub text: &'a Text,
    /// The scope in it.
    pub scope: Range<usize>,
    /// What else of it is new.
    pub others: Vec<Range<usize>>,
    /// A line of the text before, in the type that the answer belongs to.
    pub line: usize,
}

/// What an answer names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswerNames {
    /// Definitions outside of the scope, in the order in which they are named.
    pub known: Vec<DefinitionId>,
    /// Names that stand nowhere in the folder, by name and by what they are taken from.
    pub unknown: Vec<UnknownName>,
}

/// A name that nothing in the folder has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    /// The name.
    pub name: String,
    /// Whether it is taken from something, as in `a.name`.
    pub is_member: bool,
    /// Where it stands in the text with the answer.
    pub ranges: Vec<Range<usize>>,
    /// Whether what it could stand for is all known.
    pub origin: Origin,
    /// Definitions with names like it, the most alike first.
    pub nearest: Vec<DefinitionId>,
}

/// What an answer names, looked up from the file that it is for; `before` is what the scope named before it.
pub fn names_of_answer(
    index: &Index,
    file: FileId,
    answered: &Answered<'_>,
    before: &References,
) -> AnswerNames {
    let mut found = AnswerNames::default();
    let Some(own) = index.file(file) else { return found };
    let ranges = std::iter::once(&answered.scope).chain(&answered.others);
    let pieces: Vec<References> =
        ranges.map(|range| syntax::references(answered.tree, answered.text, range)).collect();
    let is_bound = |name: &str| pieces.iter().any(|piece| piece.bound.contains(name));
    let is_given = |name: &str| pieces.iter().any(|piece| piece.given.contains(name));
    let first_line = answered.line as u32;
    let container = own.definitions.iter().rev().find(|holder| {
        holder.kind.is_type() && holder.lines.start < first_line && first_line < holder.lines.end
    });
    let container = container.map(|holder| holder.name).or_else(|| {
        let itself = own.definitions.iter().find(|itself| itself.lines.start >= first_line)?;
        itself.container
    });
    let resolver = Resolver::new(index, file, own, container);
    let used_before: FxHashSet<&str> = before.uses.iter().map(|reference| reference.name.as_str()).collect();
    let imported: FxHashSet<String> = syntax::import_list(answered.tree, answered.text)
        .into_iter()
        .flat_map(|import| import.names)
        .flat_map(|imported| [imported.bound, imported.name])
        .collect();
    let uses = pieces.iter().flat_map(|piece| piece.uses.iter().map(|used| (used, &piece.typed)));
    for (reference, typed) in uses {
        let name = reference.name.as_str();
        if !reference.is_member && is_bound(name) {
            continue;
        }
        for id in resolver.reference(reference).definitions {
            if !found.known.contains(&id) {
                found.known.push(id);
            }
        }
        let is_known = name.len() < MIN_UNKNOWN
            || name.len() > MAX_NAME
            || found.unknown.len() >= MAX_UNKNOWN
            || !name.chars().all(|c| c.is_alphanumeric() || c == '_')
            || reference.among == Some(Tokens::Attribute)
            || is_given(name)
            || used_before.contains(name)
            || imported.contains(name)
            || index.name(name).is_some_and(|name| index.stands_somewhere(name));
        if is_known {
            continue;
        }
        let root = reference.package.as_ref().or(reference.receiver.first());
        let origin = match root {
            _ if reference.among.is_some() => Origin::Unknown,
            Some(root) if imported.contains(root) && !resolver.imports_as(root) => Origin::Unknown,
            _ => resolver.origin(reference, typed),
        };
        let is_same = |unknown: &&mut UnknownName| unknown.name == name && unknown.origin == origin;
        match found.unknown.iter_mut().find(is_same) {
            Some(unknown) => unknown.ranges.push(reference.range.clone()),
            None => found.unknown.push(UnknownName {
                name: name.to_owned(),
                is_member: reference.is_member,
                ranges: vec![reference.range.clone()],
                origin,
                nearest: nearest(&resolver, name, &holders(&resolver, reference, typed)),
            }),
        }
    }
    found
}

/// The definitions whose names are most like one: members of the receiver's type first, if that is known.
fn nearest(resolver: &Resolver<'_>, name: &str, holders: &[NameId]) -> Vec<DefinitionId> {
    let index = resolver.index;
    let own_parts = parts(name);
    let mut alike: Vec<(bool, usize, &str, DefinitionId)> = Vec::new();
    let mut consider = |id: DefinitionId, is_member: bool| {
        let Some((file, definition)) = index.file(id.file).zip(index.definition(id)) else { return };
        let other = index.text(definition.name);
        if !resolver.is_open_to(id.file, file) || other.len().abs_diff(name.len()) * 2 > name.len() {
            return;
        }
        let distance = strsim::damerau_levenshtein(name, other);
        let other_parts = parts(other);
        let n_shared = own_parts.iter().filter(|part| other_parts.contains(part)).count();
        let is_alike = distance * 3 <= name.len() || n_shared * 2 > own_parts.len().max(other_parts.len());
        if is_alike {
            alike.push((!is_member, distance, &file.path, id));
        }
    };
    for holder in holders {
        index.members_of(*holder).into_iter().for_each(|id| consider(id, true));
    }
    let own_parts: Vec<PartId> = own_parts.iter().filter_map(|part| index.part(part)).collect();
    for candidate in index.names_with_any(&own_parts) {
        index.definitions_of(candidate).into_iter().for_each(|id| consider(id, false));
    }
    // A slip within a part leaves no part the same, and hardly ever the first letter another.
    let first = name.chars().next();
    for candidate in index.defined_names() {
        let other = index.text(candidate);
        if other.chars().next() == first && other.len().abs_diff(name.len()) <= MAX_SLIP {
            index.definitions_of(candidate).into_iter().for_each(|id| consider(id, false));
        }
    }
    alike.sort_unstable_by(|a, b| (a.0, a.1, a.2, a.3).cmp(&(b.0, b.1, b.2, b.3)));
    let mut nearest: Vec<DefinitionId> = Vec::new();
    for (.., id) in alike {
        if !nearest.contains(&id) && nearest.len() < MAX_NEAREST {
            nearest.push(id);
        }
    }
    nearest
}

/// The types whose member a name could be: what it is taken from, or what that is declared as.
fn holders(resolver: &Resolver<'_>, reference: &Reference, typed: &[(String, Vec<String>)]) -> Vec<NameId> {
    let Some(receiver) = reference.receiver.last() else { return Vec::new() };
    let own = resolver.container.filter(|_| matches!(receiver.as_str(), "self" | "this" | "cls" | "Self"));
    let declared = typed.iter().filter(|(name, _)| name == receiver).flat_map(|(_, types)| types);
    let named = declared.chain([receiver]).filter_map(|name| resolver.index.name(name));
    own.into_iter().chain(named).collect()
}
