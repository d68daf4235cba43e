//! Keeps tests honest: none is switched off, none passes because a clock was kind.
//!
//! Owns the list of what test code must not contain. Must never judge sleeping outside tests.

use super::Finding;
use super::tree::{Source, Tree};

/// Attributes that no test carries.
const NEVER: &[(&str, &str)] =
    &[("#[ignore", "a test runs or is deleted"), ("#[should_panic", "match on the error instead")];

/// Banned in test code.
const SLEEPS: &[&str] = &["thread::sleep", "time::sleep", "sleep_until(", "sleep(Duration"];

/// A line that sleeps for a reason says so on itself or on the line above, with the reason after these words.
const MARK: &str = "tidy allows sleep:";

/// Findings in Rust files that are ours.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust().flat_map(check_file).collect()
}

fn check_file(source: Source<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut above = "";
    for (number, line, is_test) in source.lines() {
        let code = line.trim_start();
        if !code.starts_with("//") {
            if let Some((word, advice)) = NEVER.iter().find(|(word, _)| code.starts_with(word)) {
                findings.push(Finding::failure(source.path, Some(number), format!("`{word}`: {advice}")));
            }
            let sleeps = SLEEPS.iter().any(|word| code.contains(word)) && !code.starts_with("use ");
            if is_test && sleeps && !has_reason(line) && !has_reason(above) {
                let message =
                    format!("a test sleeps: wait for what must happen, or say why not with `// {MARK} …`");
                findings.push(Finding::failure(source.path, Some(number), message));
            }
        }
        above = line;
    }
    findings
}

fn has_reason(line: &str) -> bool {
    line.split_once(MARK).is_some_and(|(_, reason)| !reason.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, lines: &[usize]) {
        let found: Vec<usize> =
            super::check(&Tree::of(&[(path, text)])).iter().filter_map(|finding| finding.line).collect();
        assert_eq!(found, lines);
    }

    #[test]
    fn a_test_that_is_switched_off_fails() {
        check("crates/a/tests/all.rs", "#[test]\n#[ignore]\nfn a() {}\n", &[2]);
        check("crates/a/src/lib.rs", "#[ignore = \"slow\"]\n#[should_panic(expected = \"x\")]\n", &[1, 2]);
    }

    #[test]
    fn sleeping_in_a_test_fails_and_elsewhere_does_not() {
        // tidy allows sleep: text under test
        let text = "fn a() { thread::sleep(t); }\n#[cfg(test)]\nmod tests {\n    thread::sleep(t);\n    tokio::time::sleep(t).await;\n}\n";
        check("crates/a/src/lib.rs", text, &[4, 5]);
        // tidy allows sleep: text under test
        check("tests/src/driver.rs", "fn a() { std::thread::sleep(t); }\n", &[1]);
    }

    #[test]
    fn sleeping_with_a_reason_is_allowed() {
        let line = "thread::sleep(t); // tidy allows sleep: polls the screen of another program\n";
        check("tests/src/driver.rs", line, &[]);
        check("tests/src/driver.rs", "// tidy allows sleep: polls a screen\nthread::sleep(t);\n", &[]);
        check("tests/src/driver.rs", "// tidy allows sleep:\nthread::sleep(t);\n", &[2]);
    }

    #[test]
    fn words_in_comments_and_text_are_fine() {
        check("crates/a/src/lib.rs", "/// Never use #[ignore].\nlet a = \"#[ignore]\";\n", &[]);
    }
}
