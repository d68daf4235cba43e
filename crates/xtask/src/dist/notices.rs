//! The licences of what is linked into the binary, as one text.
//!
//! Owns which text of a package counts. Must never decide whether a licence is allowed: `cargo deny` does.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use spdx::{Expression, ParseMode};

use super::product::PACKAGE;
use super::target::Target;
use crate::cargo;

/// How files begin that hold a licence or what it asks to be passed on.
const NAMES: &[&str] = &["licen", "copying", "copyright", "notice", "unlicense"];

/// Something that is linked into the binary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Name and version.
    pub name: String,
    /// An SPDX expression, or what a package has in its place.
    pub license: String,
    /// The texts that come with it.
    pub texts: Vec<String>,
}

/// Everything of others in the binary for `target`, as `cargo tree` resolves it, with the C library if that is linked in.
///
/// Fails for a package whose licence has no text, neither its own nor a known one's.
pub fn components(root: &Path, metadata: &Value, target: &Target) -> Result<Vec<Component>> {
    let output = cargo::command(root)
        .args(["tree", "--locked", "--package", PACKAGE, "--edges", "normal", "--prefix", "none"])
        .args(["--format", "{p}", "--target", target.triple])
        .output()
        .context("list what is linked: start cargo")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "list what is linked: {}", complaint.trim());
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let mut components = Vec::new();
    for (name, version) in linked(&String::from_utf8_lossy(&output.stdout)) {
        let package = packages
            .iter()
            .find(|package| package["name"] == name.as_str() && package["version"] == version.as_str())
            .with_context(|| format!("cargo metadata lists no {name} {version}"))?;
        if !package["source"].is_null() {
            let component = component(package).with_context(|| format!("find the licence of {name}"))?;
            components.push(component);
        }
    }
    let std = Some(("Rust standard library", "MIT OR Apache-2.0"));
    for (name, license) in std.into_iter().chain(target.libc()) {
        components.push(Component {
            name: name.to_owned(),
            license: license.to_owned(),
            texts: known_texts(license)?,
        });
    }
    Ok(components)
}

/// Names and versions in what `cargo tree` prints, each once.
fn linked(tree: &str) -> Vec<(String, String)> {
    let mut packages: Vec<(String, String)> = tree
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            let name = words.next()?;
            Some((name.to_owned(), words.next()?.strip_prefix('v')?.to_owned()))
        })
        .collect();
    packages.sort();
    packages.dedup();
    packages
}

fn component(package: &Value) -> Result<Component> {
    let field = |name: &str| package[name].as_str().unwrap_or_default();
    let manifest = Path::new(field("manifest_path"));
    let dir = manifest.parent().context("a manifest lies in no directory")?;
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| format!("list {}", dir.display()))? {
        let entry = entry.with_context(|| format!("list {}", dir.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_wanted = NAMES.iter().any(|start| name.to_lowercase().starts_with(start))
            || field("license_file") == name.as_str();
        if is_wanted && entry.path().is_file() {
            let bytes = fs::read(entry.path()).with_context(|| format!("read {}", entry.path().display()))?;
            files.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    files.sort();
    let license = field("license").to_owned();
    let mut texts = chosen(&license, files);
    if texts.is_empty() {
        texts = known_texts(&license)?;
    }
    Ok(Component { name: format!("{} {}", field("name"), field("version")), license, texts })
}

/// The texts of a package that have to be passed on. Where MIT is one of its licences, the text of that is enough.
fn chosen(license: &str, files: Vec<(String, String)>) -> Vec<String> {
    let is_mit = |name: &str| name.to_uppercase().contains("MIT");
    let is_notice = |name: &str| name.to_uppercase().starts_with("NOTICE");
    let is_enough = allows_only(license, "MIT") && files.iter().any(|(name, _)| is_mit(name));
    files
        .into_iter()
        .filter(|(name, _)| !is_enough || is_mit(name) || is_notice(name))
        .map(|(_, text)| text)
        .collect()
}

/// Whether a package may be used under this one licence alone.
fn allows_only(license: &str, id: &str) -> bool {
    Expression::parse_mode(license, ParseMode::LAX).is_ok_and(|license| {
        license.evaluate(|asked| asked.license.id().is_some_and(|asked| asked.name == id))
    })
}

/// The common text of one licence that is enough, or of all that an expression names.
fn known_texts(license: &str) -> Result<Vec<String>> {
    let expression = Expression::parse_mode(license, ParseMode::LAX)
        .with_context(|| format!("`{license}` is no licence and there is no text"))?;
    let ids: Vec<_> = expression.requirements().filter_map(|asked| asked.req.license.id()).collect();
    let one = ids.iter().find(|id| allows_only(license, id.name)).map(|id| vec![*id]);
    let texts: Vec<String> = one.unwrap_or(ids).iter().map(|id| id.text().to_owned()).collect();
    ensure!(!texts.is_empty(), "`{license}` names no licence whose text is known");
    Ok(texts)
}

/// The text that goes into an archive: all components, then each text once with those that it is for.
pub fn text(components: &[Component], repository: &str) -> String {
    let mut text = format!(
        "hunkwise contains the work of others, listed here with the licences that they are used under.\n\
         The sources of hunkwise, and how it is linked, are at {repository}.\n\n"
    );
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for component in components {
        let _ = writeln!(text, "{}: {}", component.name, component.license);
        for text in &component.texts {
            users.entry(text.trim()).or_default().push(&component.name);
        }
    }
    let mut texts: Vec<_> = users.into_iter().collect();
    texts.sort_by(|one, other| one.1.cmp(&other.1).then(one.0.cmp(other.0)));
    for (license, users) in texts {
        let line = "-".repeat(80);
        let _ = writeln!(text, "\n{line}\n{}\n{line}\n\n{license}", users.join(", "));
    }
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn files(names: &[&str]) -> Vec<(String, String)> {
        names.iter().map(|name| ((*name).to_owned(), format!("text of {name}"))).collect()
    }

    #[track_caller]
    fn check(license: &str, names: &[&str], wanted: &[&str]) {
        let wanted: Vec<String> = wanted.iter().map(|name| format!("text of {name}")).collect();
        assert_eq!(chosen(license, files(names)), wanted);
    }

    #[test]
    fn where_mit_is_enough_its_text_is() {
        check("MIT OR Apache-2.0", &["LICENSE-APACHE", "LICENSE-MIT"], &["LICENSE-MIT"]);
        check("MIT/Apache-2.0", &["LICENSE-APACHE", "LICENSE-MIT", "NOTICE"], &["LICENSE-MIT", "NOTICE"]);
    }

    #[test]
    fn of_other_licences_every_text_is_passed_on() {
        check("MIT AND BSD-3-Clause", &["LICENSE-BSD", "LICENSE-MIT"], &["LICENSE-BSD", "LICENSE-MIT"]);
        check("MIT OR Apache-2.0", &["LICENSE"], &["LICENSE"]);
        check("", &["COPYING"], &["COPYING"]);
    }

    #[test]
    fn a_package_without_a_text_gets_the_common_one() {
        let texts = known_texts("Apache-2.0 OR MIT").unwrap();
        assert_eq!(texts.len(), 1);
        assert!(texts[0].contains("Apache License"), "{}", texts[0]);
        assert_eq!(known_texts("MIT AND Unicode-3.0").unwrap().len(), 2);
        assert!(known_texts("none of these").is_err());
    }

    #[test]
    fn a_tree_of_packages_is_a_list_of_them() {
        let tree =
            "hunkwise v0.1.0 (/a/b)\nring v0.17.14\nserde_derive v1.0.2 (proc-macro)\nring v0.17.14 (*)\n";
        let owned = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        assert_eq!(
            linked(tree),
            [owned("hunkwise", "0.1.0"), owned("ring", "0.17.14"), owned("serde_derive", "1.0.2")]
        );
    }

    #[test]
    fn each_text_stands_once_below_those_it_is_for() {
        let component = |name: &str, license: &str, text: &str| Component {
            name: name.to_owned(),
            license: license.to_owned(),
            texts: vec![text.to_owned()],
        };
        let components = [
            component("a 1", "MIT", "shared\r\ntext\n"),
            component("b 1", "ISC", "its own"),
            component("c 2", "MIT", "shared\r\ntext"),
        ];
        expect![[r#"
            hunkwise contains the work of others, listed here with the licences that they are used under.
            The sources of hunkwise, and how it is linked, are at https://example.org.

            a 1: MIT
            b 1: ISC
            c 2: MIT

            --------------------------------------------------------------------------------
            a 1, c 2
            --------------------------------------------------------------------------------

            shared
            text

            --------------------------------------------------------------------------------
            b 1
            --------------------------------------------------------------------------------

            its own
        "#]]
        .assert_eq(&text(&components, "https://example.org"));
    }
}
