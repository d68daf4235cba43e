//! What the user is told about a mention that cannot be shown.

use std::fmt;

use workspace::{NoDiff, Withheld};

/// How many possible meanings are named.
const MAX_NAMED: usize = 5;

/// Why a mention of the newest instruction is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unmet {
    /// It looks like a path and there is no such file.
    NoFile(String),
    /// The document lies in no folder of the workspace, so that there are no paths.
    NoFolder(String),
    /// It could be looked for in a part of the files only.
    TooManyFiles(String),
    /// Several files or symbols are called so.
    Ambiguous(String, Vec<String>),
    /// The type is known, and it has no such member.
    NoMember(String, Vec<String>),
    /// It is like a keyword, which is the second.
    Like(String, &'static str),
    /// It may not be sent.
    Withheld(String, Withheld),
    /// The file cannot be read.
    Unreadable(String, String),
    /// The tokens of context do not suffice for its first line.
    NoRoom(String),
    /// There is no diff.
    NoDiff(NoDiff),
    /// There is nothing in the diff; so many files of it may not be sent.
    EmptyDiff(usize),
    /// Nothing is known to be wrong with the document.
    NoDiagnostics,
    /// Web pages are not to be read.
    PagesOff(String),
    /// The page has no text to be shown, and why.
    NoPage(String, String),
    /// No page is named.
    NoAddress,
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unmet::NoFile(word) => write!(
                f,
                "`@{word}` is no file of this folder; correct the path, or put it in backticks if nothing is to be shown"
            ),
            Unmet::NoFolder(word) => {
                write!(f, "`@{word}`: the document is in no folder of the workspace; open its folder to mention files")
            }
            Unmet::TooManyFiles(word) => {
                write!(f, "`@{word}`: there are too many files to look for it; write its whole path")
            }
            Unmet::Ambiguous(word, all) => {
                write!(f, "`@{word}` can be {}; mention one of them", listed(all))
            }
            Unmet::NoMember(word, all) => {
                write!(f, "`@{word}` is not defined there; there are {}", listed(all))
            }
            Unmet::Like(word, keyword) => write!(
                f,
                "`@{word}` is no name that is known; write `@{keyword}` if you mean that, or put it in backticks"
            ),
            Unmet::Withheld(word, why) => {
                write!(f, "`@{word}` may not be sent: {why}; take the mention out, or the file off that list")
            }
            Unmet::Unreadable(word, why) => write!(f, "`@{word}` cannot be shown: {why}"),
            Unmet::NoRoom(word) => {
                write!(f, "there is no room for `@{word}`; raise `context_tokens` or mention less")
            }
            Unmet::NoDiff(why) => write!(f, "`@diff`: {why}; take the mention out or run it in a checkout with a commit"),
            Unmet::EmptyDiff(0) => f.write_str(
                "`@diff`: no file that git tracks differs from the last commit; save what you changed, or take the mention out",
            ),
            Unmet::EmptyDiff(n) => {
                write!(f, "`@diff`: what differs from the last commit may not be sent ({n} files); take the mention out")
            }
            Unmet::NoDiagnostics => f.write_str(
                "`@diagnostics`: nothing is known to be wrong with this document. An editor tells what it knows of a line only when you ask for code actions there; do that, or write down what is wrong",
            ),
            Unmet::PagesOff(word) => write!(
                f,
                "`@{word}`: pages are read only where your own settings say `mention_urls = true`; copy what matters into the instruction, or put the address in backticks"
            ),
            Unmet::NoPage(word, why) => {
                write!(f, "`@{word}`: {why}. Copy what matters into the instruction, or put the address in backticks")
            }
            Unmet::NoAddress => f.write_str(
                "`@url` stands for no page; write its address behind the `@`, or put the word in backticks",
            ),
        }
    }
}

fn listed(all: &[String]) -> String {
    let named: Vec<String> = all.iter().take(MAX_NAMED).map(|name| format!("`@{name}`")).collect();
    match all.len().saturating_sub(MAX_NAMED) {
        0 => named.join(", "),
        n => format!("{} and {n} more", named.join(", ")),
    }
}
