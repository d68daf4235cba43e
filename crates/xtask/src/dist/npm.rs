//! The packages for npm: one with the program for each system, and one that starts the program of the system it is on.
//!
//! Owns their manifests. Must never upload anything.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use super::product::Product;
use super::shipped::{self, Shipped};
use super::target::Target;
use crate::program::run;

/// Starts the program.
const LAUNCHER: &str = include_str!("../../dist/hunkwise.js");
/// What of an archive goes into a package for a system beside the program.
const PAPERS: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT", "README.md", "THIRD-PARTY-NOTICES.txt"];

/// The name of the package for a system.
fn name(target: &Target) -> String {
    format!("@hunkwise/{}-{}", target.node.0, target.node.1)
}

/// The file that `npm pack` makes of the package for a system.
pub fn file(product: &Product, target: &Target) -> String {
    format!("hunkwise-{}-{}-{}.tgz", target.node.0, target.node.1, product.version)
}

/// The file that `npm pack` makes of the package that is asked for.
pub fn launcher_file(product: &Product) -> String {
    format!("hunkwise-{}.tgz", product.version)
}

/// Packs all packages into `out`. Fails where there is no npm.
pub fn pack(product: &Product, shipped: &[Shipped], out: &Path) -> Result<()> {
    let work = tempfile::tempdir().context("a directory for the packages for npm")?;
    for (idx, shipped) in shipped.iter().enumerate() {
        let dir = work.path().join(idx.to_string());
        shipped::write(&shipped.entries, &dir, |path| {
            path == shipped.target.program() || PAPERS.contains(&path)
        })?;
        pack_one(&dir, &system_manifest(product, shipped.target), out)?;
    }
    let dir = work.path().join("launcher");
    if let Some(any) = shipped.first() {
        shipped::write(&any.entries, &dir, |path| PAPERS.contains(&path))?;
    }
    fs::create_dir_all(dir.join("bin")).with_context(|| format!("create {}", dir.display()))?;
    fs::write(dir.join("bin/hunkwise.js"), LAUNCHER).context("write the launcher")?;
    let targets: Vec<&Target> = shipped.iter().map(|shipped| shipped.target).collect();
    pack_one(&dir, &launcher_manifest(product, &targets), out)
}

fn pack_one(dir: &Path, manifest: &Value, out: &Path) -> Result<()> {
    let text = format!("{manifest:#}\n");
    fs::write(dir.join("package.json"), text).with_context(|| format!("write {}", dir.display()))?;
    run(Command::new("npm")
        .args(["pack", "--ignore-scripts", "--pack-destination"])
        .arg(out)
        .current_dir(dir))
    .with_context(|| format!("pack {}", manifest["name"]))?;
    Ok(())
}

fn system_manifest(product: &Product, target: &Target) -> Value {
    let mut manifest = common(product, &name(target));
    manifest.insert("os".to_owned(), json!([target.node.0]));
    manifest.insert("cpu".to_owned(), json!([target.node.1]));
    // Yarn would keep it in a ZIP, where nothing can be run.
    manifest.insert("preferUnplugged".to_owned(), json!(true));
    manifest.insert("files".to_owned(), json!([target.program(), "THIRD-PARTY-NOTICES.txt", "LICENSE-*"]));
    Value::Object(manifest)
}

fn launcher_manifest(product: &Product, targets: &[&Target]) -> Value {
    let mut manifest = common(product, "hunkwise");
    let packages: Map<String, Value> =
        targets.iter().map(|target| (name(target), json!(product.version))).collect();
    manifest.insert("bin".to_owned(), json!({ "hunkwise": "bin/hunkwise.js" }));
    manifest.insert("files".to_owned(), json!(["bin/hunkwise.js", "THIRD-PARTY-NOTICES.txt", "LICENSE-*"]));
    manifest.insert("engines".to_owned(), json!({ "node": ">=18" }));
    manifest.insert("optionalDependencies".to_owned(), Value::Object(packages));
    Value::Object(manifest)
}

fn common(product: &Product, name: &str) -> Map<String, Value> {
    let mut manifest = Map::new();
    let repository = json!({ "type": "git", "url": format!("git+{}.git", product.repository) });
    manifest.insert("name".to_owned(), json!(name));
    manifest.insert("version".to_owned(), json!(product.version));
    manifest.insert("description".to_owned(), json!(product.description));
    manifest.insert("license".to_owned(), json!(format!("({})", product.license)));
    manifest.insert("repository".to_owned(), repository);
    manifest
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::product::tests::product;
    use super::*;

    #[test]
    fn a_package_for_a_system_is_installed_there_only() {
        let target = Target::named("x86_64-pc-windows-msvc").unwrap();
        expect![[r#"
            {
              "cpu": [
                "x64"
              ],
              "description": "Edits, reviewed",
              "files": [
                "hunkwise.exe",
                "THIRD-PARTY-NOTICES.txt",
                "LICENSE-*"
              ],
              "license": "(MIT OR Apache-2.0)",
              "name": "@hunkwise/win32-x64",
              "os": [
                "win32"
              ],
              "preferUnplugged": true,
              "repository": {
                "type": "git",
                "url": "git+https://example.org/hunkwise.git"
              },
              "version": "1.2.3"
            }"#]]
        .assert_eq(&format!("{:#}", system_manifest(&product(), target)));
    }

    #[test]
    fn the_launcher_asks_for_the_package_of_each_system_that_is_shipped() {
        let targets =
            ["x86_64-unknown-linux-musl", "aarch64-apple-darwin"].map(|name| Target::named(name).unwrap());
        let manifest = launcher_manifest(&product(), &targets);
        assert_eq!(
            manifest["optionalDependencies"],
            json!({ "@hunkwise/linux-x64": "1.2.3", "@hunkwise/darwin-arm64": "1.2.3" })
        );
        assert_eq!(manifest["bin"]["hunkwise"], "bin/hunkwise.js");
        // What it asks Node.js for is what the packages are called by.
        assert!(LAUNCHER.contains("`@hunkwise/${process.platform}-${process.arch}`"));
    }
}
