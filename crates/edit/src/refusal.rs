//! Why an answer, or a block of it, was not applied: said so that a model can repair it and a person can understand it.
//!
//! A refusal is a value, not an error. It never carries text from outside the scope.

use std::fmt;

/// Characters of a line that are shown.
const SHOWN_CHARS: usize = 160;

/// Why something was not applied. The document is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What was wrong.
    pub reason: Reason,
    /// First line of the search text that is not blank; empty where there is none.
    pub search: String,
    /// Lines of the text, counted from 1, at which the search text starts; empty unless it was searched for.
    pub matches: Vec<usize>,
    /// The place that comes nearest to the search text.
    pub nearest: Option<Box<Nearest>>,
}

/// What was wrong with an answer or a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The answer ended before it was complete.
    Cut,
    /// A code fence was not closed.
    UnclosedFence,
    /// A search/replace block was not closed.
    UnclosedBlock,
    /// There is neither a code fence nor a block.
    NoCode,
    /// More than one code fence could be the new text.
    SeveralFences {
        /// How many there are.
        n_fences: usize,
    },
    /// Blocks and other code together.
    MixedFormats,
    /// A block without a dividing line.
    Dividers,
    /// A diff holds a line that is neither text nor change, or no change at all.
    BadDiff {
        /// The line; empty where there is no change.
        line: String,
    },
    /// A diff or patch of more than this one file.
    SeveralFiles,
    /// The answer can be read in several ways that all fit.
    SeveralReadings {
        /// How many there are.
        n_readings: usize,
    },
    /// The search part is empty or blank.
    EmptySearch,
    /// The new text is empty and the scope is not.
    EmptyRewrite,
    /// The search text is not in the scope.
    NotFound,
    /// The search text occurs several times in the scope.
    Ambiguous,
    /// The search text is too short to be found by anything but its exact lines.
    TooShort,
    /// A line of the search text is not quite that of the scope, and the replacement repeats the difference.
    Misread {
        /// The line of the search text.
        line: String,
    },
    /// The block changes what another block of the answer changes.
    Overlap,
    /// A line stands for code that was left out.
    Elision {
        /// The line.
        line: String,
    },
    /// The new text lacks most of the scope, or its end.
    PartOfScope,
    /// The new text begins or ends with a line of the file that is not in the scope.
    OutsideScope {
        /// The line.
        line: String,
    },
    /// A change of the answer lies outside of the scope.
    Outside {
        /// The first line of its new text; empty if it only removes.
        line: String,
    },
    /// The new text has nothing in common with the scope.
    Unrelated,
    /// The scope is one definition, and the new text is not exactly one of that kind.
    NotOne {
        /// What the scope is, such as "function".
        kind: String,
        /// How many definitions the new text holds.
        n_found: usize,
    },
    /// The new text defines something else than the scope.
    OtherName {
        /// The name that the scope defines.
        expected: String,
        /// The name that the new text defines; empty if none.
        found: String,
    },
    /// Code that is neither in the file nor part of the scope's definition stands beside it.
    ExtraCode {
        /// Its first line.
        line: String,
    },
    /// The text does not parse where it did before.
    Syntax {
        /// Line of the text afterwards, counted from 1.
        line: usize,
        /// What the parser does not understand.
        message: String,
        /// The line.
        content: String,
    },
    /// The new text has line numbers in front of its lines.
    LineNumbers,
    /// Characters of unchanged lines were replaced: HTML entities or typographic punctuation.
    Escaped {
        /// The line.
        line: String,
    },
    /// Brackets of the scope are balanced, those of the new text are not.
    Brackets,
    /// The indentation cannot be carried over.
    Indentation,
    /// The text would have to be indented, and a string over several lines would change with it.
    MultiLineString,
    /// The line endings of the document around the change cannot be kept.
    LineEndings,
}

/// The lines of the scope that come nearest to a search text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    /// Line of the text at which they start, counted from 1.
    pub line: usize,
    /// Up to five of them.
    pub lines: Vec<String>,
    /// Where they differ first.
    pub difference: Option<Difference>,
}

/// The first line in which the nearest lines and the search text differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Line of the text, counted from 1.
    pub line: usize,
    /// What stands in the text; none behind the scope.
    pub found: Option<String>,
    /// What the search text has.
    pub searched: String,
}

impl Refusal {
    /// A refusal for `reason` alone.
    pub fn new(reason: Reason) -> Refusal {
        Refusal { reason, search: String::new(), matches: Vec::new(), nearest: None }
    }

    /// How often the search text occurs in the scope.
    pub fn n_matches(&self) -> usize {
        self.matches.len()
    }

    pub(crate) fn searched<S: AsRef<str>>(mut self, lines: &[S]) -> Refusal {
        let first = lines.iter().map(AsRef::as_ref).find(|line| !line.trim().is_empty());
        self.search = first.map(|line| shown(line.trim())).unwrap_or_default();
        self
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Refusal {
        Refusal::new(reason)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reason)?;
        if !self.search.is_empty() {
            write!(f, "; the block begins with `{}`", self.search)?;
        }
        if !self.matches.is_empty() {
            let lines: Vec<String> = self.matches.iter().take(8).map(ToString::to_string).collect();
            let more = if self.matches.len() > 8 { " …" } else { "" };
            write!(f, "; {} matches, at lines {}{more}", self.matches.len(), lines.join(", "))?;
        }
        let Some(nearest) = &self.nearest else { return Ok(()) };
        write!(f, "\nnearest lines:")?;
        for (idx, line) in nearest.lines.iter().enumerate() {
            write!(f, "\n{:>5} | {}", nearest.line + idx, shown(line))?;
        }
        if let Some(difference) = &nearest.difference {
            let searched = shown(&difference.searched);
            match &difference.found {
                Some(found) => write!(
                    f,
                    "\nfirst difference: line {} is `{}`, the search text has `{searched}`",
                    difference.line,
                    shown(found)
                )?,
                None => write!(
                    f,
                    "\nfirst difference: the scope ends, the search text goes on with `{searched}`"
                )?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Cut => f.write_str("the answer ended before it was complete"),
            Reason::UnclosedFence => f.write_str("the last code fence is not closed"),
            Reason::UnclosedBlock => f.write_str("a search/replace block is not closed"),
            Reason::NoCode => f.write_str("the answer holds no code fence and no search/replace block"),
            Reason::SeveralFences { n_fences } => {
                write!(f, "the answer holds {n_fences} code fences, and it is open which one is the new text")
            }
            Reason::MixedFormats => f.write_str("the answer mixes search/replace blocks with other code"),
            Reason::Dividers => f.write_str("a search/replace block has no dividing line"),
            Reason::BadDiff { line } if line.is_empty() => f.write_str("the diff changes nothing"),
            Reason::BadDiff { line } => {
                write!(f, "`{}` in the diff begins with neither a blank nor `+` nor `-`", shown(line.trim()))
            }
            Reason::SeveralFiles => f.write_str("the diff is about more than this file"),
            Reason::SeveralReadings { n_readings } => {
                write!(f, "the answer can be read in {n_readings} ways that all fit the scope")
            }
            Reason::EmptySearch => f.write_str("the search part of a block is empty"),
            Reason::EmptyRewrite => f.write_str("the new text of the scope is empty"),
            Reason::NotFound => f.write_str("the search text is not in the scope"),
            Reason::Ambiguous => f.write_str("the search text is not unique in the scope"),
            Reason::TooShort => {
                f.write_str("the search text is not in the scope exactly, and too short to be found otherwise")
            }
            Reason::Misread { line } => write!(
                f,
                "`{}` is not quite the line of the scope, and the replacement repeats the difference",
                shown(line.trim())
            ),
            Reason::Overlap => f.write_str("the block changes lines that another block of the answer changes"),
            Reason::Elision { line } => write!(f, "`{}` stands for code that was left out", shown(line.trim())),
            Reason::PartOfScope => f.write_str("the new text lacks a large part or the end of the scope"),
            Reason::OutsideScope { line } => {
                write!(f, "`{}` is in the file outside the scope, not in the scope", shown(line.trim()))
            }
            Reason::Outside { line } if line.is_empty() => {
                f.write_str("the answer removes lines outside of the scope")
            }
            Reason::Outside { line } => {
                write!(f, "the answer changes the file outside of the scope, with `{}`", shown(line.trim()))
            }
            Reason::Unrelated => f.write_str("the new text has nothing in common with the scope"),
            Reason::NotOne { kind, n_found: 0 } => write!(f, "the new text is not one whole {kind}"),
            Reason::NotOne { kind, n_found } => {
                write!(f, "the scope is one {kind}, the new text holds {n_found} definitions")
            }
            Reason::OtherName { expected, found } if found.is_empty() => {
                write!(f, "the new text does not define `{}`", shown(expected))
            }
            Reason::OtherName { expected, found } => {
                write!(f, "the new text defines `{}` and not `{}`", shown(found), shown(expected))
            }
            Reason::ExtraCode { line } => {
                write!(f, "`{}` stands outside of what the scope defines", shown(line.trim()))
            }
            Reason::Syntax { line, message, content } if content.is_empty() => {
                write!(f, "the file would not parse any more: line {line}: {message}")
            }
            Reason::Syntax { line, message, content } => {
                write!(f, "the file would not parse any more: line {line}, `{}`: {message}", shown(content.trim()))
            }
            Reason::LineNumbers => f.write_str("the new text has line numbers in front of its lines"),
            Reason::Escaped { line } => {
                write!(f, "`{}` is a line of the scope with other punctuation or entities", shown(line.trim()))
            }
            Reason::Brackets => f.write_str("the brackets of the new text are not balanced, those of the scope are"),
            Reason::Indentation => f.write_str("the indentation of the new text does not fit the scope"),
            Reason::MultiLineString => f.write_str(
                "the new text is not indented as the scope, and indenting it could change a string over several lines",
            ),
            Reason::LineEndings => f.write_str("the line endings around the change cannot be kept"),
        }
    }
}

/// `line`, shortened to what is worth reading.
fn shown(line: &str) -> String {
    match line.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(line)),
        None => line.to_owned(),
    }
}
