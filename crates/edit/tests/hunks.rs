//! Edits made into hunks: where they are split, where they slide to, what they are called.

use edit::{hunks, hunks_between, hunks_within, is_blank_noise, summary};
use expect_test::{Expect, expect};
use fastrand::Rng;
use text::{ChangeSet, Edit, Text, split_lines};

/// The hunks of the change from `old` to `new`, which arrives as one edit of everything.
#[track_caller]
fn check(old: &str, new: &str, expect: Expect) {
    let text = Text::from(old);
    expect.assert_eq(&show(&text, &hunks(&text, vec![Edit::new(0..old.len(), new)])));
}

fn show(text: &Text, hunks: &[Edit]) -> String {
    let mut out = String::new();
    for hunk in hunks {
        let old = text.slice(hunk.range.clone());
        out += &format!("@{} {}\n", text.line_of(hunk.range.start) + 1, summary(&old, &hunk.text));
        split_lines(&old).iter().for_each(|line| out += &format!("-{}\n", line.escape_debug()));
        split_lines(&hunk.text).iter().for_each(|line| out += &format!("+{}\n", line.escape_debug()));
    }
    out
}

/// The same with the borders of the definitions of `path`'s language.
#[track_caller]
fn check_code(path: &str, old: &str, new: &str, expect: Expect) {
    let text = Text::from(old);
    let language = syntax::language_for("", path).expect("a known language");
    let tree = syntax::Tree::parse(language, &text, &syntax::Stop::never()).expect("nothing stops it");
    let borders = syntax::borders(&tree, &text, &(0..text.len()));
    let edits = vec![Edit::new(0..old.len(), new)];
    expect.assert_eq(&show(&text, &hunks_between(&text, edits, &(0..old.len()), &borders)));
}

#[track_caller]
fn check_summary(old: &str, new: &str, expect: &str) {
    assert_eq!(summary(old, new), expect);
}

#[test]
fn a_hunk_is_whole_lines() {
    let text = Text::from("let a = 1;\nlet b = 2;\n");
    let hunks = hunks(&text, vec![Edit::new(8..9, "3")]);
    expect![[r#"
        @1 changes 1 line
        -let a = 1;\n
        +let a = 3;\n
    "#]]
    .assert_eq(&show(&text, &hunks));
}

#[test]
fn unchanged_lines_split_hunks() {
    check(
        "a\nb\nc\nd\n",
        "A\nb\nc\nD\n",
        expect![[r#"
        @1 changes 1 line
        -a\n
        +A\n
        @4 changes 1 line
        -d\n
        +D\n
    "#]],
    );
}

#[test]
fn edits_that_touch_are_one_hunk() {
    let text = Text::from("a\nb\nc\n");
    let hunks = hunks(&text, vec![Edit::new(0..2, "A\n"), Edit::new(2..4, "B\n")]);
    expect![[r#"
        @1 replaces 2 lines
        -a\n
        -b\n
        +A\n
        +B\n
    "#]]
    .assert_eq(&show(&text, &hunks));
}

#[test]
fn large_changes_around_a_closing_bracket_are_one_hunk() {
    check(
        "f {\n  a1\n  a2\n  a3\n}\n  b1\n  b2\n  b3\n",
        "f {\n  x1\n  x2\n  x3\n}\n  y1\n  y2\n  y3\n",
        expect![[r#"
            @2 replaces 7 lines
            -  a1\n
            -  a2\n
            -  a3\n
            -}\n
            -  b1\n
            -  b2\n
            -  b3\n
            +  x1\n
            +  x2\n
            +  x3\n
            +}\n
            +  y1\n
            +  y2\n
            +  y3\n
        "#]],
    );
}

#[test]
fn an_added_function_is_whole() {
    check(
        "fn a() {\n    x();\n}\n\nfn c() {\n    z();\n}\n",
        "fn a() {\n    x();\n}\n\nfn b() {\n    y();\n}\n\nfn c() {\n    z();\n}\n",
        expect![[r#"
            @5 adds 4 lines
            +fn b() {\n
            +    y();\n
            +}\n
            +\n
        "#]],
    );
}

#[test]
fn an_added_function_at_the_end_begins_with_its_blank_line() {
    check(
        "fn a() {\n    x();\n}\n",
        "fn a() {\n    x();\n}\n\nfn b() {\n    x();\n}\n",
        expect![[r#"
            @4 adds 4 lines
            +\n
            +fn b() {\n
            +    x();\n
            +}\n
        "#]],
    );
}

#[test]
fn an_added_block_does_not_begin_with_the_end_of_another() {
    check(
        "for a in b:\n    if c:\n        d()\n    end\nend\n",
        "for a in b:\n    if x:\n        y()\n    end\n    if c:\n        d()\n    end\nend\n",
        expect![[r#"
            @2 adds 3 lines
            +    if x:\n
            +        y()\n
            +    end\n
        "#]],
    );
}

#[test]
fn a_removed_function_is_whole() {
    check(
        "fn a() {\n    x();\n}\n\nfn b() {\n    x();\n}\n\nfn c() {\n}\n",
        "fn a() {\n    x();\n}\n\nfn c() {\n}\n",
        expect![[r#"
            @5 removes 4 lines
            -fn b() {\n
            -    x();\n
            -}\n
            -\n
        "#]],
    );
}

#[test]
fn a_hunk_does_not_slide_out_of_its_scope() {
    let text = Text::from("{\n  a\n}\n\nb\n");
    let at_scope_end = vec![Edit::new(8..8, "\n{\n  c\n}\n")];
    let free = hunks(&text, at_scope_end.clone());
    let bound = hunks_within(&text, at_scope_end, &(0..8));
    assert!(bound.iter().all(|hunk| hunk.range.end <= 8), "{bound:?}");
    assert_eq!(
        text.apply(&ChangeSet::new(text.len(), free).unwrap()),
        text.apply(&ChangeSet::new(text.len(), bound).unwrap())
    );
}

#[test]
fn a_text_without_final_newline() {
    check(
        "a\nb",
        "a\nb\nc",
        expect![[r#"
        @2 replaces 1 line with 2
        -b
        +b\n
        +c
    "#]],
    );
    check(
        "a\nb",
        "a\n",
        expect![[r#"
        @2 removes 1 line
        -b
    "#]],
    );
    check(
        "",
        "a\n",
        expect![[r#"
        @1 adds 1 line
        +a\n
    "#]],
    );
}

#[test]
fn an_edit_that_joins_lines_takes_both() {
    let text = Text::from("a\nb\nc\n");
    let hunks = hunks(&text, vec![Edit::new(1..2, "")]);
    expect![[r#"
        @1 replaces 2 lines with 1
        -a\n
        -b\n
        +ab\n
    "#]]
    .assert_eq(&show(&text, &hunks));
}

#[test]
fn endings_alone_are_a_change() {
    check(
        "a\r\nb\r\n",
        "a\nb\r\n",
        expect![[r#"
        @1 changes blanks in 1 line
        -a\r\n
        +a\n
    "#]],
    );
}

#[test]
fn summaries() {
    check_summary("", "a\nb\n", "adds 2 lines");
    check_summary("a\n", "", "removes 1 line");
    check_summary("a\n", "b\n", "changes 1 line");
    check_summary("a\nb\nc\nd\n", "e\nf\ng\nh\n", "replaces 4 lines");
    check_summary("a\nb\n", "c\n", "replaces 2 lines with 1");
    check_summary("a\nb\nc\n", "a\nx\nb\nc\n", "adds 1 line");
    check_summary("a\nb\n", "a\nc\n", "changes 1 line");
    check_summary("", "\n", "adds 1 blank line");
    check_summary("a  \nb \n", "a\nb\n", "changes blanks in 2 lines");
    check_summary("a\n", "a\n", "changes nothing");
    check_summary("a", "a\nb", "replaces 1 line with 2");
}

#[test]
fn blank_noise() {
    assert!(is_blank_noise("a\n\nb  \n", "a\nb\n"));
    assert!(!is_blank_noise("a\n", "  a\n"));
    assert!(!is_blank_noise("", "a\n"));
}

#[test]
fn hunks_change_the_text_as_the_edits_do() {
    const LINES: [&str; 14] =
        ["a\n", "b\n", "}\n", "\n", "  a\n", "  }\n", "\n", "a\r\n", "\r\n", "b\r", "\r", "é\n", "x", "  "];
    let mut rng = Rng::with_seed(31);
    let rounds = 30_000 * soak();
    let mut n_hunks = 0;
    for round in 0..rounds {
        let words = |rng: &mut Rng, most: usize| -> String {
            (0..rng.usize(0..=most)).map(|_| LINES[rng.usize(0..LINES.len())]).collect()
        };
        let text = Text::from(words(&mut rng, 20));
        let mut offsets: Vec<usize> =
            (0..rng.usize(0..4) * 2).map(|_| text.floor(rng.usize(0..=text.len()))).collect();
        offsets.sort_unstable();
        let edits: Vec<Edit> =
            offsets.chunks(2).map(|pair| Edit::new(pair[0]..pair[1], words(&mut rng, 6))).collect();
        let expected = text.apply(&ChangeSet::new(text.len(), edits.clone()).unwrap()).unwrap();
        let borders: Vec<usize> =
            (0..text.n_lines()).filter(|_| rng.u8(0..4) == 0).map(|line| text.line_start(line)).collect();
        let hunks = hunks_between(&text, edits, &(0..text.len()), &borders);
        let changes = ChangeSet::new(text.len(), hunks.clone()).unwrap();
        assert_eq!(text.apply(&changes).unwrap().to_string(), expected.to_string(), "round {round}: {text}");
        for hunk in &hunks {
            let is_line =
                |offset: usize| offset == text.len() || text.line_start(text.line_of(offset)) == offset;
            assert!(
                is_line(hunk.range.start) && is_line(hunk.range.end),
                "round {round}: {hunk:?} in {text}"
            );
            assert_ne!(text.slice(hunk.range.clone()), hunk.text, "round {round}");
        }
        for pair in hunks.windows(2) {
            assert!(pair[0].range.end <= pair[1].range.start, "round {round}: {hunks:?}");
        }
        n_hunks += hunks.len();
    }
    assert!(n_hunks > rounds, "{n_hunks} hunks");
    eprintln!("counts: changes made into hunks {rounds} ({n_hunks} hunks)");
}

fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}

#[test]
fn definitions_that_both_change_are_hunks_of_their_own() {
    check_code(
        "a.py",
        "def f(a):\n    x = 1\n    y = 2\n    return x\n\n\ndef g(b):\n    u = 3\n    v = 4\n    return u\n",
        "def f(a, c):\n    x = c\n    y = a\n    return y\n\n\ndef g(b, d):\n    u = d\n    v = b\n    return v\n",
        expect![[r#"
            @1 replaces 4 lines
            -def f(a):\n
            -    x = 1\n
            -    y = 2\n
            -    return x\n
            +def f(a, c):\n
            +    x = c\n
            +    y = a\n
            +    return y\n
            @7 replaces 4 lines
            -def g(b):\n
            -    u = 3\n
            -    v = 4\n
            -    return u\n
            +def g(b, d):\n
            +    u = d\n
            +    v = b\n
            +    return v\n
        "#]],
    );
    check_code(
        "a.go",
        "package a\n\nfunc f() int { return 1 }\nfunc g() int { return 2 }\n",
        "package a\n\nfunc f() int { return 3 }\nfunc h() int { return 1 }\nfunc g() int { return 4 }\n",
        expect![[r#"
            @3 replaces 1 line with 2
            -func f() int { return 1 }\n
            +func f() int { return 3 }\n
            +func h() int { return 1 }\n
            @4 changes 1 line
            -func g() int { return 2 }\n
            +func g() int { return 4 }\n
        "#]],
    );
}
