//! Puts the table of commands into the document of the protocol.
//!
//! Owns the part between its marks. Must never know a command.

use anyhow::{Result, bail};

use super::{Inputs, Made, marks, replace_between};
use crate::tidy::protocol;

/// The document that holds the table.
pub const OUTPUT: &str = protocol::DOCUMENT;

const NAME: &str = "commands";

/// The document with the Markdown table that `hunkwise commands` prints.
pub fn make(inputs: &Inputs<'_>, present: Option<&str>) -> Result<Made> {
    let Some(document) = present else {
        return Ok(Made::Nothing(format!("{OUTPUT} does not exist yet")));
    };
    match inputs.printed("commands")? {
        Ok(table) => Ok(Made::Text(replace_between(document, NAME, &table)?)),
        Err(reason) if !document.contains(&marks(NAME).0) => Ok(Made::Nothing(reason)),
        Err(reason) => bail!("{reason}"),
    }
}
