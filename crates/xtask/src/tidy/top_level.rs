//! Keeps the top of the tree small, so that a newcomer sees what there is.
//!
//! Owns the list of what may stand there. Must never look deeper.

use std::collections::BTreeSet;

use super::Finding;
use super::tree::Tree;

const ALLOWED: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "crates",
    "editors",
    "fixtures",
    "tests",
    "LICENSE-APACHE",
    "LICENSE-MIT",
];

/// Findings for files and directories at the top that do not belong there; names that begin with a dot do.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let names: BTreeSet<&str> = tree.paths().filter_map(|path| path.split('/').next()).collect();
    names
        .into_iter()
        .filter(|name| !name.starts_with('.') && !ALLOWED.contains(name))
        .map(|name| Finding::failure(name, None, "does not belong at the top of the tree"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_listed_may_stand_at_the_top() {
        let files =
            [".ci/run", ".rustfmt.toml", "Cargo.toml", "crates/a/b", "docs/a.md", "docs/b.md", "notes.txt"];
        let paths: Vec<String> =
            check(&Tree::of(&files.map(|path| (path, "")))).into_iter().map(|finding| finding.path).collect();
        assert_eq!(paths, ["docs", "notes.txt"]);
    }
}
