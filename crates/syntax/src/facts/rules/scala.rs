//! Scala: what a query cannot say of its definitions.

use tree_sitter::Node;

use crate::DefinitionKind;
use crate::facts::query::Found;
use crate::facts::rules::{Rules, slice};

pub(crate) static SCALA: Rules = Rules::new(include_str!("../../../queries/scala.scm"), adjust, None, None);

fn adjust(found: &mut Found<'_>, source: &str) {
    match found.node.kind() {
        "class_definition" | "full_enum_case" => {
            found.members.extend(found.node.child_by_field_name("class_parameters"));
        }
        "class_parameter" if !is_field(found.node) => found.kind = None,
        "function_definition" if found.name.is_some_and(|name| slice(name, source) == "this") => {
            found.kind = Some(DefinitionKind::Constructor);
        }
        _ => {}
    }
}

/// Whether a parameter of a class is a field of it: one that says so, and all of a case class.
fn is_field(parameter: Node<'_>) -> bool {
    let has = |node: Node<'_>, keywords: &[&str]| {
        let mut cursor = node.walk();
        node.children(&mut cursor).any(|child| keywords.contains(&child.kind()))
    };
    let class = parameter.parent().and_then(|list| list.parent());
    has(parameter, &["val", "var"])
        || class.is_some_and(|class| class.kind() == "full_enum_case" || has(class, &["case"]))
}
