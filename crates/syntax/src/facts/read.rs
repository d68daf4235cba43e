//! Reading the facts of a text.

use text::Text;

use super::collect::{Collected, collect};
use super::imports::{import_facts, imports_with};
use super::words::{LocalId, Words};
use crate::{Facts, Language, ParseStopped, Stop, Tree};

/// Most bytes of a function's lines on average. Past it the text is minified, and one line holds many functions: keeping
/// the words of the line for each would take the square of its length.
const LINE_BYTES: usize = 2_000;

impl Facts {
    /// The facts of a text. Fails where a parse would; languages that define nothing are not parsed and give words alone.
    pub fn read(language: Language, source: &str, stop: &Stop) -> Result<Facts, ParseStopped> {
        if language.0.facts.is_none() {
            stop.check(source.len())?;
            return Ok(finished(Words::of(source), Facts::default(), &[]));
        }
        let tree = Tree::of_source(language, source, stop)?;
        Ok(of_source(&tree, source))
    }

    /// The facts of a text that was parsed already: those that [`Facts::read`] gives.
    pub fn of(tree: &Tree, text: &Text) -> Facts {
        of_source(tree, &text.to_string())
    }
}

fn of_source(tree: &Tree, source: &str) -> Facts {
    let mut words = Words::of(source);
    let language = tree.language();
    let rules = language.0.facts;
    let Some((rules, query)) = rules.and_then(|rules| Some((rules, rules.query(language.0.grammar)?))) else {
        return finished(words, Facts::default(), &[]);
    };
    let Collected { definitions, pool, mut imports } = collect(tree.root(), rules, query, source, &mut words);
    if let Some(word) = rules.import_word {
        imports = imports_with(tree.root(), language, word, &words);
    }
    let imports = import_facts(&imports, language, source, &mut words);
    finished(words, Facts { definitions, imports, ..Facts::default() }, &pool)
}

/// `facts` with all words, and with its strings in their final order. `signatures` are the words of its signatures.
fn finished(words: Words<'_>, facts: Facts, signatures: &[LocalId]) -> Facts {
    let mut facts = facts;
    let mut seen = vec![0_u32; words.n_strings()];
    let mut pool: Vec<LocalId> = Vec::with_capacity(2 * signatures.len());
    for (definition, turn) in facts.definitions.iter_mut().zip(1..) {
        let signature = definition.signature.start as usize..definition.signature.end as usize;
        let start = pool.len() as u32;
        pool.extend_from_slice(signatures.get(signature).unwrap_or_default());
        definition.signature = start..pool.len() as u32;
        let lines = &definition.lines;
        let range = words.line_start(lines.start)..words.line_start(lines.end);
        if definition.kind.is_function() && range.len() <= LINE_BYTES * lines.len() {
            pool.extend(words.within(range).filter(|word| {
                seen.get_mut(*word as usize).is_some_and(|seen| std::mem::replace(seen, turn) != turn)
            }));
        }
        definition.words = definition.signature.end..pool.len() as u32;
    }
    let ranked = words.ranked();
    let rank = |id: &mut u32| *id = ranked.ranks.get(*id as usize).copied().unwrap_or(*id);
    pool.iter_mut().for_each(rank);
    for definition in &mut facts.definitions {
        rank(&mut definition.name);
        definition.container.iter_mut().for_each(rank);
        let own = definition.words.start as usize..definition.words.end as usize;
        pool.get_mut(own).unwrap_or_default().sort_unstable();
    }
    for import in &mut facts.imports {
        rank(&mut import.module);
        import.bound.iter_mut().for_each(rank);
        import.name.iter_mut().for_each(rank);
    }
    pool.shrink_to_fit();
    Facts { strings: ranked.strings, words: ranked.words, pool, ..facts }
}
