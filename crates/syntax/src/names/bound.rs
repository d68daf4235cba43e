//! Whether a name is given in its place, and by which node.

use super::Step;

/// By which node a name is given.
pub(super) struct Given {
    /// Its depth on the path.
    pub(super) depth: usize,
    /// To a parameter.
    pub(super) is_parameter: bool,
    /// To a field of an object, as by `self.name = …`.
    pub(super) is_member: bool,
}

/// Node kinds that hold the names of one giving: patterns, declarators, lists.
const HOLDERS: [&str; 29] = [
    "array_declarator",
    "array_pattern",
    "as_pattern_target",
    "assignment_pattern",
    "captured_pattern",
    "dictionary_splat_pattern",
    "expression_list",
    "field_pattern",
    "function_declarator",
    "list_pattern",
    "list_splat_pattern",
    "match_pattern",
    "multi_variable_declaration",
    "mut_pattern",
    "object_assignment_pattern",
    "object_pattern",
    "or_pattern",
    "pair_pattern",
    "pattern_list",
    "pointer_declarator",
    "ref_pattern",
    "reference_pattern",
    "rest_pattern",
    "slice_pattern",
    "struct_pattern",
    "tuple_pattern",
    "tuple_struct_pattern",
    "typed_parameter",
    "variable_name",
];

/// Node kinds that give what stands in their field `left`.
const LEFT: [&str; 7] = [
    "assignment",
    "for_in_clause",
    "for_in_statement",
    "for_statement",
    "range_clause",
    "receive_statement",
    "short_var_declaration",
];

/// Node kinds whose bare children are parameters.
const PARAMETER_LISTS: [&str; 5] =
    ["closure_parameters", "formal_parameters", "inferred_parameters", "lambda_parameters", "parameters"];

/// Endings of node kinds that give what stands in their field `name`.
const NAMERS: [&str; 13] = [
    "_alias",
    "_constant",
    "_declaration",
    "_declarator",
    "_definition",
    "_elem",
    "_item",
    "_parameter",
    "_signature",
    "_spec",
    "_statement",
    "_variant",
    "class",
];

/// The node that gives the name at the end of `path`; none where it stands for something.
pub(super) fn given(path: &[Step<'_>], name: &str) -> Option<Given> {
    let mut idx = path.len().checked_sub(1)?;
    if is_own_field(path) {
        let depth = idx.checked_sub(2)?;
        return Some(Given { depth, is_parameter: false, is_member: true });
    }
    loop {
        let depth = idx.checked_sub(1)?;
        let (child, parent) = (*path.get(idx)?, *path.get(depth)?);
        let kind = parent.node.kind();
        if HOLDERS.contains(&kind) {
            let is_other =
                matches!(child.field, Some("type" | "value" | "right" | "key" | "size" | "condition"))
                    || kind == "field_pattern"
                        && child.field == Some("name")
                        && child.node.kind() == "field_identifier";
            // In a pattern of Rust, a capital begins a constant or a variant.
            let is_constant =
                matches!(kind, "match_pattern" | "tuple_struct_pattern" | "or_pattern" | "tuple_pattern")
                    && name.starts_with(char::is_uppercase)
                    && path.get(depth.checked_sub(1)?)?.node.kind() != "for_statement";
            if is_other || is_constant {
                return None;
            }
            idx = depth;
            continue;
        }
        let is_parameter = path.get(..=depth)?.iter().rev().map(|step| step.node.kind()).take_while(|kind| {
            !matches!(*kind, "block" | "statement_block" | "function_body" | "compound_statement")
        });
        let is_parameter = is_parameter.take(4).any(is_parameter_kind);
        let is_given = match child.field {
            Some("name") => gives_name(parent),
            Some("left") => LEFT.contains(&kind) || is_script_assignment(path, parent),
            Some("pattern") => kind != "instanceof_expression",
            Some("alias") => matches!(kind, "as_pattern" | "except_clause" | "type_switch_statement"),
            Some("parameter" | "parameters") => {
                matches!(kind, "arrow_function" | "catch_clause" | "lambda_expression")
            }
            Some("declarator") => true,
            Some(_) => false,
            None => PARAMETER_LISTS.contains(&kind) || gives_child(parent, child),
        };
        let is_parameter = is_parameter || matches!(child.field, Some("parameter" | "parameters"));
        return is_given.then_some(Given { depth, is_parameter, is_member: kind == "field_declaration" });
    }
}

/// Whether the name is that of a field of the object itself, and is assigned to.
fn is_own_field(path: &[Step<'_>]) -> bool {
    let [.., assignment, member, leaf] = path else { return false };
    let is_assigned = member.field == Some("left")
        && matches!(assignment.node.kind(), "assignment" | "assignment_expression");
    let object = member.node.named_child(0);
    let is_own = object.is_some_and(|object| {
        object.id() != leaf.node.id()
            && (object.kind() == "this" || object.kind() == "identifier" && object.byte_range().len() == 4)
    });
    is_assigned && is_own && matches!(member.node.kind(), "attribute" | "member_expression" | "field_access")
}

/// In PHP a variable is given by assigning to it.
fn is_script_assignment(path: &[Step<'_>], parent: Step<'_>) -> bool {
    parent.node.kind() == "assignment_expression"
        && path.iter().any(|step| step.node.kind() == "variable_name")
}

fn gives_name(parent: Step<'_>) -> bool {
    let kind = parent.node.kind();
    match kind {
        // Without a body it stands for a type that is given elsewhere.
        "struct_specifier" | "class_specifier" | "enum_specifier" | "union_specifier" => {
            parent.node.child_by_field_name("body").is_some()
        }
        "enum_body" | "enumerator" | "enum_assignment" | "named_expression" | "method" | "module"
        | "resource" => true,
        "jsx_opening_element" | "expression_statement" => false,
        _ => NAMERS.iter().any(|ending| kind.ends_with(ending)),
    }
}

/// Kinds without a field for it, most of them of Kotlin: the first name is given.
fn gives_child(parent: Step<'_>, child: Step<'_>) -> bool {
    let is_kind = matches!(
        parent.node.kind(),
        "variable_declaration" | "parameter" | "class_parameter" | "enum_entry" | "type_parameter"
    );
    let mut cursor = parent.node.walk();
    let first = parent.node.named_children(&mut cursor).find(|node| node.kind() == child.node.kind());
    is_kind && first.is_some_and(|first| first.id() == child.node.id())
}

fn is_parameter_kind(kind: &str) -> bool {
    kind.ends_with("parameter")
        || kind.ends_with("parameters")
        || matches!(kind, "parameter_declaration" | "parameter_list" | "catch_clause")
}
