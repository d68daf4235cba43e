//! When an open document goes into the index of its folder: once it has a tree and nobody has typed in it for a while.
//!
//! What the index is, where it lies and who writes it is the driver's.

use workspace::Uri;

use crate::effect::IndexOrder;

use super::Session;

impl Session {
    pub(super) fn use_folders(&mut self, folders: Vec<Uri>) {
        self.effects.index(IndexOrder::Folders(folders.clone()));
        self.workspace.set_roots(folders);
        // A new index knows of no document yet.
        self.workspace.uris().iter().for_each(|uri| self.index_later(uri));
    }

    /// A document has a tree of its text.
    pub(super) fn index_later(&mut self, uri: &Uri) {
        if self.workspace.document(uri).is_some_and(|document| document.path.is_some()) {
            self.effects.index(IndexOrder::Changed(uri.clone()));
        }
    }

    /// Nobody has typed for a while. Where the tree is behind all the same, its parse will lead here again.
    pub(super) fn index_now(&mut self, uri: &Uri) {
        if let Some(document) =
            self.workspace.shared(uri).filter(|document| document.current_tree().is_some())
        {
            self.effects.index(IndexOrder::Document(document));
        }
    }

    /// A document may have been closed, or have another name: of all that are not open, the disk says what they hold.
    pub(super) fn index_open(&mut self) {
        self.effects.index(IndexOrder::Open(self.workspace.uris()));
    }
}
