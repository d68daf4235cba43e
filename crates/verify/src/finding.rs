//! What a check says.
//!
//! Owns the words for it. Must never hold an offset: a finding outlives the text it was made for.

use std::fmt;
use std::ops::Range;

/// One thing that a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub kind: FindingKind,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, as a clause.
    pub message: String,
    /// Zero-based lines in the text with all hunks applied.
    pub lines: Range<usize>,
}

/// Kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// The result has a syntax error that the text before did not have.
    Syntax,
    /// The result parses, but not with this hunk alone.
    NeedsOthers,
    /// The check did not come to an end.
    NotChecked,
}

/// How bad a finding is, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Information,
    /// Look before accepting.
    Warning,
    /// Accepting breaks something.
    Error,
}

impl Finding {
    pub(crate) fn syntax(message: &str, lines: Range<usize>) -> Finding {
        Finding { kind: FindingKind::Syntax, severity: Severity::Error, message: message.to_owned(), lines }
    }

    pub(crate) fn needs_others(lines: Range<usize>) -> Finding {
        let message = "parses only together with other hunks".to_owned();
        Finding { kind: FindingKind::NeedsOthers, severity: Severity::Warning, message, lines }
    }

    pub(crate) fn not_checked(reason: impl fmt::Display, lines: Range<usize>) -> Finding {
        let message = format!("syntax not checked: {reason}");
        Finding { kind: FindingKind::NotChecked, severity: Severity::Information, message, lines }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FindingKind::Syntax => {
                write!(f, "new syntax error on line {}: {}", self.lines.start + 1, self.message)
            }
            FindingKind::NeedsOthers | FindingKind::NotChecked => f.write_str(&self.message),
        }
    }
}

/// A few words for all findings of a hunk or a revision: "parses", "2 new syntax errors".
pub fn badge(findings: &[Finding]) -> String {
    let n_errors = findings.iter().filter(|finding| finding.kind == FindingKind::Syntax).count();
    let mildest = findings.iter().find(|finding| finding.kind != FindingKind::Syntax);
    match (n_errors, mildest) {
        (0, None) => "parses".to_owned(),
        (0, Some(finding)) => finding.message.clone(),
        (1, _) => "1 new syntax error".to_owned(),
        (n_errors, _) => format!("{n_errors} new syntax errors"),
    }
}
