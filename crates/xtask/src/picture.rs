//! The pictures of terminals as SVGs: what `hunkwise demo` prints, the screen of Neovim with hunks, and a review there.
//!
//! Owns nothing of what is shown: the demo and the editor run for real, and every line of theirs is in the picture.

mod film;

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::{cargo, editors};

/// Where the picture of the demo lies.
pub const PICTURE: &str = "editors/demo.svg";

/// Where the picture of Neovim lies.
pub const NEOVIM: &str = "editors/nvim/hunks.svg";

/// Where the moving picture of a review in Neovim lies.
pub const FILM: &str = "editors/nvim/review.svg";

/// The test that leaves its screens where `HUNKWISE_FILM` says.
const FILM_TEST: &str = "neovim_film::a_review_from_the_question_to_the_file";

/// The frame that says most: three hunks.
const STILL: usize = 5;

/// The test that leaves its screen where `HUNKWISE_PICTURE` says.
const NEOVIM_TEST: &str = "neovim_plugin::the_screen_shows_what_comes_below_what_goes";

/// Runs the demo and writes the picture. Fails when the demo does.
pub fn write(root: &Path) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--package", "hunkwise", "--", "demo", "--scripted"])
        .current_dir(root)
        .env("CLICOLOR_FORCE", "1")
        .env_remove("NO_COLOR")
        .output()
        .context("run the demo")?;
    ensure!(output.status.success(), "the demo failed: {}", String::from_utf8_lossy(&output.stderr));
    let shown = String::from_utf8(output.stdout).context("read what the demo printed")?;
    let svg = anstyle_svg::Term::new().render_svg(&format!("$ hunkwise demo\n{shown}"));
    std::fs::write(root.join(PICTURE), svg).with_context(|| format!("write {PICTURE}"))
}

/// Runs the test that shows hunks in Neovim and writes its screen. Fails when the test does, or the editor is missing.
pub fn write_neovim(root: &Path, binary: &Path) -> Result<()> {
    let shown = left_by(root, binary, NEOVIM_TEST, "HUNKWISE_PICTURE")?;
    // Of an empty terminal's edge nothing is to be seen.
    let svg = anstyle_svg::Term::new().render_svg(shown.trim_end());
    std::fs::write(root.join(NEOVIM), film::on_background(&svg)).with_context(|| format!("write {NEOVIM}"))
}

/// Runs the test that goes through a review in Neovim and writes its screens. Fails when the test does, or the editor is
/// missing.
pub fn write_film(root: &Path, binary: &Path) -> Result<()> {
    let frames = left_by(root, binary, FILM_TEST, "HUNKWISE_FILM")?;
    std::fs::write(root.join(FILM), film::film(&frames, STILL)?).with_context(|| format!("write {FILM}"))
}

/// What a test leaves in the file that a variable names.
fn left_by(root: &Path, binary: &Path, test: &str, variable: &str) -> Result<String> {
    let installed = editors::install(false)?;
    let dir = tempfile::tempdir().context("a directory for the screen")?;
    let left = dir.path().join("left");
    let mut command = cargo::command(root);
    command
        .args(["test", "--package", "e2e", "--test", "e2e", "--", "--exact", test])
        .env("HUNKWISE_EDITORS", &installed.dir)
        .env("HUNKWISE_BIN", binary)
        .env(variable, &left);
    ensure!(cargo::run(&mut command, &[])?.is_success, "the test with the screen failed");
    std::fs::read_to_string(&left).context("read the screen: is the editor installed?")
}
