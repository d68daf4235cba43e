//! Output in, findings out.

use expect_test::{Expect, expect};
use fastrand::Rng;

use super::{Format, Places};

/// What the tools of these tests may name, in a copy at `/copy/tree` where they ran in `pkg`.
const FILES: [&str; 9] = [
    "a.py",
    "src/a.ts",
    "src/lib.rs",
    "pkg/a.go",
    "pkg/b/b_test.go",
    "test_a.py",
    "A.java",
    "pkg/odd: 3 'x'.py",
    "a b.c",
];

fn is_file(path: &str) -> bool {
    FILES.contains(&path)
}

fn findings(format: Format, output: &[u8]) -> Vec<String> {
    let places = Places::new("/copy/tree", "pkg", &is_file);
    let found = format.findings("tool", output, b"", &places);
    found.iter().map(|finding| format!("{finding}\n")).collect()
}

#[track_caller]
fn check(format: Format, output: &str, expect: Expect) {
    expect.assert_eq(&findings(format, output.as_bytes()).concat());
}

#[test]
fn a_place_begins_a_line() {
    check(
        Format::Lines,
        "a.py:3:5: warning: unused\n/copy/tree/a b.c:7: fatal error: no such file\n../src/a.ts:1:2 - odd\nodd: 3 'x'.py:4: here\n",
        expect![[r#"
            a b.c:7: error: no such file [tool]
            a.py:3:5: warning: unused [tool]
            pkg/odd: 3 'x'.py:4: error: here [tool]
            src/a.ts:1:2: error: odd [tool]
        "#]],
    );
}

#[test]
fn files_elsewhere_and_times_are_no_places() {
    check(
        Format::Lines,
        "12:30:45 started\n/usr/lib/a.py:3: error: x\n../../a.py:1: x\nhttps://example.org:80: x\n/copy/treehouse/a.py:1: x\n:1:1: x\n",
        expect![""],
    );
}

#[test]
fn colors_links_and_carriage_returns_are_taken_off() {
    check(
        Format::Lines,
        "\u{1b}[1m\u{1b}]8;;file:///x\u{1b}\\a.py\u{1b}]8;;\u{7}\u{1b}[0m:1:\u{1b}[38;5;9m error:\u{1b}(B bad\tx\r\n50%\ra.py:2: é\0\r\n",
        expect![[r#"
            a.py:1: error: bad	x [tool]
            a.py:2: error: é [tool]
        "#]],
    );
}

#[test]
fn paths_of_windows_are_found() {
    let places = Places::new("C:\\copy\\tree", "", &is_file);
    let output = b"C:\\copy\\tree\\src\\a.ts:1:2: x\nsrc\\a.ts:3: y\nc:/copy/tree/a.py:4: z\nD:\\copy\\tree\\a.py:5: no\n";
    let found = Format::Lines.findings("tool", output, b"", &places);
    let found: Vec<String> = found.iter().map(|finding| format!("{finding}\n")).collect();
    expect![[r#"
        a.py:4: error: z [tool]
        src/a.ts:1:2: error: x [tool]
        src/a.ts:3: error: y [tool]
    "#]]
    .assert_eq(&found.concat());
}

#[test]
fn sarif_names_rule_level_and_place() {
    check(
        Format::Sarif,
        r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"clang-tidy","rules":[{"id":"r2","defaultConfiguration":{"level":"note"},"shortDescription":{"text":"described"}}]}},
        "originalUriBaseIds":{"SRC":{"uri":"file:///copy/tree/"}},
        "results":[
         {"ruleId":"r1","level":"error","message":{"text":"bad"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a%20b.c","uriBaseId":"SRC"},"region":{"startLine":3,"startColumn":2}}}]},
         {"ruleId":"r2","locations":[{"physicalLocation":{"artifactLocation":{"uri":"file:///copy/tree/a.py"}}}]},
         {"ruleId":"r3","message":{"text":"old"},"suppressions":[{}],"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a.py"}}}]},
         {"ruleId":"r4","message":{"text":"nowhere"}}]}]}"#,
        expect![[r#"
            a b.c:3:2: error: bad [tool r1]
            a.py:1: note: described [tool r2]
        "#]],
    );
}

#[test]
fn rustc_messages_have_the_place_in_the_workspace() {
    check(
        Format::Cargo,
        r#"   Compiling a v0.1.0
{"reason":"compiler-message","message":{"message":"mismatched types","code":{"code":"E0308","explanation":"x"},"level":"error","spans":[{"file_name":"src/lib.rs","line_start":2,"line_end":2,"column_start":5,"column_end":6,"is_primary":true,"label":"expected `i32`, found `&str`","expansion":null}],"children":[{"message":"expected type `i32`","code":null,"level":"note","spans":[],"children":[]}],"rendered":"..."}}
{"reason":"compiler-message","message":{"message":"in a macro","code":null,"level":"warning","spans":[{"file_name":"/rustc/lib/macros.rs","line_start":9,"column_start":1,"is_primary":true,"label":null,"expansion":{"span":{"file_name":"src/lib.rs","line_start":7,"column_start":3,"is_primary":false,"label":null,"expansion":null}}}],"children":[]}}
{"reason":"compiler-message","message":{"message":"1 warning emitted","code":null,"level":"failure-note","spans":[],"children":[]}}
{"reason":"build-finished","success":false}
{"reason":"compiler-mess
"#,
        expect![[r#"
            src/lib.rs:2:5: error: mismatched types: expected `i32`, found `&str`
                expected type `i32` [tool E0308]
            src/lib.rs:7:3: warning: in a macro [tool]
        "#]],
    );
}

#[test]
fn panics_of_rust_tests_are_findings() {
    check(
        Format::Cargo,
        "---- tests::it stdout ----\n\nthread 'tests::it' (371) panicked at src/lib.rs:9:5:\nassertion `left == right` failed\n  left: 1\n right: 2\nnote: run with\n\nthread 'main' panicked at /rustc/x.rs:1:1:\nno\n",
        expect![[r#"
            src/lib.rs:9:5: error: tests::it: assertion `left == right` failed
                  left: 1
                 right: 2 [tool]
        "#]],
    );
}

#[test]
fn tsc_prints_in_two_ways() {
    let plain =
        "src/a.ts(3,5): error TS2322: Type 'A' is not assignable to type 'B'.\n  Property 'x' is missing.\n";
    let pretty = "\u{1b}[96msrc/a.ts\u{1b}[0m:\u{1b}[93m3\u{1b}[0m:\u{1b}[93m5\u{1b}[0m - \u{1b}[91merror\u{1b}[0m\u{1b}[90m TS2322: \u{1b}[0mType 'A' is not assignable to type 'B'.\n  Property 'x' is missing.\n\n3 let x\n      ~\n\n  other.ts:1:1\n\nFound 1 error in src/a.ts:3\n";
    assert_eq!(findings(Format::Tsc, plain.as_bytes()), findings(Format::Tsc, pretty.as_bytes()));
    check(
        Format::Tsc,
        plain,
        expect![[r#"
        src/a.ts:3:5: error: Type 'A' is not assignable to type 'B'.
            Property 'x' is missing. [tool TS2322]
    "#]],
    );
}

#[test]
fn eslint_has_levels() {
    check(
        Format::Eslint,
        r#"> eslint
[{"filePath":"/copy/tree/src/a.ts","messages":[{"ruleId":"no-undef","severity":2,"message":"'x' is not defined.","line":1,"column":2,"nodeType":"Identifier"},{"ruleId":null,"severity":1,"message":"ignored","line":0}]},{"filePath":"/else/b.ts","messages":[{"severity":2,"message":"x","line":1}]}]"#,
        expect![[r#"
            src/a.ts:1: warning: ignored [tool]
            src/a.ts:1:2: error: 'x' is not defined. [tool no-undef]
        "#]],
    );
}

#[test]
fn ruff_warns_and_refuses_syntax() {
    check(
        Format::Ruff,
        r#"[{"cell":null,"code":"F401","message":"`os` imported but unused","filename":"/copy/tree/a.py","location":{"column":8,"row":1},"end_location":{"column":10,"row":1},"fix":null},{"code":null,"message":"SyntaxError: x","filename":"a.py","location":{"column":1,"row":4}}]"#,
        expect![[r#"
            a.py:1:8: warning: `os` imported but unused [tool F401]
            a.py:4:1: error: SyntaxError: x [tool]
        "#]],
    );
}

#[test]
fn notes_of_mypy_belong_to_the_error_before() {
    check(
        Format::Mypy,
        "a.py:3: error: Incompatible return value  [return-value]\na.py:3: note: it is int\na.py:9:2: note: Revealed type is \"int\"\nFound 1 error in 1 file\n",
        expect![[r#"
            a.py:3: error: Incompatible return value
                it is int [tool return-value]
            a.py:9:2: note: Revealed type is "int" [tool]
        "#]],
    );
}

#[test]
fn pytest_says_what_failed_and_where() {
    check(
        Format::Pytest,
        "F\n=== FAILURES ===\n___ TestA.test_b[1] ___\n\n    def test_b():\n>       assert f() == 2\n\ntest_a.py:4: \n_ _ _ _ _\n\n    def f():\n>       raise ValueError(1)\nE       ValueError: 1\n\na.py:2: ValueError\n--- Captured stdout call ---\na.py:9: printed\n=== short test summary info ===\nFAILED test_a.py::TestA::test_b[1] - ValueError: 1\nERROR a.py - ImportError: x\n== 1 failed ==\n",
        expect![[r#"
            a.py:1: error: a.py: ImportError: x [tool]
            a.py:2: error: test_b[1]: ValueError: 1 [tool]
        "#]],
    );
}

#[test]
fn pytest_collects_or_says_why_not() {
    check(
        Format::Pytest,
        "=== ERRORS ===\n___ ERROR collecting test_a.py ___\nImportError while importing\ntest_a.py:1: in <module>\n    import nope\nE   ModuleNotFoundError: No module named 'nope'\n=== short test summary info ===\nERROR test_a.py\n",
        expect![[r#"
            test_a.py:1: error: test_a.py: ModuleNotFoundError: No module named 'nope' [tool]
        "#]],
    );
}

#[test]
fn go_says_it_plain_or_as_json() {
    check(
        Format::Go,
        "# example.org/m/pkg\nvet: ./a.go:3:2: undefined: x\n./a.go:5:2: cannot use y\n\thave int\n\twant string\n",
        expect![[r#"
            pkg/a.go:3:2: error: undefined: x [tool]
            pkg/a.go:5:2: error: cannot use y
                have int
                want string [tool]
        "#]],
    );
    check(
        Format::Go,
        r#"{"Action":"output","Package":"example.org/m/pkg/b","Test":"TestB","Output":"--- FAIL: TestB (0.00s)\n"}
{"Action":"output","Package":"example.org/m/pkg/b","Test":"TestB","Output":"    b_test.go:7: got 1\n"}
{"Action":"output","Package":"example.org/m/pkg/b","Test":"TestB","Output":"        want 2\n"}
{"Action":"output","Package":"example.org/m/pkg/b","Output":"panic: boom\n"}
{"Action":"output","Package":"example.org/m/pkg/b","Output":"\t/usr/lib/go/src/x.go:1 +0x1\n\t/copy/tree/pkg/a.go:9 +0x1d\n\t/copy/tree/pkg/a.go:11 +0x1d\n"}
"#,
        expect![[r#"
            pkg/a.go:9: error: panic: boom [tool]
            pkg/b/b_test.go:7: error: TestB: got 1
                want 2 [tool]
        "#]],
    );
}

#[test]
fn javac_explains_symbols() {
    check(
        Format::Javac,
        "A.java:3: error: cannot find symbol\n    x = 1;\n    ^\n  symbol:   variable x\n  location: class A\nA.java:5: warning: [unchecked] unchecked call\n1 error\n[ERROR] /copy/tree/A.java:[9,4] ';' expected\n",
        expect![[r#"
            A.java:3: error: cannot find symbol
                symbol:   variable x
                location: class A [tool]
            A.java:5: warning: unchecked call [tool unchecked]
            A.java:9:4: error: ';' expected [tool]
        "#]],
    );
}

#[test]
fn messages_name_files_of_the_workspace() {
    check(
        Format::Lines,
        "a.py:1: see /copy/tree/src/lib.rs\n",
        expect![[r#"
            a.py:1: error: see src/lib.rs [tool]
        "#]],
    );
}

#[test]
fn any_output_is_read_without_a_failure() {
    const PIECES: [&str; 40] = [
        "a.py",
        ":",
        "1",
        "2:3",
        ": error: ",
        " [x]",
        "\n",
        "\r\n",
        "\u{1b}[",
        "\u{1b}]",
        "m",
        "src/a.ts",
        "(",
        ")",
        ",",
        "): error TS1: ",
        "{",
        "}",
        "[",
        "]",
        "\"message\":",
        "\"",
        "___ ",
        " ___",
        "E  ",
        "FAILED a.py::b - c",
        "=== ",
        "--- FAIL: T",
        "panic: x",
        "\t",
        "é",
        "\0",
        "99999999999999999999999",
        "/copy/tree/",
        "../",
        "C:\\",
        "\\",
        "%",
        "[{\"filename\":\"a.py\",\"code\":null,\"message\":\"m\",\"location\":{\"row\":0,\"column\":0}}]",
        "thread 'a' panicked at src/lib.rs:1:1:",
    ];
    const SARIF: &str = r#"{"runs":[{"results":[{"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a%2epy%"}}}]}]}]}"#;
    let soak: usize = std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1);
    let mut rng = Rng::with_seed(53);
    let (rounds, mut n_found) = (20_000 * soak, 0_usize);
    for round in 0..rounds {
        let mut output: Vec<u8> =
            (0..rng.usize(0..30)).flat_map(|_| PIECES[rng.usize(0..PIECES.len())].bytes()).collect();
        if rng.u8(0..8) == 0 {
            output.extend(SARIF.bytes());
        }
        for _ in 0..rng.usize(0..3) {
            if !output.is_empty() {
                let idx = rng.usize(0..output.len());
                match rng.u8(0..3) {
                    0 => output[idx] = rng.u8(..),
                    1 => output.truncate(idx),
                    _ => output.insert(idx, rng.u8(..)),
                }
            }
        }
        for format in Format::ALL {
            let places = Places::new("/copy/tree", "pkg", &is_file);
            for finding in format.findings("tool", &output, &output, &places) {
                assert!(is_file(&finding.path), "round {round}: {finding}");
                n_found += 1;
            }
        }
    }
    assert!(n_found > 1_000, "the outputs are no such outputs: {n_found}");
    println!("counts: outputs {rounds}");
}
