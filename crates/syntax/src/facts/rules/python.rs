//! Python: what a query cannot say of its definitions.

use crate::facts::rules::{OwnFields, Rules};

pub(crate) static PYTHON: Rules = Rules::new(
    include_str!("../../../queries/python.scm"),
    |_, _| {},
    Some(OwnFields { object: "self", assignment: "assignment", member: "attribute", only_in: None }),
    Some("import"),
);
