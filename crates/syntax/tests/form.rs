//! The form of facts changes with everything that they depend on, and with nothing else.

#[path = "../build/form.rs"]
mod form;

use std::fs;
use std::path::{Path, PathBuf};

const LOCK: &str = "\
[[package]]
name = \"serde\"
version = \"1.0.0\"
dependencies = [
 \"tree-sitter-language\",
]

[[package]]
name = \"tree-sitter-go\"
version = \"0.25.0\"
";

const MANIFEST: &str = "[dependencies]\nserde = \"1\"\ntree-sitter = \"0.27\"\n";

/// A crate with a source and a query, in a workspace with a lock file.
fn a_crate(name: &str) -> PathBuf {
    a_crate_in(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
}

fn a_crate_in(workspace: &Path) -> PathBuf {
    let _ = fs::remove_dir_all(workspace);
    let dir = workspace.join("member");
    for (path, text) in [
        ("src/lib.rs", "fn a() {}\n"),
        ("src/facts/read.rs", "fn b() {}\n"),
        ("queries/go.scm", "(a)\n"),
        ("Cargo.toml", MANIFEST),
        ("../Cargo.lock", LOCK),
    ] {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    dir
}

fn form_of(dir: &Path) -> String {
    form::of(dir).expect("a form").hash
}

/// Whether the form changes when the text of a file does.
#[track_caller]
fn check(name: &str, path: &str, text: &str, is_another: bool) {
    let dir = a_crate(name);
    let before = form_of(&dir);
    fs::write(dir.join(path), text).expect("a file");
    assert_eq!(form_of(&dir) != before, is_another, "{path}");
}

#[test]
fn the_crate_was_built_in_the_form_of_its_sources() {
    let form = form::of(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a form");
    assert_eq!(syntax::facts_form(), form.hash);
    assert!(form.inputs.iter().all(|input| input.exists()), "{:?}", form.inputs);
}

#[test]
fn a_source_is_part_of_it() {
    check("form-source", "src/facts/read.rs", "fn c() {}\n", true);
}

#[test]
fn a_query_is_part_of_it() {
    check("form-query", "queries/go.scm", "(b)\n", true);
}

#[test]
fn a_new_file_is_part_of_it() {
    check("form-new", "queries/c.scm", "", true);
}

#[test]
fn the_version_of_a_grammar_is_part_of_it() {
    check("form-grammar", "../Cargo.lock", &LOCK.replace("0.25.0", "0.25.1"), true);
}

#[test]
fn the_version_of_something_else_is_not() {
    check("form-other", "../Cargo.lock", &LOCK.replace("1.0.0", "1.0.1"), false);
}

#[test]
fn line_endings_are_not() {
    check("form-endings", "src/lib.rs", "fn a() {}\r\n", false);
}

#[test]
fn a_moved_text_is_part_of_it() {
    let dir = a_crate("form-moved");
    let before = form_of(&dir);
    fs::rename(dir.join("queries/go.scm"), dir.join("queries/c.scm")).expect("a file");
    assert_ne!(form_of(&dir), before);
}

#[test]
fn without_a_lock_file_the_manifest_says_the_versions() {
    // The system's directory for temporary files is nobody's workspace.
    let base = std::env::temp_dir().join(format!("hunkwise-form-{}", std::process::id()));
    let dir = a_crate_in(&base);
    fs::remove_file(base.join("Cargo.lock")).expect("a file");
    let before = form_of(&dir);
    fs::write(dir.join("Cargo.toml"), MANIFEST.replace("0.27", "0.28")).expect("a file");
    let after = form_of(&dir);
    fs::remove_dir_all(&base).expect("a directory");
    assert_ne!(after, before);
}
