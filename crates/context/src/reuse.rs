//! What a request of a proposal shows again of what the one before it showed: a provider that knows the beginning of a prompt
//! reads it faster and for less.
//!
//! Pure but for reading files that may be sent. Must never show lines that are not in their file any more, nor the scope.

use std::ops::Range;
use std::path::Path;

use text::Text;
use workspace::{Document, Snapshot, Uri};

use crate::Excerpt;

/// Of what was chosen anew only the better part is worth an end of the prefix, in percent of its number.
const BETTER_PERCENT: usize = 25;

/// What may be added to the budget, in percent of it, rather than take out what was shown before.
const ADDED_PERCENT: usize = 25;

/// Less needed than all that was chosen anew.
const UNCHOSEN: usize = 1 << 20;

/// What the files of a proposal are now, and what may be shown of them.
pub struct Reuse<'a> {
    /// The documents and files.
    pub snapshot: &'a Snapshot,
    /// The document asked about.
    pub uri: &'a Uri,
    /// The scope in it.
    pub scope: &'a Range<usize>,
    /// Tokens to spend.
    pub budget_tokens: usize,
    /// How tokens are counted.
    pub count: fn(&str) -> usize,
}

impl Reuse<'_> {
    /// The excerpts that were sent, as they were and in their order, as far as their lines are as they were; behind them what
    /// was chosen now and is not among them.
    pub fn excerpts(&self, sent: &[Excerpt], chosen: Vec<Excerpt>) -> Vec<Excerpt> {
        let Some(document) = self.snapshot.document(self.uri) else { return chosen };
        let mut kept: Vec<Excerpt> = Vec::new();
        let mut read: Option<(String, Option<Text>)> = None;
        for excerpt in sent {
            if read.as_ref().is_none_or(|(path, _)| *path != excerpt.path) {
                read = Some((excerpt.path.clone(), self.text(document, &excerpt.path)));
            }
            let text = read.as_ref().and_then(|(_, text)| text.as_ref());
            if text.is_some_and(|text| is_still(text, excerpt)) && !self.is_scope(document, excerpt) {
                let same = chosen.iter().filter(|chosen| touches(chosen, excerpt));
                let rank = same.map(|chosen| chosen.rank).min();
                let rank = rank.unwrap_or_else(|| UNCHOSEN + excerpt.rank % UNCHOSEN);
                kept.push(Excerpt { rank, ..excerpt.clone() });
            }
        }
        if kept.is_empty() {
            return chosen;
        }
        let mut ranks: Vec<usize> = chosen.iter().map(|chosen| chosen.rank).collect();
        ranks.sort_unstable();
        let worst = ranks.get(ranks.len() * BETTER_PERCENT / 100).copied().unwrap_or(0);
        let mut new: Vec<Excerpt> = chosen.iter().flat_map(|chosen| self.without(chosen, &kept)).collect();
        let mut tokens: usize = kept.iter().map(|excerpt| excerpt.tokens).sum();
        let limit = self.budget_tokens + self.budget_tokens * ADDED_PERCENT / 100;
        let mut order: Vec<usize> = (0..new.len()).collect();
        order.sort_by_key(|idx| new.get(*idx).map(|excerpt| excerpt.rank));
        let mut is_taken = vec![false; new.len()];
        for idx in order {
            let (Some(excerpt), Some(is_taken)) = (new.get(idx), is_taken.get_mut(idx)) else { continue };
            let is_better = excerpt.rank <= worst && tokens + excerpt.tokens <= limit;
            if is_better || excerpt.is_mentioned {
                tokens += excerpt.tokens;
                *is_taken = true;
            }
        }
        let mut is_taken = is_taken.into_iter();
        new.retain(|_| is_taken.next().unwrap_or(false));
        kept.extend(new);
        kept
    }

    /// The text that a path has now, where it may be sent.
    fn text(&self, document: &Document, path: &str) -> Option<Text> {
        if *path == self.snapshot.display_path(self.uri) {
            return Some(document.text.clone());
        }
        let root: &Path = self.snapshot.root_of(document.path.as_deref()?)?;
        self.snapshot.read_to_send(root, &root.join(path)).ok().map(|sent| sent.text)
    }

    fn is_scope(&self, document: &Document, excerpt: &Excerpt) -> bool {
        let text = &document.text;
        let last = text.line_of(self.scope.end.saturating_sub(1).max(self.scope.start));
        let scope = text.line_of(self.scope.start)..last + 1;
        excerpt.path == self.snapshot.display_path(self.uri)
            && excerpt.lines.start < scope.end
            && scope.start < excerpt.lines.end
    }

    /// The lines of an excerpt that none of the others has.
    fn without(&self, excerpt: &Excerpt, others: &[Excerpt]) -> Vec<Excerpt> {
        let is_other = |line: usize| {
            others.iter().any(|other| other.path == excerpt.path && other.lines.contains(&line))
        };
        let lines = text::split_lines(&excerpt.text);
        let mut parts: Vec<Excerpt> = Vec::new();
        for (line, text) in excerpt.lines.clone().zip(lines).filter(|(line, _)| !is_other(*line)) {
            match parts.last_mut().filter(|part| part.lines.end == line) {
                Some(part) => {
                    part.lines.end = line + 1;
                    part.text.push_str(text);
                }
                None => {
                    parts.push(Excerpt { lines: line..line + 1, text: text.to_owned(), ..excerpt.clone() })
                }
            }
        }
        parts.retain(|part| !part.text.trim().is_empty());
        parts.iter_mut().for_each(|part| part.tokens = (self.count)(&part.text));
        parts
    }
}

fn touches(one: &Excerpt, other: &Excerpt) -> bool {
    one.path == other.path && one.lines.start < other.lines.end && other.lines.start < one.lines.end
}

/// Whether a text has the lines that an excerpt shows; of a line that was cut, its beginning.
fn is_still(text: &Text, excerpt: &Excerpt) -> bool {
    let shown = text::split_lines(&excerpt.text);
    excerpt.lines.end <= text.n_lines()
        && excerpt.lines.clone().zip(shown).all(|(line, shown)| {
            let shown = shown.trim_end_matches(['\r', '\n']);
            let line = text.line(line);
            let line = line.trim_end_matches(['\r', '\n']);
            line == shown || shown.strip_suffix('…').is_some_and(|cut| line.starts_with(cut))
        })
}
