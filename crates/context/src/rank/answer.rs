//! The second step: what an answer names that nobody could know was needed before it came.
//!
//! Owns the question whether a name is known at all. Where in doubt it is: a word that stands anywhere in the folder, or is
//! bound or was used before, is no invention.

use std::ops::Range;

use rustc_hash::FxHashSet;
use syntax::{References, Tree};
use text::Text;
use workspace::{DefinitionId, FileId, Index, NameId, PartId, parts};

use super::resolve::Resolver;

/// As many definitions are given for a name that is not known.
const MAX_NEAREST: usize = 3;
/// For more names nothing is looked up, nor for longer ones.
const MAX_UNKNOWN: usize = 20;
const MAX_NAME: usize = 64;
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
}

/// What an answer names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswerNames {
    /// Definitions outside of the scope, in the order in which they are named.
    pub known: Vec<DefinitionId>,
    /// Names that stand nowhere in the folder, each once.
    pub unknown: Vec<UnknownName>,
}

/// A name that nothing in the folder has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    /// The name.
    pub name: String,
    /// Whether it is taken from something, as in `a.name`.
    pub is_member: bool,
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
    let references = syntax::references(answered.tree, answered.text, &answered.scope);
    let first_line = answered.text.line_of(answered.scope.start) as u32;
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
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for reference in &references.uses {
        let name = reference.name.as_str();
        if !reference.is_member && references.bound.contains(name) {
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
            || references.bound.contains(name)
            || used_before.contains(name)
            || imported.contains(name)
            || index.name(name).is_some_and(|name| stands_somewhere(index, file, name));
        if !is_known && seen.insert(name) {
            found.unknown.push(UnknownName {
                name: name.to_owned(),
                is_member: reference.is_member,
                nearest: nearest(&resolver, name, &reference.receiver),
            });
        }
    }
    found
}

/// Whether a name is defined, imported or used anywhere in the files.
fn stands_somewhere(index: &Index, own: FileId, name: NameId) -> bool {
    index.n_files_with(name) > 0
        || !index.definitions_of(name).is_empty()
        || index.file(own).is_some_and(|file| file.words.iter().any(|(word, _)| *word == name))
}

/// The definitions whose names are most like one: members of the receiver's type first, if that is known.
fn nearest(resolver: &Resolver<'_>, name: &str, receiver: &[String]) -> Vec<DefinitionId> {
    let index = resolver.index;
    let own_parts = parts(name);
    let receiver = receiver.last().and_then(|receiver| index.name(receiver));
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
    if let Some(receiver) = receiver {
        index.members_of(receiver).into_iter().for_each(|id| consider(id, true));
    }
    let own_parts: Vec<PartId> = own_parts.iter().filter_map(|part| index.part(part)).collect();
    for candidate in index.names_with_any(&own_parts) {
        index.definitions_of(candidate).into_iter().for_each(|id| consider(id, false));
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
