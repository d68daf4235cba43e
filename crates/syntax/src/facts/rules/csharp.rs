//! C#: what a query cannot say of its definitions.

use crate::facts::query::Found;
use crate::facts::rules::Rules;

pub(crate) static CSHARP: Rules = Rules::new(include_str!("../../../queries/csharp.scm"), adjust, None, None);

/// The parameters of a record are its fields.
fn adjust(found: &mut Found<'_>, _: &str) {
    if found.node.kind() == "record_declaration" {
        let mut cursor = found.node.walk();
        let parameters = found.node.named_children(&mut cursor);
        found.members.extend(parameters.filter(|child| child.kind() == "parameter_list"));
    }
}
