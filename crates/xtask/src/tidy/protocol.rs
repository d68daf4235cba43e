//! Ties the document of the custom protocol to its source by a hash.
//!
//! Owns the hash and where both files are. Must never judge whether the document is right: the hash makes a person look.

use super::Finding;
use super::tree::Tree;

/// The custom requests, notifications and their parameters.
pub const SOURCE: &str = "crates/server/src/lsp_ext.rs";
/// The values in them.
pub const SHAPES: &str = "crates/server/src/lsp_ext/shapes.rs";
/// The document for people who write clients.
pub const DOCUMENT: &str = "crates/server/lsp-extensions.md";
/// What stands before the hash in the document.
pub const LABEL: &str = "lsp_ext hash: ";

/// The hash of a source text, 16 hexadecimal digits, the same for LF and CRLF.
pub fn hash(source: &str) -> String {
    // FNV-1a: stable over platforms and versions, which the standard hasher does not promise.
    let hash = source.bytes().filter(|byte| *byte != b'\r').fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// A finding if the document does not hold the source's hash.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let Some(source) = tree.text(SOURCE) else {
        return match tree.text(DOCUMENT) {
            Some(_) => vec![Finding::failure(DOCUMENT, None, format!("{SOURCE} is gone"))],
            None => vec![Finding::note(SOURCE, None, "there is no custom protocol yet")],
        };
    };
    let shapes = tree.text(SHAPES).unwrap_or_default();
    let wanted = format!("{LABEL}{}", hash(&format!("{source}{shapes}")));
    if tree.text(DOCUMENT).is_some_and(|document| document.contains(&wanted)) {
        return Vec::new();
    }
    let message = format!(
        "the document does not hold `{wanted}`: read what changed in {SOURCE}, say it there, then run `cargo xtask codegen`"
    );
    vec![Finding::failure(DOCUMENT, None, message)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_function() {
        assert_eq!(hash(""), "cbf29ce484222325");
        assert_eq!(hash("a"), "af63dc4c8601ec8c");
        assert_eq!(hash("foobar"), "85944171f73967e8");
    }

    #[test]
    fn line_endings_do_not_change_the_hash() {
        assert_eq!(hash("a\r\nb\r\n"), hash("a\nb\n"));
    }

    #[test]
    fn the_right_hash_is_fine() {
        let document = format!("Text.\n<!-- {LABEL}{} -->\n", hash("struct A;"));
        assert_eq!(check(&Tree::of(&[(SOURCE, "struct A;"), (DOCUMENT, &document)])), []);
    }

    #[test]
    fn a_changed_source_fails() {
        let document = format!("{LABEL}{}", hash("struct A;"));
        let findings = check(&Tree::of(&[(SOURCE, "struct B;"), (DOCUMENT, &document)]));
        assert!(findings.iter().any(|finding| !finding.is_note));
    }

    #[test]
    fn a_missing_document_fails_once_there_is_a_source() {
        assert!(check(&Tree::of(&[(SOURCE, "struct A;")])).iter().any(|finding| !finding.is_note));
        assert!(check(&Tree::of(&[])).iter().all(|finding| finding.is_note));
    }
}
