//! Takes candidates in the order of their worth until the budget is spent.
//!
//! Owns the arithmetic of lines and tokens: excerpts of one document are disjoint, and those that touch are one. The count is
//! that of the text as it is shown, so the sum is exact. Must never decide what is worth more.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use text::{LineEnding, Text, estimate_tokens, with_line_ending};

use crate::excerpt::{Why, worded};
use crate::{Context, Excerpt};

/// Lines that could be shown.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    /// The best choice of lines, then smaller ones for a tight budget.
    pub(crate) choices: Vec<Range<usize>>,
    pub(crate) why: Why,
}

impl Candidate {
    pub(crate) fn new(lines: Range<usize>, why: Why) -> Candidate {
        Candidate { choices: vec![lines], why }
    }
}

/// What was taken so far.
pub(crate) struct Selection<'a> {
    budget: usize,
    tokens: usize,
    /// By place in the answer.
    documents: BTreeMap<usize, Taken<'a>>,
}

/// What was taken of one document.
struct Taken<'a> {
    path: String,
    text: &'a Text,
    /// Lines that are shown elsewhere: the scope.
    barred: Range<usize>,
    pieces: Vec<Piece>,
}

struct Piece {
    lines: Range<usize>,
    tokens: usize,
    reasons: BTreeSet<Why>,
}

impl<'a> Selection<'a> {
    pub(crate) fn new(budget: usize) -> Selection<'a> {
        Selection { budget, tokens: 0, documents: BTreeMap::new() }
    }

    /// Makes a document known: `place` is its place in the answer, `barred` are lines never taken.
    pub(crate) fn add_document(&mut self, place: usize, path: String, text: &'a Text, barred: Range<usize>) {
        self.documents.insert(place, Taken { path, text, barred, pieces: Vec::new() });
    }

    /// Takes the first choice of lines that the budget allows, with their neighbors already taken as one piece.
    pub(crate) fn take(&mut self, place: usize, candidate: &Candidate) {
        let Some(taken) = self.documents.get_mut(&place) else { return };
        for lines in &candidate.choices {
            // The scope cuts what reaches into it, from either side.
            let parts = [
                lines.start..lines.end.min(taken.barred.start),
                lines.start.max(taken.barred.end)..lines.end,
            ];
            let parts = if taken.barred.is_empty() { [lines.clone(), 0..0] } else { parts };
            let mut parts = parts.iter().filter(|part| part.start < part.end);
            // Most lines do not meet the scope at all and stay one part.
            let is_taken = parts.all(|part| taken.take(part, &candidate.why, self.budget, &mut self.tokens));
            if is_taken {
                return;
            }
        }
    }

    /// The answer.
    pub(crate) fn into_context(self) -> Context {
        let mut context = Context { tokens: self.tokens, ..Context::default() };
        for taken in self.documents.into_values() {
            for piece in &taken.pieces {
                context.excerpts.push(Excerpt {
                    path: taken.path.clone(),
                    lines: piece.lines.clone(),
                    text: shown(taken.text, &piece.lines),
                    why: worded(&piece.reasons),
                    tokens: piece.tokens,
                });
            }
        }
        context
    }
}

impl Taken<'_> {
    fn take(&mut self, lines: &Range<usize>, why: &Why, budget: usize, tokens: &mut usize) -> bool {
        let end = lines.end.min(self.text.n_lines());
        let mut joined = lines.start..end;
        if joined.is_empty() {
            return true;
        }
        // Joining may reach the next piece.
        let touches = |piece: &Piece, lines: &Range<usize>| {
            piece.lines.start <= lines.end && lines.start <= piece.lines.end
        };
        while let Some(piece) = self.pieces.iter().find(|piece| {
            touches(piece, &joined) && (piece.lines.start < joined.start || piece.lines.end > joined.end)
        }) {
            joined = joined.start.min(piece.lines.start)..joined.end.max(piece.lines.end);
        }
        let freed: usize =
            self.pieces.iter().filter(|piece| touches(piece, &joined)).map(|piece| piece.tokens).sum();
        let cost = estimate_tokens(&shown(self.text, &joined));
        let total = *tokens - freed + cost;
        if total > budget {
            return false;
        }
        let mut reasons = BTreeSet::from([why.clone()]);
        self.pieces.retain_mut(|piece| {
            let is_joined = touches(piece, &joined);
            if is_joined {
                reasons.append(&mut piece.reasons);
            }
            !is_joined
        });
        let idx = self.pieces.partition_point(|piece| piece.lines.start < joined.start);
        self.pieces.insert(idx, Piece { lines: joined, tokens: cost, reasons });
        *tokens = total;
        true
    }
}

/// The text of some lines as the model sees it.
fn shown(text: &Text, lines: &Range<usize>) -> String {
    let raw = text.slice(text.line_start(lines.start)..text.line_start(lines.end));
    let raw = raw.trim_start_matches('\u{feff}');
    match with_line_ending(raw, LineEnding::Lf) {
        Cow::Borrowed(same) => same.to_owned(),
        Cow::Owned(changed) => changed,
    }
}
