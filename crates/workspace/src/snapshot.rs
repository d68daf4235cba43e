//! The workspace at one moment, for work elsewhere.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use text::Text;

use crate::ignored::IgnoreRules;
use crate::{Document, FileError, Uri, Withheld, read_file};

/// All open documents as they were, and the project's files as they are. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub(crate) documents: Arc<BTreeMap<Uri, Arc<Document>>>,
    pub(crate) rules: Arc<IgnoreRules>,
}

impl Snapshot {
    /// An open document.
    pub fn document(&self, uri: &Uri) -> Option<&Document> {
        self.documents.get(uri).map(Arc::as_ref)
    }

    /// The open documents, by URI.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.values().map(Arc::as_ref)
    }

    /// The folder of the workspace that a path lies in: the innermost.
    pub fn root_of(&self, path: &Path) -> Option<&Path> {
        self.rules.root_of(path)
    }

    /// A document's name for people and prompts.
    pub fn display_path(&self, uri: &Uri) -> String {
        self.rules.display_path(uri)
    }

    /// Whether anything of a file may leave the machine.
    pub fn may_send(&self, path: &Path) -> Result<(), Withheld> {
        self.rules.may_send(path)
    }

    /// The text of a file: the editor's where it is open, else the one on disk, only below the workspace's folders.
    pub fn read(&self, path: &Path) -> Result<Text, FileError> {
        if let Some(document) = self.documents().find(|document| document.path.as_deref() == Some(path)) {
            return Ok(document.text.clone());
        }
        let outside = || FileError::Outside { path: path.to_owned() };
        let real = path.canonicalize().map_err(|source| FileError::Io { path: path.to_owned(), source })?;
        let is_inside = self
            .rules
            .roots()
            .iter()
            .any(|root| root.canonicalize().is_ok_and(|root| real.starts_with(root)));
        if !is_inside {
            return Err(outside());
        }
        read_file(&real).map(|file| Text::from(file.text))
    }

    /// What the file of an open document holds; [`OnDisk::Same`] where there is no telling.
    pub fn on_disk(&self, uri: &Uri) -> OnDisk {
        let Some(document) = self.document(uri) else { return OnDisk::Same };
        let Some(path) = &document.path else { return OnDisk::Same };
        match read_file(path) {
            Ok(file) => {
                // What the editor wrote itself may be heard of when the user has typed on.
                let is_known = |text: &Text| is_same(&text.to_string(), &file.text);
                if is_known(&document.text) || is_known(&document.saved) {
                    OnDisk::Same
                } else {
                    OnDisk::Differs
                }
            }
            Err(FileError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => OnDisk::Gone,
            Err(_) => OnDisk::Same,
        }
    }
}

/// A file beside the document that an editor has of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDisk {
    /// It holds the document's text, or what the editor last saved or opened.
    Same,
    /// It holds another text.
    Differs,
    /// There is none.
    Gone,
}

/// Whether two texts have the same lines. Editors take a byte order mark off before they send a text, some send their own
/// line endings, and some add the last one when they write the file.
fn is_same(document: &str, file: &str) -> bool {
    let lines = |text| str::lines(str::strip_prefix(text, '\u{feff}').unwrap_or(text));
    lines(document).eq(lines(file))
}
