//! Lua: what a query cannot say of its definitions. A table is the type of what is put into it by name.

use tree_sitter::Node;

use crate::DefinitionKind;
use crate::facts::query::Found;
use crate::facts::rules::Rules;

pub(crate) static LUA: Rules = Rules::new(include_str!("../../../queries/lua.scm"), adjust, None, None);

fn adjust(found: &mut Found<'_>, _: &str) {
    if let Some(path) = found.name
        && let Some(table) = path.child_by_field_name("table")
    {
        found.container = Some(table);
        found.name = path.child_by_field_name("field").or_else(|| path.child_by_field_name("method"));
    }
    let Some(value) = value(found.node) else { return };
    match value.kind() {
        "function_definition" => {
            found.kind = Some(DefinitionKind::Function);
            found.body = value.child_by_field_name("body");
        }
        "table_constructor" if found.container.is_none() => found.members.push(value),
        _ => {}
    }
}

/// What an assignment gives to its first name.
fn value(node: Node<'_>) -> Option<Node<'_>> {
    let assignment = match node.kind() {
        "variable_declaration" => node.named_child(0)?,
        "assignment_statement" => node,
        _ => return None,
    };
    let mut cursor = assignment.walk();
    let mut lists = assignment.named_children(&mut cursor).filter(|child| child.kind() == "expression_list");
    lists.next()?.child_by_field_name("value")
}
