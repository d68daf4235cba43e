//! What the test command says at its end.
//!
//! Owns which editor is a failure and which is skipped. Must never run anything.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use anyhow::Result;

use super::counts::{self, Totals};
use crate::editors::Installed;

/// The outcome of each step, in order.
#[derive(Debug, Default)]
pub struct Summary {
    steps: Vec<Step>,
    installed: Option<Installed>,
    /// One line per editor.
    editors: Vec<String>,
    totals: Totals,
    counts: BTreeMap<String, u64>,
}

#[derive(Debug)]
struct Step {
    name: &'static str,
    is_success: bool,
    took: Duration,
}

impl Summary {
    /// Notes the outcome of a step.
    pub fn step(&mut self, name: &'static str, is_success: bool, took: Duration) {
        self.steps.push(Step { name, is_success, took });
    }

    /// Notes which editors run; a required one that does not is a failure if `is_ci`.
    pub fn editors(&mut self, installed: Result<Installed>, is_ci: bool, took: Duration) {
        let is_success = match &installed {
            Ok(installed) => {
                let missing = |is_required: bool| is_ci && is_required;
                for editor in &installed.editors {
                    let (name, is_failure) = (editor.name, missing(editor.is_required));
                    self.editors.push(match &editor.version {
                        Ok(version) => format!("{name}: {version}"),
                        Err(reason) if is_failure => format!("{name}: MISSING: {reason}"),
                        Err(reason) => format!("{name}: skipped: {reason}"),
                    });
                }
                installed.editors.iter().all(|editor| editor.version.is_ok() || !missing(editor.is_required))
            }
            Err(error) => {
                let word = if is_ci { "MISSING" } else { "skipped" };
                self.editors.push(format!("all: {word}: {error:#}"));
                !is_ci
            }
        };
        self.step("editors", is_success, took);
        self.installed = installed.ok();
    }

    /// Notes what the tests printed.
    pub fn tests(&mut self, lines: &[String]) {
        self.totals = counts::totals(lines);
        self.counts = counts::counts(lines);
    }

    /// The editors that tests may use.
    pub fn installed(&self) -> Option<&Installed> {
        self.installed.as_ref()
    }

    /// How many tests passed.
    pub fn n_passed(&self) -> u64 {
        self.totals.n_passed
    }

    /// Whether every step passed.
    pub fn is_success(&self) -> bool {
        self.steps.iter().all(|step| step.is_success)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n== summary")?;
        for (what, number) in &self.counts {
            writeln!(f, "counts: {what} {number}")?;
        }
        for editor in &self.editors {
            writeln!(f, "editor {editor}")?;
        }
        for step in &self.steps {
            let word = if step.is_success { "ok" } else { "FAILED" };
            writeln!(f, "{word:<7} {:<15} {:>6.1} s", step.name, step.took.as_secs_f64())?;
        }
        let Totals { n_passed, n_failed, n_programs } = self.totals;
        write!(f, "{n_passed} tests passed, {n_failed} failed, in {n_programs} programs")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editors::Status;
    use anyhow::anyhow;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(is_required: bool, is_ci: bool, expect: Expect) {
        let editors = vec![
            Status { name: "nvim-0.12", version: Ok("NVIM v0.12.4".to_owned()), is_required },
            Status { name: "hx", version: Err("not installed".to_owned()), is_required },
        ];
        let mut summary = Summary::default();
        summary.editors(Ok(Installed { dir: "cache".into(), editors }), is_ci, Duration::from_millis(1500));
        summary.tests(&[
            "test result: ok. 2 passed; 0 failed; 0 ignored".to_owned(),
            "counts: accepts 7".to_owned(),
        ]);
        expect.assert_eq(&format!("{summary}\n{}\n", summary.is_success()));
    }

    #[test]
    fn a_missing_editor_is_skipped_by_name_on_a_persons_machine() {
        check(
            true,
            false,
            expect![[r#"

                == summary
                counts: accepts 7
                editor nvim-0.12: NVIM v0.12.4
                editor hx: skipped: not installed
                ok      editors            1.5 s
                2 tests passed, 0 failed, in 1 programs
                true
            "#]],
        );
    }

    #[test]
    fn a_missing_editor_fails_in_ci() {
        check(
            true,
            true,
            expect![[r#"

                == summary
                counts: accepts 7
                editor nvim-0.12: NVIM v0.12.4
                editor hx: MISSING: not installed
                FAILED  editors            1.5 s
                2 tests passed, 0 failed, in 1 programs
                false
            "#]],
        );
    }

    #[test]
    fn an_editor_that_the_system_cannot_have_is_skipped_in_ci() {
        check(
            false,
            true,
            expect![[r#"

                == summary
                counts: accepts 7
                editor nvim-0.12: NVIM v0.12.4
                editor hx: skipped: not installed
                ok      editors            1.5 s
                2 tests passed, 0 failed, in 1 programs
                true
            "#]],
        );
    }

    #[test]
    fn a_cache_that_cannot_be_used_fails_in_ci_only() {
        for is_ci in [false, true] {
            let mut summary = Summary::default();
            summary.editors(Err(anyhow!("no cache directory")), is_ci, Duration::ZERO);
            assert_eq!(summary.is_success(), !is_ci);
        }
    }
}
