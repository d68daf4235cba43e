//! Kotlin: what a query cannot say of its definitions. Its grammar has no field for bodies.

use crate::DefinitionKind;
use crate::facts::query::Found;
use crate::facts::rules::Rules;

pub(crate) static KOTLIN: Rules = Rules::new(include_str!("../../../queries/kotlin.scm"), adjust, None, None);

fn adjust(found: &mut Found<'_>, _: &str) {
    if found.body.is_some() {
        return;
    }
    let mut cursor = found.node.walk();
    for child in found.node.children(&mut cursor) {
        match child.kind() {
            "interface" => found.kind = Some(DefinitionKind::Interface),
            "primary_constructor" => {
                let mut inner = child.walk();
                let parameters = child.named_children(&mut inner);
                found.members.extend(parameters.filter(|inner| inner.kind() == "class_parameters"));
            }
            "class_body" => {
                found.body = Some(child);
                found.members.push(child);
            }
            "enum_class_body" => {
                found.kind = Some(DefinitionKind::Enum);
                found.body = Some(child);
                found.members.push(child);
            }
            "function_body" => found.body = Some(child),
            _ => {}
        }
    }
}
