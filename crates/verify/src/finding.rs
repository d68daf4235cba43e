//! What a check says.
//!
//! Owns the words for it. Must never hold an offset: a finding outlives the text it was made for.

use std::fmt;
use std::ops::Range;

use crate::names::Invention;

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
    /// Lines of files that help a model to put it right; empty for none.
    pub help: String,
}

/// Kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// The result has a syntax error that the text before did not have.
    Syntax,
    /// The result parses, but not with this hunk alone.
    NeedsOthers,
    /// A name stands in it that nothing has, and that may be made up.
    Name,
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
        Finding {
            kind: FindingKind::Syntax,
            severity: Severity::Error,
            message: message.to_owned(),
            lines,
            help: String::new(),
        }
    }

    pub(crate) fn needs_others(lines: Range<usize>) -> Finding {
        let message = "parses only together with other hunks".to_owned();
        Finding {
            kind: FindingKind::NeedsOthers,
            severity: Severity::Warning,
            message,
            lines,
            help: String::new(),
        }
    }

    /// A name that may be made up, with known names that are like it.
    pub(crate) fn name(invention: &Invention, lines: Range<usize>) -> Finding {
        let Invention { name, nearest, help, .. } = invention;
        let nearest: Vec<String> = nearest.iter().map(|name| format!("`{name}`")).collect();
        let nearest = match nearest.as_slice() {
            [] => String::new(),
            [nearest] => format!("; nearest is {nearest}"),
            nearest => format!("; nearest are {}", nearest.join(", ")),
        };
        let message = format!("nothing here has the name `{name}`{nearest}");
        Finding { kind: FindingKind::Name, severity: Severity::Warning, message, lines, help: help.clone() }
    }

    pub(crate) fn not_checked(reason: impl fmt::Display, lines: Range<usize>) -> Finding {
        let message = format!("syntax not checked: {reason}");
        Finding {
            kind: FindingKind::NotChecked,
            severity: Severity::Information,
            message,
            lines,
            help: String::new(),
        }
    }
}

impl Finding {
    /// It as a model is told, with the lines that help.
    pub fn told(&self) -> String {
        if self.help.is_empty() { self.to_string() } else { format!("{self}\n{}", self.help) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FindingKind::Syntax => {
                write!(f, "new syntax error on line {}: {}", self.lines.start + 1, self.message)
            }
            FindingKind::Name => {
                write!(f, "possible invention on line {}: {}", self.lines.start + 1, self.message)
            }
            FindingKind::NeedsOthers | FindingKind::NotChecked => f.write_str(&self.message),
        }
    }
}

/// A few words for all findings of a hunk or a revision: "parses", "2 new syntax errors", "1 possible invention".
pub fn badge(findings: &[Finding]) -> String {
    let count = |kind: FindingKind| findings.iter().filter(|finding| finding.kind == kind).count();
    let others =
        findings.iter().find(|finding| !matches!(finding.kind, FindingKind::Syntax | FindingKind::Name));
    match (count(FindingKind::Syntax), count(FindingKind::Name), others) {
        (0, 0, None) => "parses".to_owned(),
        (0, 0, Some(finding)) => finding.message.clone(),
        (0, 1, _) => "1 possible invention".to_owned(),
        (0, n_names, _) => format!("{n_names} possible inventions"),
        (1, ..) => "1 new syntax error".to_owned(),
        (n_errors, ..) => format!("{n_errors} new syntax errors"),
    }
}
