//! From a snapshot, an index, a scope and a budget to what the model is shown.
//!
//! Owns the order in which the budget is spent. Must never show the scope itself: the prompt does.

use std::ops::Range;
use std::path::Path;

use syntax::Facts;
use text::estimate_tokens;
use workspace::{
    Document, FileId, FileKind, Index, IndexedDefinition, IndexedFile, RulesFile, Snapshot, Uri,
};

use crate::budget::{Candidate, Selection};
use crate::excerpt::Why;
use crate::mention::{Mentions, take_mentions};
use crate::others::withheld;
use crate::own::Own;
use crate::rank::{Answered, Asked, Ranked, Reason, Recent, names_of_answer, rank};
use crate::recent::written;
use crate::rules::rules;
use crate::{Context, Left};

/// Definitions that do not fit any more before the budget counts as spent.
const MAX_MISSES: usize = 40;
/// Below this many tokens all of them go to definitions: signatures say most per token.
const OWN_TEXT_FROM: usize = 1_500;
/// The share of the budget, in percent, that the document's own imports and the text round the scope may have at most: that
/// of a small budget, and of one from [`AMPLE`] tokens on.
const OWN_TEXT_SHARE: [usize; 2] = [10, 20];
const AMPLE: usize = 4_000;
/// What rules files may take beside the budget, as a share of it in percent: who has little to spend has little for them.
const RULES_SHARE: usize = 50;

/// What is to be gathered.
pub struct Request<'a> {
    /// The documents and files.
    pub snapshot: &'a Snapshot,
    /// The index of the document's folder; of the document it has the text that the snapshot has.
    pub index: &'a Index,
    /// The document asked about.
    pub uri: &'a Uri,
    /// Whole lines of it.
    pub scope: Range<usize>,
    /// What the user wants.
    pub instruction: &'a str,
    /// What the user wrote before; what was written in open documents is known without.
    pub recent: &'a Recent,
    /// An answer to look further from: the scope with it, and what the scope named before.
    pub answered: Option<&'a Answered<'a>>,
    /// What the instructions mention.
    pub mentions: &'a Mentions,
    /// The rules files on the way to the document.
    pub rules: &'a [RulesFile],
    /// Tokens to spend.
    pub budget: usize,
    /// How tokens are counted.
    pub count: fn(&str) -> usize,
}

impl<'a> Request<'a> {
    /// A request with the usual count of tokens, and nothing but the scope to go by.
    pub fn new(snapshot: &'a Snapshot, index: &'a Index, uri: &'a Uri, scope: Range<usize>) -> Request<'a> {
        const NOTHING: &Recent = &Recent { words: Vec::new(), paths: Vec::new() };
        static NO_MENTIONS: Mentions = Mentions {
            newest: Vec::new(),
            earlier: Vec::new(),
            diff: None,
            diagnostics: Vec::new(),
            pages: None,
        };
        let (instruction, recent, mentions, rules) = ("", NOTHING, &NO_MENTIONS, &[]);
        let (answered, budget, count) = (None, 0, estimate_tokens as fn(&str) -> usize);
        Request { snapshot, index, uri, scope, instruction, recent, answered, mentions, rules, budget, count }
    }
}

/// What the model is shown besides the scope, in at most the budget.
///
/// First what the user mentions. Worth most besides: the heads of what the scope stands in. Then definitions of the workspace in the order of [`rank`], each by its
/// signature with the head of its type; of a budget that allows for it, a share goes to imports and the text round the scope
/// first. Without an index of the document's language only the text round the scope. Empty for a document that is not open or
/// may not be sent; then `withheld` names it, and its scope should not be sent either.
pub fn gather(request: &Request<'_>) -> Context {
    let Request { snapshot, uri, .. } = request;
    let Some(document) = snapshot.document(uri) else { return Context::default() };
    if let Some(Err(reason)) = document.path.as_deref().map(|path| snapshot.may_send(path)) {
        let withheld = vec![Left { path: snapshot.display_path(uri), reason }];
        return Context { withheld, ..Context::default() };
    }
    let text = &document.text;
    let tree = document.current_tree();
    let path = snapshot.display_path(uri);
    let mut selection = Selection::new(request.budget, request.count);
    let barred = text.whole_lines(request.scope.clone());
    let barred = text.line_of(barred.start)..text.line_of(barred.end.saturating_sub(1).max(barred.start)) + 1;
    selection.set_own(&path, text.clone(), barred);

    let unmet = take_mentions(request, document, &mut selection);
    let n_mentioned = selection.tokens();
    let own = Own { text, tree, scope: request.scope.clone() };
    selection.take_all(&path, &own.around());
    let ranked = ranked(request, document, &path);
    if ranked.is_empty() {
        selection.take_all(&path, &own.imports());
        selection.take_all(&path, &own.near());
    } else {
        let share = match request.budget {
            ..OWN_TEXT_FROM => 0,
            OWN_TEXT_FROM..AMPLE => OWN_TEXT_SHARE[0],
            AMPLE.. => OWN_TEXT_SHARE[1],
        };
        let left = request.budget.saturating_sub(n_mentioned);
        selection.set_limit(n_mentioned + left * share / 100);
        selection.take_all(&path, &own.near());
        selection.take_all(&path, &own.imports());
        selection.set_limit(request.budget);
        take_ranked(request, &path, &ranked, &mut selection);
    }
    let rules = rules(request.rules, &path, request.budget * RULES_SHARE / 100, request.count);
    Context { withheld: withheld(snapshot, document), rules, unmet, ..selection.into_context() }
}

/// An index of the open documents in the folder of one, of those that may be sent and have a tree: what can be said before the
/// folder has been read.
pub fn index_of_open(snapshot: &Snapshot, uri: &Uri) -> Index {
    let mut index = Index::default();
    let root = |path: &Path| snapshot.root_of(path).map(Path::to_owned);
    let own_root = snapshot.document(uri).and_then(|document| root(document.path.as_deref()?));
    for document in snapshot.documents() {
        let Some(language) = document.language else { continue };
        let Some(path) = document.path.as_deref() else { continue };
        let is_own = document.uri == *uri;
        if !is_own && (own_root.is_none() || root(path) != own_root) || snapshot.may_send(path).is_err() {
            continue;
        }
        if let Some(tree) = document.current_tree() {
            let facts = Facts::of(tree, &document.text);
            index.insert(&snapshot.display_path(&document.uri), language, FileKind::Source, &facts);
        }
    }
    index
}

/// The definitions of the index that may be needed.
fn ranked(request: &Request<'_>, document: &Document, path: &str) -> Vec<Ranked> {
    let Some(file) = request.index.file_id(path) else { return Vec::new() };
    let mut recent = written(request.snapshot, request.uri, &request.scope);
    recent.words.extend(request.recent.words.iter().cloned());
    recent.paths.extend(request.recent.paths.iter().cloned());
    let asked = Asked {
        file,
        tree: document.current_tree(),
        text: &document.text,
        scope: request.scope.clone(),
        instruction: request.instruction,
        recent: &recent,
    };
    let mut ranked = of_answer(request, document, file);
    ranked.extend(rank(request.index, &asked));
    ranked
}

/// The definitions that an answer names, then those nearest to what it invented.
fn of_answer(request: &Request<'_>, document: &Document, file: FileId) -> Vec<Ranked> {
    let Some(answered) = request.answered else { return Vec::new() };
    let before = document.current_tree().map(|tree| syntax::references(tree, &document.text, &request.scope));
    let names = names_of_answer(request.index, file, answered, &before.unwrap_or_default());
    let known = names.known.into_iter().map(|id| (id, Reason::Answered));
    let nearest = names.unknown.into_iter().flat_map(|unknown| unknown.nearest);
    let ranked = known.chain(nearest.map(|id| (id, Reason::Nearest)));
    ranked.map(|(id, reason)| Ranked { id, score: f32::INFINITY, reason }).collect()
}

/// Takes signatures until the budget is spent.
fn take_ranked(request: &Request<'_>, own: &str, ranked: &[Ranked], selection: &mut Selection) {
    let index = request.index;
    let root = request.snapshot.document(request.uri).and_then(|document| {
        let path = document.path.as_deref()?;
        request.snapshot.root_of(path).map(Path::to_owned)
    });
    let mut n_misses = 0;
    for Ranked { id, reason, .. } in ranked {
        let Some((file, definition)) = index.file(id.file).zip(index.definition(*id)) else { continue };
        let path: &str = &file.path;
        if path != own && !selection.knows(path) {
            let sent =
                root.as_deref().and_then(|root| request.snapshot.read_to_send(root, &root.join(path)).ok());
            let text = sent.map(|sent| sent.text);
            selection.add(path, text);
        }
        let Some(text) = selection.text(path) else { continue };
        let name = index.text(definition.name);
        // The file is another than the one that was read into the index.
        if !text.line(definition.line as usize).contains(name) {
            continue;
        }
        let label = definition
            .container
            .map_or_else(|| name.to_owned(), |container| format!("{}.{name}", index.text(container)));
        let why = Why::Defines(*reason, label);
        let lines = definition.line as usize..definition.signature_end as usize;
        if !selection.take(path, &Candidate::new(lines, why)) {
            n_misses += 1;
            if n_misses > MAX_MISSES {
                break;
            }
        } else if let Some(head) = container_head(file, definition) {
            selection.take(path, &Candidate::new(head..head + 1, Why::Head));
        }
    }
}

/// The line that names what a member belongs to, where that is in the same file.
fn container_head(file: &IndexedFile, member: &IndexedDefinition) -> Option<usize> {
    let container = member.container?;
    let holder = file.definitions.iter().find(|found| found.name == container && found.kind.is_type());
    holder.map(|holder| holder.line as usize)
}

#[cfg(test)]
mod tests;
