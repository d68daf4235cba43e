//! Rust: what a query cannot say of its definitions. Tests define nothing that others use.

use crate::DefinitionKind;
use crate::facts::query::Found;
use crate::facts::rules::{Rules, slice};

pub(crate) static RUST: Rules =
    Rules::new(include_str!("../../../queries/rust.scm"), adjust, None, Some("use"));

fn adjust(found: &mut Found<'_>, source: &str) {
    let attributes = source.get(found.start..found.node.start_byte()).unwrap_or("");
    let is_module = found.kind == Some(DefinitionKind::Module);
    let name = found.name.map_or("", |name| slice(name, source));
    if is_for_tests(attributes) || is_module && name.starts_with("test") || name == "_" {
        found.kind = None;
        found.members.clear();
    } else if is_module {
        found.kind = None;
        found.inside.append(&mut found.members);
    }
    if found.body.is_some_and(|body| body.kind() == "ordered_field_declaration_list") {
        found.body = None;
    }
}

/// Whether attributes say that what they belong to is there for tests alone: `#[test]`, `#[x::test]`, `#[cfg(test)]`.
fn is_for_tests(attributes: &str) -> bool {
    attributes.split("#[").skip(1).any(|attribute| {
        let attribute: String = attribute.chars().filter(|c| !c.is_whitespace()).collect();
        let path = attribute.split(['(', ']']).next().unwrap_or("");
        let condition = attribute.strip_prefix("cfg(").filter(|condition| !condition.contains("not("));
        let mut words = condition.unwrap_or("").split(|c: char| !c.is_alphanumeric() && c != '_');
        path.rsplit("::").next() == Some("test") || words.any(|word| word == "test")
    })
}
