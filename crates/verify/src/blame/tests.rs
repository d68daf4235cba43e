//! Hunks are written into the text: `«old│new»` replaces `old` by `new`.

use expect_test::{Expect, expect};
use fastrand::Rng;
use syntax::{Language, Stop, Tree, language_for};
use text::{ChangeSet, Edit, Text};

use crate::{FindingKind, badge, check_syntax, parses_with, per_hunk, subset_parses};

fn language(path: &str) -> Language {
    language_for("", path).expect("the fixture's language is in the table")
}

/// The text before and the hunks of a marked text.
fn hunks(marked: &str) -> (String, Vec<Edit>) {
    let mut text = String::new();
    let mut edits = Vec::new();
    let mut rest = marked;
    while let Some((plain, hunk)) = rest.split_once('«') {
        let (old, hunk) = hunk.split_once('│').expect("a hunk has two parts");
        let (new, tail) = hunk.split_once('»').expect("a hunk ends");
        text.push_str(plain);
        edits.push(Edit::new(text.len()..text.len() + old.len(), new));
        text.push_str(old);
        rest = tail;
    }
    text.push_str(rest);
    (text, edits)
}

fn applied(text: &Text, edits: &[Edit]) -> Text {
    let changes = ChangeSet::new(text.len(), edits.to_vec()).expect("hunks are disjoint");
    text.apply(&changes).expect("hunks fit")
}

#[track_caller]
fn check(path: &str, marked: &str, expect: Expect) {
    let (text, edits) = hunks(marked);
    let text = Text::from(text);
    let stop = Stop::never();
    let tree = Tree::parse(language(path), &text, &stop).expect("it parses");
    let findings = per_hunk(language(path), &text, Some(&tree), &edits, &stop);
    assert_eq!(findings, per_hunk(language(path), &text, None, &edits, &stop));
    let lines = findings.iter().enumerate().map(|(idx, findings)| {
        let words: Vec<String> = findings.iter().map(|finding| format!("; {finding}")).collect();
        format!("{}: {}{}\n", idx + 1, badge(findings), words.concat())
    });
    expect.assert_eq(&lines.collect::<String>());
}

#[test]
fn good_hunks_parse() {
    check(
        "a.py",
        "def f(a):\n    «return a│return a + 1»\n\ndef g():\n    «pass│return f(2)»\n",
        expect![[r#"
            1: parses
            2: parses
        "#]],
    );
}

#[test]
fn the_hunk_that_breaks_is_named() {
    check(
        "a.py",
        "def f(a):\n    «return a│return a + 1»\n\ndef g(a):\n    «return a│return (a»\n\ndef h():\n    pass\n",
        expect![[r#"
            1: parses
            2: 1 new syntax error; new syntax error on line 5: unexpected `return (a`
        "#]],
    );
    check(
        "a.ts",
        "const a = «1│2»;\nfunction f() { «return 1;│return 1; }» }\nconst b = «3│{»;\n",
        expect![[r#"
            1: parses
            2: 1 new syntax error; new syntax error on line 2: unexpected `}`
            3: 1 new syntax error; new syntax error on line 3: `}` is missing
        "#]],
    );
    check(
        "a.json",
        "{\n  \"a\": «1│2»,\n  \"b\": «2│[2»\n}\n",
        expect![[r#"
        1: parses
        2: 1 new syntax error; new syntax error on line 3: `]` is missing
    "#]],
    );
    check(
        "a.go",
        "package a\n\nfunc f() int {\n\t«return 1│return )»\n}\n",
        expect![[r#"
        1: 1 new syntax error; new syntax error on line 4: unexpected `)`
    "#]],
    );
    check(
        "a.java",
        "class A {\n  «int a;│int a»\n  int b;\n}\n",
        expect![[r#"
        1: 1 new syntax error; new syntax error on line 2: `;` is missing
    "#]],
    );
    check(
        "a.rs",
        "fn a() {\n    «b();│b(;»\n}\nfn c() {«│ d()»}\n",
        expect![[r#"
        1: 1 new syntax error; new syntax error on line 2: unexpected `(`
        2: parses
    "#]],
    );
    check(
        "a.yaml",
        "a: «1│[1»\nb: «2│3»\n",
        expect![[r#"
        1: 1 new syntax error; new syntax error on line 1: unexpected `[1`
        2: parses
    "#]],
    );
    check(
        "a.toml",
        "a = «1│»\nb = «2│3»\n",
        expect![[r#"
        1: 1 new syntax error; new syntax error on line 1: unexpected `a =`
        2: parses
    "#]],
    );
}

#[test]
fn hunks_that_need_each_other_say_so() {
    check(
        "a.js",
        "«│if (x) {\n»a();\nb();\n«│}\n»c(«1│2»);\n",
        expect![[r#"
        1: parses only together with other hunks; parses only together with other hunks
        2: parses only together with other hunks; parses only together with other hunks
        3: parses
    "#]],
    );
}

#[track_caller]
fn check_with(path: &str, marked: &str, expect: Expect) {
    let (text, edits) = hunks(marked);
    let with =
        parses_with(language(path), &Text::from(text), None, &edits, &Stop::never()).expect("it parses");
    expect.assert_eq(&format!("{with:?}"));
}

#[test]
fn hunks_name_those_with_which_they_parse() {
    check_with(
        "a.js",
        "«│if (x) {\n»a();\n«│while (y) {\n»b();\n«│}\n»c();\n«│}\n»d(«1│2»);\n",
        expect!["[[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], []]"],
    );
    check_with("a.py", "«│if x:\n»«│    a()\n»b(«1│2»)\n", expect!["[[], [], []]"]);
    check_with("a.js", "a(«1│(2»);\nb(«1│2»);\n", expect!["[[], []]"]);
}

#[test]
fn a_hunk_that_does_not_parse_alone_says_so_beside_broken_ones() {
    check(
        "a.js",
        "if (a) b();\n«│else c();\n»«│else d();\n»«│if (x) {\n»e();\n«│}\n»",
        expect![[r#"
        1: 1 new syntax error; new syntax error on line 3: unexpected `else`
        2: 1 new syntax error; new syntax error on line 3: unexpected `else`
        3: parses only together with other hunks; parses only together with other hunks
        4: parses only together with other hunks; parses only together with other hunks
    "#]],
    );
}

#[test]
fn of_very_many_hunks_each_says_that_it_was_not_tried() {
    let text = Text::from("a(1);\n".repeat(257));
    let edits: Vec<Edit> = (0..257).map(|n| Edit::new(n * 6 + 2..n * 6 + 3, "2")).collect();
    let findings = per_hunk(language("a.js"), &text, None, &edits, &Stop::never());
    let is_told = |findings: &Vec<crate::Finding>| findings.iter().any(|f| f.kind == FindingKind::NotChecked);
    assert!(findings.iter().all(is_told));
}

#[test]
fn good_hunks_that_break_together_are_both_named() {
    check(
        "a.js",
        "if (a) b();\n«│else c();\n»«│else d();\n»e(«1│2»);\n",
        expect![[r#"
            1: 1 new syntax error; new syntax error on line 3: unexpected `else`
            2: 1 new syntax error; new syntax error on line 3: unexpected `else`
            3: parses
        "#]],
    );
}

#[test]
fn what_was_wrong_before_is_not_found() {
    check(
        "a.py",
        "def f(:\n    pass\n\nx = «1│2»\n",
        expect![[r#"
        1: parses
    "#]],
    );
    check(
        "a.ts",
        "let a = = 1;\nlet b = «1│2»;\nlet c = «1│(»;\n",
        expect![[r#"
        1: parses
        2: 1 new syntax error; new syntax error on line 3: unexpected `= (`
    "#]],
    );
}

#[test]
fn an_old_error_does_not_hide_one_that_swallows_the_file() {
    check(
        "a.py",
        "x = = 1\n\ndef f():\n    return «[1]│[1»\n\ndef g():\n    return {2: 3}\n\ndef h():\n    return g()\n",
        expect![[r#"
            1: 1 new syntax error; new syntax error on line 4: unexpected `return [1`
        "#]],
    );
}

#[test]
fn repairing_an_old_error_is_no_finding() {
    check(
        "a.py",
        "x = «= 1│1»\ny = 2\n",
        expect![[r#"
        1: parses
    "#]],
    );
}

#[test]
fn edits_that_do_not_fit_were_not_checked() {
    let text = Text::from("a = 1\n");
    let edits = [Edit::new(3..9, "x")];
    let findings = per_hunk(language("a.py"), &text, None, &edits, &Stop::never());
    assert_eq!(badge(&findings[0]), "syntax not checked: edit ends at 9 in a text of 6 bytes");
}

#[test]
fn a_stopped_parse_was_not_checked() {
    let cancelled = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let stop = Stop::new(None, Some(cancelled));
    let text = Text::from("a = 1\n");
    let findings = per_hunk(language("a.py"), &text, None, &[Edit::new(4..5, "2")], &stop);
    assert_eq!(findings[0][0].kind, FindingKind::NotChecked);
    assert_eq!(findings[0][0].lines, 0..1);
    let findings = check_syntax(language("a.py"), &text, &Text::from("a = 2\n"), None, &stop);
    assert_eq!(findings[0].kind, FindingKind::NotChecked);
    assert!(subset_parses(language("a.py"), &text, None, &[], &stop).is_err());
}

#[test]
fn a_whole_text_is_compared_by_lines() {
    let check = |after: &str| {
        let before = Text::from("a = 1\nb = (2)\n");
        badge(&check_syntax(language("a.py"), &before, &Text::from(after), None, &Stop::never()))
    };
    assert_eq!(check("a = 3\nb = (2)\n"), "parses");
    assert_eq!(check("a = 3\nb = (2\n"), "1 new syntax error");
}

/// A text in each of several languages, with hunks that parse in any combination.
const GOOD: &[(&str, &str)] = &[
    (
        "a.py",
        "import «os│os, sys»\n\nclass A:\n    def f(self):\n        «return 1│if self:\n            return 2»\n\n    def g(self, a«│, b=None»):\n        return «a│[a, b]»\n\n«│\ndef h():\n    pass\n»",
    ),
    (
        "a.ts",
        "import { a«│, b» } from './a';\n\nexport class A<T> {\n  constructor(private x: «number│string») {}\n«│  get y() { return this.x; }\n»  f(): void { «a();│if (a()) { return; }» }\n}\nconst c = (d: T) => «d│({ d })»;\n",
    ),
    (
        "a.go",
        "package a\n\nimport (\n\t\"fmt\"\n«│\t\"os\"\n»)\n\nfunc f(a int«│, b string») «error│(int, error)» {\n\t«fmt.Println(a)│for i := range a {\n\t\tfmt.Println(i)\n\t}»\n\treturn nil\n}\n",
    ),
    (
        "a.rs",
        "use std::fmt«│::Debug»;\n\nstruct A { a: u8«│, b: u16» }\n\nimpl A {\n    fn f(&self) -> u8 { «self.a│match self.a { 0 => 1, n => n }» }\n«│    fn g() {}\n»}\n",
    ),
    (
        "a.java",
        "package a;\n\nimport java.util.List;\n«│import java.util.Map;\n»\nclass A«│ implements B» {\n  int f() { «return 1;│try { return 1; } finally { g(); }» }\n«│  @Override public void g() {}\n»}\n",
    ),
    ("a.json", "{\"a\": [1, «2│2, 3»], \"b\": «null│{\"c\": true}»«│, \"d\": 1»}\n"),
    ("a.toml", "[a]\nb = «1│[1, 2]»\n«│c = \"d\"\n»\n[e]\nf = «true│{ g = 1 }»\n"),
];

/// Text that no grammar of [`GOOD`] takes anywhere.
const BROKEN: &str = " ) ]] }} ((";

#[test]
fn random_subsets_parse_as_a_parse_from_scratch_says() {
    let multiplier: usize = std::env::var("HUNKWISE_SOAK").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let n_rounds = 40 * multiplier;
    let stop = Stop::never();
    let mut rng = Rng::with_seed(4);
    let (mut n_subsets, mut n_broken) = (0, 0);
    for (path, marked) in GOOD {
        let (text, good) = hunks(marked);
        let text = Text::from(text);
        let language = language(path);
        let tree = Tree::parse(language, &text, &stop).expect("it parses");
        assert_eq!(syntax::error_count(&tree), 0, "{path} begins without errors");
        for _ in 0..n_rounds {
            let is_broken: Vec<bool> = good.iter().map(|_| rng.u8(..4) == 0).collect();
            let broken = good.iter().zip(&is_broken).map(|(edit, is_broken)| {
                let tail = if *is_broken { BROKEN } else { "" };
                Edit::new(edit.range.clone(), format!("{}{tail}", edit.text))
            });
            let edits: Vec<(Edit, bool)> =
                broken.zip(is_broken.iter().copied()).filter(|_| rng.bool()).collect();
            let (edits, is_broken): (Vec<Edit>, Vec<bool>) = edits.into_iter().unzip();
            let parses = subset_parses(language, &text, Some(&tree), &edits, &stop).expect("it parses");
            let after = applied(&text, &edits);
            let fresh = Tree::parse(language, &after, &stop).expect("it parses");
            assert_eq!(parses, syntax::error_count(&fresh) == 0, "{path}: {after}");
            assert_eq!(parses, !is_broken.contains(&true), "{path}: {after}");
            let named: Vec<bool> = per_hunk(language, &text, Some(&tree), &edits, &stop)
                .iter()
                .map(|findings| findings.iter().any(|finding| finding.kind == FindingKind::Syntax))
                .collect();
            assert_eq!(named, is_broken, "{path}: {after}");
            n_subsets += 1;
            n_broken += usize::from(!parses);
        }
    }
    eprintln!("counts: subsets of hunks {n_subsets}, of them broken {n_broken}");
}
