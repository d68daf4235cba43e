//! Checks that every Rust file opens by saying what it is for.
//!
//! Owns the rule about module docs. Must never judge what the words say.

use super::Finding;
use super::tree::Tree;

/// Findings for files that do not begin with module docs.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust()
        .filter(|source| {
            let first = source.text.lines().next().unwrap_or_default();
            first.strip_prefix("//!").is_none_or(|words| words.trim().is_empty())
        })
        .map(|source| {
            Finding::failure(
                source.path,
                Some(1),
                "begin with `//!`: what the module is for, what it owns, what it must never do",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, n_findings: usize) {
        assert_eq!(super::check(&Tree::of(&[(path, text)])).len(), n_findings);
    }

    #[test]
    fn a_file_that_says_what_it_is_for_is_fine() {
        check("crates/a/src/lib.rs", "//! Moves ranges.\nuse b;\n", 0);
    }

    #[test]
    fn a_file_without_module_docs_fails() {
        check("crates/a/src/lib.rs", "use b;\n", 1);
        check("crates/a/tests/all.rs", "// Moves ranges.\n", 1);
        check("crates/a/src/empty.rs", "", 1);
    }

    #[test]
    fn empty_module_docs_fail() {
        check("crates/a/src/lib.rs", "//!\n//! Moves ranges.\n", 1);
    }

    #[test]
    fn what_tests_read_needs_none() {
        check("fixtures/workspaces/a/src/lib.rs", "use b;\n", 0);
    }
}
