//! From a snapshot, a scope and a budget to what the model is shown.
//!
//! Owns the order of worth. Must never show the scope itself: the prompt does.

use std::collections::BTreeSet;
use std::ops::Range;

use workspace::{Snapshot, Uri};

use crate::budget::Selection;
use crate::others::{self, others};
use crate::own::Own;
use crate::{Context, Left};

/// What the model is shown besides `scope`, whole lines of the document `uri`, in at most `budget` tokens.
///
/// Worth most: imports of what the scope names, what the scope stands in, definitions of what it names, here and in other
/// open documents of the folder. Then the other imports, the text round the scope, neighbors, the rest of the outline.
/// Without a current tree only the text round the scope. Empty for a document that is not open or may not be sent; then
/// `withheld` names it, and its scope should not be sent either.
pub fn gather(snapshot: &Snapshot, uri: &Uri, scope: Range<usize>, budget: usize) -> Context {
    let Some(document) = snapshot.document(uri) else { return Context::default() };
    if let Some(Err(reason)) = document.path.as_deref().map(|path| snapshot.may_send(path)) {
        let withheld = vec![Left { path: snapshot.display_path(uri), reason }];
        return Context { withheld, ..Context::default() };
    }
    let text = &document.text;
    let tree = document.current_tree();
    let names = tree.map_or_else(BTreeSet::new, |tree| syntax::identifiers(tree, text, &scope));
    let others = others(snapshot, document);

    let mut selection = Selection::new(budget);
    for (place, other) in others.documents.iter().enumerate() {
        selection.add_document(place, other.path.clone(), &other.document.text, 0..0);
    }
    let own_place = others.documents.len();
    let barred = text.whole_lines(scope.clone());
    let barred = text.line_of(barred.start)..text.line_of(barred.end.saturating_sub(1).max(barred.start)) + 1;
    selection.add_document(own_place, snapshot.display_path(uri), text, barred);

    let own = Own { text, tree, scope, names: &names }.candidates();
    own.first.iter().for_each(|candidate| selection.take(own_place, candidate));
    for (place, candidate) in others::candidates(&others.documents, &names) {
        selection.take(place, &candidate);
    }
    own.then.iter().for_each(|candidate| selection.take(own_place, candidate));
    Context { withheld: others.withheld, ..selection.into_context() }
}

#[cfg(test)]
mod tests;
