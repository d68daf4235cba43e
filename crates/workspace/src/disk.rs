//! Files on disk: read whole, and the one guarded write of the command line.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Larger files are not source that a person reviews.
const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// A file's text as it was read, to compare with before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileText {
    /// The text, with a byte order mark if there is one.
    pub text: String,
}

/// A file that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system says no.
    #[error("read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// It is no UTF-8 text.
    #[error("read {}: not UTF-8", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// It is no regular file, or too large.
    #[error("read {}: {why}", path.display())]
    NotSource {
        /// The file.
        path: PathBuf,
        /// What it is.
        why: &'static str,
    },
    /// It lies outside the workspace.
    #[error("read {}: outside the workspace", path.display())]
    Outside {
        /// The file.
        path: PathBuf,
    },
}

/// A file that was not written. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum WriteRefused {
    /// Somebody else wrote it meanwhile.
    #[error("{} changed meanwhile; it was not written", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// It may not be written.
    #[error("{} is read-only; it was not written", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The system says no.
    #[error("write {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// It cannot be read again.
    #[error(transparent)]
    Unreadable(#[from] FileError),
}

/// Reads a regular UTF-8 file of at most 16 MiB.
pub fn read_file(path: &Path) -> Result<FileText, FileError> {
    let failed = |source| FileError::Io { path: path.to_owned(), source };
    let metadata = fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(FileError::NotSource { path: path.to_owned(), why: "not a regular file" });
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(FileError::NotSource { path: path.to_owned(), why: "larger than 16 MiB" });
    }
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES).read_to_end(&mut bytes))
        .map_err(failed)?;
    String::from_utf8(bytes)
        .map(|text| FileText { text })
        .map_err(|_| FileError::NotText { path: path.to_owned() })
}

/// Writes a file if it still holds what was read. Mode and links stay: a symbolic link keeps pointing at the file written,
/// and a file with several hard links is written in place, so that all of them show it.
pub fn write_guarded(path: &Path, read: &FileText, text: &str) -> Result<(), WriteRefused> {
    let target = path.canonicalize().map_err(|source| WriteRefused::Io { path: path.to_owned(), source })?;
    let failed = |source| WriteRefused::Io { path: target.clone(), source };
    let metadata = fs::metadata(&target).map_err(failed)?;
    if metadata.permissions().readonly() {
        return Err(WriteRefused::ReadOnly { path: target });
    }
    let unchanged = || -> Result<(), WriteRefused> {
        if read_file(&target)? == *read {
            Ok(())
        } else {
            Err(WriteRefused::Changed { path: target.clone() })
        }
    };
    let dir = target.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".hunkwise-").tempfile_in(dir).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    fs::set_permissions(file.path(), metadata.permissions()).map_err(failed)?;
    unchanged()?;
    if has_other_links(&metadata) {
        // The whole new text lies beside it until the copy is done, should anything end this process in between.
        let (mut kept, beside) = file.keep().map_err(|error| failed(error.error))?;
        let copied = copy_into(&mut kept, &beside, &target);
        copied.map_err(failed)?;
        return fs::remove_file(&beside).map_err(failed);
    }
    file.persist(&target).map_err(|error| failed(error.error))?;
    Ok(())
}

fn copy_into(_: &mut fs::File, from: &Path, to: &Path) -> std::io::Result<()> {
    let mut source = fs::File::open(from)?;
    let mut target = fs::OpenOptions::new().write(true).truncate(true).open(to)?;
    std::io::copy(&mut source, &mut target)?;
    target.sync_all()
}

#[cfg(unix)]
fn has_other_links(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

#[cfg(not(unix))]
fn has_other_links(_: &fs::Metadata) -> bool {
    false
}

/// The checkout that a path lies in: the nearest directory above with a `.git`, else the path's own directory.
pub fn checkout_root(path: &Path) -> PathBuf {
    let dir = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    checkout_above(dir).unwrap_or(dir).to_owned()
}

/// The nearest directory with a `.git`, from this one up.
pub(crate) fn checkout_above(dir: &Path) -> Option<&Path> {
    dir.ancestors().find(|dir| dir.join(".git").exists())
}

/// Where a path leads, all links followed; what does not exist yet lies where its directory does.
pub(crate) fn real_path(path: &Path) -> PathBuf {
    let existing = path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    let Some((above, real)) = existing else { return path.to_owned() };
    match path.strip_prefix(above) {
        Ok(rest) if !rest.as_os_str().is_empty() => real.join(rest),
        Ok(_) | Err(_) => real,
    }
}
