//! The answer of this crate: excerpts, and what was left out.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use workspace::Withheld;

use crate::rank::Reason;
use crate::{Redaction, Rules, Unmet};

/// What the model is shown besides the scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// Disjoint excerpts: of other documents by path, then of the document itself; within one by line.
    ///
    /// The document that changes between two requests comes last, so that their prompts begin alike.
    pub excerpts: Vec<Excerpt>,
    /// What is shown besides and is no lines of a document.
    pub attachments: Vec<Attachment>,
    /// Mentions of the newest instruction that cannot be shown: nothing should be sent without them.
    pub unmet: Vec<Unmet>,
    /// What may not be shown.
    pub withheld: Vec<Left>,
    /// The index had not seen all files of the folder yet.
    pub is_partial: bool,
    /// Tokens of all excerpts together, with the paths that they are of, and of the attachments; at most the budget.
    pub tokens: usize,
    /// What the project says about how its code should be written; not counted in `tokens`.
    pub rules: Rules,
    /// Secrets of the document and of what is shown, where these have been looked for.
    pub redaction: Redaction,
}

/// Some lines of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The document's path, relative to its folder.
    pub path: String,
    /// Zero-based lines.
    pub lines: Range<usize>,
    /// Their text; lines end with `\n`, and a very long one with `…`.
    pub text: String,
    /// Why they are shown, as a clause.
    pub why: String,
    /// Estimated tokens of the text.
    pub tokens: usize,
    /// The lower, the more it is needed.
    pub rank: usize,
    /// Whether the user named what it shows.
    pub is_mentioned: bool,
}

/// A text that is no lines of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// What it is.
    pub title: String,
    /// The text; lines end with `\n`.
    pub text: String,
    /// Why it is shown, as a clause.
    pub why: String,
    /// Estimated tokens of all three.
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
    /// The user mentions them so.
    Mentioned(String),
    /// They define something of this name that may be needed.
    Defines(Reason, String),
    /// They begin the type of something that may be needed.
    Head,
    /// They import.
    Imports,
    /// They begin what the scope stands in.
    Around(String),
    /// They stand right before the scope.
    Before,
    /// They stand right after the scope.
    After,
}

/// All reasons as one clause.
pub(crate) fn worded(reasons: &BTreeSet<Why>) -> String {
    let mut defined: BTreeMap<Reason, Vec<&str>> = BTreeMap::new();
    let mut clauses: Vec<String> = Vec::new();
    for why in reasons {
        match why {
            Why::Mentioned(_) => {}
            Why::Defines(reason, name) => defined.entry(*reason).or_default().push(name),
            // The members that are shown with it say why.
            Why::Head if reasons.len() > 1 => {}
            Why::Head => clauses.push("type of a member shown".to_owned()),
            Why::Imports => clauses.push("imports".to_owned()),
            Why::Around(label) => clauses.push(format!("around the scope: {label}")),
            Why::Before => clauses.push("right before the scope".to_owned()),
            Why::After => clauses.push("right after the scope".to_owned()),
        }
    }
    let mentioned = reasons.iter().filter_map(|why| match why {
        Why::Mentioned(word) => Some(format!("mentioned: {word}")),
        Why::Defines(..) | Why::Head | Why::Imports | Why::Around(_) | Why::Before | Why::After => None,
    });
    let defined =
        defined.into_iter().map(|(reason, names)| format!("{} {}", phrase(reason), names.join(", ")));
    mentioned.chain(defined).chain(clauses).collect::<Vec<_>>().join("; ")
}

fn phrase(reason: Reason) -> &'static str {
    match reason {
        Reason::Named => "defines",
        Reason::Answered => "used by the answer:",
        Reason::Nearest => "nearest to a name that does not exist:",
        Reason::MaybeNamed => "may define",
        Reason::Instruction => "like the request:",
        Reason::Recent => "edited lately:",
        Reason::Reached => "type in use:",
        Reason::Member => "member of a type in use:",
        Reason::SameClass => "beside the scope:",
        Reason::SameFile => "same file:",
        Reason::Neighbours => "used by similar code:",
        Reason::Imported => "imported:",
        Reason::Near => "near in the tree:",
    }
}
