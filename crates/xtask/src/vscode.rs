//! Installs a real VS Code with a browser, checks and packs the extension, and runs its tests in them.
//!
//! Owns the tools' directory below the target directory and their versions. Must never write elsewhere but where npm keeps
//! the extension's dependencies, nor run a script of a package, nor name a registry.

mod film;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::editors::{self, on_path};
use crate::program::run;

/// VS Code as npm has it: the server of the code-server package. It runs without the modules that would have to be compiled.
const CODE_SERVER: &str = "4.139.1";
/// The version of Node.js that it is made for.
const NODE: &str = "24.21.0";
/// Pictures of a run, and their names in the tree.
const PICTURES: [(&str, &str); 2] =
    [("04-hunks.png", "hunks.png"), ("09-side-by-side.png", "side-by-side.png")];
/// Pictures of a run that are shown one after the other, from the question to the accepted refinement.
const FILM: [&str; 8] = [
    "03-ask.png",
    "04-hunks.png",
    "05-accepted.png",
    "06-rejected.png",
    "07-reply.png",
    "08-refined.png",
    "09-side-by-side.png",
    "12-accepted-refinement.png",
];
/// Flags of every installation: nothing that a package wants to run is run.
const QUIET: [&str; 3] = ["--ignore-scripts", "--no-audit", "--no-fund"];

/// Installs what is missing, runs the checks and the tests of the extension. Gives whether all passed.
pub fn e2e(root: &Path, binary: &Path) -> Result<bool> {
    let tools = install(root, binary)?;
    let mut build = cargo::command(root);
    // As the workspace builds it, so that nothing is compiled twice.
    build.args(["build", "--workspace", "--exclude", "xtask", "--bins"]);
    if !cargo::run(&mut build, &[])?.is_success || !check(root, &tools, binary)? {
        return Ok(false);
    }
    let mut tests = cargo::command(root);
    tests.args(["test", "--workspace", "--exclude", "xtask", "--test", "vscode"]);
    tests.args(["--", "--nocapture", "--test-threads=1"]);
    tests.env("HUNKWISE_VSCODE", &tools).env("HUNKWISE_BIN", binary);
    Ok(cargo::run(&mut tests, &[])?.is_success)
}

/// Copies what the README shows out of the last run's pictures, and makes a moving one of them.
pub fn pictures(root: &Path, binary: &Path) -> Result<()> {
    let shots = tools(binary)?.join("runs/review/shots");
    let pictures = root.join("editors/vscode/pictures");
    fs::create_dir_all(&pictures).with_context(|| format!("create {}", pictures.display()))?;
    for (shot, picture) in PICTURES {
        let from = shots.join(shot);
        fs::copy(&from, pictures.join(picture)).with_context(|| format!("copy {}", from.display()))?;
    }
    let film = film::film(&FILM.map(|shot| shots.join(shot)))?;
    fs::write(pictures.join("review.png"), film).context("write the moving picture")
}

/// Where the tools are, for the profile that a binary is of.
fn tools(binary: &Path) -> Result<PathBuf> {
    Ok(binary.ancestors().nth(2).context("the binary lies in no target directory")?.join("vscode"))
}

/// Installs what is missing of VS Code, browser, Node.js and the extension's dependencies; gives the tools' directory.
///
/// Fails where there is no npm, or no Debian to take the browser from.
pub fn install(root: &Path, binary: &Path) -> Result<PathBuf> {
    if !cfg!(target_os = "linux") {
        bail!("VS Code is driven on Linux only");
    }
    let npm = npm()?;
    let tools = tools(binary)?;
    fs::create_dir_all(tools.join("bin")).with_context(|| format!("create {}", tools.display()))?;
    editors::chromium(&tools)?;
    let app = tools.join("app");
    once(&tools.join("app.stamp"), CODE_SERVER, || {
        let package = format!("code-server@{CODE_SERVER}");
        install_into(&app, &npm, &package)?;
        let inner = app.join("node_modules/code-server/lib/vscode");
        run(Command::new(&npm).args(["install", "--omit=dev"]).args(QUIET).current_dir(inner))?;
        Ok(())
    })?;
    install_packer(root, &npm, &tools)?;
    Ok(tools)
}

/// Packs the extension without the server, and with it for one of VS Code's targets, into `out`; gives both files. All in
/// them is of one time.
///
/// What is missing of Node.js and the extension's dependencies is installed first. Both are then sent by ovsx to a
/// registry on this machine.
pub fn pack(
    root: &Path,
    binary: &Path,
    (target, server): (&str, &Path),
    time_s: u64,
    out: &Path,
) -> Result<[PathBuf; 2]> {
    let tools = tools(binary)?;
    fs::create_dir_all(&tools).with_context(|| format!("create {}", tools.display()))?;
    install_packer(root, &npm()?, &tools)?;
    let files = [out.join("hunkwise-any.vsix"), out.join(format!("hunkwise-{target}.vsix"))];
    let script = |name: &str| {
        let mut node = Command::new(tools.join("bin/node"));
        node.arg(format!("scripts/{name}.mjs")).current_dir(root.join("editors/vscode"));
        node.env("NODE_NO_WARNINGS", "1").env("SOURCE_DATE_EPOCH", time_s.to_string());
        node
    };
    run(script("package").arg(out))?;
    run(script("package").arg(out).arg(target).arg(server))?;
    run(script("ovsx-check").args(&files))?;
    Ok(files)
}

fn npm() -> Result<PathBuf> {
    on_path::find("npm").context("npm is not on the path; install Node.js 20 or newer")
}

/// Installs what is missing of Node.js and the extension's dependencies.
fn install_packer(root: &Path, npm: &Path, tools: &Path) -> Result<()> {
    let system = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
    let node = format!("node-{system}-{}", if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" });
    let dir = tools.join("node");
    once(&tools.join("node.stamp"), NODE, || {
        install_into(&dir, npm, &format!("{node}@{NODE}"))?;
        fs::create_dir_all(tools.join("bin")).with_context(|| format!("create {}", tools.display()))?;
        link(&dir.join("node_modules").join(&node).join("bin/node"), &tools.join("bin/node"))
    })?;
    let extension = root.join("editors/vscode");
    let lock = fs::read_to_string(extension.join("package-lock.json")).context("read package-lock.json")?;
    let place = format!("{}\n{lock}", extension.display());
    once(&tools.join("extension.stamp"), &place, || {
        run(Command::new(npm).arg("ci").args(QUIET).current_dir(&extension)).map(|_| ())
    })
}

/// Installs one package into a directory that is made anew.
fn install_into(dir: &Path, npm: &Path, package: &str) -> Result<()> {
    let _ = fs::remove_dir_all(dir);
    fs::create_dir_all(dir).with_context(|| format!("create {}", dir.display()))?;
    fs::write(dir.join("package.json"), "{\"private\":true}").context("write package.json")?;
    run(Command::new(npm).arg("install").args(QUIET).arg(package).current_dir(dir)).map(|_| ())
}

/// Checks formatting, lints, types, generated settings and generated messages of the extension, runs its unit tests, and packs it with and
/// without the server. Gives whether all passed.
pub fn check(root: &Path, tools: &Path, binary: &Path) -> Result<bool> {
    let vsix = tools.join("vsix");
    let (vsix, server) = (vsix.display().to_string(), binary.display().to_string());
    let target = if cfg!(target_arch = "aarch64") { "linux-arm64" } else { "linux-x64" };
    let packages = [format!("{vsix}/hunkwise-{target}.vsix"), format!("{vsix}/hunkwise-any.vsix")];
    let steps: [&[&str]; 9] = [
        &["scripts/settings.mjs", "--check"],
        &["scripts/wire.mjs", "--check"],
        &["node_modules/prettier/bin/prettier.cjs", "--check", "."],
        &["node_modules/eslint/bin/eslint.js", "."],
        &["node_modules/typescript/bin/tsc"],
        &["--test", "--test-reporter=dot", "test/unit/*.test.ts"],
        &["scripts/package.mjs", &vsix],
        // The one with the server comes last: the tests in the extension host run on what it leaves in the tree.
        &["scripts/package.mjs", &vsix, target, &server],
        &["scripts/ovsx-check.mjs", &packages[0], &packages[1]],
    ];
    let mut is_success = true;
    for step in steps {
        println!("$ node {}", step.join(" "));
        let mut node = Command::new(tools.join("bin/node"));
        node.args(step).current_dir(root.join("editors/vscode"));
        // A package's warnings about Node.js itself say nothing about the extension.
        node.env("NODE_NO_WARNINGS", "1");
        is_success &= node.status().with_context(|| format!("start {:?}", node.get_program()))?.success();
    }
    Ok(is_success)
}

/// Does what a stamp does not hold yet, and stamps it.
fn once(stamp: &Path, recipe: &str, make: impl FnOnce() -> Result<()>) -> Result<()> {
    let wanted = format!("{}\n{recipe}", stamp.display());
    if fs::read_to_string(stamp).is_ok_and(|text| text == wanted) {
        return Ok(());
    }
    make()?;
    fs::write(stamp, wanted).with_context(|| format!("write {}", stamp.display()))
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> Result<()> {
    let _ = fs::remove_file(to);
    std::os::unix::fs::symlink(from, to).with_context(|| format!("link {}", to.display()))
}

#[cfg(not(unix))]
fn link(from: &Path, _to: &Path) -> Result<()> {
    bail!("link {}: only on Unix", from.display())
}

/// Whether a failure to install is one of the run: on Linux nothing may be left out with `CI=true`.
pub fn is_required() -> bool {
    cfg!(target_os = "linux") && env::var("CI").is_ok_and(|value| value == "true")
}
