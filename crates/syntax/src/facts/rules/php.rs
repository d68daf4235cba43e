//! PHP: what a query cannot say of its definitions.

use crate::DefinitionKind;
use crate::facts::query::Found;
use crate::facts::rules::{Rules, slice};

pub(crate) static PHP: Rules = Rules::new(include_str!("../../../queries/php.scm"), adjust, None, None);

/// The parameters of a constructor may be fields.
fn adjust(found: &mut Found<'_>, source: &str) {
    let is_constructor = found.name.is_some_and(|name| slice(name, source) == "__construct");
    if is_constructor && found.kind == Some(DefinitionKind::Method) {
        found.kind = Some(DefinitionKind::Constructor);
        found.inside.extend(found.node.child_by_field_name("parameters"));
    }
}
