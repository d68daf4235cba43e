//! The picture in the README: what `hunkwise demo` prints, as it prints it, as an SVG.
//!
//! Owns nothing of what is shown: the demo runs for real, and every line of its output is in the picture.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Where the picture lies.
pub const PICTURE: &str = "editors/demo.svg";

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
