//! Runs the demo project's own tests.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;

use super::project::Tests;
use crate::out;

/// The first of the programs that runs here.
pub(super) fn program(tests: &Tests) -> Option<String> {
    let runs = |program: &&String| {
        let status =
            Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    tests.programs.iter().find(runs).cloned()
}

/// Runs the tests, shows what they say at the end, and returns whether all passed.
pub(super) fn run(program: &str, tests: &Tests, dir: &Path) -> anyhow::Result<bool> {
    out::note(&format!("$ {program} {}", tests.args.join(" ")));
    let output = Command::new(program)
        .args(&tests.args)
        .current_dir(dir)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("NODE_TEST_CONTEXT")
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("run {program}"))?;
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let is_telling = |line: &&str| {
        let line = line.trim_start();
        ["FAIL:", "ERROR:", "Ran ", "OK", "FAILED", "not ok", "✖", "ℹ pass", "ℹ fail", "# pass", "# fail"]
            .iter()
            .any(|start| line.starts_with(start))
    };
    let mut shown: Vec<&str> = text.lines().filter(is_telling).collect();
    shown.dedup();
    shown.iter().for_each(|line| out::line(&format!("  {}", line.trim_end())));
    Ok(output.status.success())
}
