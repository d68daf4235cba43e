//! Takes candidates in the order of their worth until the budget is spent.
//!
//! Owns the arithmetic of lines and tokens: excerpts of one document are disjoint, and those that touch are one. The count is
//! that of the text as it is shown, so the sum is exact. Must never decide what is worth more.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use text::{LineEnding, Text, with_line_ending};

use crate::excerpt::{Attachment, Why, worded};
use crate::{Context, Excerpt};

/// Longer lines are cut: a signature is not that long, and a table of data says enough with its beginning.
const MAX_LINE_BYTES: usize = 240;

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
pub(crate) struct Selection {
    budget: usize,
    /// What may be spent now.
    limit: usize,
    count: fn(&str) -> usize,
    tokens: usize,
    n_taken: usize,
    /// The document that is named last.
    own: String,
    documents: BTreeMap<String, Taken>,
    attachments: Vec<Attachment>,
}

/// What was taken of one document.
struct Taken {
    text: Text,
    /// Lines that are shown elsewhere: the scope.
    barred: Range<usize>,
    /// Tokens of its path, spent with the first piece.
    path_tokens: usize,
    pieces: Vec<Piece>,
}

#[derive(Clone)]
struct Piece {
    lines: Range<usize>,
    tokens: usize,
    rank: usize,
    reasons: BTreeSet<Why>,
}

impl Selection {
    pub(crate) fn new(budget: usize, count: fn(&str) -> usize) -> Selection {
        let (own, documents, attachments) = (String::new(), BTreeMap::new(), Vec::new());
        Selection { budget, limit: budget, count, tokens: 0, n_taken: 0, own, documents, attachments }
    }

    /// From now on not more than this much of the budget may be spent in all.
    pub(crate) fn set_limit(&mut self, limit: usize) {
        self.limit = limit.min(self.budget);
    }

    /// Makes the document asked about known: `barred` are lines never taken.
    pub(crate) fn set_own(&mut self, path: &str, text: Text, barred: Range<usize>) {
        self.own = path.to_owned();
        let path_tokens = self.path_tokens(path);
        self.documents.insert(path.to_owned(), Taken { text, barred, path_tokens, pieces: Vec::new() });
    }

    /// Makes another document known; one without a text has no lines.
    pub(crate) fn add(&mut self, path: &str, text: Option<Text>) {
        let text = text.unwrap_or_default();
        let path_tokens = self.path_tokens(path);
        self.documents.insert(path.to_owned(), Taken { text, barred: 0..0, path_tokens, pieces: Vec::new() });
    }

    /// Takes tokens for something that is no lines; says whether there were enough.
    pub(crate) fn spend(&mut self, tokens: usize) -> bool {
        let is_enough = self.tokens + tokens <= self.limit;
        if is_enough {
            self.tokens += tokens;
        }
        is_enough
    }

    /// Adds something that was paid for.
    pub(crate) fn attach(&mut self, attachment: Attachment) {
        self.attachments.push(attachment);
    }

    /// What has been spent.
    pub(crate) fn tokens(&self) -> usize {
        self.tokens
    }

    /// What naming a document costs, with the line that it stands on.
    fn path_tokens(&self, path: &str) -> usize {
        (self.count)(path) + 2
    }

    pub(crate) fn knows(&self, path: &str) -> bool {
        self.documents.contains_key(path)
    }

    pub(crate) fn text(&self, path: &str) -> Option<&Text> {
        self.documents.get(path).map(|taken| &taken.text)
    }

    /// Takes the first choice of lines that the budget allows, with their neighbors already taken as one piece; says whether
    /// there was one. Empty choices are always allowed.
    pub(crate) fn take(&mut self, path: &str, candidate: &Candidate) -> bool {
        let Some(taken) = self.documents.get_mut(path) else { return false };
        self.n_taken += 1;
        for lines in &candidate.choices {
            // The scope cuts what reaches into it, from either side.
            let parts = [
                lines.start..lines.end.min(taken.barred.start),
                lines.start.max(taken.barred.end)..lines.end,
            ];
            let parts = if taken.barred.is_empty() { [lines.clone(), 0..0] } else { parts };
            let mut parts = parts.iter().filter(|part| part.start < part.end);
            let (count, limit, rank) = (self.count, self.limit, self.n_taken);
            // Most lines do not meet the scope at all and stay one part. Of two, one alone is not what was to be shown.
            let before = (parts.clone().count() > 1).then(|| (taken.pieces.clone(), self.tokens));
            if parts.all(|part| taken.take(part, &candidate.why, rank, limit, count, &mut self.tokens)) {
                return true;
            }
            if let Some(before) = before {
                (taken.pieces, self.tokens) = before;
            }
        }
        false
    }

    /// Takes of each what the budget allows.
    pub(crate) fn take_all(&mut self, path: &str, candidates: &[Candidate]) {
        for candidate in candidates {
            self.take(path, candidate);
        }
    }

    /// The answer.
    pub(crate) fn into_context(mut self) -> Context {
        let attachments = std::mem::take(&mut self.attachments);
        let mut context = Context { tokens: self.tokens, attachments, ..Context::default() };
        let own = self.documents.remove_entry(&self.own);
        for (path, taken) in self.documents.into_iter().chain(own) {
            for piece in &taken.pieces {
                context.excerpts.push(Excerpt {
                    path: path.clone(),
                    lines: piece.lines.clone(),
                    text: shown(&taken.text, &piece.lines),
                    why: worded(&piece.reasons),
                    tokens: piece.tokens,
                    rank: piece.rank,
                    is_mentioned: piece.reasons.iter().any(|why| matches!(why, Why::Mentioned(_))),
                });
            }
        }
        context
    }
}

impl Taken {
    fn take(
        &mut self,
        lines: &Range<usize>,
        why: &Why,
        rank: usize,
        limit: usize,
        count: fn(&str) -> usize,
        tokens: &mut usize,
    ) -> bool {
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
        let path_tokens = if self.pieces.is_empty() { self.path_tokens } else { 0 };
        let cost = count(&shown(&self.text, &joined));
        let total = *tokens - freed + cost + path_tokens;
        if total > limit {
            return false;
        }
        let mut piece = Piece { lines: joined, tokens: cost, rank, reasons: BTreeSet::from([why.clone()]) };
        self.pieces.retain_mut(|other| {
            let is_joined = touches(other, &piece.lines);
            if is_joined {
                piece.reasons.append(&mut other.reasons);
                piece.rank = piece.rank.min(other.rank);
            }
            !is_joined
        });
        let idx = self.pieces.partition_point(|other| other.lines.start < piece.lines.start);
        self.pieces.insert(idx, piece);
        *tokens = total;
        true
    }
}

/// The text of some lines as the model sees it: long lines are cut.
fn shown(text: &Text, lines: &Range<usize>) -> String {
    let raw = text.slice(text.line_start(lines.start)..text.line_start(lines.end));
    let raw = with_line_ending(raw.trim_start_matches('\u{feff}'), LineEnding::Lf);
    if raw.len() <= MAX_LINE_BYTES {
        return raw.into_owned();
    }
    raw.split_inclusive('\n').map(cut).collect()
}

/// A line, or its beginning and a mark that it goes on.
fn cut(line: &str) -> Cow<'_, str> {
    if line.len() <= MAX_LINE_BYTES {
        return Cow::Borrowed(line);
    }
    let end = (0..=MAX_LINE_BYTES).rev().find(|end| line.is_char_boundary(*end)).unwrap_or(0);
    let ending = if line.ends_with('\n') { "\n" } else { "" };
    Cow::Owned(format!("{} …{ending}", line.get(..end).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use text::{Text, estimate_tokens};

    use super::{Candidate, Selection};
    use crate::excerpt::Why;

    #[test]
    fn lines_that_the_scope_cuts_in_two_are_shown_whole_or_not_at_all() {
        let lines: String = (0..30).map(|n| format!("line_{n} = {n}\n")).collect();
        let enough = |n: usize| estimate_tokens(&lines.split_inclusive('\n').take(n).collect::<String>());
        for (budget, expect) in [(enough(12), "[0..1]"), (2 * enough(30), "[0..10, 12..30]")] {
            let mut selection = Selection::new(budget, estimate_tokens);
            selection.set_own("a.py", Text::from(lines.as_str()), 10..12);
            let choices = vec![0..30, 0..1];
            let why = Why::Mentioned("@A".to_owned());
            assert!(selection.take("a.py", &Candidate { choices, why }));
            let context = selection.into_context();
            let shown: Vec<_> = context.excerpts.iter().map(|excerpt| excerpt.lines.clone()).collect();
            assert_eq!(format!("{shown:?}"), expect);
            let path = estimate_tokens("a.py") + 2;
            let tokens: usize = context.excerpts.iter().map(|excerpt| excerpt.tokens).sum();
            assert_eq!(context.tokens, tokens + path);
        }
    }
}
