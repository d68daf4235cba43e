//! Ruby: what a query cannot say of its definitions.

use crate::facts::query::Found;
use crate::facts::rules::Rules;

pub(crate) static RUBY: Rules = Rules::new(include_str!("../../../queries/ruby.scm"), adjust, None, None);

/// `class A::B` defines `B` of `A`.
fn adjust(found: &mut Found<'_>, _: &str) {
    if let Some(path) = found.name.filter(|name| name.kind() == "scope_resolution") {
        found.container = path.child_by_field_name("scope");
        found.name = path.child_by_field_name("name");
    }
}
