//! TypeScript, TSX and JavaScript: what a query cannot say of their definitions.

use tree_sitter::Node;

use crate::DefinitionKind;
use crate::facts::query::Found;
use crate::facts::rules::{OwnFields, Rules, slice};

pub(crate) static TYPESCRIPT: Rules = Rules::new(
    concat!(include_str!("../../../queries/script.scm"), include_str!("../../../queries/typescript.scm")),
    adjust,
    None,
    None,
);

pub(crate) static TSX: Rules = Rules::new(
    concat!(include_str!("../../../queries/script.scm"), include_str!("../../../queries/typescript.scm")),
    adjust,
    None,
    None,
);

pub(crate) static JAVASCRIPT: Rules = Rules::new(
    concat!(include_str!("../../../queries/script.scm"), include_str!("../../../queries/javascript.scm")),
    adjust,
    Some(OwnFields {
        object: "this",
        assignment: "assignment_expression",
        member: "member_expression",
        only_in: Some("constructor"),
    }),
    None,
);

fn adjust(found: &mut Found<'_>, source: &str) {
    match found.kind {
        Some(DefinitionKind::Method)
            if found.name.is_some_and(|name| slice(name, source) == "constructor") =>
        {
            found.kind = Some(DefinitionKind::Constructor);
            found.inside.extend(found.node.child_by_field_name("parameters"));
        }
        Some(DefinitionKind::Type) => {
            found.members = found.node.child_by_field_name("value").map(objects).unwrap_or_default();
        }
        Some(kind @ (DefinitionKind::Constant | DefinitionKind::Field)) => given_value(found, kind),
        _ => {}
    }
}

/// What a name stands for by the value that it is given.
fn given_value(found: &mut Found<'_>, kind: DefinitionKind) {
    let value = ["value", "right"].iter().find_map(|field| found.node.child_by_field_name(field));
    let Some(value) = value.map(bare) else { return };
    let is_constant = kind == DefinitionKind::Constant;
    match value.kind() {
        "object" if is_constant => found.members.push(value),
        "class" if is_constant => {
            found.kind = Some(DefinitionKind::Class);
            found.body = value.child_by_field_name("body");
            found.members.extend(found.body);
        }
        "call_expression" if is_constant => {
            let Some(arguments) = value.child_by_field_name("arguments") else { return };
            let mut cursor = arguments.walk();
            let function = arguments.named_children(&mut cursor).map(bare).find(is_function);
            if let Some(function) = function {
                become_function(found, function, DefinitionKind::Function);
            }
        }
        _ if is_function(&value) => {
            let kind = if is_constant { DefinitionKind::Function } else { DefinitionKind::Method };
            become_function(found, value, kind);
        }
        _ => {}
    }
}

fn become_function<'t>(found: &mut Found<'t>, function: Node<'t>, kind: DefinitionKind) {
    found.kind = Some(kind);
    found.members.clear();
    found.body = function.child_by_field_name("body").filter(|body| body.kind() == "statement_block");
}

fn is_function(node: &Node<'_>) -> bool {
    matches!(
        node.kind(),
        "arrow_function"
            | "function_expression"
            | "function"
            | "generator_function"
            | "generator_function_expression"
    )
}

/// A value without parentheses and what says only its type.
fn bare(value: Node<'_>) -> Node<'_> {
    let mut value = value;
    loop {
        let inner = match value.kind() {
            "parenthesized_expression" | "as_expression" | "satisfies_expression" | "non_null_expression" => {
                value.named_child(0)
            }
            "type_assertion" => value.named_child(1),
            _ => None,
        };
        let Some(inner) = inner else { return value };
        value = inner;
    }
}

/// The object types that a type is made of.
fn objects(value: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut pending = vec![value];
    while let Some(node) = pending.pop() {
        match node.kind() {
            "object_type" => found.push(node),
            "intersection_type" | "union_type" | "parenthesized_type" | "readonly_type" | "generic_type"
            | "type_arguments" => {
                let mut cursor = node.walk();
                pending.extend(node.named_children(&mut cursor));
            }
            _ => {}
        }
    }
    found
}
