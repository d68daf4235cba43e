//! Java: what a query cannot say of its definitions.

use crate::DefinitionKind;
use crate::facts::query::Found;
use crate::facts::rules::Rules;

pub(crate) static JAVA: Rules = Rules::new(include_str!("../../../queries/java.scm"), adjust, None, None);

/// The components of a record are its fields.
fn adjust(found: &mut Found<'_>, _: &str) {
    if found.kind == Some(DefinitionKind::Class) {
        found.members.extend(found.node.child_by_field_name("parameters"));
    }
}
