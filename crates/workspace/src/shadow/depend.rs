//! Links to installed packages.
//!
//! Must never make one that leads to the user's own sources: those are in the copy.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Depended;
use super::copy::{dir_of, link as make_link, remove_tree};

/// Gives the copy at `tree` what a directory of packages holds. One of Node's is a directory of links, because a package in it
/// may be one of the workspace's, whose sources lie in the copy.
pub(super) fn link(depended: &Depended, root: &Path, tree: &Path) -> io::Result<()> {
    let to = tree.join(&depended.path);
    if depended.path.file_name().is_none_or(|name| name != "node_modules") {
        remove_tree(&to)?;
        return make_link(&depended.real, &to);
    }
    dir_of(&to)?;
    links(&depended.real, &to, root, tree)?;
    Ok(())
}

fn links(from: &Path, to: &Path, root: &Path, tree: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, place) = (entry.file_name(), to.join(entry.file_name()));
        if name.as_encoded_bytes().starts_with(b"@") && entry.file_type()?.is_dir() {
            dir_of(&place)?;
            links(&entry.path(), &place, root, tree)?;
            continue;
        }
        // What leads nowhere is nobody's.
        let Ok(real) = entry.path().canonicalize() else { continue };
        let target: PathBuf = match real.strip_prefix(root) {
            Ok(below) if !below.components().any(|part| part.as_os_str() == "node_modules") => {
                tree.join(below)
            }
            Ok(_) | Err(_) => real,
        };
        remove_tree(&place)?;
        make_link(&target, &place)?;
    }
    Ok(())
}
