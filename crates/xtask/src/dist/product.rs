//! What is shipped: its name, version and addresses, as the manifest of the binary has them.
//!
//! Owns how files are named. Must never hold a version or an address of its own.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::target::{TARGETS, Target};
use crate::cargo;

/// The binary's crate.
pub const PACKAGE: &str = "hunkwise";

/// What its manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Without a `v`.
    pub version: String,
    /// One line.
    pub description: String,
    /// An SPDX expression.
    pub license: String,
    /// Where its sources are.
    pub repository: String,
}

impl Product {
    /// Reads it out of what `cargo metadata` says. Fails where the manifest lacks something.
    pub fn of(metadata: &Value) -> Result<Product> {
        let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
        let ours = packages.iter().find(|package| package["name"] == PACKAGE && package["source"].is_null());
        let ours = ours.with_context(|| format!("cargo metadata lists no {PACKAGE}"))?;
        let field = |name: &str| {
            let text = ours[name].as_str().map(str::to_owned);
            text.with_context(|| format!("the manifest of {PACKAGE} has no {name}"))
        };
        Ok(Product {
            version: field("version")?,
            description: field("description")?,
            license: field("license")?,
            repository: field("repository")?,
        })
    }

    /// The folder in an archive, and the archive's name without its ending.
    pub fn folder(&self, target: &Target) -> String {
        format!("{PACKAGE}-{}-{}", self.version, target.triple)
    }

    /// The name of an archive.
    pub fn archive(&self, target: &Target) -> String {
        format!("{}.tar.gz", self.folder(target))
    }

    /// The target of an archive of this version, told by its name.
    pub fn target_of(&self, name: &str) -> Option<&'static Target> {
        TARGETS.iter().find(|target| self.archive(target) == name)
    }

    /// Where a file of this release is fetched from.
    pub fn url(&self, name: &str) -> String {
        format!("{}/releases/download/v{}/{name}", self.repository, self.version)
    }
}

/// What `cargo metadata` says of the tree at `root` and all that it needs.
pub fn metadata(root: &Path) -> Result<Value> {
    let output = cargo::command(root)
        .args(["metadata", "--locked", "--format-version", "1"])
        .output()
        .context("read cargo metadata: start cargo")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "read cargo metadata: {}", complaint.trim());
    serde_json::from_slice(&output.stdout).context("parse cargo metadata")
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A product to fill templates with.
    pub fn product() -> Product {
        Product {
            version: "1.2.3".to_owned(),
            description: "Edits, reviewed".to_owned(),
            license: "MIT OR Apache-2.0".to_owned(),
            repository: "https://example.org/hunkwise".to_owned(),
        }
    }

    #[test]
    fn an_archive_is_known_by_the_name_that_it_got() {
        let target = Target::named("x86_64-apple-darwin").unwrap();
        let name = product().archive(target);
        assert_eq!(name, "hunkwise-1.2.3-x86_64-apple-darwin.tar.gz");
        assert_eq!(product().target_of(&name), Some(target));
        assert_eq!(product().target_of("hunkwise-1.2.2-x86_64-apple-darwin.tar.gz"), None);
        let url = product().url(&name);
        assert_eq!(url, format!("https://example.org/hunkwise/releases/download/v1.2.3/{name}"));
    }

    #[test]
    fn a_manifest_without_an_address_is_refused() {
        let metadata = serde_json::json!({"packages": [
            {"name": "hunkwise", "source": null, "version": "1.2.3", "description": "d", "license": "MIT"}
        ]});
        let error = Product::of(&metadata).unwrap_err().to_string();
        assert_eq!(error, "the manifest of hunkwise has no repository");
    }
}
