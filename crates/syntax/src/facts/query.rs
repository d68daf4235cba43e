//! What a language's query says about nodes, and how it is asked.
//!
//! A query is asked about one node and its children at a time; what it says is to be entered is asked next. So function
//! bodies, the most of any text, are never looked into. The captures of a query:
//!
//! - a kind of definition (`@class`, `@method`, …): a node that defines something. Its name and body are its fields `name`
//!   and `body`, or what `@name` and `@body` say; a definition's body is entered where it may hold members.
//! - `@container`: the node that names what the definition belongs to, where it does not stand in it.
//! - `@extension`: a node whose body holds members of the type that `@container` names.
//! - `@inside`: a node to enter as if what it holds stood in its place.
//! - `@wrapper`: the same, and the first definition in it begins where the wrapper begins.
//! - `@attribute`: belongs to the definition behind it.
//! - `@import`: an import.
//! - names that begin with `_` are for the query's own conditions.

use tree_sitter::{Node, Query, QueryCursor, StreamingIterator};

use crate::DefinitionKind;

/// A compiled query.
pub(super) struct Compiled {
    query: Query,
    /// By index of the capture.
    roles: Vec<Role>,
    /// The id of the field `name`.
    name: Option<u16>,
    /// The id of the field `body`.
    body: Option<u16>,
}

/// What a capture says of its node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Defines(DefinitionKind),
    Name,
    Body,
    Container,
    Extension,
    Inside,
    Wrapper,
    Attribute,
    Import,
    Nothing,
}

/// A node that defines something, or adds to it.
pub(crate) struct Found<'t> {
    /// What it defines; none for what only has members of a type.
    pub(crate) kind: Option<DefinitionKind>,
    /// The node itself.
    pub(crate) node: Node<'t>,
    /// The first byte that belongs to it, with attributes and wrappers.
    pub(crate) start: usize,
    /// The node that is its name.
    pub(crate) name: Option<Node<'t>>,
    /// Where its signature ends.
    pub(crate) body: Option<Node<'t>>,
    /// The node that names what it belongs to.
    pub(crate) container: Option<Node<'t>>,
    /// Nodes whose children are its members.
    pub(crate) members: Vec<Node<'t>>,
    /// Nodes whose children stand in its place.
    pub(crate) inside: Vec<Node<'t>>,
}

impl<'t> Found<'t> {
    /// A definition that is `node`, with neither body nor members.
    pub(super) fn of(kind: DefinitionKind, node: Node<'t>, name: Node<'t>) -> Found<'t> {
        let start = node.start_byte();
        let (members, inside) = (Vec::new(), Vec::new());
        Found {
            kind: Some(kind),
            node,
            start,
            name: Some(name),
            body: None,
            container: None,
            members,
            inside,
        }
    }
}

/// What a query says of a node and its children.
#[derive(Default)]
pub(super) struct Answer<'t> {
    pub(super) found: Vec<Found<'t>>,
    pub(super) inside: Vec<Node<'t>>,
    pub(super) wrappers: Vec<Node<'t>>,
    pub(super) attributes: Vec<Node<'t>>,
    pub(super) imports: Vec<Node<'t>>,
}

impl Compiled {
    /// None where the query does not fit the grammar.
    pub(super) fn new(grammar: &tree_sitter::Language, query: &str) -> Option<Compiled> {
        let query = Query::new(grammar, query).ok()?;
        let roles: Option<Vec<Role>> = query.capture_names().iter().map(|name| role(name)).collect();
        let field = |name: &str| grammar.field_id_for_name(name).map(|id| id.get());
        Some(Compiled { roles: roles?, query, name: field("name"), body: field("body") })
    }

    /// What it says of `node` and its children.
    pub(super) fn ask<'t>(&self, cursor: &mut QueryCursor, node: Node<'t>, source: &str) -> Answer<'t> {
        let mut answer = Answer::default();
        cursor.set_max_start_depth(Some(1));
        let mut matches = cursor.matches(&self.query, node, source.as_bytes());
        while let Some(found) = matches.next() {
            let (mut name, mut body, mut container, mut defines) = (None, None, None, None);
            for capture in found.captures() {
                let own = Some(capture.node).filter(|own| own.id() != node.id());
                match self.roles.get(capture.index as usize).copied().unwrap_or(Role::Nothing) {
                    Role::Defines(kind) => defines = own.map(|own| (own, Some(kind))),
                    Role::Extension => defines = own.map(|own| (own, None)),
                    Role::Name => name = own,
                    Role::Body => body = own,
                    Role::Container => container = own,
                    Role::Inside => answer.inside.extend(own),
                    Role::Wrapper => answer.wrappers.extend(own),
                    Role::Attribute => answer.attributes.extend(own),
                    Role::Import => answer.imports.extend(own),
                    Role::Nothing => {}
                }
            }
            let Some((node, kind)) = defines else { continue };
            let field = |id: Option<u16>| id.and_then(|id| node.child_by_field_id(id));
            let body = body.or_else(|| field(self.body));
            let has_members = kind.is_none_or(|kind| !kind.is_function());
            answer.found.push(Found {
                kind,
                node,
                start: node.start_byte(),
                name: name.or_else(|| field(self.name)),
                body,
                container,
                members: body.filter(|_| has_members).into_iter().collect(),
                inside: Vec::new(),
            });
        }
        answer
    }
}

fn role(name: &str) -> Option<Role> {
    Some(match name {
        "class" => Role::Defines(DefinitionKind::Class),
        "interface" => Role::Defines(DefinitionKind::Interface),
        "struct" => Role::Defines(DefinitionKind::Struct),
        "enum" => Role::Defines(DefinitionKind::Enum),
        "trait" => Role::Defines(DefinitionKind::Trait),
        "type" => Role::Defines(DefinitionKind::Type),
        "module" => Role::Defines(DefinitionKind::Module),
        "function" => Role::Defines(DefinitionKind::Function),
        "macro" => Role::Defines(DefinitionKind::Macro),
        "method" => Role::Defines(DefinitionKind::Method),
        "constructor" => Role::Defines(DefinitionKind::Constructor),
        "field" => Role::Defines(DefinitionKind::Field),
        "variant" => Role::Defines(DefinitionKind::Variant),
        "property" => Role::Defines(DefinitionKind::Property),
        "constant" => Role::Defines(DefinitionKind::Constant),
        "variable" => Role::Defines(DefinitionKind::Variable),
        "name" => Role::Name,
        "body" => Role::Body,
        "container" => Role::Container,
        "extension" => Role::Extension,
        "inside" => Role::Inside,
        "wrapper" => Role::Wrapper,
        "attribute" => Role::Attribute,
        "import" => Role::Import,
        _ if name.starts_with('_') => Role::Nothing,
        _ => return None,
    })
}
