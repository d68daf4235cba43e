//! Checks what every manifest of the tree must say.
//!
//! Owns the rule that the lints of the tree are strict and hold in every crate. Must never judge dependencies.

use super::Finding;
use super::metadata::Package;
use super::tree::Tree;

const TOP: &str = "Cargo.toml";

/// What clippy refuses in every crate.
const DENIED: &[&str] =
    &["dbg_macro", "todo", "unimplemented", "print_stdout", "print_stderr", "unwrap_used"];

/// Findings in the manifests of the tree and of `packages`.
pub fn check(tree: &Tree, packages: &[Package]) -> Vec<Finding> {
    let top = tree.text(TOP).unwrap_or_default();
    let mut findings: Vec<Finding> = DENIED
        .iter()
        .filter(|lint| !top.lines().any(|line| line.trim() == format!("{lint} = \"deny\"")))
        .map(|lint| Finding::failure(TOP, None, format!("clippy's `{lint}` is not denied")))
        .collect();
    findings.extend(without_lints(tree, packages));
    findings
}

fn without_lints(tree: &Tree, packages: &[Package]) -> Vec<Finding> {
    packages
        .iter()
        .filter(|package| !tree.text(&package.manifest).is_some_and(inherits_lints))
        .map(|package| {
            Finding::failure(
                &package.manifest,
                None,
                "the lints of the tree do not apply: add `[lints] workspace = true`",
            )
        })
        .collect()
}

fn inherits_lints(manifest: &str) -> bool {
    let lines: Vec<&str> = manifest.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.windows(2).any(|pair| pair == ["[lints]", "workspace = true"])
}

#[cfg(test)]
mod tests {
    use super::super::metadata::tests::package;
    use super::*;

    #[test]
    fn a_manifest_without_the_lints_of_the_tree_fails() {
        let tree = Tree::of(&[
            ("crates/text/Cargo.toml", "[package]\nname = \"text\"\n\n[lints]\nworkspace = true\n"),
            ("crates/edit/Cargo.toml", "[package]\nname = \"edit\"\nworkspace = true\n"),
        ]);
        let findings = without_lints(&tree, &[package("text:"), package("edit:")]);
        let paths: Vec<&str> = findings.iter().map(|finding| finding.path.as_str()).collect();
        assert_eq!(paths, ["crates/edit/Cargo.toml"]);
    }

    #[test]
    fn a_lint_that_is_no_longer_denied_fails() {
        let strict: String = DENIED.iter().map(|lint| format!("{lint} = \"deny\"\n")).collect();
        assert_eq!(check(&Tree::of(&[(TOP, &strict)]), &[]), []);
        let relaxed = strict.replace("todo = \"deny\"", "todo = \"warn\"");
        let findings = check(&Tree::of(&[(TOP, &relaxed)]), &[]);
        assert_eq!(findings, [Finding::failure(TOP, None, "clippy's `todo` is not denied")]);
    }
}
