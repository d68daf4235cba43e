//! Bans file names that say nothing about what is inside.
//!
//! Owns the list of banned names. Must never look into a file.

use super::Finding;
use super::tree::Tree;

const BANNED: &[(&str, &str)] = &[
    ("utils.rs", "name the thing"),
    ("util.rs", "name the thing"),
    ("helpers.rs", "name the thing"),
    ("common.rs", "name the thing"),
    ("types.rs", "put each type beside its functions"),
    ("mod.rs", "use `foo.rs` beside `foo/`"),
];

/// Findings for banned file names.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust()
        .filter_map(|source| {
            let (name, advice) = BANNED.iter().find(|(name, _)| *name == source.name())?;
            Some(Finding::failure(source.path, None, format!("{name} is no name: {advice}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banned_name_fails_wherever_it_is_ours() {
        let files =
            ["crates/a/src/utils.rs", "tests/src/mod.rs", "crates/a/src/model.rs", "fixtures/w/common.rs"];
        let tree = Tree::of(&files.map(|path| (path, "//! Doc.\n")));
        let paths: Vec<String> = check(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(paths, ["crates/a/src/utils.rs", "tests/src/mod.rs"]);
    }
}
