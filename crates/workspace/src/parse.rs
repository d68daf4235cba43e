//! Parsing away from the owner of the documents: a job goes out with a snapshot of the text, a tree comes back.

use syntax::{Language, ParseStopped, Stop, Tree};
use text::Text;

use crate::Uri;

/// A parse to run elsewhere.
#[derive(Debug, Clone)]
pub struct ParseJob {
    /// The document.
    pub uri: Uri,
    /// Its version when the job was made.
    pub version: i32,
    pub(crate) language: Language,
    pub(crate) text: Text,
    pub(crate) edited: Option<Tree>,
}

/// A tree that came back.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The document.
    pub uri: Uri,
    /// The version it is the tree of.
    pub version: i32,
    /// The tree.
    pub tree: Tree,
    /// The text it is the tree of.
    pub(crate) text: Text,
}

impl ParseJob {
    /// Parses, reusing what the last tree still has right. Fails when it is stopped.
    pub fn run(self, stop: &Stop) -> Result<Parsed, ParseStopped> {
        let tree = match &self.edited {
            Some(edited) => edited.reparse(&self.text, stop)?,
            None => Tree::parse(self.language, &self.text, stop)?,
        };
        Ok(Parsed { uri: self.uri, version: self.version, tree, text: self.text })
    }
}
