//! Answers placed on a scope: `$0…$0` marks it; out comes the whole text, or the reason.

use edit::{AnswerParser, Block, Ending, Format, Site, hunks_within, place, settle};
use expect_test::{Expect, expect};
use text::{ChangeSet, Text, fixture};

fn placed(document: &str, blocks: &[Block]) -> String {
    let (document, scope) = fixture::cursor(document);
    let scope = scope.expect("the fixture marks a scope");
    let text = Text::from(document);
    let settled = settle(&Site::new(&text, &scope, None), blocks, Vec::new());
    if let Some(refusal) = settled.refusals.into_iter().chain(settled.unfit).next() {
        return format!("refused: {refusal}\n");
    }
    let hunks = hunks_within(&text, settled.edits, &scope);
    text.apply(&ChangeSet::new(text.len(), hunks).expect("hunks are sorted")).expect("hunks fit").to_string()
}

#[track_caller]
fn check_rewrite(document: &str, new: &str, expect: Expect) {
    let block = Block::Rewrite { text: new.to_owned() };
    expect.assert_eq(&placed(document, &[block]));
}

#[track_caller]
fn check_blocks(document: &str, blocks: &[(&str, &str)], expect: Expect) {
    let blocks: Vec<Block> = blocks
        .iter()
        .map(|(search, replace)| Block::Replace {
            search: (*search).to_owned(),
            replace: (*replace).to_owned(),
        })
        .collect();
    expect.assert_eq(&placed(document, &blocks));
}

/// The same, with line endings shown.
#[track_caller]
fn check_bytes(document: &str, block: Block, expect: &str) {
    assert_eq!(placed(document, &[block]), expect);
}

fn rewrite(text: &str) -> Block {
    Block::Rewrite { text: text.to_owned() }
}

fn replace(search: &str, replace: &str) -> Block {
    Block::Replace { search: search.to_owned(), replace: replace.to_owned() }
}

#[test]
fn a_search_text_that_occurs_once_is_replaced() {
    check_blocks(
        "x\n$0a\nb\nc\n$0x\n",
        &[("b\n", "B\nBB\n")],
        expect![[r#"
        x
        a
        B
        BB
        c
        x
    "#]],
    );
}

#[test]
fn only_the_scope_is_searched() {
    check_blocks(
        "a\n$0a\nb\n$0a\n",
        &[("a\n", "A\n")],
        expect![[r#"
        a
        A
        b
        a
    "#]],
    );
    check_blocks(
        "a\n$0b\n$0c\n",
        &[("a\n", "A\n")],
        expect![[r#"
        refused: the search text is not in the scope; the block begins with `a`
    "#]],
    );
}

#[test]
fn a_search_text_that_occurs_twice_is_refused() {
    check_blocks(
        "x\n$0a\nb\na\n$0",
        &[("a\n", "A\n")],
        expect![[r#"
        refused: the search text is not unique in the scope; the block begins with `a`; 2 matches, at lines 2, 4
    "#]],
    );
}

#[test]
fn a_unique_part_of_a_line_is_replaced() {
    check_blocks(
        "$0let total = a + b;\n$0",
        &[("a + b\n", "a * b\n")],
        expect![[r#"
            let total = a * b;
        "#]],
    );
}

#[test]
fn a_refusal_names_the_nearest_lines() {
    check_blocks(
        "use x;\n$0fn f() {\n    let a = 1;\n    let b = 2;\n}\n$0",
        &[("    let a = 1;\n    let b = 3;\n", "    let b = 4;\n")],
        expect![[r#"
            refused: the search text is not in the scope; the block begins with `let a = 1;`
            nearest lines:
                3 |     let a = 1;
                4 |     let b = 2;
            first difference: line 4 is `    let b = 2;`, the search text has `    let b = 3;`
        "#]],
    );
    check_blocks(
        "$0a b c\n$0",
        &[("a b c\nd\n", "x\n")],
        expect![[r#"
        refused: the search text is not in the scope; the block begins with `a b c`
        nearest lines:
            1 | a b c
        first difference: the scope ends, the search text goes on with `d`
    "#]],
    );
}

#[test]
fn several_blocks_refer_to_the_same_text() {
    check_blocks(
        "$0a\nb\nc\n$0",
        &[("c\n", "C\n"), ("a\n", "")],
        expect![[r#"
        b
        C
    "#]],
    );
    check_blocks(
        "$0a\nb\nc\n$0",
        &[("a\nb\n", "A\nb\n"), ("b\nc\n", "b\nC\n")],
        expect![[r#"
        A
        b
        C
    "#]],
    );
}

#[test]
fn blocks_that_change_the_same_line_are_refused() {
    check_blocks(
        "$0a\nb\n$0",
        &[("a\n", "A\n"), ("a\nb\n", "AA\nb\n")],
        expect![[r#"
        refused: the block changes lines that another block of the answer changes
    "#]],
    );
    check_blocks(
        "$0a\nb\n$0",
        &[("a\n", "a\nx\n"), ("a\nb\n", "a\ny\nb\n")],
        expect![[r#"
        refused: the block changes lines that another block of the answer changes
    "#]],
    );
}

#[test]
fn an_insertion_beside_a_change_is_kept() {
    check_blocks(
        "$0a\nb\n$0",
        &[("a\n", "A\n"), ("b\n", "x\nb\n")],
        expect![[r#"
        A
        x
        b
    "#]],
    );
}

#[test]
fn removing_leaves_the_rest() {
    check_blocks(
        "x\n$0a\n$0y\n",
        &[("a\n", "")],
        expect![[r#"
        x
        y
    "#]],
    );
}

#[test]
fn a_blank_search_is_refused() {
    check_blocks(
        "$0a\n\n$0",
        &[("\n", "x\n")],
        expect![[r#"
        refused: the search part of a block is empty
    "#]],
    );
}

#[test]
fn inserted_lines_get_the_endings_of_the_document() {
    check_bytes("$0a\r\nb\r\n$0", replace("a\n", "A\nx\n"), "A\r\nx\r\nb\r\n");
    check_bytes("$0a\r\nb\nc\r\n$0", rewrite("a\nx\nb\ny\nc\n"), "a\r\nx\r\nb\ny\nc\r\n");
    check_bytes("$0a\rb\r$0", replace("b\n", "B\nx\n"), "a\rB\rx\r");
}

#[test]
fn a_missing_final_newline_stays_missing() {
    check_bytes("$0a\nb$0", replace("b\n", "B\n"), "a\nB");
    check_bytes("$0a\nb$0", rewrite("a\nb\nc\n"), "a\nb\nc");
    check_bytes("$0a\r\nb$0", rewrite("a\nb\nc\n"), "a\r\nb\r\nc");
    check_bytes("$0a\nb$0", replace("b\n", ""), "a\n");
    check_bytes("x\n$0a$0", rewrite("b\n"), "x\nb");
    check_bytes("$0a$0", rewrite("a\nb\n"), "a\nb");
}

#[test]
fn a_part_of_a_line_is_kept_to() {
    check_bytes("x = $0f(1)$0;\n", rewrite("f(2)\n"), "x = f(2);\n");
}

#[test]
fn an_empty_scope_is_filled() {
    check_bytes("$0$0", rewrite("a\nb\n"), "a\nb\n");
    check_bytes("a\r\n$0$0b\r\n", rewrite("x\n"), "a\r\nx\r\nb\r\n");
    check_bytes("a\n$0\n$0b\n", rewrite("x\n"), "a\nx\nb\n");
}

#[test]
fn unchanged_lines_of_a_rewrite_keep_the_bytes_of_the_file() {
    check_bytes(
        "$0def f():  \r\n    a\t\n    b\n$0",
        rewrite("def f():\n    a\n    c\n"),
        "def f():  \r\n    a\t\n    c\n",
    );
}

#[test]
fn blank_lines_around_the_scope_stay() {
    check_bytes("x\n$0\n\na\n\n$0y\n", rewrite("b\n"), "x\n\n\nb\n\ny\n");
}

#[test]
fn an_empty_rewrite_is_refused() {
    check_rewrite(
        "$0a\n$0",
        "",
        expect![[r#"
        refused: the new text of the scope is empty
    "#]],
    );
}

#[test]
fn placeholders_are_refused() {
    for line in [
        "    # ... existing code ...",
        "    # rest unchanged",
        "    // ... (unchanged) ...",
        "    /* remaining methods */",
        "    ...",
        "    # … rest of the function",
        "    {/* ... existing code ... */}",
        "    <!-- ... rest of file ... -->",
        "    # Rest of the function stays as it was",
    ] {
        let found =
            placed("$0def f():\n    a\n    b\n    c\n$0", &[rewrite(&format!("def f():\n    A\n{line}\n"))]);
        assert_eq!(found, format!("refused: `{}` stands for code that was left out\n", line.trim()));
    }
}

#[test]
fn what_only_resembles_a_placeholder_is_kept() {
    for line in [
        "    f(...rest);",
        "    ...other,",
        "    # remaining budget in euros",
        "    // other users of it",
        "    # the rest of the day",
    ] {
        let new = format!("def f():\n    a\n{line}\n    c\n");
        assert_eq!(placed("$0def f():\n    a\n    b\n    c\n$0", &[rewrite(&new)]), new);
    }
}

#[test]
fn a_placeholder_that_the_scope_holds_stays() {
    check_rewrite(
        "$0def f():\n    ...\n$0",
        "def f(a):\n    ...\n",
        expect![[r#"
        def f(a):
            ...
    "#]],
    );
}

#[test]
fn a_dedented_rewrite_is_indented_as_a_whole() {
    check_rewrite(
        "class A:\n$0    def f(self):\n        a()\n        return b\n$0",
        "def f(self, n):\n    a()\n\n    if n:\n        c()\n    return b\n",
        expect![[r#"
            class A:
                def f(self, n):
                    a()

                    if n:
                        c()
                    return b
        "#]],
    );
}

#[test]
fn a_first_line_that_alone_lost_its_indentation_gets_it_back() {
    check_rewrite(
        "class A:\n$0    def f(self):\n        a()\n        return b\n$0",
        "def f(self):\n        a()\n        return c\n",
        expect![[r#"
            class A:
                def f(self):
                    a()
                    return c
        "#]],
    );
}

#[test]
fn one_dedented_line_is_indented() {
    check_rewrite(
        "{\n$0    return w + h;\n$0}\n",
        "return w * h;\n",
        expect![[r#"
            {
                return w * h;
            }
        "#]],
    );
}

#[test]
fn a_docstring_is_indented_with_its_code() {
    check_rewrite(
        "class A:\n$0    def f(self):\n        a()\n        return b\n$0",
        "def f(self):\n    \"\"\"Does.\n\n    More.\n    \"\"\"\n    a()\n    return b\n",
        expect![[r#"
            class A:
                def f(self):
                    """Does.

                    More.
                    """
                    a()
                    return b
        "#]],
    );
}

#[test]
fn a_string_over_several_lines_is_not_indented() {
    for (open, close) in [
        ("q = \"\"\"", "\"\"\""),
        ("q = `", "`"),
        ("q = \"", "\""),
        ("q = r#\"", "\"#;"),
        ("cat <<EOF", "EOF"),
    ] {
        check_rewrite(
            "class A:\n$0    def f(self):\n        a()\n        b()\n        return b\n$0",
            &format!("def f(self):\n    a()\n    b()\n    {open}\nSELECT\n{close}\n    return b\n"),
            expect![[r#"
                refused: the new text is not indented as the scope, and indenting it could change a string over several lines
            "#]],
        );
    }
}

#[test]
fn tabs_do_not_enter_a_scope_of_blanks() {
    check_rewrite(
        "$0fn f() {\n    a();\n    b();\n}\n$0",
        "fn f() {\n    a();\n\tc();\n}\n",
        expect![[r#"
        refused: the indentation of the new text does not fit the scope
    "#]],
    );
}

#[test]
fn an_exact_block_is_taken_at_its_word() {
    check_blocks(
        "$0fn f() {\n\ta();\n}\n$0",
        &[("\ta();\n", "    b();\n")],
        expect![[r#"
            fn f() {
                b();
            }
        "#]],
    );
}

#[test]
fn line_numbers_are_taken_off() {
    check_rewrite(
        "$0fn f() {\n    a();\n}\n$0",
        "1 | fn f() {\n2 |     b();\n3 | }\n",
        expect![[r#"
            fn f() {
                b();
            }
        "#]],
    );
}

#[test]
fn escaped_copies_are_read_as_they_are_typed() {
    check_rewrite(
        "$0if a < b {\n    c();\n}\n$0",
        "if a &lt; b {\n    d();\n}\n",
        expect![[r#"
            if a < b {
                d();
            }
        "#]],
    );
    check_blocks(
        "$0say(\"a\")\nb\n$0",
        &[("b\n", "say(“a”)\nc\n")],
        expect![[r#"
            say("a")
            say("a")
            c
        "#]],
    );
}

#[test]
fn lines_around_the_scope_do_not_enter_it() {
    let document =
        "class Alpha {\n$0  int f() {\n    return 1;\n  }\n$0\n  int g() {\n    return 2;\n  }\n}\n";
    check_rewrite(
        document,
        "class Alpha {\n  int f() {\n    return 3;\n  }\n}\n",
        expect![[r#"
            refused: the brackets of the new text are not balanced, those of the scope are
        "#]],
    );
    check_rewrite(
        document,
        "  int f() {\n    return 3;\n  }\n\n  int g() {\n",
        expect![[r#"
            class Alpha {
              int f() {
                return 3;
              }

              int g() {
                return 2;
              }
            }
        "#]],
    );
    check_rewrite(
        document,
        "  int g() {\n    return 2;\n  }\n",
        expect![[r#"
        refused: `int g() {` is in the file outside the scope, not in the scope
    "#]],
    );
}

#[test]
fn a_rewrite_that_ends_early_is_refused() {
    check_rewrite(
        "$0fn f() {\n    a();\n    b();\n}\n$0",
        "fn f() {\n    a();\n",
        expect![[r#"
        refused: the brackets of the new text are not balanced, those of the scope are
    "#]],
    );
    check_rewrite(
        "$0def f():\n    a()\n    b()\n    c()\n$0",
        "def f():\n    A()\n    b()\n",
        expect![[r#"
            refused: the new text lacks a large part or the end of the scope
        "#]],
    );
    check_rewrite(
        "$0def f():\n    a()\n    b()\n    c()\n$0",
        "def f():\n    a()\n",
        expect![[r#"
        refused: the new text lacks a large part or the end of the scope
    "#]],
    );
    check_rewrite(
        "$0def f\n  a\n  b\nend\n$0",
        "def f\n  a\n  B\n",
        expect![[r#"
        refused: the new text lacks a large part or the end of the scope
    "#]],
    );
}

#[test]
fn code_that_has_nothing_of_the_scope_is_refused() {
    check_rewrite(
        "$0def total(xs):\n    return sum(xs)\n\n$0x\n",
        "import os\nprint(os)\n",
        expect![[r#"
            refused: the new text lacks a large part or the end of the scope
        "#]],
    );
    check_rewrite(
        "$0def total(xs):\n    a = 1\n    return sum(xs)\n$0",
        "import os\nprint(os)\n",
        expect![[r#"
        refused: the new text has nothing in common with the scope
    "#]],
    );
}

#[test]
fn prose_may_be_new_from_start_to_end() {
    check_rewrite(
        "$0The cat sat\non the mat\nall day.\n$0",
        "Die Katze\nsaß auf der Matte.\n",
        expect![[r#"
        Die Katze
        saß auf der Matte.
    "#]],
    );
}

#[test]
fn an_answer_equal_to_the_scope_changes_nothing() {
    let (document, scope) = fixture::cursor("x\n$0a\nb\n$0");
    let site = Site::new(&Text::from(document), &scope.expect("marked"), None);
    let edits = place(&rewrite("a\nb\n"), &site, &[]);
    assert_eq!(edits, Ok(Vec::new()));
}

#[test]
fn an_answer_goes_from_stream_to_text() {
    let mut parser = AnswerParser::new(Format::SearchReplace);
    let blocks = parser.push("<<<<<<< SEARCH\r\nb\r\n=======\r\nB\r\n>>>>>>> REPLACE\r\n");
    assert!(parser.finish(Ending::Complete).problems.is_empty());
    assert_eq!(placed("$0a\nb\n$0", &blocks), "a\nB\n");
}

/// What an answer comes to, with the reason against it.
#[track_caller]
fn check_unfit(answer: &str, format: Format, expect: Expect) {
    let (document, scope) = fixture::cursor("$0def f():\n    return 1\n$0");
    let text = Text::from(document);
    let language = syntax::language_for("", "a.py").expect("a language");
    let tree = syntax::Tree::parse(language, &text, &syntax::Stop::never()).expect("it parses");
    let mut parser = AnswerParser::new(format);
    let mut blocks = parser.push(answer);
    blocks.extend(parser.finish(Ending::Complete).blocks);
    let site = Site::new(&text, &scope.expect("a scope"), Some(tree));
    let settled = settle(&site, &blocks, Vec::new());
    let reasons: Vec<String> =
        settled.refusals.iter().map(|refusal| format!("refused: {refusal}\n")).collect();
    let unfit: Vec<String> = settled.unfit.iter().map(|unfit| format!("unfit: {unfit}\n")).collect();
    let after = text.apply(&ChangeSet::new(text.len(), settled.edits).expect("sorted")).expect("they fit");
    expect.assert_eq(&format!("{}{}{after}", reasons.concat(), unfit.concat()));
}

#[test]
fn what_only_does_not_parse_is_shown_with_the_reason() {
    check_unfit(
        "```python\ndef f():\n    return (2\n```\n",
        Format::Rewrite,
        expect![[r#"
        unfit: the file would not parse any more: line 2, `return (2`: unexpected `return (2`
        def f():
            return (2
    "#]],
    );
    check_unfit(
        "Done.\n\n```python\ndef f():\n    return 2)\n```\n\nThat is it.\n",
        Format::Rewrite,
        expect![[r#"
        unfit: the file would not parse any more: line 2, `return 2)`: unexpected `return 2)`
        def f():
            return 2)
    "#]],
    );
    check_unfit(
        "```python\n# rest of the code\nreturn (2\n```\n",
        Format::Rewrite,
        expect![[r#"
        refused: the new text is not one whole function
        def f():
            return 1
    "#]],
    );
}
