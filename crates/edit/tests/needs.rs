//! What hunks need of each other. Hunks are written into the text: `«old│new»` replaces `old` by `new`.

use edit::Need;
use expect_test::{Expect, expect};
use text::{Edit, Text};

/// The text before and the hunks of a marked text.
fn hunks(marked: &str) -> (Text, Vec<Edit>) {
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
    (Text::from(text), edits)
}

#[track_caller]
fn check(path: &str, marked: &str, expect: Expect) {
    let (text, edits) = hunks(marked);
    let needs = edit::needs(&text, &edits, syntax::language_for("", path));
    let backward: Vec<Edit> = edits.iter().rev().cloned().collect();
    let other = edit::needs(&text, &backward, syntax::language_for("", path));
    let last = edits.len().saturating_sub(1);
    for hunk in 0..edits.len() {
        let mut same: Vec<Need> = other
            .of(last - hunk)
            .iter()
            .map(|need| Need { hunk: last - need.hunk, ..need.clone() })
            .collect();
        same.sort_by_key(|need| need.hunk);
        assert_eq!(same, needs.of(hunk), "the order of the hunks is nothing to it");
    }
    let mut shown = String::new();
    for hunk in 0..edits.len() {
        for need in needs.of(hunk) {
            shown.push_str(&format!("{} needs {}: {}\n", hunk + 1, need.hunk + 1, need.tie));
        }
    }
    expect.assert_eq(if shown.is_empty() { "nothing" } else { &shown });
}

#[test]
fn a_use_needs_the_definition() {
    check(
        "a.py",
        "«│def rate(x):\n    return x\n\n»def f(a):\n    «return a│return rate(a)»\n",
        expect![[r#"
        2 needs 1: `rate` is defined there
    "#]],
    );
    check(
        "a.ts",
        "«│const rate = (x: number) => x;\n»function f(a) {\n  return «a│rate(a)»;\n}\n",
        expect![[r#"
            2 needs 1: `rate` is defined there
        "#]],
    );
    check(
        "a.go",
        "package a\n«│func rate(x int) int { return x }\n»func f(a int) int {\n\treturn «a│rate(a)»\n}\n",
        expect![[r#"
            2 needs 1: `rate` is defined there
        "#]],
    );
    check(
        "A.java",
        "class A {\n  «│int rate(int x) { return x; }\n»  int f(int a) {\n    return «a│rate(a)»;\n  }\n}\n",
        expect![[r#"
            2 needs 1: `rate` is defined there
        "#]],
    );
    check(
        "a.kt",
        "«│fun rate(x: Int) = x\n»fun f(a: Int): Int {\n  return «a│rate(a)»\n}\n",
        expect![[r#"
        2 needs 1: `rate` is defined there
    "#]],
    );
    check(
        "a.rs",
        "«│fn rate(x: u8) -> u8 { x }\n»fn f(a: u8) -> u8 {\n    «a│rate(a)»\n}\n",
        expect![[r#"
        2 needs 1: `rate` is defined there
    "#]],
    );
}

#[test]
fn a_use_needs_the_local_the_parameter_and_the_field() {
    check(
        "a.py",
        "def f(a):\n    «│b = a + 1\n    »print(a)\n    return «a│b»\n",
        expect![[r#"
        2 needs 1: `b` is defined there
    "#]],
    );
    check(
        "a.py",
        "def f(«a│a, b»):\n    print(a)\n    return «a│a + b»\n",
        expect![[r#"
        2 needs 1: `b` is a parameter there
    "#]],
    );
    check(
        "a.py",
        "class C:\n    def __init__(self):\n        «self.a = 1│self.a = self.b = 1»\n    def f(self):\n        return «self.a│self.b»\n",
        expect![[r#"
            2 needs 1: `b` is defined there
        "#]],
    );
    check(
        "a.tsx",
        "function A(«{ a }│{ a, b }») {\n  const c = a;\n  return <p>{«c│b»}</p>;\n}\n",
        expect![[r#"
            2 needs 1: `b` is a parameter there
        "#]],
    );
    check(
        "a.go",
        "package a\nfunc f(«a int│a, b int») int {\n\tx := a\n\treturn «x│x + b»\n}\n",
        expect![[r#"
            2 needs 1: `b` is a parameter there
        "#]],
    );
    check(
        "a.rs",
        "struct S { «a: u8│a: u8, b: u8» }\nfn f(s: S) -> u8 {\n    «s.a│s.b»\n}\n",
        expect![[r#"
        2 needs 1: `b` is defined there
    "#]],
    );
}

#[test]
fn a_use_needs_the_import() {
    check(
        "a.py",
        "import os\n«│import math\n»def f(a):\n    return «a│math.floor(a)»\n",
        expect![[r#"
        2 needs 1: `math` is imported there
    "#]],
    );
    check(
        "a.ts",
        "«│import { rate } from './rate';\n»function f(a) {\n  return «a│rate(a)»;\n}\n",
        expect![[r#"
            2 needs 1: `rate` is imported there
        "#]],
    );
    check(
        "A.java",
        "«│import a.b.Rate;\n»class A {\n  int f(int a) { return «a│new Rate(a).n()»; }\n}\n",
        expect![[r#"
            2 needs 1: `Rate` is imported there
        "#]],
    );
    check(
        "a.kt",
        "«│import a.rate\n»fun f(a: Int) = «a│rate(a)»\n",
        expect![[r#"
        2 needs 1: `rate` is imported there
    "#]],
    );
    check(
        "a.rs",
        "«│use a::Rate;\n»fn f(a: u8) -> u8 {\n    «a│Rate::of(a)»\n}\n",
        expect![[r#"
        2 needs 1: `Rate` is imported there
    "#]],
    );
}

#[test]
fn in_go_the_import_needs_its_use_too() {
    check(
        "a.go",
        "package a\n«│import \"math\"\n»func f(a int) int {\n\treturn «a│math.Abs(a)»\n}\n",
        expect![[r#"
            1 needs 2: `math` is used there
            2 needs 1: `math` is imported there
        "#]],
    );
    check(
        "a.go",
        "package a\n«import \"math\"\n│»func f(a int) int {\n\treturn «math.Abs(a)│a»\n}\n",
        expect![[r#"
            1 needs 2: `math` is used there
            2 needs 1: `math` is removed there
        "#]],
    );
    check(
        "a.go",
        "package a\n«│import \"math\"\n»func f(a int) int {\n\treturn «a│-a» + math.Abs(a)\n}\n",
        expect!["nothing"],
    );
}

#[test]
fn what_the_text_gives_anyway_is_not_needed() {
    check("a.py", "rate = 1\n«rate = 2│rate = 3»\ndef f(a):\n    return «a│rate»\n", expect!["nothing"]);
    check("a.py", "def f(«a, b│a, b=1»):\n    print(a)\n    return «a│b»\n", expect!["nothing"]);
    check("a.py", "«x = 1│y = 1»\ndef f(y):\n    return «1│y»\n", expect!["nothing"]);
    check(
        "a.py",
        "def f(a):\n    «b = a│c = a»\ndef g(a):\n    «b = a│c = a; print(c)»\n",
        expect!["nothing"],
    );
    check("a.py", "«│def append(x): pass\n»def f(a):\n    «pass│a.append(1)»\n", expect!["nothing"]);
    check("a.py", "def f(a):\n    «│# rate is here\n»    x = 1\n    return «a│'rate'»\n", expect!["nothing"]);
    check("a.txt", "«│def rate(): pass\n»\n«│rate()»\n", expect!["nothing"]);
}

#[test]
fn a_renamed_definition_and_its_uses_need_each_other() {
    check(
        "a.py",
        "def «total│sum_all»(a):\n    return a\n\ndef f(a):\n    return «total(a)│sum_all(a)»\n",
        expect![[r#"
            1 needs 2: `total` is used there
            2 needs 1: `sum_all` is defined there
        "#]],
    );
    check(
        "a.ts",
        "function f(«a│b»: number) {\n  const x = 1;\n  return «a│b» + x;\n}\n",
        expect![[r#"
        1 needs 2: `a` is used there
        2 needs 1: `b` is a parameter there
    "#]],
    );
    check(
        "a.go",
        "package a\ntype «T│U» struct{}\nfunc f(a «T│U») {}\n",
        expect![[r#"
        1 needs 2: `T` is used there
        2 needs 1: `U` is defined there
    "#]],
    );
}

#[test]
fn a_removed_definition_needs_the_end_of_its_uses() {
    check(
        "a.py",
        "«def rate(x):\n    return x\n│»\ndef f(a):\n    return «rate(a)│a»\n",
        expect![[r#"
        1 needs 2: `rate` is used there
    "#]],
    );
    check(
        "a.rs",
        "«use a::Rate;\n│»fn f(a: u8) -> u8 {\n    «Rate::of(a)│a»\n}\n",
        expect![[r#"
        1 needs 2: `Rate` is used there
    "#]],
    );
    check(
        "a.py",
        "def f(«a, b│a»):\n    x = 1\n    return «a + b│a»\n",
        expect![[r#"
        1 needs 2: `b` is used there
    "#]],
    );
}

#[test]
fn a_moved_definition_needs_both_its_places() {
    check(
        "a.py",
        "«def rate(x):\n    return x\n│»\ndef f(a):\n    return rate(a)\n\n«│def rate(x):\n    return x\n»",
        expect![[r#"
            1 needs 2: `rate` is defined there
            2 needs 1: `rate` is removed there
        "#]],
    );
}

#[test]
fn a_changed_signature_and_its_calls_need_each_other() {
    check(
        "a.py",
        "def f(«a│a, b»):\n    return a\n\nx = «f(1)│f(1, 2)»\ny = «g(1)│g(2)»\n",
        expect![[r#"
        1 needs 2: calls of `f` change there
        2 needs 1: the parameters of `f` change there
    "#]],
    );
    check(
        "a.ts",
        "function f(«a, b│b, a») {}\nx = «f(1, 2)│f(2, 1)»;\n",
        expect![[r#"
        1 needs 2: calls of `f` change there
        2 needs 1: the parameters of `f` change there
    "#]],
    );
    check(
        "a.go",
        "package a\nfunc (t T) F(«a, b int│a int») {}\nfunc g(t T) { «t.F(1, 2)│t.F(1)» }\n",
        expect![[r#"
            1 needs 2: calls of `F` change there
            2 needs 1: the parameters of `F` change there
        "#]],
    );
    check(
        "A.java",
        "class A {\n  A(«int a│int a, int b») {}\n  A f() { return «new A(1)│new A(1, 2)»; }\n}\n",
        expect![[r#"
            1 needs 2: calls of `A` change there
            2 needs 1: the parameters of `A` change there
        "#]],
    );
    check(
        "a.kt",
        "fun f(«a: Int│a: Int, b: Int») = a\nval x = «f(1)│f(1, 2)»\n",
        expect![[r#"
        1 needs 2: calls of `f` change there
        2 needs 1: the parameters of `f` change there
    "#]],
    );
    check(
        "a.rs",
        "fn f(«a: u8│a: u8, b: u8») {}\nfn g() { «f(1)│f(1, 2)»; }\n",
        expect![[r#"
        1 needs 2: calls of `f` change there
        2 needs 1: the parameters of `f` change there
    "#]],
    );
}

#[test]
fn an_optional_parameter_does_not_need_its_calls() {
    check(
        "a.py",
        "def f(«a│a, b=0»):\n    return a\n\nx = «f(1)│f(1, b=2)»\n",
        expect![[r#"
        2 needs 1: the parameters of `f` change there
    "#]],
    );
    check("a.py", "def f(«a│a, b=0»):\n    return a\n\nx = «f(1)│f(2)»\n", expect!["nothing"]);
}

#[test]
fn needs_of_needs_are_in_the_closure() {
    let (text, edits) = hunks("«│a = 1\n»\n«│b = a\n»\ndef f():\n    return «0│b»\n\n«│c = 1\n»");
    let needs = edit::needs(&text, &edits, syntax::language_for("", "a.py"));
    assert_eq!(needs.closure(2).into_iter().collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(needs.closure(0).into_iter().collect::<Vec<_>>(), [0]);
    assert_eq!(needs.closure(3).into_iter().collect::<Vec<_>>(), [3]);
}

#[test]
fn in_text_that_does_not_parse_names_are_still_compared() {
    check(
        "a.kt",
        "fun f(a: Int): Int {\n«    val b = f(a)\n│    ) (\n    val c = 1\n»    log(9)\n«    return b\n│    return c\n»}\n",
        expect![[r#"
            1 needs 2: `c` is used there
            2 needs 1: `c` is used there
        "#]],
    );
}
