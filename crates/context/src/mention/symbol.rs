//! Which definitions of an index a name means.

use rustc_hash::FxHashMap;
use workspace::{DefinitionId, FileKind, Index};

/// What a name means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// Nothing that is defined.
    Unknown,
    /// A definition; several where one name is defined more than once in one type or module, as overloads are.
    Known(Vec<DefinitionId>),
    /// Several; each is named by words that mean it, or by its path.
    Several(Vec<String>),
    /// Its type is known, and has these members.
    NotIn(Vec<String>),
}

/// Looks up `name`, `Type.name`, `Type::name`, or `module.name` with the name of a file without its ending.
///
/// Definitions in tests and generated files count only where there are no others.
pub(crate) fn find(index: &Index, word: &str) -> Symbol {
    let word = word.trim_end_matches("()").replace("::", ".").replace('#', ".");
    let (holder, name) = match word.rsplit_once('.') {
        Some((holder, name)) => (holder.rsplit('.').next(), name),
        None => (None, word.as_str()),
    };
    let all = index.name(name).map(|name| index.definitions_of(name)).unwrap_or_default();
    let mut found: Vec<DefinitionId> = match holder {
        None => all,
        Some(holder) => {
            let of_type: Vec<_> =
                all.iter().copied().filter(|id| container(index, *id) == Some(holder)).collect();
            let of_file = || all.iter().copied().filter(|id| stem(index, *id) == Some(holder)).collect();
            if of_type.is_empty() { of_file() } else { of_type }
        }
    };
    if found.is_empty() {
        return holder.map_or(Symbol::Unknown, |holder| members(index, holder));
    }
    let is_source = |id: &DefinitionId| index.file(id.file).is_some_and(|file| file.kind == FileKind::Source);
    if found.iter().any(is_source) {
        found.retain(is_source);
    }
    let mut places: Vec<(&str, Option<&str>)> = found.iter().map(|id| place(index, *id)).collect();
    places.dedup();
    if places.len() == 1 {
        return Symbol::Known(found);
    }
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    places.iter().filter_map(|(_, container)| *container).for_each(|container| {
        *counts.entry(container).or_default() += 1;
    });
    let named = |(path, container): &(&str, Option<&str>)| match container {
        Some(container) if counts.get(container) == Some(&1) => format!("{container}.{name}"),
        Some(_) | None => (*path).to_owned(),
    };
    let mut several: Vec<String> = places.iter().map(named).collect();
    several.dedup();
    Symbol::Several(several)
}

/// A type that has no such member, or a name that says nothing.
fn members(index: &Index, holder: &str) -> Symbol {
    let Some(name) = index.name(holder) else { return Symbol::Unknown };
    let mut known: Vec<String> = Vec::new();
    for id in index.members_of(name) {
        if let Some(definition) = index.definition(id) {
            known.push(format!("{holder}.{}", index.text(definition.name)));
        }
    }
    known.dedup();
    if known.is_empty() { Symbol::Unknown } else { Symbol::NotIn(known) }
}

fn container(index: &Index, id: DefinitionId) -> Option<&str> {
    Some(index.text(index.definition(id)?.container?))
}

fn stem(index: &Index, id: DefinitionId) -> Option<&str> {
    let path: &str = &index.file(id.file)?.path;
    path.rsplit('/').next()?.split('.').next()
}

fn place(index: &Index, id: DefinitionId) -> (&str, Option<&str>) {
    let path = index.file(id.file).map_or("", |file| &*file.path);
    (path, container(index, id))
}
