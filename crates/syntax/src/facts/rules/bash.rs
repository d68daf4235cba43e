//! Bash: a query says all of its definitions.

use crate::facts::rules::Rules;

pub(crate) static BASH: Rules = Rules::new(include_str!("../../../queries/bash.scm"), |_, _| {}, None, None);
