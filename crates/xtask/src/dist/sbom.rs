//! The list of what is linked into the program, in the form of CycloneDX.
//!
//! Owns where the tool's files go. Must never leave one in the tree.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::archive::TIME_S;
use super::product::{PACKAGE, Product};
use super::target::Target;
use super::tools;
use crate::program::run;

/// The name of the list of a target.
pub fn file(product: &Product, target: &Target) -> String {
    format!("{}.cdx.json", product.folder(target))
}

/// The list for a target. `tools` is where the tool that makes it is kept.
pub fn make(root: &Path, product: &Product, target: &Target, tools: &Path) -> Result<Vec<u8>> {
    let mut command = Command::new(tools::cyclonedx(root, tools)?);
    let name = "dist-sbom";
    command
        .args(["cyclonedx", "--format", "json", "--spec-version", "1.5"])
        .args(["--target", target.triple, "--override-filename", name])
        .current_dir(root.join("crates").join(PACKAGE))
        .env("SOURCE_DATE_EPOCH", TIME_S.to_string());
    let outcome = run(&mut command).context("list what is linked");
    // The tool writes beside the manifest of every crate, whatever it is asked about.
    let mut list = None;
    for manifest in manifests(root)? {
        let path = manifest.with_file_name(format!("{name}.json"));
        if path.is_file() {
            if manifest.parent().is_some_and(|dir| dir.ends_with(PACKAGE)) {
                list = Some(fs::read(&path).with_context(|| format!("read {}", path.display()))?);
            }
            fs::remove_file(&path).with_context(|| format!("remove {}", path.display()))?;
        }
    }
    outcome?;
    let list = list.context("cargo-cyclonedx wrote no list of the binary's crate")?;
    let list = String::from_utf8(list).context("read the list of what is linked")?;
    // It names our crates by where they lay.
    let list = list.replace(&format!("file://{}", root.display()), "file:///hunkwise");
    check(list.as_bytes(), product)?;
    Ok(list.into_bytes())
}

fn manifests(root: &Path) -> Result<Vec<std::path::PathBuf>> {
    let crates = root.join("crates");
    let mut manifests = vec![root.join("tests/Cargo.toml")];
    for entry in fs::read_dir(&crates).with_context(|| format!("list {}", crates.display()))? {
        manifests
            .push(entry.with_context(|| format!("list {}", crates.display()))?.path().join("Cargo.toml"));
    }
    Ok(manifests)
}

/// Fails for a list that is of something else, or of too little.
fn check(list: &[u8], product: &Product) -> Result<()> {
    let list: Value = serde_json::from_slice(list).context("parse the list of what is linked")?;
    let of = &list["metadata"]["component"];
    ensure!(
        of["name"] == PACKAGE && of["version"] == product.version.as_str(),
        "the list of what is linked is of {} {}",
        of["name"],
        of["version"]
    );
    let names: Vec<&str> =
        list["components"].as_array().into_iter().flatten().filter_map(|one| one["name"].as_str()).collect();
    for wanted in ["rustls", "rusqlite", "tree-sitter", "server"] {
        ensure!(names.contains(&wanted), "the list of what is linked lacks {wanted}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::product::tests::product;
    use super::*;

    fn error(name: &str, components: &[&str]) -> String {
        let components: Vec<Value> = components.iter().map(|name| json!({ "name": name })).collect();
        let of = json!({ "name": name, "version": "1.2.3" });
        let list = json!({ "metadata": { "component": of }, "components": components });
        check(list.to_string().as_bytes(), &product())
            .map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn a_list_of_something_else_or_of_too_little_is_refused() {
        assert_eq!(error("hunkwise", &["rustls", "rusqlite", "tree-sitter", "server"]), "");
        assert_eq!(error("hunkwise", &["rustls", "server"]), "the list of what is linked lacks rusqlite");
        assert_eq!(error("text", &[]), "the list of what is linked is of \"text\" \"1.2.3\"");
    }
}
