//! Answers that a model could write and that come to another text than it meant, unless they are refused.

use edit::{Ending, Format, Site, resolve};
use expect_test::{Expect, expect};
use syntax::{Stop, Tree, language_for};
use text::{ChangeSet, Text, fixture};

fn resolved(path: &str, document: &str, answer: &str, format: Format) -> String {
    let (document, scope) = fixture::cursor(document);
    let text = Text::from(document);
    let tree = language_for("", path)
        .map(|language| Tree::parse(language, &text, &Stop::never()).expect("nothing stops it"));
    let site = Site::new(&text, &scope.expect("the fixture marks a scope"), tree);
    match resolve(answer, format, Ending::Complete, &site) {
        Ok(settled) => {
            let changes = ChangeSet::new(text.len(), settled.with_imports()).expect("edits are sorted");
            text.apply(&changes).expect("edits fit").to_string()
        }
        Err(refusals) => refusals.iter().map(|refusal| format!("refused: {refusal}\n")).collect(),
    }
}

#[track_caller]
fn check_rewrite(path: &str, document: &str, answer: &str, expect: Expect) {
    expect.assert_eq(&resolved(path, document, answer, Format::Rewrite));
}

#[track_caller]
fn check_blocks(path: &str, document: &str, answer: &str, expect: Expect) {
    expect.assert_eq(&resolved(path, document, answer, Format::SearchReplace));
}

#[test]
fn a_part_of_a_word_or_a_number_is_not_found() {
    check_blocks(
        "a.rs",
        "fn f() {\n$0    let discount = 0;\n    count(discount);\n$0}\n",
        "<<<<<<< SEARCH\ncount = 0;\n=======\ncount = 1;\n>>>>>>> REPLACE\n",
        expect![[r#"
            refused: the search text is not in the scope; the block begins with `count = 0;`
            nearest lines:
                3 |     count(discount);
            first difference: line 3 is `    count(discount);`, the search text has `count = 0;`
        "#]],
    );
    check_blocks(
        "a.rs",
        "$0fn f() {\n    let timeout = 50;\n    g(timeout);\n}\n$0\n",
        "<<<<<<< SEARCH\n    let timeout = 5\n=======\n    let timeout = 6\n>>>>>>> REPLACE\n",
        expect![[r#"
            refused: the search text is not in the scope; the block begins with `let timeout = 5`
            nearest lines:
                2 |     let timeout = 50;
            first difference: line 2 is `    let timeout = 50;`, the search text has `    let timeout = 5`
        "#]],
    );
    check_blocks(
        "a.rs",
        "$0fn f() {\n    let x = 1.5;\n    g(x);\n}\n$0\n",
        "<<<<<<< SEARCH\n    let x = 1\n=======\n    let x = 2\n>>>>>>> REPLACE\n",
        expect![[r#"
            refused: the search text is not in the scope; the block begins with `let x = 1`
            nearest lines:
                2 |     let x = 1.5;
            first difference: line 2 is `    let x = 1.5;`, the search text has `    let x = 1`
        "#]],
    );
}

#[test]
fn lines_beside_a_line_without_its_indentation_are_indented() {
    check_blocks(
        "a.py",
        "$0def f():\n    setup_all()\n    return 1\n$0\n",
        "<<<<<<< SEARCH\nsetup_all()\n=======\nsetup_all()\ntear_down()\n>>>>>>> REPLACE\n",
        expect![[r#"
            def f():
                setup_all()
                tear_down()
                return 1

        "#]],
    );
    check_blocks(
        "a.py",
        "$0def f():\n    setup_all()\n    return 1\n$0\n",
        "<<<<<<< SEARCH\nsetup_all()\n=======\n>>>>>>> REPLACE\n",
        expect![[r#"
            def f():
                return 1

        "#]],
    );
}

#[test]
fn another_number_or_name_is_no_slip() {
    check_blocks(
        "a.rs",
        "$0fn f(n: u8) {\n    match n {\n        2 => handle_second_of_all(),\n    }\n    start_of_all();\n    middle_of_all();\n}\n$0\n",
        "<<<<<<< SEARCH\n    match n {\n        3 => handle_second_of_all(),\n    }\n=======\n    match n {\n        _ => {}\n    }\n>>>>>>> REPLACE\n",
        expect![[r#"
            refused: the search text is not in the scope; the block begins with `match n {`
            nearest lines:
                2 |     match n {
                3 |         2 => handle_second_of_all(),
                4 |     }
            first difference: line 3 is `        2 => handle_second_of_all(),`, the search text has `        3 => handle_second_of_all(),`
        "#]],
    );
    check_blocks(
        "a.py",
        "$0def f():\n    user_b = 3\n    if user_a.is_allowed(request):\n        log(\"allowed\")\n        grant()\n    print(user_b)\n$0\n",
        "<<<<<<< SEARCH\n    if user_b.is_allowed(request):\n        log(\"allowed\")\n        grant()\n=======\n    if user_b.is_allowed(request):\n        log(\"allowed\")\n        grant()\n        notify()\n>>>>>>> REPLACE\n",
        expect![[r#"
            refused: the search text is not in the scope; the block begins with `if user_b.is_allowed(request):`
            nearest lines:
                3 |     if user_a.is_allowed(request):
                4 |         log("allowed")
                5 |         grant()
            first difference: line 3 is `    if user_a.is_allowed(request):`, the search text has `    if user_b.is_allowed(request):`
        "#]],
    );
    check_blocks(
        "a.py",
        "$0def f():\n    connect(host, port, verify_certificate=True)\n    a()\n    b()\n$0\n",
        "<<<<<<< SEARCH\n    connect(host, port, verify_certificate=False)\n    a()\n    b()\n=======\n    connect(host, port, verify_certificate=False)\n    a()\n    c()\n>>>>>>> REPLACE\n",
        expect![[r#"
            refused: the search text is not in the scope; the block begins with `connect(host, port, verify_certificate=False)`
            nearest lines:
                2 |     connect(host, port, verify_certificate=True)
                3 |     a()
                4 |     b()
            first difference: line 2 is `    connect(host, port, verify_certificate=True)`, the search text has `    connect(host, port, verify_certificate=False)`
        "#]],
    );
    check_blocks(
        "a.py",
        "$0def f():\n    timeout_in_ms = 1\n    a()\n    b()\n$0\n",
        "<<<<<<< SEARCH\n    timeout_in_ms = 1\n=======\n    timeout_in_ms = 2\n>>>>>>> REPLACE\n<<<<<<< SEARCH\n    timeout_in_ms = 1\n    a()\n    b()\n=======\n    timeout_in_ms = 3\n    a()\n    b()\n>>>>>>> REPLACE\n",
        expect![[r#"
            refused: the block changes lines that another block of the answer changes
        "#]],
    );
    check_blocks(
        "a.py",
        "def g():\n    handle_request(first_user, second_user)\n    save_all()\n    done()\n\n$0def f():\n    handle_request(first_user, second_usr)\n    save_all()\n    done()\n$0\n",
        "<<<<<<< SEARCH\n    handle_request(first_user, second_user)\n    save_all()\n    done()\n=======\n    handle_request(first_user, second_user)\n    save_all()\n    finish()\n>>>>>>> REPLACE\n",
        expect![[r#"
            refused: the answer changes the file outside of the scope, with `finish()`
        "#]],
    );
}

#[test]
fn an_escape_in_a_string_is_not_guessed() {
    check_blocks(
        "a.rs",
        "$0fn f() {\n    first_thing();\n    other_thing();\n}\n$0\n",
        "<<<<<<< SEARCH\n    first_thing();\\n    other_thing();\n=======\n    first_thing();\\n    println!(\"a\\nb\");\n>>>>>>> REPLACE\n",
        expect![[r#"
            refused: `println!("a` is a line of the scope with other punctuation or entities
        "#]],
    );
}

#[test]
fn line_numbers_of_a_replacement_alone_are_taken_off() {
    check_blocks(
        "a.txt",
        "$0alpha beta\ngamma delta\n$0\n",
        "<<<<<<< SEARCH\nalpha beta\ngamma delta\n=======\n1 | alpha beta\n2 | gamma epsilon\n>>>>>>> REPLACE\n",
        expect![[r#"
            alpha beta
            gamma epsilon

        "#]],
    );
}

#[test]
fn a_comment_that_only_begins_like_a_placeholder_is_kept() {
    check_rewrite(
        "a.py",
        "$0def f():\n    a = first()\n    b = second()\n    c = third()\n    return a + b + c\n$0\n",
        "```python\ndef f():\n    a = first()\n    b = second()\n    # existing code relies on this order\n    c = third()\n    return a + b + c\n```\n",
        expect![[r#"
            def f():
                a = first()
                b = second()
                # existing code relies on this order
                c = third()
                return a + b + c

        "#]],
    );
}

#[test]
fn two_whole_answers_are_not_chosen_between() {
    check_rewrite(
        "a.py",
        "$0def f(x):\n    return x\n$0\n",
        "Minimal:\n```python\ndef f(x):\n    y = x + 1\n    return y\n```\nor with a log:\n```python\ndef f(x):\n    y = x + 1\n    return y\n    print(\"x\")\n```\n",
        expect![[r#"
            refused: the answer can be read in 2 ways that all fit the scope
        "#]],
    );
    check_rewrite(
        "a.py",
        "$0def f(x):\n    a(x)\n    b(x)\n$0\n",
        "Before:\n```python\ndef f(x):\n    a(x)\n    b(x)\n```\nAfter:\n```python\ndef f(x):\n    a(x)\n```\n",
        expect![[r#"
            refused: the answer can be read in 2 ways that all fit the scope
        "#]],
    );
}

#[test]
fn of_several_definitions_of_a_name_the_alike_one_is_meant() {
    check_rewrite(
        "A.java",
        "class A {\n    int add(int a) {\n        return a + 1;\n    }\n\n$0    int add(int a, int b) {\n        check(a);\n        return a + b;\n    }\n$0\n    void z() {}\n}\n",
        "```java\n    int add(int a) {\n        return a + 2;\n    }\n```\n",
        expect![[r#"
            refused: `int add(int a) {` is in the file outside the scope, not in the scope
        "#]],
    );
    check_rewrite(
        "a.py",
        "class A:\n$0    def __init__(self, x):\n        self.x = x\n        self.n = 0\n$0\n\nclass B:\n    def __init__(self, y):\n        self.y = y\n        self.m = 0\n",
        "```python\nclass B:\n    def __init__(self, y):\n        self.y = y\n        self.m = 1\n```\n",
        expect![[r#"
            refused: `class B:` stands outside of what the scope defines
        "#]],
    );
    check_rewrite(
        "a.py",
        "class A:\n$0    def __init__(self, x):\n        self.x = x\n        self.n = 0\n$0\n\nclass B:\n    def __init__(self, y):\n        self.y = y\n        self.m = 0\n",
        "```python\n    def __init__(self, y):\n        self.y = y\n        self.m = 1\n```\n",
        expect![[r#"
            refused: `def __init__(self, y):` is in the file outside the scope, not in the scope
        "#]],
    );
    check_rewrite(
        "a.go",
        "package p\n\nfunc (a *A) Run() error {\n\ta.start()\n\treturn nil\n}\n\n$0func (b *B) Run() error {\n\tb.start()\n\tb.wait()\n\treturn nil\n}\n$0\n",
        "```go\nfunc (a *A) Run() error {\n\ta.start()\n\ta.log()\n\treturn nil\n}\n```\n",
        expect![[r#"
            refused: `func (a *A) Run() error {` is in the file outside the scope, not in the scope
        "#]],
    );
    check_rewrite(
        "a.py",
        "$0def wrap(fn):\n    def wrap(x):\n        return fn(x)\n    return wrap\n$0\n",
        "```python\ndef wrap(x):\n    return fn(x + 1)\n```\n",
        expect![[r#"
            refused: `def wrap(x):` is in the file outside the scope, not in the scope
        "#]],
    );
    check_rewrite(
        "a.py",
        "class A:\n$0    @staticmethod\n    def f(x):\n        y = x\n        return y\n$0\n",
        "```python\n    def f(x):\n        y = x + 1\n        return y\n```\n",
        expect![[r#"
            refused: the new text lacks a large part or the end of the scope
        "#]],
    );
}

#[test]
fn an_attribute_that_stands_elsewhere_too_is_added() {
    check_rewrite(
        "a.rs",
        "#[inline]\nfn a() {}\n\n$0fn f(x: u8) -> u8 {\n    let y = x;\n    y\n}\n$0\nfn z() {}\n",
        "```rust\n#[inline]\nfn f(x: u8) -> u8 {\n    let y = x + 1;\n    y\n}\n```\n",
        expect![[r#"
            #[inline]
            fn a() {}

            #[inline]
            fn f(x: u8) -> u8 {
                let y = x + 1;
                y
            }

            fn z() {}
        "#]],
    );
    check_rewrite(
        "a.go",
        "package p\n\n// Deprecated: do not use.\nfunc A() {}\n\n$0func F(x int) int {\n\ty := x\n\treturn y\n}\n$0\n",
        "```go\n// Deprecated: do not use.\nfunc F(x int) int {\n\ty := x + 1\n\treturn y\n}\n```\n",
        expect![[r#"
            package p

            // Deprecated: do not use.
            func A() {}

            // Deprecated: do not use.
            func F(x int) int {
            	y := x + 1
            	return y
            }

        "#]],
    );
}

#[test]
fn code_added_behind_the_definition_does_not_fall_away() {
    check_rewrite(
        "a.py",
        "def main():\n    setup()\n    run()\n\n$0def f(x):\n    y = x\n    return y\n$0\n",
        "```python\ndef f(x):\n    y = x + 1\n    return y\n\nrun()\n```\n",
        expect![[r#"
            refused: `run()` stands outside of what the scope defines
        "#]],
    );
    check_rewrite(
        "a.py",
        "import os\nx = 1\n\n$0def f(x):\n    y = x\n    return y\n$0\nf(2)\n",
        "```python\nimport os\n\ndef f(x):\n    y = x + 1\n    return y\n\nf(2)\n```\n",
        expect![[r#"
            import os
            x = 1

            def f(x):
                y = x + 1
                return y

            f(2)
        "#]],
    );
}

#[test]
fn a_numbered_list_keeps_its_numbers() {
    check_rewrite(
        "notes.md",
        "# A\n\n$0Do this and then that.\nThen stop.\n$0\n# B\n",
        "```\n1: Do this first.\n2: Stop then.\n```\n",
        expect![[r#"
            # A

            1: Do this first.
            2: Stop then.

            # B
        "#]],
    );
}

#[test]
fn the_name_of_the_file_does_not_enter_it() {
    check_rewrite(
        "a.ts",
        "export const x = 1;\n\n$0function f(a: number) {\n  return a;\n}\n$0\n",
        "```ts\n// src/lib/a.ts\nfunction f(a: number) {\n  return a + 1;\n}\n```\n",
        expect![[r#"
            export const x = 1;

            function f(a: number) {
              return a + 1;
            }

        "#]],
    );
}

#[test]
fn a_byte_order_mark_stays_and_does_not_come() {
    check_rewrite(
        "a.py",
        "$0def f(x):\n    return x\n$0\n",
        "\u{feff}def f(x):\n    return x + 1\n",
        expect![[r#"
            def f(x):
                return x + 1

        "#]],
    );
    check_rewrite(
        "a.rs",
        "$0\u{feff}fn f() {\n    a();\n}\n$0\n",
        "```rust\nfn f() {\n    b();\n}\n```\n",
        expect![[r#"
            ﻿fn f() {
                b();
            }

        "#]],
    );
}

#[test]
fn a_section_keeps_its_heading() {
    check_rewrite(
        "a.yaml",
        "top: 1\n$0timeout:\n  read: 5\n$0other: 2\n",
        "```yaml\n  read: 6\n```\n",
        expect![[r#"
            refused: the new text lacks a large part or the end of the scope
        "#]],
    );
    check_rewrite(
        "notes.md",
        "# A\n\ntext\n\n$0## Setup\n\nFirst install it.\n\nThen run it.\n$0\n## Other\n\nmore\n",
        "```\nFirst install it with care.\n\nThen run it.\n```\n",
        expect![[r#"
            refused: the new text lacks a large part or the end of the scope
        "#]],
    );
    check_rewrite(
        "a.toml",
        "[a]\nx = 1\n\n$0[b]\ny = 1\nz = 2\nw = 3\n$0\n[c]\n",
        "```toml\ny = 2\nz = 2\nw = 3\n```\n",
        expect![[r#"
            refused: the new text lacks a large part or the end of the scope
        "#]],
    );
    check_rewrite(
        "Makefile",
        "all: build\n$0build: dep\n\tcc -c a.c\n\tcc -o a a.o\n\tstrip a\n$0\nclean:\n\trm a\n",
        "```\n\tcc -O2 -c a.c\n\tcc -o a a.o\n\tstrip a\n```\n",
        expect![[r#"
            refused: the new text lacks a large part or the end of the scope
        "#]],
    );
}

#[test]
fn the_next_section_does_not_enter_the_scope() {
    check_rewrite(
        "a.toml",
        "[a]\nx = 1\n\n$0[b]\ny = 1\nz = 2\n$0\n[c]\nv = 1\n",
        "```toml\n[b]\ny = 2\nz = 2\n\n[c]\nv = 2\n```\n",
        expect![[r#"
            refused: `[c]` is in the file outside the scope, not in the scope
        "#]],
    );
    check_rewrite(
        "a.yaml",
        "services:\n$0  web:\n    image: a\n$0  db:\n    image: b\n",
        "```yaml\n  web:\n    image: c\n  db:\n    image: d\n```\n",
        expect![[r#"
            refused: `db:` is in the file outside the scope, not in the scope
        "#]],
    );
}

#[test]
fn an_object_with_the_keys_of_an_edit_tool_is_not_guessed() {
    check_rewrite(
        "a.json",
        "$0{\n  \"search\": \"abc\",\n  \"replace\": \"xyz\"\n}\n$0\n",
        "```json\n{\n  \"search\": \"abc\",\n  \"replace\": \"abcd\"\n}\n```\n",
        expect![[r#"
            refused: the answer can be read in 2 ways that all fit the scope
        "#]],
    );
}

#[test]
fn a_last_return_does_not_vanish() {
    check_rewrite(
        "a.py",
        "$0def f(x):\n    a = x\n    b = a\n    return b\n$0\n",
        "```python\ndef f(x):\n    a = x + 1\n    b = a\n```\n",
        expect![[r#"
            refused: the new text lacks a large part or the end of the scope
        "#]],
    );
}

#[test]
fn a_body_that_ends_with_the_head_of_a_block_is_refused() {
    check_rewrite(
        "a.py",
        "$0def f(x):\n    a(x)\n    if x:\n        b(x)\n    c(x)\n$0\n",
        "```python\ndef f(x):\n    a(x)\n    if x:\n```\n",
        expect![[r#"
            refused: the new text lacks a large part or the end of the scope
        "#]],
    );
}

#[test]
fn statements_that_begin_late_are_refused() {
    check_rewrite(
        "a.py",
        "import os\n\n$0a = load()\nb = a + 1\nprint(b)\n$0\n\ndef f():\n    pass\n",
        "```python\nb = a + 2\nprint(b)\n```\n",
        expect![[r#"
            refused: the new text has nothing in common with the scope
        "#]],
    );
}
