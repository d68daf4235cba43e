//! Which of the other open documents may not be shown, though they could be asked about.

use workspace::{Document, Snapshot};

use crate::Left;
use crate::family::family;

/// The open documents of the same folder and family of languages that may not be sent, by path.
pub(crate) fn withheld(snapshot: &Snapshot, asked: &Document) -> Vec<Left> {
    let Some(root) = asked.path.as_deref().and_then(|path| snapshot.root_of(path)) else { return Vec::new() };
    let left = snapshot.documents().filter_map(|document| {
        let path = document.path.as_deref().filter(|path| asked.path.as_deref() != Some(path))?;
        let is_related = snapshot.root_of(path) == Some(root)
            && asked.language.zip(document.language).is_some_and(|(a, b)| family(a) == family(b));
        let reason = snapshot.may_send(path).err().filter(|_| is_related)?;
        Some(Left { path: snapshot.display_path(&document.uri), reason })
    });
    let mut left: Vec<Left> = left.collect();
    left.sort_by(|a, b| a.path.cmp(&b.path));
    left
}
