//! Limits how long a Rust file may be.
//!
//! Owns the limits. Must never count comments or blank lines: a reason is never too long.

use super::Finding;
use super::tree::{Source, Tree};

/// Lines of code from which a file should be split by meaning.
const NOTE: usize = 400;
/// Lines of code that no file may pass.
const CODE: usize = 600;
/// Lines that code and tests together may not pass: tests add half as much again.
const WITH_TESTS: usize = 900;

/// Findings for files that are too long.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust().filter_map(check_file).collect()
}

fn check_file(source: Source<'_>) -> Option<Finding> {
    let (code, tests) = count(source);
    let path = source.path;
    if code > CODE {
        Some(Finding::failure(
            path,
            None,
            format!("{code} lines of code, the limit is {CODE}: split by meaning"),
        ))
    } else if code + tests > WITH_TESTS {
        let total = code + tests;
        Some(Finding::failure(
            path,
            None,
            format!("{total} lines with tests, the limit is {WITH_TESTS}: split by meaning"),
        ))
    } else if code > NOTE {
        Some(Finding::note(path, None, format!("{code} lines of code; over {NOTE} think about splitting")))
    } else {
        None
    }
}

/// The lines of code and of test code: not blank, not only a comment.
fn count(source: Source<'_>) -> (usize, usize) {
    let (mut code, mut tests, mut is_in_comment) = (0, 0, false);
    for (_, line, is_test) in source.lines() {
        let line = line.trim();
        let begins_comment = !is_in_comment && line.starts_with("/*");
        let counts = !line.is_empty() && !is_in_comment && !begins_comment && !line.starts_with("//");
        if begins_comment || is_in_comment {
            is_in_comment = !line.contains("*/");
        }
        match (counts, is_test) {
            (true, true) => tests += 1,
            (true, false) => code += 1,
            (false, _) => {}
        }
    }
    (code, tests)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(path: &str, code: usize, tests: usize, expect: Expect) {
        let mut text = "//! Doc.\n\n/* more\n\nwords */\n".to_owned();
        text.push_str(&"a();\n// comment\n\n".repeat(code));
        if tests > 0 {
            text.push_str(&format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "b();\n".repeat(tests - 3)));
        }
        let findings = super::check(&Tree::of(&[(path, &text)]));
        let findings: Vec<String> = findings.iter().map(Finding::to_string).collect();
        expect.assert_eq(&findings.join("\n"));
    }

    #[test]
    fn the_last_line_that_fits_is_fine() {
        check("crates/a/src/lib.rs", 400, 500, expect![""]);
    }

    #[test]
    fn over_four_hundred_lines_of_code_is_noted() {
        check(
            "crates/a/src/lib.rs",
            401,
            499,
            expect!["note: crates/a/src/lib.rs: 401 lines of code; over 400 think about splitting"],
        );
    }

    #[test]
    fn over_six_hundred_lines_of_code_fails() {
        check(
            "crates/a/src/lib.rs",
            601,
            0,
            expect!["error: crates/a/src/lib.rs: 601 lines of code, the limit is 600: split by meaning"],
        );
    }

    #[test]
    fn over_nine_hundred_lines_with_tests_fails() {
        check(
            "crates/a/src/lib.rs",
            300,
            601,
            expect!["error: crates/a/src/lib.rs: 901 lines with tests, the limit is 900: split by meaning"],
        );
    }

    #[test]
    fn a_file_of_tests_only_has_the_larger_limit() {
        check("crates/a/tests/all.rs", 900, 0, expect![""]);
        check(
            "crates/a/tests/all.rs",
            901,
            0,
            expect!["error: crates/a/tests/all.rs: 901 lines with tests, the limit is 900: split by meaning"],
        );
    }

    #[test]
    fn what_tests_read_has_no_limit() {
        check("fixtures/a.rs", 2000, 0, expect![""]);
    }
}
