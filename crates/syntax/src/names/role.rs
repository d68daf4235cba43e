//! What one name is in its place: given, used, or a mere label.

use super::{BindingKind, Step, bound};

/// What a name is in its place.
pub(super) enum Role {
    /// It is given to something; it can be seen in the node at `depth`.
    Binding { kind: BindingKind, depth: usize },
    /// It stands for something.
    Use { is_member: bool },
    /// A key, a label or the name of an argument.
    Nothing,
}

/// Node kinds of functions: what they bind is seen inside them.
const FUNCTIONS: [&str; 33] = [
    "abstract_method_signature",
    "anonymous_function",
    "arrow_function",
    "closure_expression",
    "compact_constructor_declaration",
    "constructor_declaration",
    "dictionary_comprehension",
    "func_literal",
    "function_declaration",
    "function_definition",
    "function_expression",
    "function_item",
    "function_signature",
    "function_signature_item",
    "generator_expression",
    "generator_function",
    "generator_function_declaration",
    "getter",
    "init_declaration",
    "lambda",
    "lambda_expression",
    "lambda_literal",
    "list_comprehension",
    "local_function_statement",
    "method",
    "method_declaration",
    "method_definition",
    "method_elem",
    "method_signature",
    "secondary_constructor",
    "set_comprehension",
    "setter",
    "singleton_method",
];

/// Node kinds of types: what they bind is theirs.
const TYPES: [&str; 23] = [
    "abstract_class_declaration",
    "annotation_type_declaration",
    "class",
    "class_declaration",
    "class_definition",
    "class_specifier",
    "companion_object",
    "enum_declaration",
    "enum_item",
    "impl_item",
    "interface_declaration",
    "interface_type",
    "object_declaration",
    "object_definition",
    "object_type",
    "protocol_declaration",
    "record_declaration",
    "struct_declaration",
    "struct_item",
    "struct_specifier",
    "struct_type",
    "trait_definition",
    "trait_item",
];

/// Node kinds that take a name from something else.
pub(super) const MEMBERS: [&str; 12] = [
    "attribute",
    "field_access",
    "field_expression",
    "member_access_expression",
    "member_expression",
    "navigation_expression",
    "nested_identifier",
    "qualified_identifier",
    "qualified_type",
    "scoped_identifier",
    "scoped_type_identifier",
    "selector_expression",
];

pub(super) fn is_function(kind: &str) -> bool {
    FUNCTIONS.contains(&kind)
}

pub(super) fn is_type(kind: &str) -> bool {
    TYPES.contains(&kind)
}

/// The role of the name at the end of `path`.
pub(super) fn role(path: &[Step<'_>], name: &str) -> Role {
    let [.., parent, leaf] = path else { return Role::Nothing };
    if is_label(*parent, *leaf) {
        return Role::Nothing;
    }
    if let Some(given) = bound::given(path, name) {
        return binding(path, given);
    }
    let is_first = parent.node.named_child(0).is_some_and(|first| first.id() == leaf.node.id());
    let is_method = parent.node.kind() == "method_invocation"
        && leaf.field == Some("name")
        && parent.node.child_by_field_name("object").is_some();
    let is_field = leaf.field == Some("field") && parent.node.kind() == "field_initializer";
    let is_member = MEMBERS.contains(&parent.node.kind()) && !is_first || is_method || is_field;
    Role::Use { is_member }
}

/// Whether a name is only the name of an argument, of a key or of an attribute.
fn is_label(parent: Step<'_>, leaf: Step<'_>) -> bool {
    let is_named = leaf.node.next_sibling().is_some_and(|next| next.kind() == "=");
    match parent.node.kind() {
        "keyword_argument" => leaf.field == Some("name"),
        "pair" => leaf.field == Some("key"),
        "jsx_attribute" => leaf.node.kind() == "property_identifier",
        "value_argument" => is_named,
        "package_header" | "package_clause" | "package_declaration" => true,
        _ => leaf.node.kind() == "statement_identifier",
    }
}

/// A name given by the node at `given.depth`: to what, and where it can be seen.
fn binding(path: &[Step<'_>], given: bound::Given) -> Role {
    let above = path.get(..given.depth).unwrap_or_default();
    let function = above.iter().rposition(|step| is_function(step.node.kind()));
    let holder = above.iter().rposition(|step| is_type(step.node.kind()));
    let giver = path.get(given.depth).map_or("", |step| step.node.kind());
    if given.is_parameter {
        // A parameter of a type is seen in the type.
        let depth = function.max(holder).unwrap_or(0);
        return Role::Binding { kind: BindingKind::Parameter, depth };
    }
    let is_member = given.is_member || holder > function || giver == "method_declaration";
    let (kind, depth) = match function {
        _ if is_member => (BindingKind::Member, 0),
        Some(depth) => (BindingKind::Local, depth),
        None => (BindingKind::Definition, 0),
    };
    Role::Binding { kind, depth }
}
