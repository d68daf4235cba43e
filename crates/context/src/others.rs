//! What of the other open documents is worth showing: definitions of what the scope names.
//!
//! Owns the rules of which documents come into question. Must never show a document of another folder, or one that may not
//! be sent.

use std::collections::BTreeSet;
use std::path::Path;

use syntax::{Item, Language, ScopeKind};
use workspace::{Document, Snapshot};

use crate::Left;
use crate::budget::Candidate;
use crate::definition::Outline;
use crate::excerpt::Why;
use crate::family::family;
use crate::values::values;

/// A method's name says little when many types have one of it.
const MAX_SAME_METHOD: usize = 3;

/// The open documents beside one.
pub(crate) struct Others<'a> {
    /// Those that may be shown, by path.
    pub(crate) documents: Vec<Other<'a>>,
    /// Those that may not.
    pub(crate) withheld: Vec<Left>,
}

/// One open document beside the one asked about.
pub(crate) struct Other<'a> {
    pub(crate) path: String,
    pub(crate) document: &'a Document,
}

/// The open documents of the same folder that speak the same language as `asked`.
pub(crate) fn others<'a>(snapshot: &'a Snapshot, asked: &Document) -> Others<'a> {
    let mut others = Others { documents: Vec::new(), withheld: Vec::new() };
    let Some(root) = asked.path.as_deref().and_then(|path| snapshot.root_of(path)) else { return others };
    for document in snapshot.documents().filter(|document| document.uri != asked.uri) {
        let Some(path) = document.path.as_deref() else { continue };
        if asked.path.as_deref() == Some(path) || !is_related(snapshot, root, path, document, asked) {
            continue;
        }
        let shown = snapshot.display_path(&document.uri);
        match snapshot.may_send(path) {
            Ok(()) => others.documents.push(Other { path: shown, document }),
            Err(reason) => others.withheld.push(Left { path: shown, reason }),
        }
    }
    others.documents.sort_by(|a, b| a.path.cmp(&b.path));
    others.withheld.sort_by(|a, b| a.path.cmp(&b.path));
    others
}

fn is_related(snapshot: &Snapshot, root: &Path, path: &Path, document: &Document, asked: &Document) -> bool {
    let is_same_root = snapshot.root_of(path) == Some(root);
    let speaks = |language: Language| asked.language.is_some_and(|asked| family(asked) == family(language));
    is_same_root && document.language.is_some_and(speaks)
}

/// Definitions in other documents of what the scope names, as (index of the document, candidate), the surest first.
pub(crate) fn candidates(others: &[Other<'_>], names: &BTreeSet<String>) -> Vec<(usize, Candidate)> {
    let outlines: Vec<Option<Outline<'_>>> = others
        .iter()
        .map(|other| Some(Outline::new(other.document.current_tree()?, &other.document.text)))
        .collect();
    let all = || {
        let outlines =
            outlines.iter().enumerate().filter_map(|(idx, outline)| Some((idx, outline.as_ref()?)));
        outlines.flat_map(|(idx, outline)| outline.items.iter().map(move |item| (idx, outline, item)))
    };
    let is_named = |item: &Item| names.contains(&item.name) && item.kind != ScopeKind::Test;
    let mut found: Vec<(usize, Candidate)> = Vec::new();
    for (idx, outline, item) in all().filter(|(.., item)| item.depth == 0 && is_named(item)) {
        let why = Why::Defines(item.name.clone());
        found.push((idx, Candidate { choices: outline.definition(item), why: why.clone() }));
        let members = outline.member_signatures(item);
        found.extend(members.into_iter().map(|lines| (idx, Candidate::new(lines, why.clone()))));
    }
    for (idx, outline) in outlines.iter().enumerate() {
        let values = outline.iter().flat_map(|outline| values(outline, names));
        found.extend(values.map(|candidate| (idx, candidate)));
    }
    for (idx, outline, item) in all().filter(|(.., item)| item.depth > 0 && is_named(item)) {
        let n_same = all().filter(|(.., other)| other.name == item.name).count();
        if n_same <= MAX_SAME_METHOD {
            let owner = item.container.as_deref().filter(|owner| !owner.is_empty());
            let label = owner.map_or_else(|| item.name.clone(), |owner| format!("{owner}.{}", item.name));
            found.push((idx, Candidate::new(outline.signature(item), Why::Defines(label))));
        }
    }
    found
}
