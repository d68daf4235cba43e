//! C and C++: what a query cannot say of their definitions. A name stands inside of declarators, and maybe behind scopes.

use tree_sitter::Node;

use crate::DefinitionKind;
use crate::facts::query::Found;
use crate::facts::rules::{Rules, slice};

pub(crate) static C: Rules = Rules::new(include_str!("../../../queries/c.scm"), adjust, None, None);

pub(crate) static CPP: Rules = Rules::new(
    concat!(include_str!("../../../queries/c.scm"), include_str!("../../../queries/cpp.scm")),
    adjust_cpp,
    None,
    None,
);

fn adjust(found: &mut Found<'_>, source: &str) {
    if matches!(
        found.node.kind(),
        "function_definition" | "declaration" | "field_declaration" | "type_definition"
    ) {
        declared(found, source);
    }
}

fn adjust_cpp(found: &mut Found<'_>, source: &str) {
    adjust(found, source);
    while let Some(name) = found.name {
        match name.kind() {
            "qualified_identifier" => found.container = name.child_by_field_name("scope"),
            "template_type" | "template_function" | "template_method" => {}
            _ => break,
        }
        found.name = name.child_by_field_name("name");
    }
    let is_bare = found.name.is_some_and(|name| matches!(name.kind(), "identifier" | "field_identifier"));
    if is_bare
        && matches!(found.kind, Some(DefinitionKind::Function | DefinitionKind::Method))
        && found.node.child_by_field_name("type").is_none()
    {
        found.kind = Some(DefinitionKind::Constructor);
    }
}

/// A definition by the declarator that holds its name.
fn declared(found: &mut Found<'_>, source: &str) {
    let declarator = found.name.or_else(|| found.node.child_by_field_name("declarator"));
    let Some(declarator) = declarator else { return };
    let (name, is_function) = innermost(declarator);
    found.name = Some(name);
    match found.node.kind() {
        "type_definition" => {
            let shape = found.node.child_by_field_name("type");
            let body = shape.and_then(|shape| shape.child_by_field_name("body"));
            // A shape with a name of its own is a definition of its own.
            let is_shape = shape.is_some_and(|shape| shape.child_by_field_name("name").is_none());
            if let (Some(shape), Some(body), true, "type_identifier") =
                (shape, body, is_shape, declarator.kind())
            {
                let is_enum = shape.kind() == "enum_specifier";
                found.kind = Some(if is_enum { DefinitionKind::Enum } else { DefinitionKind::Struct });
                found.body = Some(body);
                found.members = vec![body];
            }
        }
        "declaration" | "field_declaration" if is_function => found.kind = Some(DefinitionKind::Function),
        "declaration" if is_constant(found.node, source) => found.kind = Some(DefinitionKind::Constant),
        _ => {}
    }
}

/// The name inside of a declarator, and whether it is that of a function.
fn innermost(declarator: Node<'_>) -> (Node<'_>, bool) {
    let (mut node, mut is_function) = (declarator, false);
    loop {
        let inner = match node.kind() {
            "function_declarator"
            | "pointer_declarator"
            | "array_declarator"
            | "init_declarator"
            | "attributed_declarator" => node.child_by_field_name("declarator"),
            "reference_declarator" | "parenthesized_declarator" => node.named_child(0),
            _ => None,
        };
        let Some(inner) = inner else { return (node, is_function) };
        is_function = match node.kind() {
            "function_declarator" => true,
            "parenthesized_declarator" => is_function,
            _ => false,
        };
        node = inner;
    }
}

fn is_constant(declaration: Node<'_>, source: &str) -> bool {
    let mut cursor = declaration.walk();
    let mut qualifiers =
        declaration.named_children(&mut cursor).filter(|child| child.kind() == "type_qualifier");
    qualifiers.any(|qualifier| matches!(slice(qualifier, source), "const" | "constexpr"))
}
