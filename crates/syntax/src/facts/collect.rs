//! The definitions of a tree, level by level.
//!
//! Owns what belongs to what and where a definition begins and ends. Nesting costs no stack.

use std::ops::Range;

use rustc_hash::FxHashSet;
use tree_sitter::{Node, QueryCursor};

use super::query::{Answer, Compiled, Found};
use super::rules::{OwnFields, Rules, slice};
use super::signature;
use super::words::{LocalId, Words};
use crate::{Definition, DefinitionKind};

/// Longest name that is kept, in bytes; what is longer is no name but a mistake of the parse.
const NAME_BYTES: usize = 200;

/// Definitions whose strings are still local ids, and the nodes of imports that the query found.
pub(super) struct Collected<'t> {
    pub(super) definitions: Vec<Definition>,
    /// The words of their signatures.
    pub(super) pool: Vec<LocalId>,
    pub(super) imports: Vec<Node<'t>>,
}

/// The definitions of the tree below `root`.
pub(super) fn collect<'t>(
    root: Node<'t>,
    rules: &Rules,
    query: &Compiled,
    source: &str,
    words: &mut Words<'_>,
) -> Collected<'t> {
    let mut walk = Walk {
        rules,
        source,
        words,
        levels: Vec::new(),
        types: Vec::new(),
        n_holders: 1,
        drafts: Vec::new(),
        pool: Vec::new(),
    };
    let file = Holder { name: None, holds: Holds::Anything, idx: 0 };
    walk.levels.push(Level { node: root, holder: file, start: None });
    let mut cursor = QueryCursor::new();
    let mut imports = Vec::new();
    while let Some(level) = walk.levels.pop() {
        let mut answer = query.ask(&mut cursor, level.node, source);
        imports.append(&mut answer.imports);
        walk.level(&level, answer);
    }
    imports.sort_by_key(Node::start_byte);
    let (definitions, pool) = walk.ended();
    Collected { definitions, pool, imports }
}

/// A node to ask about.
struct Level<'t> {
    node: Node<'t>,
    holder: Holder,
    /// Where the first definition in it begins, if not where its own node does.
    start: Option<usize>,
}

/// What the definitions of a level belong to.
#[derive(Clone, Copy)]
struct Holder {
    name: Option<LocalId>,
    holds: Holds,
    /// Tells it from others of its name.
    idx: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Anything,
    Members,
    Properties,
}

/// A definition with its place.
struct Draft {
    range: Range<usize>,
    holder_idx: usize,
    definition: Definition,
}

/// A type whose methods may give it fields.
struct OwnType<'t> {
    body: Node<'t>,
    holder: Holder,
}

struct Walk<'w, 'a, 't> {
    rules: &'w Rules,
    source: &'w str,
    words: &'w mut Words<'a>,
    levels: Vec<Level<'t>>,
    types: Vec<OwnType<'t>>,
    n_holders: usize,
    drafts: Vec<Draft>,
    pool: Vec<LocalId>,
}

impl<'t> Walk<'_, '_, 't> {
    fn level(&mut self, level: &Level<'t>, answer: Answer<'t>) {
        for node in answer.inside {
            self.levels.push(Level { node, holder: level.holder, start: None });
        }
        for node in answer.wrappers {
            let start = level.start.unwrap_or(node.start_byte());
            self.levels.push(Level { node, holder: level.holder, start: Some(start) });
        }
        let first = answer.found.iter().map(|found| found.node.start_byte()).min();
        for mut found in answer.found {
            found.start = match level.start {
                Some(start) if first == Some(found.start) => start,
                _ => with_attributes(found.start, &answer.attributes, self.source),
            };
            (self.rules.adjust)(&mut found, self.source);
            self.found(found, level.holder);
        }
    }

    fn found(&mut self, found: Found<'t>, holder: Holder) {
        let named = found.container.map(|container| last_segment(slice(container, self.source)));
        let container = named.filter(|name| !name.is_empty()).map(|name| self.words.id(name));
        // A symbol of Ruby begins with a colon.
        let name = found.name.map_or("", |name| slice(name, self.source).trim_start_matches(':'));
        let holds = if container.is_some() { Holds::Members } else { holder.holds };
        let kind = found.kind.map(|kind| in_holder(kind, holds));
        let mut own = None;
        if let Some(kind) = kind
            && is_name(name)
        {
            let id = self.words.id(name);
            own = Some(id);
            let container = container.or(holder.name);
            let definition = self.definition(&found, id, kind, container);
            let range = found.start..found.node.end_byte();
            self.drafts.push(Draft { range, holder_idx: holder.idx, definition });
        }
        for node in found.inside {
            self.levels.push(Level { node, holder, start: None });
        }
        if found.members.is_empty() {
            return;
        }
        let holds = match kind {
            Some(DefinitionKind::Constant | DefinitionKind::Variable) => Holds::Properties,
            _ => Holds::Members,
        };
        let holder = Holder { name: own.or(container), holds, idx: self.n_holders };
        self.n_holders += 1;
        for node in found.members {
            if self.rules.own_fields.is_some() && holds == Holds::Members {
                self.types.push(OwnType { body: node, holder });
            }
            self.levels.push(Level { node, holder, start: None });
        }
    }

    /// The definitions in order, each constant and field once, with the fields that methods give.
    fn ended(mut self) -> (Vec<Definition>, Vec<LocalId>) {
        self.sort();
        let mut seen = FxHashSet::default();
        self.drafts.retain(|draft| {
            !matches!(
                draft.definition.kind,
                DefinitionKind::Field | DefinitionKind::Constant | DefinitionKind::Variable
            ) || seen.insert((draft.holder_idx, draft.definition.name))
        });
        if let Some(own) = &self.rules.own_fields
            && !self.types.is_empty()
        {
            self.own_fields(own, &mut seen);
        }
        (self.drafts.into_iter().map(|draft| draft.definition).collect(), self.pool)
    }

    fn definition(
        &mut self,
        found: &Found<'t>,
        name: LocalId,
        kind: DefinitionKind,
        container: Option<LocalId>,
    ) -> Definition {
        signature::definition(found, name, kind, container, self.source, self.words, &mut self.pool)
    }

    fn sort(&mut self) {
        self.drafts.sort_by_key(|draft| (draft.range.start, std::cmp::Reverse(draft.range.end)));
    }

    /// Fields that are given by assigning to a member of the object.
    fn own_fields(&mut self, own: &OwnFields, seen: &mut FxHashSet<(usize, LocalId)>) {
        self.types.sort_by_key(|own_type| own_type.body.start_byte());
        let before: FxHashSet<usize> = seen.iter().map(|(idx, _)| *idx).collect();
        for offset in self.words.offsets_of(own.object) {
            if !is_assigned(self.source.get(offset + own.object.len()..).unwrap_or("")) {
                continue;
            }
            let last = self.types.partition_point(|own_type| own_type.body.start_byte() <= offset);
            let types = self.types.get(..last).unwrap_or(&[]).iter().rev();
            let Some(own_type) = types.take(64).find(|own_type| own_type.body.end_byte() > offset) else {
                continue;
            };
            let holder = own_type.holder;
            if own.only_in.is_some() && before.contains(&holder.idx) {
                continue;
            }
            let Some((assignment, name)) = assigned(own_type.body, offset, own, self.source) else {
                continue;
            };
            let name_text = slice(name, self.source);
            if !is_name(name_text) {
                continue;
            }
            let id = self.words.id(name_text);
            if seen.insert((holder.idx, id)) {
                let found = Found::of(DefinitionKind::Field, assignment, name);
                let definition = self.definition(&found, id, DefinitionKind::Field, holder.name);
                self.drafts.push(Draft {
                    range: assignment.byte_range(),
                    holder_idx: holder.idx,
                    definition,
                });
            }
        }
        self.sort();
    }
}

/// What a kind is called where it stands.
fn in_holder(kind: DefinitionKind, holds: Holds) -> DefinitionKind {
    match (holds, kind) {
        (Holds::Members, DefinitionKind::Function) => DefinitionKind::Method,
        (Holds::Members, DefinitionKind::Constant | DefinitionKind::Variable) => DefinitionKind::Field,
        (Holds::Properties, DefinitionKind::Method) => DefinitionKind::Property,
        // A macro of C++ that makes a function looks like the constructor of no class.
        (Holds::Anything, DefinitionKind::Constructor) => DefinitionKind::Function,
        (_, kind) => kind,
    }
}

/// Where a definition at `start` begins with the attributes right in front of it.
fn with_attributes(start: usize, attributes: &[Node<'_>], source: &str) -> usize {
    let mut start = start;
    let before = attributes.partition_point(|attribute| attribute.start_byte() < start);
    for attribute in attributes.get(..before).unwrap_or(&[]).iter().rev() {
        let between = source.get(attribute.end_byte()..start).unwrap_or("x").trim_start();
        if !between.is_empty() && !between.starts_with("//") && !between.starts_with("/*") {
            break;
        }
        start = attribute.start_byte();
    }
    start
}

/// Whether what follows the word for the object may be a member that is assigned to.
fn is_assigned(rest: &str) -> bool {
    let Some(rest) = rest.strip_prefix('.') else { return false };
    let rest = rest.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#'));
    let rest = rest.trim_start_matches([' ', '\t']);
    rest.starts_with(':') || rest.starts_with('=') && !rest.starts_with("==")
}

/// The assignment at `offset` and the name of the member that it gives.
fn assigned<'t>(
    body: Node<'t>,
    offset: usize,
    own: &OwnFields,
    source: &str,
) -> Option<(Node<'t>, Node<'t>)> {
    let mut cursor = body.walk();
    let mut is_in_method = own.only_in.is_none();
    while cursor.goto_first_child_for_byte(offset).is_some() {
        let node = cursor.node();
        if let Some(only_in) = own.only_in
            && node.kind() == "method_definition"
        {
            let name = node.child_by_field_name("name");
            is_in_method = name.is_some_and(|name| slice(name, source) == only_in);
        }
        if node.kind() == own.assignment && node.start_byte() == offset {
            let member = node.child_by_field_name("left").filter(|left| left.kind() == own.member)?;
            let object = member.named_child(0).filter(|object| slice(*object, source) == own.object)?;
            let name = member.named_child(1).filter(|_| object.start_byte() == offset && is_in_method)?;
            return Some((node, name));
        }
    }
    None
}

/// Whether a text can be what something is called.
fn is_name(name: &str) -> bool {
    name.len() <= NAME_BYTES
        && name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '#' | '@' | '~'))
        && !name.contains(|c: char| {
            c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | ')' | '[' | ']' | '{' | '}')
        })
}

/// The last part of the first path in the text of a type, without what refers to it and what it is generic over.
fn last_segment(path: &str) -> &str {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = path;
    loop {
        rest = rest.trim_start_matches(|c: char| !is_part(c) && c != '\'');
        if let Some(lifetime) = rest.strip_prefix('\'') {
            rest = lifetime.trim_start_matches(is_part);
            continue;
        }
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (part, behind) = rest.split_at(end);
        let is_more = behind.starts_with("::") || behind.starts_with('.');
        if part.is_empty() || !is_more && !matches!(part, "mut" | "dyn" | "impl" | "const") {
            return part;
        }
        rest = behind;
    }
}
