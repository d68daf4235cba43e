//! The answer of this crate: excerpts, and what was left out.

use std::collections::BTreeSet;
use std::ops::Range;

use workspace::Withheld;

/// What the model is shown besides the scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// Disjoint excerpts: of other documents by path, then of the document itself; within one by line.
    ///
    /// The document that changes between two requests comes last, so that their prompts begin alike.
    pub excerpts: Vec<Excerpt>,
    /// What may not be shown.
    pub withheld: Vec<Left>,
    /// Tokens of all excerpts together; at most the budget.
    pub tokens: usize,
}

/// Some lines of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The document's path, relative to its folder.
    pub path: String,
    /// Zero-based lines.
    pub lines: Range<usize>,
    /// Their text; lines end with `\n`.
    pub text: String,
    /// Why they are shown, as a clause.
    pub why: String,
    /// Estimated tokens of the text.
    pub tokens: usize,
}

/// A document of which nothing is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its path, relative to its folder.
    pub path: String,
    /// Why.
    pub reason: Withheld,
}

/// Why some lines are shown; in the order in which reasons are named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    /// They import.
    Imports,
    /// They begin what the scope stands in.
    Around(String),
    /// They define what the scope names.
    Defines(String),
    /// They stand right before the scope.
    Before,
    /// They stand right after the scope.
    After,
    /// They begin a neighbor in the same container.
    Sibling,
    /// They begin another definition of the file.
    Outline,
}

/// All reasons as one clause.
pub(crate) fn worded(reasons: &BTreeSet<Why>) -> String {
    let mut defined: Vec<&str> = Vec::new();
    let mut clauses: Vec<String> = Vec::new();
    for why in reasons {
        match why {
            Why::Imports => clauses.push("imports".to_owned()),
            Why::Around(label) => clauses.push(format!("around the scope: {label}")),
            Why::Defines(name) => defined.push(name),
            Why::Before => clauses.push("right before the scope".to_owned()),
            Why::After => clauses.push("right after the scope".to_owned()),
            Why::Sibling => clauses.push("beside the scope".to_owned()),
            Why::Outline => clauses.push("outline".to_owned()),
        }
    }
    if !defined.is_empty() {
        clauses.insert(0, format!("defines {}", defined.join(", ")));
    }
    clauses.join("; ")
}
