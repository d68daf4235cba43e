//! Go: what a query cannot say of its definitions.

use crate::DefinitionKind;
use crate::facts::query::Found;
use crate::facts::rules::{Rules, slice};

pub(crate) static GO: Rules = Rules::new(include_str!("../../../queries/go.scm"), adjust, None, None);

fn adjust(found: &mut Found<'_>, source: &str) {
    if found.name.is_some_and(|name| slice(name, source) == "_") {
        found.kind = None;
    }
    if found.kind != Some(DefinitionKind::Type) {
        return;
    }
    let Some(shape) = found.node.child_by_field_name("type") else { return };
    let mut cursor = shape.walk();
    match shape.kind() {
        "struct_type" => {
            found.kind = Some(DefinitionKind::Struct);
            found.body = shape.children(&mut cursor).find(|child| child.kind() == "field_declaration_list");
            found.members.extend(found.body);
        }
        "interface_type" => {
            found.kind = Some(DefinitionKind::Interface);
            found.body = shape.children(&mut cursor).find(|child| child.kind() == "{");
            found.members.push(shape);
        }
        _ => {}
    }
}
