//! Answers that reach out of their scope: what they change there is told apart, or refused.

use edit::{Ending, Format, Settled, Site, resolve};
use expect_test::{Expect, expect};
use syntax::{Stop, Tree, language_for};
use text::{ChangeSet, Edit, Text, fixture, unified_diff};

fn settled(path: &str, document: &str, answer: &str, format: Format) -> (Text, Result<Settled, String>) {
    let (document, scope) = fixture::cursor(document);
    let text = Text::from(document.as_str());
    let language = language_for("", path).expect("a known language");
    let tree = Tree::parse(language, &text, &Stop::never()).expect("nothing stops it");
    let site = Site::new(&text, &scope.expect("a scope is marked"), Some(tree));
    let mut parser = edit::AnswerParser::new(format);
    let mut blocks = parser.push(answer);
    let end = parser.finish(Ending::Complete);
    blocks.extend(end.blocks);
    let whole = resolve(answer, format, Ending::Complete, &site);
    let settled = edit::settle(&site, &blocks, Vec::new());
    // Other changes outside of the scope are a reason against the whole, and nothing else is here.
    assert_eq!(whole.is_ok(), settled.reasons_against().is_empty());
    let refused = settled.refusals.iter().chain(&settled.unfit).next().map(ToString::to_string);
    (text, refused.map_or(Ok(settled), Err))
}

#[track_caller]
fn check(path: &str, document: &str, answer: &str, format: Format, expect: Expect) {
    let (text, settled) = settled(path, document, answer, format);
    let shown = match settled {
        Err(refusal) => format!("refused: {refusal}\n"),
        Ok(settled) => {
            let part = |name: &str, edits: &[Edit]| {
                if edits.is_empty() {
                    return String::new();
                }
                let changes = ChangeSet::new(text.len(), edits.to_vec()).expect("sorted");
                let after = text.apply(&changes).expect("fits");
                let diff = unified_diff(&text.to_string(), &after.to_string(), "", "", 0);
                let lines: String = diff.lines().skip(2).map(|line| format!("{line}\n")).collect();
                format!("{name}:\n{lines}")
            };
            part("scope", &settled.edits)
                + &part("import", &settled.imports)
                + &part("outside", &settled.outside)
        }
    };
    expect.assert_eq(&shown);
}

#[track_caller]
fn check_rewrite(path: &str, document: &str, new: &str, expect: Expect) {
    check(path, document, &format!("```\n{new}```\n"), Format::Rewrite, expect);
}

#[track_caller]
fn check_block(path: &str, document: &str, blocks: &[(&str, &str)], expect: Expect) {
    let answer: String = blocks
        .iter()
        .map(|(old, new)| format!("<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n"))
        .collect();
    check(path, document, &answer, Format::SearchReplace, expect);
}

const SHOP: &str = "import os\n\nRATE = 2\n\n\n$0def total(items):\n    return sum(items)\n$0\n\ndef other():\n    return RATE\n";

#[test]
fn an_import_above_the_definition_goes_to_the_imports() {
    check_rewrite(
        "a.py",
        SHOP,
        "import math\n\ndef total(items):\n    return math.fsum(items)\n",
        expect![[r#"
            scope:
            @@ -7 +7 @@
            -    return sum(items)
            +    return math.fsum(items)
            import:
            @@ -1,0 +2 @@
            +import math
        "#]],
    );
    check_rewrite(
        "a.go",
        "package a\n\nimport (\n\t\"fmt\"\n)\n\n$0func f() {\n\tfmt.Println(1)\n}\n$0",
        "import \"os\"\n\nfunc f() {\n\tfmt.Fprintln(os.Stderr, 1)\n}\n",
        expect![[r#"
            scope:
            @@ -8 +8 @@
            -	fmt.Println(1)
            +	fmt.Fprintln(os.Stderr, 1)
            import:
            @@ -4,0 +5 @@
            +	"os"
        "#]],
    );
    check_rewrite(
        "a.ts",
        "import { a } from \"./a\";\n\n$0function f() {\n  return a;\n}\n$0",
        "import { b } from \"./b\";\n\nfunction f() {\n  return a + b;\n}\n",
        expect![[r#"
            scope:
            @@ -4 +4 @@
            -  return a;
            +  return a + b;
            import:
            @@ -1,0 +2 @@
            +import { b } from "./b";
        "#]],
    );
}

#[test]
fn an_import_that_is_there_falls_away() {
    check_rewrite(
        "a.py",
        SHOP,
        "import os\n\ndef total(items):\n    return os.fsum(items)\n",
        expect![[r#"
        scope:
        @@ -7 +7 @@
        -    return sum(items)
        +    return os.fsum(items)
    "#]],
    );
}

#[test]
fn a_new_definition_beside_the_scope_is_outside_of_it() {
    check_rewrite(
        "a.py",
        SHOP,
        "def one(item):\n    return item.price\n\n\ndef total(items):\n    return sum(one(item) for item in items)\n",
        expect![[r#"
            scope:
            @@ -7 +7 @@
            -    return sum(items)
            +    return sum(one(item) for item in items)
            outside:
            @@ -5,0 +6,4 @@
            +def one(item):
            +    return item.price
            +
            +
        "#]],
    );
    check_rewrite(
        "a.java",
        "class A {\n$0    int f() {\n        return 1;\n    }\n$0\n    int g() {\n        return 2;\n    }\n}\n",
        "    int f() {\n        return one();\n    }\n\n    private int one() {\n        return 1;\n    }\n",
        expect![[r#"
            scope:
            @@ -3 +3 @@
            -        return 1;
            +        return one();
            outside:
            @@ -5,0 +6,4 @@
            +    private int one() {
            +        return 1;
            +    }
            +
        "#]],
    );
}

#[test]
fn another_version_of_a_neighbor_is_refused() {
    check_rewrite(
        "a.py",
        SHOP,
        "def total(items):\n    return sum(items) * 2\n\n\ndef other():\n    return RATE + 1\n",
        expect![[r#"
            refused: `return RATE + 1` stands outside of what the scope defines
        "#]],
    );
}

#[test]
fn statements_beside_the_definition_are_refused() {
    check_rewrite(
        "a.py",
        SHOP,
        "LIMIT = 3\n\ndef total(items):\n    return sum(items[:LIMIT])\n",
        expect![[r#"
            refused: `LIMIT = 3` stands outside of what the scope defines
        "#]],
    );
}

#[test]
fn a_block_that_stands_once_in_the_file_is_outside() {
    check_block(
        "a.py",
        SHOP,
        &[
            ("    return sum(items)\n", "    return sum(items) * RATE\n"),
            ("import os\n\nRATE = 2\n", "import os\n\nRATE = 3\n"),
        ],
        expect![[r#"
            scope:
            @@ -7 +7 @@
            -    return sum(items)
            +    return sum(items) * RATE
            outside:
            @@ -3 +3 @@
            -RATE = 2
            +RATE = 3
        "#]],
    );
}

#[test]
fn a_block_that_is_short_or_stands_twice_outside_is_refused() {
    check_block(
        "a.py",
        "X = 2\n\n\n$0def f():\n    return X\n$0",
        &[("X = 2\n", "X = 3\n")],
        expect![[r#"
        refused: the search text is not in the scope; the block begins with `X = 2`
        nearest lines:
            5 |     return X
        first difference: line 5 is `    return X`, the search text has `X = 2`
    "#]],
    );
    check_block(
        "a.py",
        "x = compute(1)\nx = compute(1)\n$0def f():\n    return x\n$0",
        &[("x = compute(1)\n", "x = compute(2)\n")],
        expect![[r#"
            refused: the search text is not in the scope; the block begins with `x = compute(1)`
        "#]],
    );
}

#[test]
fn a_whole_file_with_changes_elsewhere_is_told_apart() {
    check_rewrite(
        "a.py",
        "import os\nimport re\n\nRATE = 2\nLIMIT = 3\n\n\n$0def total(items):\n    return sum(items)\n$0\n\ndef other():\n    x = 1\n    y = 2\n    return RATE\n",
        "import os\nimport re\n\nRATE = 5\nLIMIT = 3\n\n\ndef total(items):\n    return sum(items) * 2\n\n\ndef other():\n    x = 1\n    y = 2\n    return RATE\n",
        expect![[r#"
            scope:
            @@ -9 +9 @@
            -    return sum(items)
            +    return sum(items) * 2
            outside:
            @@ -4 +4 @@
            -RATE = 2
            +RATE = 5
        "#]],
    );
}

#[test]
fn a_diff_of_several_places_is_told_apart() {
    check(
        "a.py",
        SHOP,
        "```diff\n@@ -1,3 +1,3 @@\n import os\n \n-RATE = 2\n+RATE = 3\n@@ -6,2 +6,2 @@\n def total(items):\n-    return sum(items)\n+    return sum(items) * RATE\n```\n",
        Format::Rewrite,
        expect![[r#"
            scope:
            @@ -7 +7 @@
            -    return sum(items)
            +    return sum(items) * RATE
            outside:
            @@ -3 +3 @@
            -RATE = 2
            +RATE = 3
        "#]],
    );
}
