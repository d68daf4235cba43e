//! A syntax tree of one text: parse, move with changes, parse again.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use text::{ChangeSet, Text};
use tree_sitter::{InputEdit, ParseOptions, ParseState, Parser, Point};

use crate::Language;

/// Texts over this size are not parsed: their trees would take too long and too much memory.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// When a parse has to give up.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    deadline: Option<Instant>,
    cancel: Option<Arc<AtomicBool>>,
}

impl Stop {
    /// A parse that may take `limit` from now on, and ends when `cancel` is set.
    pub fn new(limit: Option<Duration>, cancel: Option<Arc<AtomicBool>>) -> Stop {
        Stop { deadline: limit.and_then(|limit| Instant::now().checked_add(limit)), cancel }
    }

    /// A parse that runs to its end.
    pub fn never() -> Stop {
        Stop::default()
    }

    /// Fails where a parse of `len` bytes would not begin.
    pub(crate) fn check(&self, len: usize) -> Result<(), ParseStopped> {
        if len > MAX_BYTES || self.is_due() { Err(ParseStopped) } else { Ok(()) }
    }

    /// The same, but no later than `limit` from now on.
    pub fn within(&self, limit: Duration) -> Stop {
        let deadline = Instant::now().checked_add(limit);
        let deadline = self.deadline.into_iter().chain(deadline).min();
        Stop { deadline, cancel: self.cancel.clone() }
    }

    /// Whether it is time to give up.
    pub fn is_due(&self) -> bool {
        self.cancel.as_ref().is_some_and(|cancel| cancel.load(Ordering::Relaxed))
            || self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }
}

/// A parse gave no tree: it was stopped, or the text is over [`MAX_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("parse stopped: out of time, cancelled, or over {MAX_BYTES} bytes")]
pub struct ParseStopped;

/// The syntax tree of a text. Cloning is cheap; it can be read from several threads.
#[derive(Debug, Clone)]
pub struct Tree {
    tree: tree_sitter::Tree,
    language: Language,
}

thread_local! {
    static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
}

impl Tree {
    /// Parses a whole text.
    pub fn parse(language: Language, text: &Text, stop: &Stop) -> Result<Tree, ParseStopped> {
        parse(language, text, None, stop)
    }

    /// The same for a text that is one piece.
    pub(crate) fn of_source(language: Language, source: &str, stop: &Stop) -> Result<Tree, ParseStopped> {
        let mut read = |offset: usize, _: Point| source.as_bytes().get(offset..).unwrap_or(&[]);
        parse_with(language, source.len(), &mut read, None, stop)
    }

    /// This tree moved along with a change of its text: ready to be reparsed, and roughly right until then.
    pub fn edited(&self, changes: &ChangeSet, before: &Text, after: &Text) -> Tree {
        self.clone().into_edited(changes, before, after)
    }

    /// As [`Tree::edited`], without a copy of the nodes that move if nobody else has this tree.
    pub fn into_edited(mut self, changes: &ChangeSet, before: &Text, after: &Text) -> Tree {
        // From the last to the first, so that offsets of edits still to come stay those of the text before.
        for (edit, new) in changes.with_after().into_iter().rev() {
            let start = edit.range.start;
            let new_end = start + edit.text.len();
            let start_point = point(before, start);
            let advanced = Point {
                row: start_point.row + point(after, new.end).row.saturating_sub(point(after, new.start).row),
                column: if edit.text.contains('\n') {
                    edit.text.len() - edit.text.rfind('\n').map_or(0, |offset| offset + 1)
                } else {
                    start_point.column + edit.text.len()
                },
            };
            self.tree.edit(&InputEdit {
                start_byte: start,
                old_end_byte: edit.range.end,
                new_end_byte: new_end,
                start_position: start_point,
                old_end_position: point(before, edit.range.end),
                new_end_position: advanced,
            });
        }
        self
    }

    /// The tree of `text`, reusing what an edited tree still has right.
    pub fn reparse(&self, text: &Text, stop: &Stop) -> Result<Tree, ParseStopped> {
        parse(self.language, text, Some(&self.tree), stop)
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The tree as an S-expression; for tests.
    pub fn to_sexp(&self) -> String {
        self.tree.root_node().to_sexp()
    }

    pub(crate) fn root(&self) -> tree_sitter::Node<'_> {
        self.tree.root_node()
    }
}

fn parse(
    language: Language,
    text: &Text,
    old: Option<&tree_sitter::Tree>,
    stop: &Stop,
) -> Result<Tree, ParseStopped> {
    let mut read = |offset: usize, _: Point| {
        let (chunk, start) = text.chunk_at(offset);
        chunk.as_bytes().get(offset - start..).unwrap_or(&[])
    };
    parse_with(language, text.len(), &mut read, old, stop)
}

/// The tree of `len` bytes that `read` gives in pieces, by the offset where a piece begins.
fn parse_with<'a>(
    language: Language,
    len: usize,
    mut read: &mut dyn FnMut(usize, Point) -> &'a [u8],
    old: Option<&tree_sitter::Tree>,
    stop: &Stop,
) -> Result<Tree, ParseStopped> {
    stop.check(len)?;
    PARSER.with_borrow_mut(|parser| {
        parser.set_language(&(language.0.grammar)()).map_err(|_| ParseStopped)?;
        let mut progress =
            |_: &ParseState| if stop.is_due() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        let options = ParseOptions::new().progress_callback(&mut progress);
        let tree = parser.parse_with_options(&mut read, old, Some(options));
        // A stopped parse would else be resumed with the next text.
        parser.reset();
        tree.map(|tree| Tree { tree, language }).ok_or(ParseStopped)
    })
}

/// Row and byte column as tree-sitter counts them; a lone `\r`, which LSP counts as a line ending, makes the row differ,
/// which costs reuse of nodes and nothing else.
fn point(text: &Text, offset: usize) -> Point {
    let line = text.line_of(offset);
    Point { row: line, column: offset.saturating_sub(text.line_start(line)) }
}
