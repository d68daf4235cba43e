//! Starts cargo for the tree and passes its output through.
//!
//! Owns how a command is shown and which lines of its output are kept. Must never decide what to run.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result};

/// What a command left behind.
#[derive(Debug)]
pub struct Finished {
    /// Whether it exited with success.
    pub is_success: bool,
    /// The lines that held one of the wanted texts, from both outputs.
    pub kept: Vec<String>,
}

/// Cargo, the one that runs this task, in the tree at `root`.
pub fn command(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Compiles the programs of a package into `bin` of a directory; does nothing where this version is there already. Gives
/// whether they are there.
pub fn install(package: &str, arguments: &[&str], dir: &Path) -> Result<bool> {
    let mut install = command(dir);
    install.args(["install", "--locked", "--quiet", package, "--root"]).arg(dir).args(arguments);
    // This tree's own flags say nothing about that package.
    install.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    Ok(install.status().context("start cargo")?.success())
}

/// Runs `command`, showing what it prints, and keeps the lines that contain one of `wanted`.
pub fn run(command: &mut Command, wanted: &[&str]) -> Result<Finished> {
    let shown = shown(command);
    println!("$ {shown}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("start {shown}"))?;
    let stdout = child.stdout.take().context("the command has no output")?;
    let stderr = child.stderr.take().context("the command has no error output")?;
    let kept = thread::scope(|scope| {
        let errors = scope.spawn(|| pass_through(stderr, io::stderr(), wanted));
        let mut kept = pass_through(stdout, io::stdout(), wanted);
        kept.extend(errors.join().unwrap_or_default());
        kept
    });
    let status = child.wait().with_context(|| format!("wait for {shown}"))?;
    Ok(Finished { is_success: status.success(), kept })
}

fn shown(command: &Command) -> String {
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    format!("cargo {}", arguments.join(" "))
}

/// Copies lines as they come. Output that is no UTF-8 is shown as it can be; a closed terminal does not stop the command.
fn pass_through(from: impl Read, mut to: impl Write, wanted: &[&str]) -> Vec<String> {
    let mut reader = BufReader::new(from);
    let mut kept = Vec::new();
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|n_bytes| n_bytes > 0) {
        let _ = to.write_all(&line);
        let _ = to.flush();
        let text = String::from_utf8_lossy(&line);
        if wanted.iter().any(|wanted| text.contains(wanted)) {
            kept.push(text.trim_end().to_owned());
        }
        line.clear();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_passes_unchanged_and_wanted_lines_are_kept() {
        let from = b"a\ncounts: accepts 3\n\xff\nno end".as_slice();
        let mut to = Vec::new();
        let kept = pass_through(from, &mut to, &["counts:"]);
        assert_eq!(to, from);
        assert_eq!(kept, ["counts: accepts 3"]);
    }
}
