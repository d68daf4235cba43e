//! The commands of the tree that take long: test, soak, bench.
//!
//! Owns the order of the steps and the summary. Must never know what a test tests.

mod counts;
mod summary;

use std::env;
use std::path::{self, Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

use crate::editors::Installed;
use crate::{cargo, codegen, editors, lua, tidy, vscode};
use summary::Summary;

/// How often `soak` runs what `test` runs once, if it is not told.
pub const SOAK: u32 = 100;

/// Lines of tests that are worth repeating at the end.
const WANTED: &[&str] = &["counts:", "test result:"];

/// Runs every check and test of the tree and prints a summary. Gives whether all of it passed.
///
/// With `CI=true` an editor that this system should have is a failure; otherwise it is skipped by name.
pub fn test(root: &Path) -> Result<bool> {
    let is_ci = env::var("CI").is_ok_and(|value| value == "true");
    let mut summary = Summary::default();
    let binary = binary()?;
    let mut vscode_tools = None;
    thread::scope(|scope| {
        // Fetching editors waits for the network while the compiler works.
        let installing = scope.spawn(|| {
            let started = Instant::now();
            (editors::install(false), started.elapsed())
        });
        let installing_vscode = scope.spawn(|| vscode::install(root, &binary));

        step(&mut summary, "format", || cargo_step(root, &["fmt", "--all", "--check"]));
        step(&mut summary, "clippy", || {
            let all = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
            let with_keyring =
                ["clippy", "--package", "model", "--features", "keyring", "--", "-D", "warnings"];
            Ok(cargo_step(root, &all)? && cargo_step(root, &with_keyring)?)
        });
        step(&mut summary, "tidy", || tidy(root));
        // This program runs and cannot be replaced on Windows, so it is left out here and tested on its own below.
        step(&mut summary, "build", || {
            cargo_step(root, &["build", "--workspace", "--exclude", "xtask", "--bins", "--tests"])
        });
        step(&mut summary, "codegen", || codegen(root, Some(&binary), true));

        let joined = installing.join();
        let (installed, took) =
            joined.unwrap_or_else(|_| (Err(anyhow!("the installation panicked")), Duration::ZERO));
        let dir = installed.as_ref().ok().map(|installed| installed.dir.clone());
        match dir.filter(|dir| lua::is_installed(dir)) {
            Some(dir) => step(&mut summary, "Lua", || lua::check(root, &dir)),
            None => println!("note: skipped StyLua and selene: `cargo xtask lint nvim` compiles them"),
        }
        summary.editors(installed, is_ci, took);
        let tools = installing_vscode.join().unwrap_or_else(|_| Err(anyhow!("the installation panicked")));
        match tools {
            Ok(tools) => {
                step(&mut summary, "extension", || vscode::check(root, &tools, &binary));
                vscode_tools = Some(tools);
            }
            Err(error) if vscode::is_required() => step(&mut summary, "extension", || Err(error)),
            Err(error) => println!("note: skipped VS Code: {error:#}"),
        }
    });

    let mut tests = cargo::command(root);
    tests.args(["test", "--workspace", "--exclude", "xtask", "--no-fail-fast", "--", "--show-output"]);
    with_environment(&mut tests, summary.installed(), &binary);
    if let Some(tools) = &vscode_tools {
        tests.env("HUNKWISE_VSCODE", tools);
    }
    let mut kept = Vec::new();
    step(&mut summary, "tests", || keep(&mut tests, &mut kept));
    let mut own = cargo::command(root);
    own.args(["test", "--package", "xtask"]);
    step(&mut summary, "tests of tasks", || keep(&mut own, &mut kept));

    summary.tests(&kept);
    println!("{summary}");
    Ok(summary.is_success())
}

/// Runs the tests with `HUNKWISE_SOAK` set to `multiplier` and prints the counts. Gives whether they passed.
///
/// `arguments` go to `cargo test` and choose the tests; without them, all are run. No test at all is a failure. The build is the one that `test` uses:
/// its assertions are on, and nothing is compiled twice.
pub fn soak(root: &Path, multiplier: u32, arguments: &[String]) -> Result<bool> {
    let mut command = cargo::command(root);
    command.args(["test", "--no-fail-fast"]);
    if !arguments.iter().any(|argument| argument.starts_with("-p") || argument.starts_with("--package")) {
        command.args(["--workspace", "--exclude", "xtask"]);
    }
    command.args(arguments);
    if !arguments.iter().any(|argument| argument == "--") {
        command.args(["--", "--show-output"]);
    }
    command.env("HUNKWISE_SOAK", multiplier.to_string());
    let installed = editors::list()?;
    with_environment(&mut command, Some(&installed), &binary()?);
    let mut summary = Summary::default();
    let mut kept = Vec::new();
    step(&mut summary, "soak", || keep(&mut command, &mut kept));
    summary.tests(&kept);
    println!("{summary}");
    Ok(summary.is_success() && summary.n_passed() > 0)
}

/// Builds the optimised binary and runs the benchmarks on it; `arguments` go to `cargo bench`. Gives whether they ran.
pub fn bench(root: &Path, arguments: &[String]) -> Result<bool> {
    if !cargo_step(root, &["build", "--release", "--package", "hunkwise"])? {
        return Ok(false);
    }
    let optimised = binary()?;
    let name = optimised.file_name().context("the binary has no name")?;
    let target = optimised.parent().and_then(Path::parent).context("this program lies in no profile")?;
    let mut command = cargo::command(root);
    // By their names: `--benches` would build every crate's unit tests once more, only to skip them.
    command.args(["bench", "--workspace", "--exclude", "xtask", "--bench", "*"]).args(arguments);
    command.env("HUNKWISE_BIN", target.join("release").join(name));
    Ok(cargo::run(&mut command, &[])?.is_success)
}

/// Runs a measuring program of the tests on files. Gives whether it could.
pub fn measure(root: &Path, program: &str, files: &[&str]) -> Result<bool> {
    let absolute = |path: &&str| path::absolute(path).with_context(|| format!("find {path}"));
    let files = files.iter().map(absolute).collect::<Result<Vec<_>>>()?;
    let mut command = cargo::command(root);
    command.args(["run", "--quiet", "--package", "e2e", "--bin", program, "--"]).args(files);
    Ok(cargo::run(&mut command, &[])?.is_success)
}

/// Prints precision and recall of the detectors on the labelled hunks, and where they differ from the labels if
/// `shows_misses`. Gives whether they are as good as they have to be.
pub fn detectors(root: &Path, shows_misses: bool) -> Result<bool> {
    let mut command = cargo::command(root);
    command.args(["test", "--package", "e2e", "--test", "detectors", "--", "--nocapture"]);
    if shows_misses {
        command.env("HUNKWISE_MISSES", "1");
    }
    Ok(cargo::run(&mut command, &[])?.is_success)
}

/// Runs tidy, prints its findings and gives whether there is no failure among them.
pub fn tidy(root: &Path) -> Result<bool> {
    let findings = tidy::run(root)?;
    for finding in &findings {
        println!("{finding}");
    }
    Ok(findings.iter().all(|finding| finding.is_note))
}

/// Runs the generators, prints what they did and gives whether nothing was out of date or it is now written.
pub fn codegen(root: &Path, binary: Option<&Path>, is_check: bool) -> Result<bool> {
    let report = codegen::run(root, binary, is_check)?;
    for reason in &report.skipped {
        println!("note: skipped {reason}");
    }
    for path in &report.changed {
        if is_check {
            println!("error: {} is out of date: run `cargo xtask codegen`", path.display());
        } else {
            println!("wrote {}", path.display());
        }
    }
    Ok(!is_check || report.changed.is_empty())
}

/// Where cargo puts the binary: beside this program, for both are of one profile.
pub fn binary() -> Result<PathBuf> {
    let program = env::current_exe().context("find this program")?;
    Ok(program.with_file_name(format!("hunkwise{}", env::consts::EXE_SUFFIX)))
}

fn with_environment(command: &mut Command, installed: Option<&Installed>, binary: &Path) {
    command.env("HUNKWISE_BIN", binary);
    if let Some(installed) = installed {
        command.env("HUNKWISE_EDITORS", &installed.dir);
    }
}

/// Runs one step, whatever became of the steps before it: one run shows all that is wrong.
fn step(summary: &mut Summary, name: &'static str, run: impl FnOnce() -> Result<bool>) {
    println!("\n== {name}");
    let started = Instant::now();
    let outcome = run();
    if let Err(error) = &outcome {
        println!("error: {error:#}");
    }
    summary.step(name, outcome.unwrap_or(false), started.elapsed());
}

fn cargo_step(root: &Path, arguments: &[&str]) -> Result<bool> {
    let mut command = cargo::command(root);
    Ok(cargo::run(command.args(arguments), &[])?.is_success)
}

fn keep(command: &mut Command, kept: &mut Vec<String>) -> Result<bool> {
    let finished = cargo::run(command, WANTED)?;
    kept.extend(finished.kept);
    Ok(finished.is_success)
}
