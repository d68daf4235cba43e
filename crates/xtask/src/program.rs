//! Runs a program of others for what it prints.
//!
//! Owns how its failure is told. Must never decide what to run.

use std::process::Command;

use anyhow::{Context, Result, bail};

/// Runs a command quietly and gives its standard output; what it says on the other one is the error if it fails.
pub fn run(command: &mut Command) -> Result<String> {
    let what = format!("{:?}", command.get_program());
    let output = command.output().with_context(|| format!("start {what}"))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        let said = [complaint.trim(), stdout.trim()].into_iter().find(|said| !said.is_empty());
        bail!("{what}: {}: {}", output.status, said.unwrap_or("it said nothing"));
    }
    Ok(stdout)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<String> {
        run(Command::new("sh").args(["-c", script]))
    }

    #[test]
    fn what_was_printed_comes_back_or_what_was_complained_of() {
        assert_eq!(shell("echo a; echo b >&2").unwrap(), "a\n");
        let error = |script: &str| shell(script).unwrap_err().to_string();
        assert_eq!(error("echo a; echo b >&2; exit 3"), "\"sh\": exit status: 3: b");
        assert_eq!(error("echo a; exit 3"), "\"sh\": exit status: 3: a");
    }
}
