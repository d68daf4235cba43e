//! The wheels for PyPI: each holds the program of one system as a script, and no Python.
//!
//! Owns their metadata. Must never upload anything.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::archive::{Entry, TIME_S};
use super::product::Product;
use super::shipped::{self, Shipped};
use super::target::Target;
use super::template::fill;
use crate::program::run;

const METADATA: &str = include_str!("../../dist/METADATA");
/// What of an archive is in a wheel's folder of licences.
const LICENSES: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY-NOTICES.txt"];

/// The name of the wheel of a system.
pub fn file(product: &Product, target: &Target) -> String {
    format!("hunkwise-{}-py3-none-{}.whl", product.version, target.wheel)
}

/// Packs a wheel of each archive into `out`, with a Python that has the package `wheel`.
pub fn pack(product: &Product, shipped: &[Shipped], python: &Path, out: &Path) -> Result<()> {
    let work = tempfile::tempdir().context("a directory for the wheels")?;
    for (idx, shipped) in shipped.iter().enumerate() {
        let dir = work.path().join(idx.to_string());
        shipped::write(&contents(product, shipped)?, &dir, |_| true)?;
        let mut pack = Command::new(python);
        pack.args(["-m", "wheel", "pack"]).arg(&dir).arg("--dest-dir").arg(work.path());
        run(pack.env("SOURCE_DATE_EPOCH", TIME_S.to_string()))
            .with_context(|| format!("pack the wheel for {}", shipped.target.triple))?;
        // The tool sorts the systems in the name, which is as good; files are found by the name that is ours.
        let made = shipped::names(work.path())?.into_iter().find(|name| name.ends_with(".whl"));
        let made = work.path().join(made.context("no wheel came of it")?);
        let wheel = out.join(file(product, shipped.target));
        fs::copy(&made, &wheel).with_context(|| format!("write {}", wheel.display()))?;
        fs::remove_file(&made).with_context(|| format!("remove {}", made.display()))?;
    }
    Ok(())
}

/// The files of a wheel but for the list of them, which the packing tool writes.
fn contents(product: &Product, shipped: &Shipped) -> Result<Vec<Entry>> {
    let version = &product.version;
    let info = |path: &str| format!("hunkwise-{version}.dist-info/{path}");
    let mut readme = String::new();
    let mut contents = Vec::new();
    for entry in &shipped.entries {
        if entry.path == shipped.target.program() {
            let path = format!("hunkwise-{version}.data/scripts/{}", entry.path);
            contents.push(Entry::program(path, entry.bytes.clone()));
        } else if entry.path == "README.md" {
            readme = String::from_utf8_lossy(&entry.bytes).into_owned();
        } else if LICENSES.contains(&entry.path.as_str()) {
            contents.push(Entry::data(info(&format!("licenses/{}", entry.path)), entry.bytes.clone()));
        }
    }
    contents.push(Entry::data(info("METADATA"), metadata(product)? + &readme));
    contents.push(Entry::data(info("WHEEL"), wheel(shipped.target)));
    Ok(contents)
}

fn metadata(product: &Product) -> Result<String> {
    fill(
        METADATA,
        &[
            ("VERSION", &product.version),
            ("DESCRIPTION", &product.description),
            ("LICENSE", &product.license),
            ("REPOSITORY", &product.repository),
        ],
    )
}

fn wheel(target: &Target) -> String {
    let mut text = "Wheel-Version: 1.0\nGenerator: cargo xtask dist\nRoot-Is-Purelib: false\n".to_owned();
    for platform in target.wheel.split('.') {
        let _ = writeln!(text, "Tag: py3-none-{platform}");
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::product::tests::product;
    use super::super::shipped::tests::shipped;
    use super::*;

    #[test]
    fn a_wheel_holds_the_program_as_a_script_and_the_licences() {
        let mut shipped = shipped(&["x86_64-unknown-linux-musl"]).remove(0);
        shipped.entries = vec![
            Entry::data("LICENSE-MIT", "mit"),
            Entry::data("README.md", "# Read\n"),
            Entry::program("hunkwise", "program"),
            Entry::data("man/hunkwise.1", "page"),
        ];
        let contents = contents(&product(), &shipped).unwrap();
        let shown: Vec<String> = contents
            .iter()
            .map(|entry| format!("{}{}", entry.path, if entry.is_executable { " *" } else { "" }))
            .collect();
        expect![[r#"
            hunkwise-1.2.3.dist-info/licenses/LICENSE-MIT
            hunkwise-1.2.3.data/scripts/hunkwise *
            hunkwise-1.2.3.dist-info/METADATA
            hunkwise-1.2.3.dist-info/WHEEL"#]]
        .assert_eq(&shown.join("\n"));
        expect![[r#"
            Metadata-Version: 2.4
            Name: hunkwise
            Version: 1.2.3
            Summary: Edits, reviewed
            License-Expression: MIT OR Apache-2.0
            License-File: LICENSE-APACHE
            License-File: LICENSE-MIT
            License-File: THIRD-PARTY-NOTICES.txt
            Project-URL: Source, https://example.org/hunkwise
            Requires-Python: >=3.7
            Description-Content-Type: text/markdown

            # Read
        "#]]
        .assert_eq(&String::from_utf8_lossy(&contents[2].bytes));
        expect![[r#"
            Wheel-Version: 1.0
            Generator: cargo xtask dist
            Root-Is-Purelib: false
            Tag: py3-none-manylinux_2_17_x86_64
            Tag: py3-none-manylinux2014_x86_64
            Tag: py3-none-musllinux_1_1_x86_64
        "#]]
        .assert_eq(&String::from_utf8_lossy(&contents[3].bytes));
    }
}
