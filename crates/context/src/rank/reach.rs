//! Types that the scope reaches without naming them: through its variables, chains of members, and signatures.

use rustc_hash::FxHashMap;
use workspace::{DefinitionId, FileId, NameId};

use super::modules::dir_of;
use super::resolve::Resolver;
use super::scope::ScopeView;

/// More types of one name than these say nothing.
const FEW_TYPES: usize = 3;

/// What the scope reaches.
#[derive(Default)]
pub(super) struct Reached {
    /// Types on the way of a chain, as (file, name), and how often.
    pub(super) by_chain: FxHashMap<(FileId, NameId), u32>,
    /// Types in the signatures of what the scope names.
    pub(super) by_signature: FxHashMap<(FileId, NameId), u32>,
    /// Members that chains name.
    pub(super) members: Vec<DefinitionId>,
}

/// What the scope reaches; `named` are the definitions that it names.
pub(super) fn reached<'a>(
    scope: &ScopeView<'_>,
    resolver: &Resolver<'_>,
    named: impl Iterator<Item = &'a DefinitionId>,
) -> Reached {
    let mut types = Types { resolver, by_definition: FxHashMap::default() };
    let mut found = Reached::default();
    let mut variables: FxHashMap<&str, Vec<NameId>> = FxHashMap::default();
    for (variable, names) in &scope.references.typed {
        let names = names.iter().filter_map(|name| resolver.index.name(name));
        let names: Vec<NameId> =
            names.filter(|name| !resolver.types(*name).is_empty()).take(FEW_TYPES).collect();
        if !names.is_empty() {
            variables.entry(variable).or_insert(names);
        }
    }
    if let Some(container) = scope.container {
        for itself in ["self", "this", "cls", "Self"] {
            variables.insert(itself, vec![container]);
        }
    }
    for reference in scope.references.uses.iter().filter(|reference| reference.is_member) {
        let Some((root, inner)) = reference.receiver.split_first() else { continue };
        let Some(mut current) = variables.get(root.as_str()).cloned() else { continue };
        for name in inner.iter().chain(std::iter::once(&reference.name)) {
            let Some(name) = resolver.index.name(name) else { break };
            let members = current.iter().map(|container| resolver.members(*container, name));
            let Some(members) = members.into_iter().find(|members| !members.is_empty()) else { break };
            let reached = members.first().map(|id| types.in_signature(*id)).unwrap_or_default();
            if members.len() <= FEW_TYPES {
                found.members.extend(members);
            }
            for place in &reached {
                *found.by_chain.entry(*place).or_default() += 1;
            }
            current = reached.into_iter().map(|(_, name)| name).collect();
            if current.is_empty() {
                break;
            }
        }
    }
    for id in named {
        if resolver.index.definition(*id).is_some_and(|definition| !definition.kind.is_type()) {
            for place in types.in_signature(*id) {
                *found.by_signature.entry(place).or_default() += 1;
            }
        }
    }
    found
}

struct Types<'a> {
    resolver: &'a Resolver<'a>,
    by_definition: FxHashMap<DefinitionId, Vec<(FileId, NameId)>>,
}

impl Types<'_> {
    /// The types of the workspace that a signature names.
    fn in_signature(&mut self, id: DefinitionId) -> Vec<(FileId, NameId)> {
        if let Some(known) = self.by_definition.get(&id) {
            return known.clone();
        }
        let index = self.resolver.index;
        let Some((file, definition)) = index.file(id.file).zip(index.definition(id)) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for name in file.signature_of(definition) {
            let types = self.resolver.types(*name);
            if types.is_empty() || types.len() > FEW_TYPES {
                continue;
            }
            let path = |id: &DefinitionId| index.file(id.file).map_or("", |file| &file.path);
            let nearest = types
                .iter()
                .find(|found| found.file == id.file)
                .or_else(|| types.iter().find(|found| dir_of(path(found)) == dir_of(&file.path)))
                .or(types.first());
            found.extend(nearest.map(|nearest| (nearest.file, *name)));
        }
        self.by_definition.insert(id, found.clone());
        found
    }
}
