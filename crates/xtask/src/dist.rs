//! Packs what is released, below `dist` in the target directory: archives, packages for editors and registries, recipes.
//!
//! Owns the order of the steps and which files there are. Must never upload anything.

mod archive;
mod build;
mod check;
mod notices;
mod npm;
mod pages;
mod product;
mod pypi;
mod recipes;
mod sbom;
mod shipped;
mod target;
mod template;
mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{cargo, suite, vscode};
use archive::Entry;
use product::Product;
use target::Target;

/// The sums of all files of a version, in the form of `sha256sum`.
const SUMS: &str = "SHA256SUMS";
/// What of the tree goes into an archive as it is.
const PAPERS: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT", "README.md"];

/// Builds the program for a target and packs it, then makes and checks what is made of archives: see [`wrap`].
///
/// Without a target it is this machine's. Fails for the first thing that cannot be made or is not as it should be.
pub fn run(root: &Path, triple: Option<&str>) -> Result<()> {
    let metadata = product::metadata(root)?;
    let product = Product::of(&metadata)?;
    let host = build::host()?;
    let target = match triple {
        Some(triple) => Target::named(triple)?,
        None => Target::of_host(&host, build::has_std)?,
    };
    let binary = suite::binary()?;
    let target_dir = target_dir(&binary)?;
    let (out, tools) = (target_dir.join("dist"), target_dir.join("dist-tools"));
    fs::create_dir_all(&out).with_context(|| format!("create {}", out.display()))?;

    println!("== program for {}", target.triple);
    let program = build::program(root, target, &target_dir)?;
    println!("== archive");
    let bytes = fs::read(&program).with_context(|| format!("read {}", program.display()))?;
    let mut entries = vec![Entry::program(target.program(), bytes)];
    for name in PAPERS {
        entries.push(Entry::data(*name, fs::read(root.join(name)).with_context(|| format!("read {name}"))?));
    }
    let components = notices::components(root, &metadata, target)?;
    let notices = notices::text(&components, &product.repository);
    entries.push(Entry::data("THIRD-PARTY-NOTICES.txt", notices));
    let runs_here = target.runs_on(&host);
    entries.extend(pages::entries(|| if runs_here { Command::new(&program) } else { run_here(root) })?);
    let list = sbom::make(root, &product, target, &tools)?;
    write(&out.join(sbom::file(&product, target)), &list)?;
    let archive = archive::pack(&product.folder(target), entries)?;
    write(&out.join(product.archive(target)), &archive)?;

    println!("== extension of VS Code");
    let packed = tempfile::tempdir().context("a directory for the extension")?;
    for file in vscode::pack(root, &binary, (target.vscode, &program), archive::TIME_S, packed.path())? {
        let system = file.file_stem().unwrap_or_default().to_string_lossy().replacen("hunkwise-", "", 1);
        let bytes = fs::read(&file).with_context(|| format!("read {}", file.display()))?;
        write(&out.join(format!("hunkwise-vscode-{}-{system}.vsix", product.version)), &bytes)?;
    }
    wrap(root)
}

/// Makes what is made of archives, from all of this version that are there: packages for npm and PyPI, recipes, sums. Then
/// checks all of it, and runs what runs on this machine.
pub fn wrap(root: &Path) -> Result<()> {
    let product = Product::of(&product::metadata(root)?)?;
    let target_dir = target_dir(&suite::binary()?)?;
    let out = target_dir.join("dist");
    let shipped = shipped::read(&product, &out)?;
    println!("== packages and recipes from {} archive(s)", shipped.len());
    npm::pack(&product, &shipped, &out)?;
    pypi::pack(&product, &shipped, &tools::python(&target_dir.join("dist-tools"))?, &out)?;
    let recipes = recipes::all(&product, &shipped)?;
    for (path, recipe) in &recipes {
        write(&out.join("recipes").join(path), recipe.as_bytes())?;
    }
    write(&out.join(SUMS), sums(&product, &out)?.as_bytes())?;

    println!("== check");
    println!("sums: {} files", check::sums(&out)?);
    for (path, _) in &recipes {
        let is_read = check::recipe(&out.join("recipes").join(path))?;
        println!(
            "{path}: {}",
            if is_read { "its language reads it" } else { "not read by its language here" }
        );
    }
    let host = build::host()?;
    for shipped in &shipped {
        let triple = shipped.target.triple;
        if !shipped.target.runs_on(&host) {
            println!("{triple}: not run, this is {host}");
            continue;
        }
        check::archive(&product, shipped, &out).with_context(|| format!("check {}", shipped.name))?;
        println!("{triple}: the archive's program runs its demo to the end");
        check::npm(&product, shipped.target, &out)?;
        println!("{triple}: the packages for npm install and run");
        check::wheel(&product, shipped.target, &out)?;
        println!("{triple}: the wheel installs and runs");
    }
    println!("all is in {}", out.display());
    Ok(())
}

/// Where cargo builds: this program lies in one of its profiles.
fn target_dir(binary: &Path) -> Result<PathBuf> {
    Ok(binary.ancestors().nth(2).context("the binary lies in no target directory")?.to_owned())
}

/// The program of this machine, where the one that is packed is for another.
fn run_here(root: &Path) -> Command {
    let mut command = cargo::command(root);
    command.args(["run", "--quiet", "--locked", "--package", product::PACKAGE, "--"]);
    command
}

/// The sums of all files of the version in `out`, sorted by name.
fn sums(product: &Product, out: &Path) -> Result<String> {
    let mut sums = String::new();
    let version = format!("-{}", product.version);
    for name in shipped::names(out)?.iter().filter(|name| name.contains(&version)) {
        let bytes = fs::read(out.join(name)).with_context(|| format!("read {name}"))?;
        sums.push_str(&format!("{}  {name}\n", archive::sha256(&bytes)));
    }
    Ok(sums)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let dir = path.parent().context("a file without a directory")?;
    fs::create_dir_all(dir).with_context(|| format!("create {}", dir.display()))?;
    fs::write(path, bytes).with_context(|| format!("write {}", path.display()))
}
