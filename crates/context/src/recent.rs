//! What the user wrote since documents were opened: what the next change is most likely to be about.

use std::ops::Range;

use text::{ChangeSet, Text};
use workspace::{Snapshot, Uri, words};

use crate::rank::Recent;

/// Longer texts are not compared: it would take longer than it is worth.
const MAX_BYTES: usize = 1 << 20;
/// Words that are kept, those of the document asked about first.
const MAX_WORDS: usize = 2_000;

/// What was written in the open documents of the folder of `uri`, but for the scope itself.
pub(crate) fn written(snapshot: &Snapshot, uri: &Uri, scope: &Range<usize>) -> Recent {
    let mut recent = Recent::default();
    let Some(asked) = snapshot.document(uri) else { return recent };
    let root = |path: Option<&std::path::Path>| path.and_then(|path| snapshot.root_of(path));
    let mut documents: Vec<_> = snapshot
        .documents()
        .filter(|document| {
            document.uri == *uri || root(document.path.as_deref()) == root(asked.path.as_deref())
        })
        .filter(|document| document.path.as_deref().is_none_or(|path| snapshot.may_send(path).is_ok()))
        .collect();
    documents.sort_by_key(|document| (document.uri != *uri, document.uri.clone()));
    for document in documents {
        let barred = if document.uri == *uri { scope.clone() } else { 0..0 };
        let text = added(&document.at_open, &document.text, &barred);
        let n_before = recent.words.len();
        recent.words.extend(words(&text).take(MAX_WORDS - n_before).map(str::to_owned));
        if recent.words.len() > n_before {
            recent.paths.push(snapshot.display_path(&document.uri));
        }
    }
    recent
}

/// The text that was put in, outside of `barred`.
fn added(before: &Text, after: &Text, barred: &Range<usize>) -> String {
    if before == after || before.len().max(after.len()) > MAX_BYTES {
        return String::new();
    }
    let changes = ChangeSet::between(before, after);
    let outside = changes
        .with_after()
        .into_iter()
        .filter(|(_, new)| new.end <= barred.start || new.start >= barred.end);
    outside.map(|(edit, _)| format!("{}\n", edit.text)).collect()
}
