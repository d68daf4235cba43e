//! Trees: incremental equals fresh, errors are counted, a parse can be stopped.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use fastrand::Rng;
use syntax::{Stop, Tree, all_languages, error_count, errors, language_for, new_errors};
use text::{ChangeSet, Edit, Text};

const SOURCES: [(&str, &str); 6] = [
    (
        "a.py",
        "import os\n\ndef f(a, b=1):\n    if a:\n        return [x for x in b]\n    return \"é\"\n\nclass C:\n    def g(self):\n        pass\n",
    ),
    (
        "a.ts",
        "import { a } from 'b';\nexport function f(x: number): string {\n  return `${x}`;\n}\nclass C { m(): void {} }\n",
    ),
    ("a.go", "package a\n\nfunc F(x int) error {\n\tif x > 1 {\n\t\treturn nil\n\t}\n\treturn G(x)\n}\n"),
    ("a.rs", "fn f(x: u8) -> u8 {\n    let s = \"😀\";\n    match x { 1 => 2, _ => 3 }\n}\n"),
    ("a.json", "{\"a\": [1, 2, {\"b\": null}], \"c\": \"d\"}\n"),
    ("a.java", "class A {\n  int f(int x) {\n    return x + 1;\n  }\n}\n"),
];

const PIECES: [&str; 12] = ["x", " ", "\n", "\r\n", "(", ")", "{}", "\"a\"", "    ", "1", "é", ""];

fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}

fn parse(path: &str, text: &Text) -> Tree {
    let language = language_for("", path).expect("a known language");
    Tree::parse(language, text, &Stop::never()).expect("a small text parses")
}

#[test]
fn an_incremental_parse_equals_a_fresh_one() {
    let mut rng = Rng::with_seed(7);
    let rounds = 150 * soak();
    let (mut n_equal, mut n_with_errors) = (0, 0);
    for (path, source) in SOURCES {
        for is_crlf in [false, true] {
            let source = if is_crlf { source.replace('\n', "\r\n") } else { source.to_owned() };
            for _ in 0..rounds {
                let mut text = Text::from(source.as_str());
                let mut tree = parse(path, &text);
                for _ in 0..rng.usize(1..4) {
                    let start = text.floor(rng.usize(0..=text.len()));
                    let end = text.floor((start + rng.usize(0..4)).min(text.len())).max(start);
                    let edit = Edit::new(start..end, PIECES[rng.usize(0..PIECES.len())]);
                    let changes = ChangeSet::single(text.len(), edit).expect("inside the text");
                    let after = text.apply(&changes).expect("between characters");
                    tree = tree
                        .edited(&changes, &text, &after)
                        .reparse(&after, &Stop::never())
                        .expect("not stopped");
                    text = after;
                }
                let fresh = parse(path, &text);
                // Recovery from errors may differ between the two, so only their absence is compared.
                if error_count(&fresh) == 0 {
                    assert_eq!(tree.to_sexp(), fresh.to_sexp(), "{path}: {text}");
                    n_equal += 1;
                } else {
                    n_with_errors += 1;
                }
            }
        }
    }
    eprintln!("counts: incremental parses compared {n_equal}");
    eprintln!("counts: incremental parses with errors {n_with_errors}");
    assert!(n_equal > rounds, "most rounds have to compare something");
}

#[test]
fn every_language_parses() {
    for language in all_languages() {
        let tree = Tree::parse(language, &Text::from("a\n"), &Stop::never());
        assert!(tree.is_ok(), "{language:?}");
    }
    assert_eq!(all_languages().count(), 24);
}

#[test]
fn only_new_errors_are_told() {
    let before = Text::from("def f(:\n    pass\n\nx = 1\n");
    let after = Text::from("def f(:\n    pass\n\nx = (1\n");
    let (old, new) = (parse("a.py", &before), parse("a.py", &after));
    assert!(error_count(&old) >= 1);
    let found = new_errors(&old, &new, &after, &(19..26));
    assert_eq!(
        found.iter().map(|error| error.line).collect::<Vec<_>>(),
        [3],
        "{found:?} of {:?}",
        errors(&new, &after)
    );
    assert!(new_errors(&old, &old, &before, &(0..5)).is_empty());
}

#[test]
fn a_parse_ends_when_it_is_cancelled() {
    let text = Text::from("a<".repeat(20_000));
    let language = language_for("java", "").expect("Java");
    let cancelled = Stop::new(None, Some(Arc::new(AtomicBool::new(true))));
    assert!(Tree::parse(language, &text, &cancelled).is_err());
    let expired = Stop::new(Some(Duration::ZERO), None);
    assert!(Tree::parse(language, &text, &expired).is_err());
    // The parser is usable afterwards.
    assert!(Tree::parse(language, &Text::from("class A {}"), &Stop::never()).is_ok());
}

#[test]
fn a_text_over_the_limit_has_no_tree() {
    let text = Text::from("x = 1\n".repeat(syntax::MAX_BYTES / 6 + 1));
    let language = language_for("python", "").expect("Python");
    assert!(Tree::parse(language, &text, &Stop::never()).is_err());
}

#[test]
fn identifiers_of_editors_name_languages() {
    for (id, path, expected) in [
        ("typescriptreact", "a", "TSX"),
        ("typescript", "a.tsx", "TSX"),
        ("javascriptreact", "a", "JavaScript"),
        ("shellscript", "a", "Bash"),
        ("", "Gemfile", "Ruby"),
        ("", "b/c.YML", "YAML"),
        ("python", "a.txt", "Python"),
        ("jsonc", "", "JSON"),
    ] {
        assert_eq!(language_for(id, path).map(|language| language.name()), Some(expected), "{id} {path}");
    }
    assert_eq!(language_for("plaintext", "a.txt"), None);
}
