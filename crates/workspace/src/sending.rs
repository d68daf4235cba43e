//! Reading what is meant to be sent: inside one folder, through no link out of it, and only what may leave the machine.

use std::path::{Path, PathBuf};

use text::Text;

use crate::{FileError, Snapshot, Withheld, read_file};

/// A file that may be sent.
#[derive(Debug, Clone)]
pub struct Sendable {
    /// Its text: the editor's where it is open.
    pub text: Text,
    /// Where it really lies: two names of one file have the same.
    pub real: PathBuf,
}

/// Why a file is not sent.
#[derive(Debug, thiserror::Error)]
pub enum NotSent {
    /// It may not leave the machine, under this name or the one that it links to.
    #[error(transparent)]
    Withheld(#[from] Withheld),
    /// It cannot be read, or lies outside of the folder.
    #[error(transparent)]
    Unreadable(#[from] FileError),
}

impl Snapshot {
    /// A file below `root` that may be sent, by its path. Links are followed inside of the folder only.
    pub fn read_to_send(&self, root: &Path, path: &Path) -> Result<Sendable, NotSent> {
        self.may_send(path)?;
        let is_climbing = path.components().any(|part| part == std::path::Component::ParentDir);
        if is_climbing || !path.starts_with(root) {
            return Err(FileError::Outside { path: path.to_owned() }.into());
        }
        let open = |path: &Path| {
            let mut documents = self.documents();
            documents.find(|open| open.path.as_deref() == Some(path)).map(|open| open.text.clone())
        };
        let real = match path.canonicalize() {
            Ok(real) => real,
            Err(source) => {
                let unreadable = FileError::Io { path: path.to_owned(), source };
                let text = open(path).ok_or(unreadable)?;
                return Ok(Sendable { text, real: path.to_owned() });
            }
        };
        let real_root =
            root.canonicalize().map_err(|source| FileError::Io { path: root.to_owned(), source })?;
        let Ok(below) = real.strip_prefix(&real_root) else {
            return Err(FileError::Outside { path: path.to_owned() }.into());
        };
        let linked = root.join(below);
        let text = match open(path).or_else(|| open(&linked)) {
            Some(text) => text,
            None => Text::from(read_file(&real)?.text),
        };
        Ok(Sendable { text, real })
    }
}
