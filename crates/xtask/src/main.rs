//! The command line of the tree's tasks, called as `cargo xtask TASK`.
//!
//! Owns the names of the tasks and their flags. Must never do a task's work itself.

// Printing is what a task does.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use xtask::{catalog, dist, editors, kakoune, lua, picture, secret_rules, suite, vscode};

/// Where the weights of the ranking are kept.
const RANKING_WEIGHTS: &str = "crates/context/src/rank/weights.rs";

/// Where the names of standard libraries are kept.
const STD_NAMES: &str = "crates/verify/data";

const USAGE: &str = "\
usage: cargo xtask TASK

  test                        run every check and test, then print a summary
  tidy                        check the rules that the compiler cannot see
  codegen [--check]           write generated files, or fail where one is out of date
  editors [--list | --fresh]  install the editors that tests drive, show them, or install them again
  e2e vscode [--pictures]     install VS Code below the target directory, check the extension and run its tests there;
                              also keep the pictures that the README shows
  dist [--target TARGET]      build what is released and pack it below the target directory: archive, extension, packages, recipes
  dist --wrap                 make the packages and recipes again from all archives that lie there
  e2e kakoune                 compile kakoune-lsp, once, beside the editors, and drive Kakoune with it
  lint nvim                   compile StyLua and selene, once, beside the editors, and check the Neovim plugin with them
  soak [MULTIPLIER] [ARGS…]   run the random tests many times over; ARGS choose tests as for `cargo test`
  bench [ARGS…]               run the benchmarks; ARGS go to `cargo bench`
  edits IN OUT                run the edit engine on cases, one JSON object a line, and write what came of each
  ranking MIRRORS CASES…      fit the weights of the ranking on cases of commits, and print what they find
  names MIRRORS CASES…        print how often real names of the same cases are told as made up, and made up ones found
  std-names PYTHON TYPESCRIPT NODE GO RUST JAVA
                              write the names of standard libraries from folders with their sources
  wire DIR OUT                decode recorded answers in every mode of delivery, and write a line for each
  llama DIR                   build llama.cpp's server in a folder, and edit, fail and cancel over its wire formats
  detectors [--misses]        print how often detectors are right on the labelled hunks; also show where they are not
  catalog MODELS_JSON         write the catalogue of models from the file of that name in the sources of rig-core
  secret-rules TOML VERSION   write the rules that find secrets from the config/gitleaks.toml of a version of gitleaks
  picture [nvim | review]     run the demo, or Neovim with the plugin, and write the picture that the README shows";

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = root()?;
    let is_success = match words.as_slice() {
        ["test"] => suite::test(root)?,
        ["tidy"] => suite::tidy(root)?,
        ["codegen"] => suite::codegen(root, None, false)?,
        ["codegen", "--check"] => suite::codegen(root, None, true)?,
        ["editors"] => show(&editors::install(false)?),
        ["editors", "--fresh"] => show(&editors::install(true)?),
        ["editors", "--list"] => show(&editors::list()?),
        ["e2e", "vscode"] => vscode::e2e(root, &suite::binary()?)?,
        ["e2e", "vscode", "--pictures"] => {
            let binary = suite::binary()?;
            let is_success = vscode::e2e(root, &binary)?;
            vscode::pictures(root, &binary)?;
            is_success
        }
        ["dist"] => dist::run(root, None).map(|()| true)?,
        ["dist", "--target", target] => dist::run(root, Some(target)).map(|()| true)?,
        ["dist", "--wrap"] => dist::wrap(root).map(|()| true)?,
        ["e2e", "kakoune"] => kakoune::e2e(root, &suite::binary()?)?,
        ["lint", "nvim"] => lua::lint(root)?,
        ["soak", rest @ ..] => soak(root, rest)?,
        ["bench", rest @ ..] => suite::bench(root, &owned(rest))?,
        ["edits", input, output] => suite::measure(root, "edits", &[input, output])?,
        ["ranking", mirrors, cases @ ..] if !cases.is_empty() => {
            let weights = root.join(RANKING_WEIGHTS);
            let weights = weights.to_str().context("the path of this tree is not UTF-8")?;
            suite::measure(root, "ranking", &[&[mirrors, weights], cases].concat())?
        }
        ["names", mirrors, cases @ ..] if !cases.is_empty() => {
            suite::measure(root, "names", &[&[*mirrors][..], cases].concat())?
        }
        ["std-names", sources @ ..] if sources.len() == 6 => {
            let names = root.join(STD_NAMES);
            let names = names.to_str().context("the path of this tree is not UTF-8")?;
            suite::measure(root, "std_names", &[&[names][..], sources].concat())?
        }
        ["wire", input, output] => suite::measure(root, "wire", &[input, output])?,
        ["llama", folder] => suite::measure(root, "llama", &[folder])?,
        ["detectors"] => suite::detectors(root, false)?,
        ["detectors", "--misses"] => suite::detectors(root, true)?,
        ["catalog", source] => {
            println!("wrote {} with {} models", catalog::OUTPUT, catalog::write(root, Path::new(source))?);
            true
        }
        ["secret-rules", source, version] => {
            let n_rules = secret_rules::write(root, Path::new(source), version)?;
            println!("wrote {} with {n_rules} rules", secret_rules::OUTPUT);
            true
        }
        ["picture"] => {
            picture::write(root)?;
            println!("wrote {}", picture::PICTURE);
            true
        }
        ["picture", "nvim"] => {
            picture::write_neovim(root, &suite::binary()?)?;
            println!("wrote {}", picture::NEOVIM);
            true
        }
        ["picture", "review"] => {
            picture::write_film(root, &suite::binary()?)?;
            println!("wrote {}", picture::FILM);
            true
        }
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            true
        }
        _ => {
            eprintln!("{USAGE}");
            false
        }
    };
    Ok(if is_success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The top of the tree that this program was built from.
fn root() -> Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .context("find the top of the tree above crates/xtask")
}

fn soak(root: &Path, arguments: &[&str]) -> Result<bool> {
    let multiplier = arguments.first().and_then(|argument| argument.parse().ok());
    let rest = arguments.get(usize::from(multiplier.is_some())..).unwrap_or_default();
    suite::soak(root, multiplier.unwrap_or(suite::SOAK), &owned(rest))
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Prints the editors in the form of a shell's assignment and one line each. Gives whether all are there.
fn show(installed: &editors::Installed) -> bool {
    println!("HUNKWISE_EDITORS={}", installed.dir.display());
    for editor in &installed.editors {
        match &editor.version {
            Ok(version) => println!("{}: {version}", editor.name),
            Err(reason) => println!("{}: missing: {reason}", editor.name),
        }
    }
    installed.editors.iter().all(|editor| editor.version.is_ok() || !editor.is_required)
}
