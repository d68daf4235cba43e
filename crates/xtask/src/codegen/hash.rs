//! Puts the hash of the custom protocol's source into its document.
//!
//! Owns the digits after the label. Must never write the document itself.

use std::fs;

use anyhow::{Context, Result, bail};

use super::{Inputs, Made};
use crate::tidy::protocol::{self, LABEL};

/// The document that holds the hash.
pub const OUTPUT: &str = protocol::DOCUMENT;

/// The document with the hash of the source as it is now.
pub fn make(inputs: &Inputs<'_>, present: Option<&str>) -> Result<Made> {
    let source = inputs.root.join(protocol::SOURCE);
    if !source.exists() {
        return Ok(Made::Nothing(format!("{} does not exist yet", protocol::SOURCE)));
    }
    let Some(document) = present else {
        bail!("write {OUTPUT}: it describes {} to people who write clients", protocol::SOURCE);
    };
    let mut text = String::new();
    for path in [source, inputs.root.join(protocol::SHAPES)] {
        text += &fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    }
    Ok(Made::Text(with_hash(document, &protocol::hash(&text))))
}

fn with_hash(document: &str, hash: &str) -> String {
    match document.split_once(LABEL) {
        Some((before, rest)) => {
            let after = rest.trim_start_matches(|digit: char| digit.is_ascii_hexdigit());
            format!("{before}{LABEL}{hash}{after}")
        }
        None => format!("{}\n\n<!-- {LABEL}{hash} -->\n", document.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_replaced_where_it_stands() {
        assert_eq!(
            with_hash("a\n<!-- lsp_ext hash: 00ff -->\nb\n", "12ab"),
            "a\n<!-- lsp_ext hash: 12ab -->\nb\n"
        );
    }

    #[test]
    fn a_document_without_a_hash_gets_one_at_its_end() {
        let once = with_hash("a\n", "12ab");
        assert_eq!(once, "a\n\n<!-- lsp_ext hash: 12ab -->\n");
        assert_eq!(with_hash(&once, "12ab"), once);
    }
}
