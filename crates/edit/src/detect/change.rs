//! A change as the detectors read it: both texts with their tokens, and for each hunk the lines that go and come.

use std::cell::OnceCell;
use std::ops::Range;

use syntax::{Body, Comment, Language, Site, Stop, Token, Tree};
use text::{ChangeSet, Edit, Text, diff_lines};

use super::{Detection, DetectionKind, plain};

/// Two texts and the hunks between them.
pub(super) struct Change {
    pub(super) language: Option<Language>,
    pub(super) old: Side,
    pub(super) new: Side,
    pub(super) hunks: Vec<Hunk>,
}

/// A text and what stands in it.
pub(super) struct Side {
    pub(super) text: Text,
    pub(super) content: String,
    pub(super) tree: Option<Tree>,
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Comment>,
    pub(super) sites: Vec<Site>,
    bodies: OnceCell<Vec<Body>>,
}

/// One edit.
pub(super) struct Hunk {
    pub(super) idx: usize,
    pub(super) old: Range<usize>,
    pub(super) new: Range<usize>,
    /// Where its lines differ, in order.
    pub(super) runs: Vec<Run>,
}

/// Lines that go, and the lines that come in their place.
pub(super) struct Run {
    pub(super) old: Range<usize>,
    pub(super) new: Range<usize>,
}

impl Change {
    /// None for edits that do not fit the text.
    pub(super) fn new(
        before: &Text,
        tree: Option<&Tree>,
        edits: &[Edit],
        language: Option<Language>,
        stop: &Stop,
    ) -> Option<Change> {
        let changes = ChangeSet::new(before.len(), edits.to_vec()).ok()?;
        let after = before.apply(&changes).ok()?;
        let known = tree.filter(|tree| Some(tree.language()) == language).cloned();
        let old_tree =
            known.or_else(|| language.and_then(|language| Tree::parse(language, before, stop).ok()));
        let new_tree = old_tree
            .as_ref()
            .and_then(|tree| tree.edited(&changes, before, &after).reparse(&after, stop).ok());
        let old = Side::new(before.clone(), old_tree);
        let new = Side::new(after, new_tree);
        let mut shift = 0_isize;
        let hunks = edits.iter().enumerate().map(|(idx, edit)| {
            let start = edit.range.start.saturating_add_signed(shift);
            shift += edit.text.len() as isize - edit.range.len() as isize;
            let was = old.at(&edit.range);
            let runs = diff_lines(was, &edit.text).into_iter().map(|run| Run {
                old: edit.range.start + run.old.start..edit.range.start + run.old.end,
                new: start + run.new.start..start + run.new.end,
            });
            Hunk { idx, old: edit.range.clone(), new: start..start + edit.text.len(), runs: runs.collect() }
        });
        let hunks = hunks.collect();
        Some(Change { language, old, new, hunks })
    }

    /// The language's name; empty where it is not known.
    pub(super) fn language_name(&self) -> &'static str {
        self.language.map_or("", Language::name)
    }

    /// A remark about lines of the text afterwards.
    pub(super) fn remark(&self, kind: DetectionKind, new: &Range<usize>, message: String) -> Detection {
        let first = self.new.text.line_of(new.start);
        let last = self.new.text.line_of(new.end.saturating_sub(1).max(new.start));
        let lines = if new.is_empty() { first..first } else { first..last + 1 };
        Detection { kind, lines, message }
    }
}

impl Side {
    fn new(text: Text, tree: Option<Tree>) -> Side {
        let content = text.to_string();
        let (tokens, comments, sites) = match &tree {
            Some(tree) => {
                (syntax::tokens(tree, &text), syntax::comments(tree, &text), syntax::sites(tree, &text))
            }
            None => (plain::tokens(&content), plain::comments(&content), Vec::new()),
        };
        Side { text, content, tree, tokens, comments, sites, bodies: OnceCell::new() }
    }

    /// The functions.
    pub(super) fn bodies(&self) -> &[Body] {
        let read = || self.tree.as_ref().map_or_else(Vec::new, |tree| syntax::bodies(tree, &self.text));
        self.bodies.get_or_init(read)
    }

    /// What stands in a range.
    pub(super) fn at(&self, range: &Range<usize>) -> &str {
        self.content.get(range.clone()).unwrap_or("")
    }

    /// The tokens that begin in a range.
    pub(super) fn tokens_in(&self, range: &Range<usize>) -> &[Token] {
        let start = self.tokens.partition_point(|token| token.range.start < range.start);
        let end = self.tokens.partition_point(|token| token.range.start < range.end);
        self.tokens.get(start..end).unwrap_or(&[])
    }

    /// The ranges of the lines in `range`, without their endings.
    pub(super) fn lines_in(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        let mut offset = range.start;
        text::split_lines(self.at(range))
            .into_iter()
            .map(|line| {
                let start = offset;
                offset += line.len();
                start..start + line.trim_end_matches(['\r', '\n']).len()
            })
            .collect()
    }
}

impl Hunk {
    /// Whether `range` of the text before begins in a line that goes.
    pub(super) fn removes(&self, range: &Range<usize>) -> bool {
        self.runs.iter().any(|run| run.old.contains(&range.start))
    }

    /// Whether `range` of the text afterwards begins in a line that comes.
    pub(super) fn adds(&self, range: &Range<usize>) -> bool {
        self.runs.iter().any(|run| run.new.contains(&range.start))
    }

    /// Whether lines go and none come.
    pub(super) fn only_removes(&self) -> bool {
        self.runs.iter().all(|run| run.new.is_empty())
    }
}
