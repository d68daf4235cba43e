//! What a piece of a text refers to: each name with what it is taken from, and the types that names are declared with.

use std::collections::BTreeSet;
use std::ops::Range;

use text::Text;
use tree_sitter::Node;

use super::role::{MEMBERS, Role, role};
use super::{Step, bound, is_import, is_leaf_name, walk};
use crate::node::{text_of, walk as walk_below};
use crate::{BindingKind, Tree};

/// What a piece of a text refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    /// The names of its parameters and variables.
    pub bound: BTreeSet<String>,
    /// Parameters and variables with the names that stand in their declared types, or head what they begin as.
    pub typed: Vec<(String, Vec<String>)>,
    /// The names that it uses, in order.
    pub uses: Vec<Reference>,
    /// All names that it gives to something, members and keys too, and those of arguments.
    pub given: BTreeSet<String>,
}

/// A name that is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The name.
    pub name: String,
    /// It is taken from something else, as in `a.name`.
    pub is_member: bool,
    /// From what: `a`, `b` for `a.b().name`; empty where that is no chain of names.
    pub receiver: Vec<String>,
    /// What the receiver is taken from where it is a type whose field this is: `pay` in `pay.Bill { total }`.
    pub package: Option<String>,
    /// Where it stands.
    pub range: Range<usize>,
    /// Among which tokens it stands, which may mean anything.
    pub among: Option<Tokens>,
}

impl Reference {
    fn member(name: String, receiver: Vec<String>, range: Range<usize>) -> Reference {
        Reference { name, is_member: true, receiver, package: None, range, among: None }
    }

    fn field(name: String, holder: Holder, range: Range<usize>) -> Reference {
        Reference { package: holder.package, ..Reference::member(name, vec![holder.type_name], range) }
    }
}

/// What has tokens in place of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tokens {
    /// The arguments of a macro.
    Macro,
    /// An attribute.
    Attribute,
}

/// What the part of a text in a range refers to. Imports are left out.
pub fn references(tree: &Tree, text: &Text, range: &Range<usize>) -> References {
    let mut found = References::default();
    walk(tree, range, |path| {
        let Some(node) = path.last().map(|step| step.node) else { return false };
        if is_import(tree.language(), node) || tree.language().is_comment(node.kind()) {
            return false;
        }
        if !is_leaf_name(node) {
            return true;
        }
        let name = text_of(node, text);
        let role = role(path, &name);
        if !matches!(role, Role::Use { .. }) && parent_kind(path) != "jsx_attribute" {
            found.given.insert(name.clone());
        }
        match role {
            Role::Binding { kind: BindingKind::Parameter | BindingKind::Local, .. } => {
                if let Some(given) = bound::given(path, &name) {
                    let givers = path.get(given.depth..).unwrap_or_default();
                    let types = types(givers, text);
                    if !types.is_empty() {
                        found.typed.push((name.clone(), types));
                    }
                }
                let field = field_of(path, text);
                let range = node.byte_range();
                found.uses.extend(field.map(|holder| Reference::field(name.clone(), holder, range)));
                found.bound.insert(name);
            }
            // `self.total = 1` uses a field that another method gave.
            Role::Binding { kind: BindingKind::Member, .. } if is_part_of_member(path) => {
                found.uses.push(reference(path, node, name, true, text));
            }
            Role::Nothing if parent_kind(path) == "jsx_attribute" => {
                found.uses.push(Reference::member(name, Vec::new(), node.byte_range()));
            }
            Role::Binding { .. } | Role::Nothing => {}
            Role::Use { is_member } => found.uses.push(reference(path, node, name, is_member, text)),
        }
        false
    });
    found
}

fn parent_kind<'a>(path: &[Step<'a>]) -> &'a str {
    path.iter().nth_back(1).map_or("", |step| step.node.kind())
}

fn is_part_of_member(path: &[Step<'_>]) -> bool {
    MEMBERS.contains(&parent_kind(path))
}

/// A type, and what it is taken from.
struct Holder {
    type_name: String,
    package: Option<String>,
}

/// The type whose field the name at the end of `path` is, in a literal or a pattern of that type: `Bill` in `Bill { total }`.
fn field_of(path: &[Step<'_>], text: &Text) -> Option<Holder> {
    let is_field = |kind: &str| {
        matches!(
            kind,
            "field_initializer" | "shorthand_field_initializer" | "field_pattern" | "keyed_element"
        )
    };
    let steps = path.iter().rev().skip(1);
    let mut steps = steps.skip_while(|step| step.node.kind() == "literal_element").map(|step| step.node);
    let field = steps.next().filter(|node| is_field(node.kind()))?;
    if field.kind() == "keyed_element" && !is_key(field, path) {
        return None;
    }
    let literal = steps
        .find(|node| matches!(node.kind(), "struct_expression" | "struct_pattern" | "composite_literal"))?;
    let name = literal.child_by_field_name("name").or_else(|| literal.child_by_field_name("type"))?;
    let mut names = names_below(name, text);
    let type_name = names.pop()?;
    Some(Holder { type_name, package: names.pop() })
}

/// Whether the name at the end of `path` is the key of an element, not its value.
fn is_key(element: Node<'_>, path: &[Step<'_>]) -> bool {
    let leaf = path.last().map(|step| step.node.byte_range());
    element.named_child(0).zip(leaf).is_some_and(|(key, leaf)| key.byte_range() == leaf)
}

fn reference(path: &[Step<'_>], node: Node<'_>, name: String, is_member: bool, text: &Text) -> Reference {
    let range = node.byte_range();
    if let Some(holder) = field_of(path, text) {
        return Reference::field(name, holder, range);
    }
    let parent = path.iter().nth_back(1).map(|step| step.node);
    // Inside of a macro there are only tokens.
    let token = parent.filter(|parent| parent.kind() == "token_tree").and_then(|_| node.prev_sibling());
    if let Some(point) = token.filter(|token| matches!(token.kind(), "." | "::")) {
        let of = point.prev_sibling().filter(|of| is_leaf_name(*of) || of.kind() == "self");
        let receiver = of.map(|of| text_of(of, text)).into_iter().collect();
        return Reference { among: among(path), ..Reference::member(name, receiver, range) };
    }
    let object = parent.filter(|_| is_member).and_then(object_of);
    let receiver = object.map(|object| chain(object, text)).unwrap_or_default();
    Reference { is_member, among: among(path), ..Reference::member(name, receiver, range) }
}

fn among(path: &[Step<'_>]) -> Option<Tokens> {
    path.iter().rev().find_map(|step| match step.node.kind() {
        "macro_invocation" => Some(Tokens::Macro),
        "attribute_item" | "inner_attribute_item" => Some(Tokens::Attribute),
        _ => None,
    })
}

/// What a node takes a name from.
fn object_of(node: Node<'_>) -> Option<Node<'_>> {
    let fields =
        ["object", "operand", "value", "path", "scope", "argument", "expression", "package", "module"];
    let by_field = fields.iter().find_map(|field| node.child_by_field_name(field));
    by_field.or_else(|| MEMBERS.contains(&node.kind()).then(|| node.named_child(0)).flatten())
}

/// The names of a chain, from its beginning; empty where it begins with something else than a name.
fn chain(node: Node<'_>, text: &Text) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut node = node;
    loop {
        if node.child_count() == 0 {
            let is_name = is_leaf_name(node)
                || matches!(node.kind(), "self" | "this" | "super" | "crate" | "base" | "this_expression");
            if !is_name {
                return Vec::new();
            }
            names.push(text_of(node, text));
            names.reverse();
            return names;
        }
        let inner = match node.kind() {
            "method_invocation" => {
                names.extend(node.child_by_field_name("name").map(|name| text_of(name, text)));
                node.child_by_field_name("object")
            }
            kind if MEMBERS.contains(&kind) => {
                let mut cursor = node.walk();
                let last = node.named_children(&mut cursor).last();
                names.extend(last.map(|last| text_of(last, text)));
                object_of(node)
            }
            "call"
            | "call_expression"
            | "invocation_expression"
            | "macro_invocation"
            | "generic_function" => node.child_by_field_name("function").or_else(|| node.named_child(0)),
            "parenthesized_expression"
            | "await"
            | "await_expression"
            | "non_null_expression"
            | "try_expression"
            | "unary_expression"
            | "generic_type"
            | "as_expression"
            | "subscript"
            | "subscript_expression"
            | "index_expression"
            | "reference_expression"
            | "variable_name" => node.named_child(0),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None if matches!(node.kind(), "method_invocation") => {
                names.reverse();
                return names;
            }
            None => return Vec::new(),
        }
    }
}

/// The names in the declared type of what the first of these nodes gives, else those at the head of its value. The others
/// lie between it and the name.
fn types(givers: &[Step<'_>], text: &Text) -> Vec<String> {
    let Some(giver) = givers.first().map(|step| step.node) else { return Vec::new() };
    let outer = giver.parent().filter(|outer| is_declaration(*outer));
    let declared = givers.iter().find_map(|step| step.node.child_by_field_name("type"));
    let declared = declared.or_else(|| outer.and_then(|outer| outer.child_by_field_name("type")));
    if let Some(declared) = declared {
        return names_below(declared, text);
    }
    let value = giver.child_by_field_name("value").or_else(|| giver.child_by_field_name("right"));
    value.map(|value| head(value, text)).unwrap_or_default()
}

fn is_declaration(node: Node<'_>) -> bool {
    node.kind().ends_with("_declaration")
        || node.kind().ends_with("_parameter")
        || node.kind() == "as_pattern"
}

/// The names that head a value: the type of what is made, or the function that makes it with what it is taken from.
fn head(value: Node<'_>, text: &Text) -> Vec<String> {
    let mut node = value;
    loop {
        let field = ["constructor", "type", "function", "name", "path", "body"];
        let inner = match node.kind() {
            "new_expression"
            | "object_creation_expression"
            | "composite_literal"
            | "struct_expression"
            | "call"
            | "call_expression"
            | "generic_function" => field.iter().find_map(|field| node.child_by_field_name(field)),
            "expression_list"
            | "await"
            | "await_expression"
            | "unary_expression"
            | "parenthesized_expression"
            | "try_expression"
            | "reference_expression" => node.named_child(0),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => return names_below(node, text),
        }
    }
}

/// The first few names below a node, in order.
fn names_below(node: Node<'_>, text: &Text) -> Vec<String> {
    const MAX_NAMES: usize = 8;
    let mut names: Vec<String> = Vec::new();
    walk_below(node, |node| {
        if is_leaf_name(node) && names.len() < MAX_NAMES {
            names.push(text_of(node, text));
        }
        names.len() < MAX_NAMES
    });
    names
}
