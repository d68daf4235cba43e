//! What a text is made of: tokens, names it gives, modules it imports, comments, bodies, guards and tests.

use std::collections::BTreeSet;

use expect_test::{Expect, expect};
use syntax::{Stop, Tree, language_for};
use text::Text;

fn parsed(path: &str, input: &str) -> (Tree, Text) {
    let text = Text::from(input);
    let language = language_for("", path).expect("a known language");
    (Tree::parse(language, &text, &Stop::never()).expect("a small text parses"), text)
}

#[track_caller]
fn check_tokens(path: &str, input: &str, expect: Expect) {
    let (tree, text) = parsed(path, input);
    let shown: Vec<String> = syntax::tokens(&tree, &text)
        .into_iter()
        .map(|token| format!("{:?}:{}", token.kind, text.slice(token.range)))
        .collect();
    expect.assert_eq(&shown.join(" "));
}

#[track_caller]
fn check_bound(path: &str, input: &str, expect: Expect) {
    let (tree, text) = parsed(path, input);
    let names: BTreeSet<String> = syntax::bound_names(&tree, &text);
    expect.assert_eq(&names.into_iter().collect::<Vec<_>>().join(" "));
}

#[track_caller]
fn check_modules(path: &str, input: &str, expect: Expect) {
    let (tree, text) = parsed(path, input);
    let names: Vec<String> = syntax::modules(&tree, &text).into_iter().map(|module| module.name).collect();
    expect.assert_eq(&names.join(" "));
}

#[track_caller]
fn check_sites(path: &str, input: &str, expect: Expect) {
    let (tree, text) = parsed(path, input);
    let shown: Vec<String> = syntax::sites(&tree, &text)
        .into_iter()
        .map(|site| format!("{:?}:{}", site.kind, site.label))
        .collect();
    expect.assert_eq(&shown.join("|"));
}

#[track_caller]
fn check_comments(path: &str, input: &str, expect: Expect) {
    let (tree, text) = parsed(path, input);
    let shown: Vec<String> =
        syntax::comments(&tree, &text).into_iter().map(|comment| comment.lines.join("/")).collect();
    expect.assert_eq(&shown.join("|"));
}

#[track_caller]
fn check_bodies(path: &str, input: &str, expect: Expect) {
    let (tree, text) = parsed(path, input);
    let shown: Vec<String> = syntax::bodies(&tree, &text)
        .into_iter()
        .map(|body| {
            let abstracted = if body.is_abstract { " abstract" } else { "" };
            format!("{}:{}{abstracted}", body.name, if body.is_empty { "empty" } else { "full" })
        })
        .collect();
    expect.assert_eq(&shown.join(" "));
}

#[test]
fn a_string_is_one_token_unless_code_stands_in_it() {
    check_tokens(
        "a.py",
        "x = 'a b' + f'c{y}'\n",
        expect!["Name:x Other:= Quoted:'a b' Other:+ Other:f' Quoted:c Other:{ Name:y Other:} Other:'"],
    );
    check_tokens(
        "a.js",
        "f(`a`, `b${c}`, true, -1.5)",
        expect![
            "Name:f Other:( Quoted:`a` Other:, Other:` Quoted:b Other:${ Name:c Other:} Other:` Other:, Truth:true Other:, Other:- Number:1.5 Other:)"
        ],
    );
}

#[test]
fn literals_are_told_apart_in_data_and_styles() {
    check_tokens(
        "a.yaml",
        "a: 1\nb: \"x\"\nc: true\n",
        expect![[r#"Quoted:a Other:: Number:1 Quoted:b Other:: Quoted:"x" Quoted:c Other:: Truth:true"#]],
    );
    check_tokens(
        "a.css",
        "a { color: #333; margin: 4px }",
        expect![
            "Other:a Other:{ Other:color Other:: Number:#333 Other:; Other:margin Other:: Number:4px Other:}"
        ],
    );
    check_tokens(
        "a.sql",
        "SELECT a FROM b WHERE c > 1 AND d = 'x'",
        expect![
            "Other:SELECT Name:a Other:FROM Name:b Other:WHERE Name:c Other:> Number:1 Other:AND Name:d Other:= Quoted:'x'"
        ],
    );
    check_tokens(
        "a.go",
        "package a\nvar r = 'c' // d\n",
        expect!["Other:package Name:a Other:var Name:r Other:= Quoted:'c' Comment:// d"],
    );
}

#[test]
fn names_that_a_text_gives_are_known() {
    check_bound(
        "a.py",
        "def f(p, *q, r=d):\n    x = y(p, named=1)\n    for i in z: pass\n    self.total = 1\n",
        expect!["f i p q r self total x"],
    );
    check_bound(
        "a.rs",
        "fn f(a: T) { let (x, y) = g(a); for j in k {} let c = |z| z; }",
        expect!["a c f j x y z"],
    );
    check_bound(
        "a.js",
        "function f(a, {b}) { const x = y(a); for (const i of z) {} (u) => u }",
        expect!["a b f i u x"],
    );
    check_bound(
        "a.go",
        "package a\nfunc (s *T) F(a int) { x, err := g(a); for i := range z {} }\n",
        expect!["F a err i s x"],
    );
    check_bound("a.java", "class C { int x = y; void m(int a) { b.call(a); } }", expect!["C a m x"]);
}

#[test]
fn modules_are_read_in_each_language() {
    check_modules(
        "a.py",
        "import a.b as c, d\nfrom .x import y\nfrom z.w import q\n",
        expect!["a.b d .x z.w"],
    );
    check_modules(
        "a.ts",
        "import d from \"m/n\";\nexport * from './z';\nconst q = require('r');\n",
        expect!["m/n ./z r"],
    );
    check_modules("a.go", "package a\nimport (\"os\"; x \"github.com/a/b\")\n", expect!["os github.com/a/b"]);
    check_modules(
        "a.rs",
        "use std::{fmt, io};\nuse a::b as c;\nextern crate d;\n",
        expect!["std::{fmt, io} a::b as c d"],
    );
    check_modules(
        "a.java",
        "import java.util.List;\nimport static org.j.A.b;\n",
        expect!["java.util.List org.j.A.b"],
    );
    check_modules("a.kt", "import a.b.C\n", expect!["a.b.C"]);
    check_modules("a.scala", "import a.b.{C, D}\n", expect!["a.b"]);
    check_modules("a.cs", "using System.Text;\nusing N.J;\n", expect!["System.Text N.J"]);
    check_modules("a.php", "<?php\nuse A\\B\\C;\n", expect![[r#"A\B\C"#]]);
    check_modules("a.rb", "require \"a/b\"\nrequire_relative 'c'\n", expect!["a/b"]);
    check_modules("a.c", "#include <stdio.h>\n#include \"b.h\"\n", expect![[r#"<stdio.h> "b.h""#]]);
    check_modules("a.lua", "local m = require(\"x.y\")\n", expect!["x.y"]);
    check_modules("a.swift", "import Foundation\n", expect!["Foundation"]);
}

#[test]
fn error_handling_is_found_in_each_language() {
    check_sites(
        "a.py",
        "try:\n    f()\nexcept E:\n    raise X('y')\nfinally:\n    g()\n",
        expect!["Handler:except E|Raised:raise X('y')|Handler:finally"],
    );
    check_sites(
        "a.js",
        "f(a)\n  .then(b)\n  .catch(c);\ntry { throw d } catch (e) {} finally {}",
        expect!["Handler:catch|Raised:throw d|Handler:catch (e) {}|Handler:finally {}"],
    );
    check_sites(
        "a.go",
        "package a\nfunc f() { if err != nil { return }; if a != nil { return } }\n",
        expect!["Handler:if err != nil { return }"],
    );
    check_sites(
        "a.rs",
        "fn f() { a()?; match b { Ok(c) => c, Err(d) => e } }",
        expect!["Passed:a()?|Handler:Err(d) => e"],
    );
    check_sites(
        "a.c",
        "void f() { if (!p) { return; } if (n < 0) goto out; if (q) { g(); } }",
        expect!["Handler:if (!p) { return; }|Handler:if (n < 0) goto out;"],
    );
    check_sites(
        "a.sh",
        "set -euo pipefail\nmake || exit 1\n",
        expect!["Handler:set -euo pipefail|Handler:make || exit 1"],
    );
    check_sites(
        "a.rb",
        "begin\n  f\nrescue E\n  raise X\nensure\n  g\nend\n",
        expect!["Handler:rescue E|Raised:raise X|Handler:ensure"],
    );
    check_sites(
        "a.swift",
        "func f() { do { try g() } catch { h() }; throw E.m }",
        expect!["Handler:catch { h() }|Raised:throw E.m"],
    );
    check_sites("a.lua", "local ok = pcall(f)\n", expect!["Handler:pcall(f)"]);
}

#[test]
fn log_calls_are_found() {
    check_sites(
        "a.py",
        "logger.info('a')\nprint(b)\nself.log.debug(c)\nmath.log(d)\n",
        expect!["Log:logger.info('a')|Log:print(b)|Log:self.log.debug(c)"],
    );
    check_sites("a.js", "console.log(a); catalog.log(b); dialog(c);", expect!["Log:console.log(a)"]);
    check_sites(
        "a.rs",
        "fn f() { tracing::info!(\"a\"); println!(\"b\"); format!(\"c\"); }",
        expect![[r#"Log:tracing::info!("a")|Log:println!("b")"#]],
    );
    check_sites(
        "a.go",
        "package a\nfunc f() { log.Printf(\"a\"); fmt.Println(b); fmt.Sprintf(c) }\n",
        expect![[r#"Log:log.Printf("a")|Log:fmt.Println(b)"#]],
    );
    check_sites("a.sh", "echo a >&2\necho b\n", expect!["Log:echo a >&2"]);
    check_sites(
        "a.php",
        "<?php $this->logger->info('a'); error_log('b');",
        expect!["Log:$this->logger->info('a')|Log:error_log('b')"],
    );
}

#[test]
fn tests_are_found_by_name_mark_or_call() {
    check_sites("a.py", "def test_a():\n    pass\ndef helper():\n    pass\n", expect!["Test:test_a"]);
    check_sites("a.js", "describe('x', () => { it('adds', () => {}); });", expect!["Test:adds"]);
    check_sites("a.rs", "#[test]\nfn adds() {}\nfn helper() {}\n", expect!["Test:adds"]);
    check_sites("a.java", "class C { @Test void adds() {} void helper() {} }", expect!["Test:adds"]);
    check_sites("a.rb", "it \"adds\" do\nend\n", expect!["Test:adds"]);
}

#[test]
fn comments_come_without_markers_and_docstrings_are_comments() {
    check_comments(
        "a.py",
        "# a\ndef f():\n    \"\"\"Does it.\"\"\"\n    x = \"no\"  # b\n",
        expect!["a|Does it.|b"],
    );
    check_comments("a.ts", "/**\n * a\n * b\n */\nf(); // c\n", expect!["/a/b/|c"]);
}

#[test]
fn a_body_is_empty_when_nothing_happens_in_it() {
    check_bodies(
        "a.py",
        "def f():\n    pass\ndef g():\n    \"\"\"d\"\"\"\n    ...\ndef h():\n    x()\n",
        expect!["f:empty g:empty h:full"],
    );
    check_bodies("a.py", "class A(ABC):\n    def f(self):\n        ...\n", expect!["f:empty abstract"]);
    check_bodies("a.js", "class A { m() {} n() { x(); } }", expect!["m:empty n:full"]);
    check_bodies("a.go", "package a\nfunc f() {}\nfunc g() { h() }\n", expect!["f:empty g:full"]);
    check_bodies("a.rs", "fn f() { }\nfn g() { h() }\n", expect!["f:empty g:full"]);
}

#[test]
fn deep_texts_are_read_without_recursion() {
    let deep = 20_000;
    for (path, input) in [
        ("a.c", format!("int {}p() {{}}", "*".repeat(deep))),
        ("a.json", format!("{}1{}", "[".repeat(deep), "]".repeat(deep))),
        ("a.py", format!("x = {}1{}", "(".repeat(deep), ")".repeat(deep))),
    ] {
        let (tree, text) = parsed(path, &input);
        assert!(syntax::tokens(&tree, &text).len() > deep, "{path}");
        let n_others = syntax::sites(&tree, &text).len()
            + syntax::modules(&tree, &text).len()
            + syntax::comments(&tree, &text).len();
        assert_eq!(n_others, 0, "{path}");
        assert!(syntax::bodies(&tree, &text).len() <= 1 && syntax::bound_names(&tree, &text).len() <= 1);
    }
}
