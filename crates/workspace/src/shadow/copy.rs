//! Single files: hashed, written, removed.
//!
//! Must never follow a link where it writes or removes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use crate::indexer::open_itself;

pub(super) fn hash(path: &Path) -> io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(open(path)?)?;
    Ok(hasher.finalize())
}

/// Copies a file to a place where nothing is. The system shares its blocks where the file system can.
pub(super) fn file(from: &Path, to: &Path, mode: u32, mtime_ns: Option<i64>) -> io::Result<()> {
    let mut source = open(from)?;
    let mut target = create(to, mode)?;
    io::copy(&mut source, &mut target)?;
    match mtime_ns.and_then(|ns| u64::try_from(ns).ok()) {
        Some(ns) => target.set_modified(UNIX_EPOCH + Duration::from_nanos(ns)),
        None => Ok(()),
    }
}

/// Writes a file where nothing is.
pub(super) fn write<'a>(mut chunks: impl Iterator<Item = &'a [u8]>, to: &Path, mode: u32) -> io::Result<()> {
    let mut target = io::BufWriter::new(create(to, mode)?);
    chunks.try_for_each(|chunk| target.write_all(chunk))?;
    target.flush()
}

/// Makes sure that a path is a directory that its owner can use, and no link to one.
pub(super) fn dir_of(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => own(path),
        Ok(_) => {
            fs::remove_file(path)?;
            fs::create_dir(path)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir(path),
        Err(error) => Err(error),
    }
}

/// Removes whatever lies at a path; links in it are removed, not followed. Nothing there is fine.
pub fn remove_tree(path: &Path) -> io::Result<()> {
    let removed = |path: &Path| match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    let again = match removed(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            open_up(path)?;
            removed(path)
        }
        first => first,
    };
    match again {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Takes back what keeps a directory's owner from removing what is in it.
fn open_up(path: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(path)?.is_dir() {
        return Ok(());
    }
    own(path)?;
    for entry in fs::read_dir(path)? {
        open_up(&entry?.path())?;
    }
    Ok(())
}

/// Regular files only: one that became a pipe meanwhile would be waited for, one that became a link leads anywhere.
fn open(path: &Path) -> io::Result<File> {
    let file = open_itself(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("not a regular file")) }
}

#[cfg(unix)]
fn create(to: &Path, mode: u32) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().write(true).create_new(true).mode(mode).open(to)
}

#[cfg(not(unix))]
fn create(to: &Path, _: u32) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(to)
}

#[cfg(unix)]
pub(super) fn link(target: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, to)
}

#[cfg(not(unix))]
pub(super) fn link(_: &Path, _: &Path) -> io::Result<()> {
    // Links need a privilege here; a project that needs one is checked without it.
    Ok(())
}

#[cfg(unix)]
fn own(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::symlink_metadata(path)?.permissions().mode();
    if mode & 0o700 == 0o700 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o777 | 0o700))
}

#[cfg(not(unix))]
fn own(_: &Path) -> io::Result<()> {
    Ok(())
}
