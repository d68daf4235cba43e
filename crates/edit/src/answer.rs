//! Answer formats: how a model is told to answer, and the parser of what it answers, side by side.
//!
//! Owns the instruction text, [`Block`] and [`Answer`]. Knows nothing of documents: a block says what the model wants, and
//! [`crate::place`] decides whether that has exactly one meaning in a text.

mod diff;
mod fence;
mod parser;
mod readings;
mod tool;

pub use fence::fence_for;
pub use parser::AnswerParser;

use crate::Refusal;

/// Scopes up to this many lines are rewritten whole: a short answer that needs no search text.
const REWRITE_MAX_LINES: usize = 80;

/// How a model is asked to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// The whole new text of the scope in one code fence.
    Rewrite,
    /// Search/replace blocks, each of whole lines that occur once in the scope.
    SearchReplace,
}

impl Format {
    /// The format for a scope of `n_lines` lines.
    ///
    /// `is_refinement` is for a whole proposal; the refinement of one hunk rewrites the hunk's region, so ask with the
    /// number of its lines and `false`.
    pub fn choose(n_lines: usize, is_refinement: bool) -> Format {
        if is_refinement || n_lines > REWRITE_MAX_LINES { Format::SearchReplace } else { Format::Rewrite }
    }

    /// The other format, for a second repair.
    pub fn other(self) -> Format {
        match self {
            Format::Rewrite => Format::SearchReplace,
            Format::SearchReplace => Format::Rewrite,
        }
    }
}

/// How to answer in `format` about `scope`: rules and one example. Fences and markers are longer than any in the scope.
pub fn instructions(format: Format, scope: &str) -> String {
    match format {
        Format::Rewrite => {
            let fence = fence_for([scope]);
            format!(
                "Answer with the complete new text of the scope in one code fence of {n} backticks, from its first line to its last.\n\
                 - Copy every line that stays exactly as it is, with its indentation. Never shorten with \"...\" or a comment such as \"rest unchanged\".\n\
                 - Nothing from outside the scope, no line numbers, no second code fence. A sentence before or after the fence is allowed.\n\
                 - If nothing has to change, answer without a fence: NO CHANGE: and the reason.\n\
                 \n\
                 Example:\n\
                 {fence}\n    def area(w, h):\n        return w * h\n{fence}\n",
                n = fence.len(),
            )
        }
        Format::SearchReplace => {
            let n = parser::marker_len(scope);
            let mark = |c: char| String::from(c).repeat(n);
            format!(
                "Answer with one or more search/replace blocks, markers exactly as in the example.\n\
                 - The search part is copied from the scope exactly: whole lines, with their indentation, as many as it takes to occur only once in the scope. It is never empty.\n\
                 - The replace part is what stands there afterwards, complete; empty to remove the lines. To insert, search for the line beside it and repeat that line in the replace part.\n\
                 - All blocks refer to the scope as it is shown and do not overlap. Never shorten with \"...\".\n\
                 - If nothing has to change, answer without a block: NO CHANGE: and the reason.\n\
                 \n\
                 Example:\n\
                 {search} SEARCH\n    return w + h\n{divider}\n    return w * h\n{replace} REPLACE\n",
                search = mark('<'),
                divider = mark('='),
                replace = mark('>'),
            )
        }
    }
}

/// One thing that a model wants changed. Lines end with `\n`, whatever the answer or the document uses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Block {
    /// The whole new text of the scope.
    Rewrite {
        /// The text, without blank lines around it that the fence had.
        text: String,
    },
    /// The whole answer, which has no fence: the new text of the scope if that is a definition and this is one too.
    Bare {
        /// The text, without blank lines around it.
        text: String,
    },
    /// Lines of the scope and what stands there afterwards.
    Replace {
        /// Whole lines, not all of them blank.
        search: String,
        /// Whole lines; empty to remove.
        replace: String,
    },
    /// A piece of the scope's text, byte for byte, and what stands there afterwards: the arguments of an edit tool.
    Literal {
        /// The piece; where it ends inside a line, so does the change.
        search: String,
        /// What stands there afterwards.
        replace: String,
    },
    /// A diff of the file, whose lines around a change may reach out of the scope.
    Diff {
        /// Its hunks.
        changes: Vec<Change>,
    },
    /// Blocks that stand or fall together.
    Several {
        /// The blocks.
        blocks: Vec<Block>,
    },
    /// What can be read in several ways. It is placed if exactly one of them fits.
    OneOf {
        /// The ways to read it.
        readings: Vec<Block>,
        /// Whether the first one is what a person would read, and counts where nothing is known of the scope.
        is_first_plain: bool,
    },
}

/// Lines of a diff's hunk before and after, those that stay included.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Change {
    /// Whole lines before.
    pub search: String,
    /// Whole lines afterwards.
    pub replace: String,
}

/// How the stream of an answer came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The model stopped by itself.
    Complete,
    /// The stream broke off or the model ran into its token limit.
    Cut,
}

/// What is left of an answer at its end. Without blocks, yielded ones included, and without problems, the model says that
/// nothing has to change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The blocks that were not yielded while streaming. A block that was sent twice comes once.
    pub blocks: Vec<Block>,
    /// What the model said around the blocks, for the user.
    pub prose: String,
    /// What could not be read. When there is any, the blocks are not all of what the model wanted.
    pub problems: Vec<Refusal>,
}

fn join(lines: &[String]) -> String {
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}
