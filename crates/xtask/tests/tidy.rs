//! Runs tidy on the tree itself, so that `cargo test` fails when a rule is broken.

use std::path::Path;

#[test]
fn the_tree_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let findings = xtask::tidy::run(&root).expect("read the tree");
    let failures: Vec<String> =
        findings.iter().filter(|finding| !finding.is_note).map(|f| f.to_string()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
