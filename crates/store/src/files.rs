//! Plain files: review documents in the state directory, and the user's settings. Written whole or not at all.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::Error;

/// Writes a review document under `reviews/` of the state directory and returns its path.
pub fn write_review(state_dir: &Path, name: &str, text: &str) -> Result<PathBuf, Error> {
    // A name is a label, never a path.
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' })
        .collect();
    let dir = state_dir.join("reviews");
    private_dir(state_dir)?;
    private_dir(&dir)?;
    let path = dir.join(name);
    write_private(&path, text)?;
    Ok(path)
}

/// The directory for what lives no longer than a process: copies of workspaces that checks run in.
pub fn scratch_dir(state_dir: &Path) -> Result<PathBuf, Error> {
    let dir = state_dir.join("scratch");
    private_dir(state_dir)?;
    private_dir(&dir)?;
    Ok(dir)
}

/// The text of the user's settings file; none when there is no such file.
pub fn read_config() -> Result<Option<String>, Error> {
    let Some(path) = crate::config_file() else { return Ok(None) };
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Io { what: "read settings", path, source }),
    }
}

/// Writes the user's settings file, readable by the user only.
pub fn write_config(text: &str) -> Result<(), Error> {
    let path = crate::config_file().ok_or(Error::NoConfigDir)?;
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir).map_err(|source| Error::Io {
            what: "make directory",
            path: dir.to_owned(),
            source,
        })?;
    }
    write_private(&path, text)
}

/// A directory that only the user can enter.
pub(crate) fn private_dir(path: &Path) -> Result<(), Error> {
    let failed = |source| Error::Io { what: "make directory", path: path.to_owned(), source };
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(failed)
}

/// Replaces a file at once; temporary files are made with mode 0600, and the mode goes with them.
fn write_private(path: &Path, text: &str) -> Result<(), Error> {
    let failed = |source| Error::Io { what: "write", path: path.to_owned(), source };
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(dir).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
