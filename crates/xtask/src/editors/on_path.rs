//! Finds editors that are already on this machine, where none can be unpacked.
//!
//! Owns the search of PATH. Must never install anything.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::EDITORS;
use super::cache::Cache;

/// The first program of that name on PATH.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|dir| dir.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .find(|file| file.is_file())
}

/// Puts a link under `bin/` for every editor of the wanted version that is on PATH, and takes dead ones away.
pub fn link(cache: &Cache) -> Result<()> {
    for editor in EDITORS {
        let wrapper = cache.bin().join(editor.name);
        if fs::symlink_metadata(&wrapper).is_ok() {
            fs::remove_file(&wrapper).with_context(|| format!("remove {}", wrapper.display()))?;
        }
        let found = editor
            .path_names
            .iter()
            .filter_map(|name| find(name))
            .find(|program| editor.version_of(program).is_ok());
        if let Some(program) = found {
            make_link(&program, &wrapper)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn make_link(program: &Path, wrapper: &Path) -> Result<()> {
    std::os::unix::fs::symlink(program, wrapper).with_context(|| format!("link {}", wrapper.display()))
}

#[cfg(not(unix))]
fn make_link(program: &Path, wrapper: &Path) -> Result<()> {
    let _ = (program, wrapper);
    Ok(())
}
