//! SQL: what a query cannot say of its definitions. What is created is the first reference behind its keywords.

use crate::facts::query::Found;
use crate::facts::rules::Rules;

pub(crate) static SQL: Rules = Rules::new(include_str!("../../../queries/sql.scm"), adjust, None, None);

fn adjust(found: &mut Found<'_>, _: &str) {
    if found.node.kind() == "column_definition" {
        return;
    }
    let mut cursor = found.node.walk();
    for child in found.node.named_children(&mut cursor) {
        match child.kind() {
            "object_reference" if found.name.is_none() => found.name = child.child_by_field_name("name"),
            "column_definitions" => found.members.push(child),
            _ => {}
        }
    }
}
