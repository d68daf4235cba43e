//! Parsing away from the owner of the documents: a job goes out with a snapshot of the text, a tree comes back.

use syntax::{Directive, Language, Markers, ParseStopped, Stop, Tree, directives};
use text::Text;

use crate::Uri;

/// A parse to run elsewhere.
///
/// It holds the only handle to the tree before, unless a snapshot has one: whoever drops the job frees that tree, which can
/// take longer than a turn of the documents' owner may.
#[derive(Debug, Clone)]
pub struct ParseJob {
    /// The document.
    pub uri: Uri,
    /// Its version when the job was made.
    pub version: i32,
    pub(crate) language: Language,
    pub(crate) text: Text,
    pub(crate) markers: Markers,
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
    /// The directives that it shows.
    pub(crate) directives: Vec<Directive>,
    /// The text it is the tree of.
    pub(crate) text: Text,
}

impl ParseJob {
    /// Parses, reusing what the last tree still has right, and reads the directives. Fails when it is stopped.
    pub fn run(&self, stop: &Stop) -> Result<Parsed, ParseStopped> {
        let tree = match &self.edited {
            Some(edited) => edited.reparse(&self.text, stop)?,
            None => Tree::parse(self.language, &self.text, stop)?,
        };
        let directives = directives(&tree, &self.text, &self.markers);
        Ok(Parsed { uri: self.uri.clone(), version: self.version, tree, directives, text: self.text.clone() })
    }
}
