//! What functions that resemble the scope use.

use rustc_hash::FxHashMap;
use workspace::{FileKind, Index, NameId, is_stop_word};

use super::resolve::Resolver;
use super::scope::ScopeView;

/// As many functions as these are looked at.
const MAX_NEIGHBOURS: usize = 12;

/// The names that the functions most like the scope use, each with how much like it they are: most are below 1.
pub(super) fn used_by_neighbours(scope: &ScopeView<'_>, resolver: &Resolver<'_>) -> FxHashMap<NameId, f32> {
    let index = scope.index;
    let n_files = index.n_source_files() as f32;
    let mut weights = vec![0.0_f32; index.n_names()];
    let mut weigh = |name: NameId, min_len: usize, max_share: f32| {
        let n_with = index.n_files_with(name) as f32;
        let text = index.text(name);
        if n_with > 0.0
            && text.len() >= min_len
            && n_with < n_files * max_share
            && !is_stop_word(text)
            && let Some(weight) = weights.get_mut(Index::name_number(name))
        {
            *weight = (1.0 + n_files / (1.0 + n_with)).ln();
        }
    };
    scope.words.keys().for_each(|name| weigh(*name, 3, 0.3));
    scope.instruction_names.iter().for_each(|name| weigh(*name, 4, 0.2));
    let mut likeness: Vec<(f32, &str, u32, &[NameId])> = Vec::new();
    for (id, file) in index.files() {
        if file.kind != FileKind::Source || !resolver.is_open_to(id, file) {
            continue;
        }
        for definition in &file.definitions {
            let is_own = id == scope.own
                && definition.lines.start < scope.lines.end
                && definition.lines.end > scope.lines.start;
            if !definition.kind.is_function() || is_own {
                continue;
            }
            let words = file.words_of(definition);
            let sum: f32 = words.iter().filter_map(|word| weights.get(Index::name_number(*word))).sum();
            if sum > 0.0 {
                likeness.push((sum / (20.0 + words.len() as f32).sqrt(), &file.path, definition.line, words));
            }
        }
    }
    likeness.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let most = likeness.first().map_or(1.0, |(most, ..)| *most);
    let mut used: FxHashMap<NameId, f32> = FxHashMap::default();
    for (likeness, .., words) in likeness.iter().take(MAX_NEIGHBOURS) {
        for word in *words {
            *used.entry(*word).or_default() += likeness / (most * 3.0);
        }
    }
    used
}
