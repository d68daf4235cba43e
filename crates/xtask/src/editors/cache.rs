//! The directory that the editors live in: where it is, who may change it, what is complete.
//!
//! Owns the layout and the lock. Must never hold anything that cannot be made again.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use super::Status;

/// The editors' cache, created if need be.
#[derive(Debug)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// The cache of this user: `HUNKWISE_EDITORS_CACHE`, else `hunkwise/editors` in the platform's cache directory.
    pub fn open() -> Result<Cache> {
        Cache::at(&location()?)
    }

    /// A cache at `dir`, created if need be.
    pub fn at(dir: &Path) -> Result<Cache> {
        let cache = Cache { root: dir.to_owned() };
        fs::create_dir_all(cache.bin()).with_context(|| format!("create {}", cache.bin().display()))?;
        // Unpacked programs are given absolute paths to their libraries.
        let root =
            fs::canonicalize(&cache.root).with_context(|| format!("resolve {}", cache.root.display()))?;
        Ok(Cache { root })
    }

    /// Waits until no other process installs; others wait until the returned file is dropped.
    pub fn lock(&self) -> Result<File> {
        let path = self.root.join("lock");
        let file = File::create(&path).with_context(|| format!("create {}", path.display()))?;
        file.lock().with_context(|| format!("lock {}", path.display()))?;
        Ok(file)
    }

    /// The directory that tests are given.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the wrappers are.
    pub fn bin(&self) -> PathBuf {
        self.root.join("bin")
    }

    /// Where a suite is unpacked.
    pub fn suite(&self, suite: &str) -> PathBuf {
        self.root.join(suite)
    }

    /// Where a suite's package lists and archives lie while it is fetched.
    pub fn apt(&self, suite: &str) -> PathBuf {
        self.root.join(format!("{suite}.apt"))
    }

    /// Says that a suite is complete.
    pub fn stamp(&self, suite: &str, recipe: &str) -> Result<()> {
        let path = self.stamp_path(suite);
        fs::write(&path, self.stamped(recipe)).with_context(|| format!("write {}", path.display()))
    }

    /// Takes the stamp away before a suite is changed.
    pub fn unstamp(&self, suite: &str) -> Result<()> {
        let path = self.stamp_path(suite);
        if path.exists() {
            fs::remove_file(&path).with_context(|| format!("remove {}", path.display()))?;
        }
        Ok(())
    }

    /// Whether the suite was completed by the same recipe in the same place.
    pub fn is_stamped(&self, suite: &str, recipe: &str) -> bool {
        fs::read_to_string(self.stamp_path(suite)).is_ok_and(|text| text == self.stamped(recipe))
    }

    /// Writes `editors.json`: name → program and version, for the tests to print.
    pub fn record(&self, editors: &[Status]) -> Result<()> {
        let mut found = Map::new();
        for status in editors {
            if let Ok(version) = &status.version {
                let program = self.bin().join(status.name);
                found.insert(status.name.to_owned(), json!({ "program": program, "version": version }));
            }
        }
        let path = self.root.join("editors.json");
        let text = serde_json::to_string_pretty(&Value::Object(found)).context("print editors.json")?;
        fs::write(&path, text + "\n").with_context(|| format!("write {}", path.display()))
    }

    fn stamp_path(&self, suite: &str) -> PathBuf {
        self.root.join(format!("{suite}.stamp"))
    }

    fn stamped(&self, recipe: &str) -> String {
        format!("{}\n{recipe}", self.root.display())
    }
}

fn location() -> Result<PathBuf> {
    if let Some(dir) = variable("HUNKWISE_EDITORS_CACHE") {
        return Ok(dir);
    }
    let caches = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library/Caches"))
    } else {
        variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache")))
    };
    let caches =
        caches.context("no cache directory: set HUNKWISE_EDITORS_CACHE to a directory for the editors")?;
    Ok(caches.join("hunkwise").join("editors"))
}

fn variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
