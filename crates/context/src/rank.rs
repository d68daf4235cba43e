//! Which definitions of the workspace a model needs for a scope, most needed first.
//!
//! Owns the features and their weights. Reads the index alone: no file, no clock.

mod answer;
mod features;
mod import;
mod modules;
mod origin;
mod peers;
mod place;
mod reach;
mod resolve;
mod scope;
mod usage;
mod weights;

use std::ops::Range;

use syntax::{DefinitionKind, Tree};
use text::Text;
use workspace::{DefinitionId, FileId, FileKind, Index};

pub use answer::{AnswerNames, Answered, UnknownName, names_of_answer};
pub use features::{FEATURES, Features, Reason};
pub use origin::Origin;

use features::Signals;
use resolve::Resolver;
use scope::ScopeView;

/// Names shorter than this are in every model's head, or in nobody's.
const MIN_NAME: usize = 3;
/// Ranked definitions that are kept.
const MAX_RANKED: usize = 1_500;

/// What is asked.
pub struct Asked<'a> {
    /// The file, as the index has it.
    pub file: FileId,
    /// Its tree, if there is one.
    pub tree: Option<&'a Tree>,
    /// Its text, the same that the index has.
    pub text: &'a Text,
    /// The scope's bytes.
    pub scope: Range<usize>,
    /// What the user wants.
    pub instruction: &'a str,
    /// What the user did before.
    pub recent: &'a Recent,
}

/// What the user wrote lately, outside of the scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recent {
    /// Words of the lines written.
    pub words: Vec<String>,
    /// Files written to, relative to the folder.
    pub paths: Vec<String>,
}

/// A definition that may be needed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// The definition.
    pub id: DefinitionId,
    /// How much speaks for it; higher is more. Compares only within one ranking.
    pub score: f32,
    /// What speaks for it most.
    pub reason: Reason,
}

/// The definitions outside of the scope that a model may need, most needed first; at most 1,500.
pub fn rank(index: &Index, asked: &Asked<'_>) -> Vec<Ranked> {
    let weights = if asked.recent.words.is_empty() { &weights::PLAIN } else { &weights::WITH_RECENT };
    let mut ranked: Vec<(Ranked, &str, u32)> = Vec::new();
    visit(index, asked, |signals, id, features| {
        let Some((file, definition)) = index.file(id.file).zip(index.definition(id)) else { return };
        let worth: f32 = features.iter().zip(weights).map(|(feature, weight)| feature * weight).sum();
        let more = if definition.signature_end > definition.line + 1 { 12 } else { 0 };
        let n_tokens = ((f32::from(definition.n_bytes.min(200)) + more as f32) / 4.0).max(4.0);
        let score = worth - weights::COST * n_tokens.ln();
        let reason = signals.reason(id, features);
        ranked.push((Ranked { id, score, reason }, &file.path, definition.line));
    });
    ranked.sort_by(|a, b| b.0.score.total_cmp(&a.0.score).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    ranked.truncate(MAX_RANKED);
    ranked.into_iter().map(|(ranked, ..)| ranked).collect()
}

/// The features of every definition that comes into question, for fitting the weights.
pub fn features(index: &Index, asked: &Asked<'_>) -> Vec<(DefinitionId, Features)> {
    let mut found = Vec::new();
    visit(index, asked, |_, id, features| found.push((id, *features)));
    found
}

fn visit(index: &Index, asked: &Asked<'_>, mut see: impl FnMut(&Signals<'_>, DefinitionId, &Features)) {
    let view = ScopeView::new(index, asked.file, asked.tree, asked.text, &asked.scope, asked.instruction);
    let Some(scope) = view else { return };
    let resolver = Resolver::new(index, asked.file, scope.file, scope.container);
    let signals = Signals::new(&scope, &resolver, asked.recent);
    for (id, file) in index.files() {
        let is_recent = asked.recent.paths.iter().any(|path| **path == *file.path);
        if !(resolver.is_open_to(id, file) || is_recent && file.kind == FileKind::Test) {
            continue;
        }
        let of_file = signals.of_file(id, file);
        for (idx, definition) in file.definitions.iter().enumerate() {
            let id = DefinitionId { file: id, idx: idx as u32 };
            let is_short = index.text(definition.name).len() < MIN_NAME;
            if scope.holds(id, definition) || definition.kind == DefinitionKind::Constructor || is_short {
                continue;
            }
            see(&signals, id, &signals.of(id, definition, &of_file));
        }
    }
}
