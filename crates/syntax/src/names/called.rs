//! Functions by name: their parameter lists, and the calls of them.

use std::ops::Range;

use text::Text;
use tree_sitter::Node;

use super::role::{MEMBERS, is_function, is_type};
use super::{Binding, Call, Parameter, Signature, Step};
use crate::node::{is_name, name_of, text_of};

/// Node kinds that call what they name.
const CALLS: [&str; 9] = [
    "call",
    "call_expression",
    "constructor_invocation",
    "function_call",
    "function_call_expression",
    "invocation_expression",
    "method_invocation",
    "new_expression",
    "object_creation_expression",
];

/// Names that a constructor has instead of its type's.
const CONSTRUCTORS: [&str; 3] = ["__init__", "constructor", "init"];

/// The call whose callee is the name at the end of `path`.
pub(super) fn call(path: &[Step<'_>], name: &str, text: &Text) -> Option<Call> {
    let mut idx = path.len().checked_sub(1)?;
    loop {
        let (child, parent) = (path.get(idx)?, path.get(idx.checked_sub(1)?)?);
        let n_children = parent.node.named_child_count();
        let is_last = n_children > 0
            && parent
                .node
                .named_child(u32::try_from(n_children - 1).ok()?)
                .is_some_and(|last| last.id() == child.node.id());
        let is_part = MEMBERS.contains(&parent.node.kind()) && is_last
            || parent.node.kind() == "generic_function" && child.field == Some("function")
            || matches!(parent.node.kind(), "user_type" | "generic_type");
        if is_part {
            idx -= 1;
            continue;
        }
        let is_callee = CALLS.contains(&parent.node.kind())
            && match child.field {
                Some("function" | "name" | "constructor" | "type" | "method") => true,
                Some(_) => false,
                None => parent.node.named_child(0).is_some_and(|first| first.id() == child.node.id()),
            };
        let range = parent.node.byte_range();
        return is_callee.then(|| Call {
            name: name.to_owned(),
            arguments: text.slice(child.node.end_byte()..range.end).split_whitespace().collect(),
            range,
        });
    }
}

/// The signature of the function at the end of `path`, still without its parameters.
pub(super) fn signature(path: &[Step<'_>], text: &Text) -> Option<Signature> {
    let [above @ .., step] = path else { return None };
    let node = step.node;
    if !is_function(node.kind()) && node.kind() != "primary_constructor" {
        return None;
    }
    let mut cursor = node.walk();
    let list = node
        .child_by_field_name("parameters")
        .or_else(|| node.child_by_field_name("declarator")?.child_by_field_name("parameters"))
        .or_else(|| {
            let is_list = |kind: &str| matches!(kind, "function_value_parameters" | "class_parameters");
            node.named_children(&mut cursor).find(|child| is_list(child.kind()))
        })?;
    let holder = || above.iter().rev().find(|step| is_type(step.node.kind())).map(|step| step.node);
    let own = own_name(node, text).or_else(|| {
        // A function that is the value of a variable goes by the variable's name.
        let variable = above.last().filter(|_| step.field == Some("value"))?.node;
        name_of(variable, text)
    });
    let is_constructor = match own.as_deref() {
        Some(name) => CONSTRUCTORS.contains(&name),
        None => matches!(node.kind(), "primary_constructor" | "secondary_constructor" | "init_declaration"),
    };
    let of_type = holder().filter(|_| is_constructor).and_then(|holder| name_of(holder, text));
    let name = of_type.or(own)?;
    Some(Signature { name, range: list.byte_range(), parameters: Vec::new() })
}

fn own_name(node: Node<'_>, text: &Text) -> Option<String> {
    let name = node.child_by_field_name("name").or_else(|| node.child_by_field_name("declarator"))?;
    let name = name.child_by_field_name("declarator").unwrap_or(name);
    is_name(name).then(|| text_of(name, text))
}

/// A parameter of the list at `list`.
pub(super) fn parameter(binding: &Binding, list: &Range<usize>, text: &Text) -> Parameter {
    // From the comma in front of the name to the one behind it, outside of brackets.
    let before = text.slice(list.start..binding.range.start);
    let behind = text.slice(binding.range.end..list.end);
    let mut depth = 0_usize;
    let end = behind.char_indices().find(|(_, c)| {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' if depth > 0 => depth -= 1,
            ',' | ')' | ']' | '}' => return depth == 0,
            _ => {}
        }
        false
    });
    let rest = behind.get(..end.map_or(behind.len(), |(idx, _)| idx)).unwrap_or_default();
    let lead = before.rsplit([',', '(']).next().unwrap_or_default();
    let has_default = rest.replace("=>", "").contains('=') || rest.starts_with('?');
    let is_rest = lead.contains('*') && !lead.contains(char::is_alphabetic) || lead.contains("...");
    Parameter { name: binding.name.clone(), is_optional: has_default || is_rest || rest.contains("...") }
}
