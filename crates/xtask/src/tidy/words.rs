//! Bans text that only makes sense on the machine where it was written.
//!
//! Owns the list of banned text and the few places that may hold it. Must never rewrite a file.

use super::Finding;
use super::tree::{Source, Tree};

/// Text that names a machine's directories or the mirror a machine happens to use.
const BANNED: &[(&str, &str)] = &[
    ("/work/", "is a path of one machine"),
    ("/root/", "is a path of one machine"),
    ("/home/", "is a path of one machine"),
    ("/Users/", "is a path of one machine"),
    ("../shared", "is outside the tree"),
    (".pkg.dev", "names a package mirror"),
    ("jfrog.", "names a package mirror"),
    ("artifactory", "names a package mirror"),
    ("registry.npmjs", "names a package registry"),
    ("index.crates.io", "names a package registry"),
    ("static.crates.io", "names a package registry"),
    ("pypi.org/simple", "names a package registry"),
    ("deb.debian.org", "names a package registry"),
];

/// Where banned text may stand, and why.
const ALLOWED: &[(&str, &str)] = &[
    ("crates/xtask/src/tidy/words.rs", "the list itself and its tests"),
    (
        "crates/context/data/secret_rules.txt",
        "rules of others about paths and about keys of a mirror's vendor",
    ),
];

/// The only place a package may come from in the lock file.
const LOCK_SOURCE: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

/// Findings for banned text, one per line.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.texts()
        .filter(|source| !ALLOWED.iter().any(|(path, _)| *path == source.path))
        .flat_map(check_file)
        .collect()
}

fn check_file(source: Source<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (idx, line) in source.text.lines().enumerate() {
        if let Some((word, reason)) = BANNED.iter().find(|(word, _)| line.contains(word)) {
            findings.push(Finding::failure(source.path, Some(idx + 1), format!("`{word}` {reason}")));
        } else if source.path == "Cargo.lock" && line.starts_with("source = ") && line != LOCK_SOURCE {
            findings.push(Finding::failure(
                source.path,
                Some(idx + 1),
                "a package comes from elsewhere than crates.io",
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, lines: &[usize]) {
        let found: Vec<usize> =
            super::check(&Tree::of(&[(path, text)])).iter().filter_map(|finding| finding.line).collect();
        assert_eq!(found, lines);
    }

    #[test]
    fn a_machine_path_fails_with_its_line() {
        check("README.md", "fine\nsee /work/main\n", &[2]);
        check("fixtures/a.json", "{\"rootPath\":\"/root/x\"}", &[1]);
        check("tests/src/lib.rs", "let a = \"/home/me/x\";\nlet b = \"C:/Users/me\";", &[1, 2]);
    }

    #[test]
    fn a_workspace_folder_is_no_machine_path() {
        check("fixtures/a.json", "{\"rootPath\":\"/workspace/x\",\"uri\":\"file:///workspace\"}", &[]);
    }

    #[test]
    fn a_registry_fails() {
        check("package-lock.json", "\"resolved\": \"https://registry.npmjs.org/a\"", &[1]);
        check("Cargo.lock", "source = \"registry+https://example.org/index\"", &[1]);
        check("Cargo.lock", LOCK_SOURCE, &[]);
    }
}
