//! The pictures of terminals: what `hunkwise demo` prints, and the screen of Neovim with hunks, as SVGs.
//!
//! Owns nothing of what is shown: the demo and the editor run for real, and every line of theirs is in the picture.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::{cargo, editors};

/// Where the picture of the demo lies.
pub const PICTURE: &str = "editors/demo.svg";

/// Where the picture of Neovim lies.
pub const NEOVIM: &str = "editors/nvim/hunks.svg";

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
    let installed = editors::install(false)?;
    let dir = tempfile::tempdir().context("a directory for the screen")?;
    let screen = dir.path().join("screen");
    let mut command = cargo::command(root);
    command
        .args(["test", "--package", "e2e", "--test", "e2e", "--", "--exact", NEOVIM_TEST])
        .env("HUNKWISE_EDITORS", &installed.dir)
        .env("HUNKWISE_BIN", binary)
        .env("HUNKWISE_PICTURE", &screen);
    ensure!(cargo::run(&mut command, &[])?.is_success, "the test with the screen failed");
    let shown = std::fs::read_to_string(&screen).context("read the screen: is the editor installed?")?;
    // Of an empty terminal's edge nothing is to be seen.
    let svg = anstyle_svg::Term::new().render_svg(shown.trim_end());
    std::fs::write(root.join(NEOVIM), svg).with_context(|| format!("write {NEOVIM}"))
}
