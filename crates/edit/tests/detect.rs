//! What is remarkable about a hunk: one rule per test, a change in, remarks out.

use std::collections::BTreeSet;

use edit::{Asked, detect, hunks};
use expect_test::{Expect, expect};
use fastrand::Rng;
use syntax::{Stop, language_for};
use text::{ChangeSet, Edit, Text};

#[track_caller]
fn check(path: &str, instruction: &str, before: &str, after: &str, expect: Expect) {
    let text = Text::from(before);
    let changes = ChangeSet::between(&text, &Text::from(after));
    let edits = hunks(&text, changes.edits().to_vec());
    expect.assert_eq(&said(path, instruction, &text, &edits).join("\n"));
}

fn said(path: &str, instruction: &str, before: &Text, edits: &[Edit]) -> Vec<String> {
    let instructions = [instruction.to_owned()];
    let asked = Asked {
        language: language_for("", path),
        instructions: &instructions,
        packages: &BTreeSet::from(["known".to_owned()]),
    };
    let found = detect(before, None, edits, &asked, &Stop::never());
    assert_eq!(found.len(), edits.len());
    let said = found.iter().enumerate().flat_map(|(idx, found)| {
        found.iter().map(move |one| format!("{idx} {:?} {}: {one}", one.lines, one.kind.label()))
    });
    said.collect()
}

#[test]
fn a_removed_comment_is_told_unless_comments_were_asked_about() {
    let (before, after) = ("# keep\nx = f()\n", "x = g()\n");
    check("a.py", "call g", before, after, expect!["0 0..0 comment: removes the comment `# keep`"]);
    check("a.py", "call g, without the comment", before, after, expect![[""]]);
    check("a.py", "call g", before, "# keeps\nx = g()\n", expect![[""]]);
}

#[test]
fn moved_code_is_not_removed() {
    let before = "def a():\n    # why\n    log.info('a')\n\n\ndef b():\n    c()\n";
    let after = "def b():\n    c()\n\n\ndef a():\n    # why\n    log.info('a')\n";
    check("a.py", "sort", before, after, expect![[""]]);
}

#[test]
fn error_handling_is_counted_not_compared() {
    let before = "try:\n    f()\nexcept A:\n    g()\n";
    check("a.py", "use B", before, "try:\n    f()\nexcept B:\n    g()\n", expect![[""]]);
    check(
        "a.py",
        "use h",
        before,
        "h()\n",
        expect!["0 0..0 error-handling: removes the error handling `except A`"],
    );
}

#[test]
fn only_a_whole_hunk_is_noise() {
    check(
        "a.js",
        "go on",
        "f( 1 )\n",
        "f(1)\n",
        expect!["0 0..1 whitespace: changes only blanks and line breaks"],
    );
    check("a.js", "go on", "f( 1 )\nx()\n", "f(1)\ny()\n", expect![[""]]);
    check("a.py", "go on", "if a:\n    b()\n    c()\n", "if a:\n    b()\nc()\n", expect![[""]]);
    check("a.js", "format it", "f( 1 )\n", "f(1)\n", expect![[""]]);
    check("a.php", "go on", "<?php f('$a');\n", "<?php f(\"$a\");\n", expect![[""]]);
}

#[test]
fn a_name_that_the_text_gives_and_nobody_named_is_renamed() {
    let (before, after) = ("function f(a) {\n  return a;\n}\n", "function f(b) {\n  return b;\n}\n");
    check("a.js", "go on", before, after, expect!["0 0..2 rename: renames `a` to `b`"]);
    check("a.js", "use b", before, after, expect![[""]]);
    check("a.js", "go on", "x(); x();\n", "y(); y();\n", expect![[""]]);
}

#[test]
fn a_package_is_new_unless_it_is_known_or_used() {
    check(
        "a.py",
        "go on",
        "f()\n",
        "import os, new, known.sub\nf()\n",
        expect!["0 0..1 import: imports `new`, which the project does not have"],
    );
    check("a.py", "go on", "import new\n", "import new\nfrom new.x import y\n", expect![[""]]);
    check(
        "a.ts",
        "go on",
        "f()\n",
        "import a from '@new/b/c'\nf()\n",
        expect!["0 0..1 import: imports `@new/b`, which the project does not have"],
    );
}

#[test]
fn a_literal_that_nobody_mentioned_is_told_with_both_values() {
    let (before, after) = ("limit = 3\nf()\n", "limit = 5\ng()\n");
    check("a.py", "call g", before, after, expect!["0 0..1 literal: changes `3` to `5`"]);
    check("a.py", "call g with 5", before, after, expect![[""]]);
    check("a.py", "go on", "limit = 3\n", "limit = 5\n", expect![[""]]);
}

#[test]
fn without_a_language_lines_still_tell() {
    check(
        "a.xyz",
        "go on",
        "# keep\none\n",
        "two\n",
        expect!["0 0..0 comment: removes the comment `# keep`"],
    );
    check(
        "a.xyz",
        "go on",
        "one  \n",
        "one\n",
        expect!["0 0..1 whitespace: changes only blanks at the ends of lines or blank lines"],
    );
}

#[test]
fn edits_that_do_not_fit_have_no_remarks() {
    let text = Text::from("é\n");
    assert!(said("a.py", "x", &text, &[Edit::new(0..99, "y")]).is_empty());
    assert!(said("a.py", "x", &text, &[Edit::new(1..2, "y")]).is_empty());
}

#[test]
fn no_text_makes_the_detectors_fail() {
    let soak: usize = std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1);
    let pieces = [
        "x",
        "é",
        " ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "(",
        ")",
        "{",
        "}",
        "\"",
        "'",
        "`",
        "\\",
        "# ",
        "// ",
        "/*",
        "*/",
        "...",
        "TODO",
        "import a.b\n",
        "use a::b;\n",
        "try:\n",
        "except A:\n",
        "catch (e) {}\n",
        "1.5",
        "true",
        "def f():\n",
        "it(\"a\", ",
        "log.info(",
        "😀",
        "\u{feff}",
        "\0",
        "=",
        "|| exit\n",
        "if err != nil {",
        "<!--",
        "-->",
    ];
    let languages: Vec<&str> = vec![
        "a.py", "a.ts", "a.tsx", "a.js", "a.go", "a.java", "a.kt", "a.rs", "a.c", "a.cpp", "a.cs", "a.rb",
        "a.php", "a.swift", "a.scala", "a.lua", "a.sh", "a.sql", "a.html", "a.css", "a.json", "a.yaml",
        "a.toml", "a.md", "a.xyz",
    ];
    let mut rng = Rng::with_seed(41);
    let mut n_said = 0;
    let n_texts = 1_000 * soak;
    for round in 0..n_texts {
        let text = |rng: &mut Rng| -> String {
            (0..rng.usize(0..40)).map(|_| pieces[rng.usize(0..pieces.len())]).collect()
        };
        let before = Text::from(text(&mut rng));
        let changes = ChangeSet::between(&before, &Text::from(text(&mut rng)));
        let edits = hunks(&before, changes.edits().to_vec());
        n_said += said(languages[round % languages.len()], "go on", &before, &edits).len();
    }
    assert!(n_said > 0);
    eprintln!("counts: random changes that detectors read {n_texts}");
}
