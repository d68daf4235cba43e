//! Which rules files are found for a document, and which never are.

use std::fs;
use std::path::Path;

use expect_test::{Expect, expect};
use text::{Encoding, fixture};
use workspace::{RulesKind, Uri, Workspace, rules_files};

/// Writes a fixture into a directory; the document asked about is its first file.
fn found(dir: &Path, files: &str) -> String {
    let files = fixture::files(files);
    for file in &files {
        let path = dir.join(file.path.trim_start_matches('/'));
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("made");
        fs::write(path, &file.text).expect("written");
    }
    found_in(dir, files[0].path.trim_start_matches('/'))
}

fn found_in(dir: &Path, name: &str) -> String {
    let mut workspace = Workspace::new(Encoding::Utf8);
    workspace.set_roots(vec![Uri::from_path(dir).expect("an absolute path")]);
    let uri = Uri::from_path(&dir.join(name)).expect("an absolute path");
    workspace.open(uri.clone(), "", 1, "");
    let files = rules_files(&workspace.snapshot(), &uri, &RulesKind::ALL);
    files.iter().map(|file| format!("{} for {:?}: {:?}\n", file.path, file.dir, file.text)).collect()
}

#[track_caller]
fn check(files: &str, expect: Expect) {
    let dir = tempfile::tempdir().expect("a folder");
    expect.assert_eq(&found(dir.path(), files));
}

#[test]
fn files_on_the_way_to_the_document_outer_first() {
    check(
        "//- src/pay/a.py\n//- src/pay/AGENTS.md\npay\n//- AGENTS.md\nroot\n//- lib/AGENTS.md\nlib\n//- src/CLAUDE.md\nsrc\n",
        expect![[r#"
            AGENTS.md for "": "root\n"
            src/CLAUDE.md for "src": "src\n"
            src/pay/AGENTS.md for "src/pay": "pay\n"
        "#]],
    );
}

#[test]
fn every_convention_has_its_places() {
    check(
        "//- a.py\n//- .cursorrules\n1\n//- .cursor/rules/b/x.mdc\n2\n//- .cursor/rules/a.mdc\n3\n//- .cursor/rules/no.md\n4\n//- .github/copilot-instructions.md\n5\n//- .github/instructions/py.instructions.md\n6\n//- .github/instructions/no.md\n7\n//- .junie/guidelines.md\n8\n//- .aiassistant/rules/r.md\n9\n//- .editorconfig\n10\n",
        expect![[r#"
            .cursorrules for "": "1\n"
            .cursor/rules/a.mdc for "": "3\n"
            .cursor/rules/b/x.mdc for "": "2\n"
            .github/copilot-instructions.md for "": "5\n"
            .github/instructions/py.instructions.md for "": "6\n"
            .junie/guidelines.md for "": "8\n"
            .aiassistant/rules/r.md for "": "9\n"
            .editorconfig for "": "10\n"
        "#]],
    );
}

#[test]
fn what_may_not_be_sent_is_no_rules_file() {
    check(
        "//- a.py\n//- .gitignore\nCLAUDE.md\n//- CLAUDE.md\nmine\n//- AGENTS.md\nours\n",
        expect![[r#"
        AGENTS.md for "": "ours\n"
    "#]],
    );
}

#[test]
fn what_is_too_large_is_no_rules_file() {
    check(&format!("//- a.py\n//- AGENTS.md\n{}\n", "x\n".repeat(200_000)), expect![""]);
}

#[cfg(unix)]
#[test]
fn links_lead_neither_out_nor_to_secrets_nor_twice_to_one_file() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("rules.md"), "outside").expect("written");
    fs::create_dir(outside.path().join("rules")).expect("made");
    fs::write(outside.path().join("rules/a.mdc"), "outside").expect("written");
    let dir = tempfile::tempdir().expect("a folder");
    let at = |name: &str| dir.path().join(name);
    fs::create_dir_all(at("src/.cursor")).expect("made");
    fs::write(at("AGENTS.md"), "ours").expect("written");
    fs::write(at(".env"), "KEY=1").expect("written");
    symlink("AGENTS.md", at("CLAUDE.md")).expect("it is there");
    symlink(outside.path().join("rules.md"), at("src/AGENTS.md")).expect("it is there");
    symlink("../.env", at("src/CLAUDE.md")).expect("it is there");
    symlink(outside.path().join("rules"), at("src/.cursor/rules")).expect("it is there");
    expect![[r#"
        AGENTS.md for "": "ours"
    "#]]
    .assert_eq(&found_in(dir.path(), "src/a.py"));
}
