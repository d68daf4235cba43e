//! One open document.

use std::path::PathBuf;

use syntax::{Language, Markers, Tree};
use text::{ChangeSet, PositionRange, Text};

use crate::Uri;

/// A document that an editor has open.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its identity.
    pub uri: Uri,
    /// Its file, if it has one.
    pub path: Option<PathBuf>,
    /// Its language, if known.
    pub language: Option<Language>,
    /// The client's version.
    pub version: i32,
    /// Its text.
    pub text: Text,
    /// Its text when it was opened: what was written since is what the user works at.
    pub at_open: Text,
    /// Its text when it was last saved, or opened: what the editor believes its file to hold.
    pub(crate) saved: Text,
    /// Changes whose version did not grow.
    pub n_inversions: u32,
    /// Where a directive may begin; kept for a known language only.
    pub(crate) markers: Markers,
    pub(crate) syntax: SyntaxState,
}

/// How far the tree of a document is.
#[derive(Debug, Clone)]
pub(crate) enum SyntaxState {
    /// No tree is wanted: unknown language, or the text cannot be parsed in time.
    None,
    /// A tree is wanted.
    Behind {
        /// The last tree, moved along with all changes since; a running job has it.
        edited: Option<Tree>,
        /// While a job runs: what happened to the text since it started.
        parsing: Option<ChangeSet>,
    },
    /// The tree of the text.
    Current(Tree),
}

/// One change of a notification: a range of the text before it, or the whole text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentChange {
    /// What is replaced; none for the whole text.
    pub range: Option<PositionRange>,
    /// What stands there afterwards.
    pub text: String,
}

/// What one notification did.
#[derive(Debug, Clone)]
pub struct Changed {
    /// All its changes as one.
    pub changes: ChangeSet,
    /// The text before.
    pub before: Text,
    /// The text after.
    pub after: Text,
}

impl Document {
    /// The tree, if it is the text's.
    pub fn current_tree(&self) -> Option<&Tree> {
        match &self.syntax {
            SyntaxState::Current(tree) => Some(tree),
            SyntaxState::None | SyntaxState::Behind { .. } => None,
        }
    }

    /// Whether a tree for this text is still to come.
    pub fn is_awaiting_tree(&self) -> bool {
        matches!(self.syntax, SyntaxState::Behind { .. })
    }

    /// The text changed: the tree moves along and is behind.
    pub(crate) fn move_tree(&mut self, changed: &Changed) {
        if self.language.is_some() {
            self.markers.on_change(&changed.changes, &changed.after);
        }
        let edited = |tree: Tree| tree.into_edited(&changed.changes, &changed.before, &changed.after);
        self.syntax = match std::mem::replace(&mut self.syntax, SyntaxState::None) {
            // A text that was too large or too slow may have become small.
            SyntaxState::None if self.language.is_some() => {
                SyntaxState::Behind { edited: None, parsing: None }
            }
            SyntaxState::None => SyntaxState::None,
            SyntaxState::Behind { edited: tree, parsing } => SyntaxState::Behind {
                edited: tree.map(edited),
                parsing: parsing.and_then(|since| since.compose(&changed.changes).ok()),
            },
            SyntaxState::Current(tree) => SyntaxState::Behind { edited: Some(edited(tree)), parsing: None },
        };
    }
}
