//! What cargo says about the crates of the tree.
//!
//! Owns the reading of `cargo metadata`. Must never resolve or download a dependency.

use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A crate of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The crate's name.
    pub name: String,
    /// Its manifest, relative to the top of the tree, with `/`.
    pub manifest: String,
    /// What the manifest asks for, under every target.
    pub dependencies: Vec<Dependency>,
}

/// One line of a manifest's dependencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The package's own name, not what the crate calls it.
    pub name: String,
    /// Whether only tests, benches and examples see it.
    pub is_dev: bool,
    /// Whether it is a crate of the tree.
    pub is_ours: bool,
}

/// The crates of the tree at `root`. Fails if cargo does.
pub fn read(root: &Path) -> Result<Vec<Package>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root)
        .output()
        .context("read cargo metadata: start cargo")?;
    if !output.status.success() {
        bail!("read cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    parse(&String::from_utf8_lossy(&output.stdout))
}

/// The packages in the JSON that `cargo metadata --no-deps` prints.
pub fn parse(json: &str) -> Result<Vec<Package>> {
    let metadata: Value = serde_json::from_str(json).context("parse cargo metadata")?;
    let root = metadata["workspace_root"].as_str().context("cargo metadata has no workspace_root")?;
    list(&metadata["packages"]).iter().map(|package| parse_package(package, root)).collect()
}

fn parse_package(package: &Value, root: &str) -> Result<Package> {
    let name = text(&package["name"])?;
    let manifest = text(&package["manifest_path"])?;
    let manifest = manifest.strip_prefix(root).unwrap_or(&manifest).replace('\\', "/");
    let dependencies = list(&package["dependencies"])
        .iter()
        .map(|dependency| {
            Ok(Dependency {
                name: text(&dependency["name"])?,
                is_dev: dependency["kind"].as_str() == Some("dev"),
                is_ours: dependency["path"].is_string(),
            })
        })
        .collect::<Result<_>>()?;
    Ok(Package { name, manifest: manifest.trim_start_matches('/').to_owned(), dependencies })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("cargo metadata: wanted text, found {value}"))
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A crate from a line like `edit: text syntax +serde ?fastrand`: `+` is an outside dependency, `?` an outside one of
    /// tests, `~` one of ours in tests.
    pub fn package(line: &str) -> Package {
        let (name, dependencies) = line.split_once(':').unwrap();
        let dependencies = dependencies
            .split_whitespace()
            .map(|word| Dependency {
                name: word.trim_start_matches(['+', '?', '~']).to_owned(),
                is_dev: word.starts_with(['?', '~']),
                is_ours: !word.starts_with(['+', '?']),
            })
            .collect();
        Package { name: name.to_owned(), manifest: format!("crates/{name}/Cargo.toml"), dependencies }
    }

    #[test]
    fn a_renamed_dependency_keeps_its_own_name() {
        let json = r#"{"workspace_root":"/w","packages":[{"name":"server","manifest_path":"/w/crates/server/Cargo.toml",
            "dependencies":[{"name":"tower-lsp-server","rename":"tower-lsp","kind":null},
                            {"name":"text","kind":null,"path":"/w/crates/text"},{"name":"fastrand","kind":"dev"}]}]}"#;
        assert_eq!(parse(json).unwrap(), [package("server: +tower-lsp-server text ?fastrand")]);
    }
}
