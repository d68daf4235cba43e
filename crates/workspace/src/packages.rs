//! The names of packages and modules that a project is known to have.
//!
//! Reads manifests as words, not as what they mean: a name too many only keeps somebody silent. Must never ask a registry.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::{Snapshot, Uri};

/// Files that name what a project depends on.
const MANIFESTS: [&str; 20] = [
    "package.json",
    "Cargo.toml",
    "pyproject.toml",
    "requirements.txt",
    "requirements-dev.txt",
    "dev-requirements.txt",
    "setup.py",
    "setup.cfg",
    "Pipfile",
    "environment.yml",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "build.sbt",
    "Gemfile",
    "composer.json",
    "Package.swift",
    "deno.json",
    "tsconfig.json",
];
/// Endings of manifests that have a name of their own.
const ENDINGS: [&str; 3] = [".csproj", ".gemspec", ".cabal"];

/// What the manifests above a document name, from its folder up to the workspace's, and the files and folders that stand
/// beside these. Empty where there is no manifest: then nothing is known.
pub fn packages(snapshot: &Snapshot, uri: &Uri) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let Some(path) = snapshot.document(uri).and_then(|document| document.path.clone()) else { return names };
    let Some(root) = snapshot.root_of(&path).map(Path::to_owned) else { return names };
    let mut has_manifest = false;
    for folder in path.ancestors().skip(1).take_while(|folder| folder.starts_with(&root)) {
        for name in entries(folder) {
            let is_manifest =
                MANIFESTS.contains(&name.as_str()) || ENDINGS.iter().any(|ending| name.ends_with(ending));
            if is_manifest && let Ok(text) = snapshot.read(&folder.join(&name)) {
                has_manifest = true;
                names.extend(words(&text.to_string()));
            }
            let stem = name.split('.').next().unwrap_or("").to_owned();
            names.extend((!stem.is_empty()).then_some(stem));
        }
        // Where sources often lie.
        for source in ["src", "lib", "app"] {
            names.extend(entries(&folder.join(source)).into_iter().filter_map(|name| {
                name.split('.').next().filter(|stem| !stem.is_empty()).map(str::to_owned)
            }));
        }
    }
    if has_manifest { names } else { BTreeSet::new() }
}

fn entries(folder: &Path) -> Vec<String> {
    /// Entries of one folder that are looked at.
    const MAX_ENTRIES: usize = 2_000;
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    names.take(MAX_ENTRIES).collect()
}

/// Whatever could be a package's name: `@scope/name`, `github.com/a/b`, `serde_json`.
fn words(text: &str) -> impl Iterator<Item = String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@');
    text.split(move |c: char| !is_part(c))
        .map(|word| word.trim_matches(['.', '-', '/']))
        .filter(|word| word.chars().any(char::is_alphabetic))
        .map(str::to_owned)
}
