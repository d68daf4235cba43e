//! The archives of a release that are there.
//!
//! Owns how they are found. Whatever is made of them holds the very programs that are in them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::archive::{self, Entry};
use super::product::Product;
use super::target::Target;

/// An archive of a release.
#[derive(Debug)]
pub struct Shipped {
    /// What it is for.
    pub target: &'static Target,
    /// Its name.
    pub name: String,
    /// Its SHA-256.
    pub sha256: String,
    /// What is in it.
    pub entries: Vec<Entry>,
}

/// The archives of the product's version in `out`, sorted by name.
///
/// Fails where there is none, and for two of one system, as packages have room for one.
pub fn read(product: &Product, out: &Path) -> Result<Vec<Shipped>> {
    let mut all: Vec<Shipped> = Vec::new();
    for name in names(out)? {
        let Some(target) = product.target_of(&name) else { continue };
        if let Some(other) = all.iter().find(|other| other.target.node == target.node) {
            anyhow::bail!("{name} and {} are for one system: remove one of them", other.name);
        }
        let bytes = fs::read(out.join(&name)).with_context(|| format!("read {name}"))?;
        let entries = archive::entries(&bytes).with_context(|| format!("read {name}"))?;
        all.push(Shipped { target, sha256: archive::sha256(&bytes), entries, name });
    }
    ensure!(!all.is_empty(), "there is no archive of version {} in {}", product.version, out.display());
    Ok(all)
}

/// The names of the files in a directory, sorted.
pub fn names(dir: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| format!("list {}", dir.display()))? {
        let entry = entry.with_context(|| format!("list {}", dir.display()))?;
        if entry.path().is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Writes those entries whose path is wanted below a directory.
pub fn write(entries: &[Entry], dir: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<()> {
    for entry in entries.iter().filter(|entry| is_wanted(&entry.path)) {
        let path = dir.join(&entry.path);
        let parent = path.parent().context("a path without a directory")?;
        fs::create_dir_all(parent).with_context(|| format!("create {}", parent.display()))?;
        fs::write(&path, &entry.bytes).with_context(|| format!("write {}", path.display()))?;
        if entry.is_executable {
            make_executable(&path)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .with_context(|| format!("make {} a program", path.display()))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
pub mod tests {
    use super::super::product::tests::product;
    use super::*;

    /// An archive that is there for each target.
    pub fn shipped(triples: &[&str]) -> Vec<Shipped> {
        let of = |triple: &&str| {
            let target = Target::named(triple).unwrap();
            let name = product().archive(target);
            Shipped { target, sha256: format!("sum-of-{triple}"), name, entries: Vec::new() }
        };
        triples.iter().map(of).collect()
    }

    fn put(dir: &Path, triple: &str) -> String {
        let target = Target::named(triple).unwrap();
        let packed =
            archive::pack(&product().folder(target), vec![Entry::program(target.program(), "p")]).unwrap();
        fs::write(dir.join(product().archive(target)), &packed).unwrap();
        archive::sha256(&packed)
    }

    #[test]
    fn archives_of_this_version_are_found_with_their_sums() {
        let dir = tempfile::tempdir().unwrap();
        let sum = put(dir.path(), "x86_64-pc-windows-msvc");
        fs::write(dir.path().join("hunkwise-1.2.2-x86_64-apple-darwin.tar.gz"), "older").unwrap();
        let found = read(&product(), dir.path()).unwrap();
        let found: Vec<_> = found.iter().map(|one| (one.target.triple, one.sha256.as_str())).collect();
        assert_eq!(found, [("x86_64-pc-windows-msvc", sum.as_str())]);
    }

    #[test]
    fn none_and_two_of_one_system_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let error = || read(&product(), dir.path()).unwrap_err().to_string();
        assert!(error().starts_with("there is no archive of version 1.2.3"), "{}", error());
        put(dir.path(), "x86_64-unknown-linux-gnu");
        put(dir.path(), "x86_64-unknown-linux-musl");
        assert!(error().ends_with("are for one system: remove one of them"), "{}", error());
    }
}
