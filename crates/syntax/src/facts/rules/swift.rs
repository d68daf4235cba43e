//! Swift: what a query cannot say of its definitions. One kind of node stands for all types but protocols.

use crate::DefinitionKind;
use crate::facts::query::Found;
use crate::facts::rules::{Rules, slice};

pub(crate) static SWIFT: Rules = Rules::new(include_str!("../../../queries/swift.scm"), adjust, None, None);

fn adjust(found: &mut Found<'_>, source: &str) {
    if found.kind != Some(DefinitionKind::Class) {
        return;
    }
    let keyword = found.node.child_by_field_name("declaration_kind");
    match keyword.map_or("", |keyword| slice(keyword, source)) {
        "struct" => found.kind = Some(DefinitionKind::Struct),
        "enum" => found.kind = Some(DefinitionKind::Enum),
        "extension" => {
            found.kind = None;
            found.container = found.name;
        }
        _ => {}
    }
}
