//! Marks as diagnostics.

use serde_json::{Value, json};
use session::{Level, Mark, MarkKind};

use crate::{titles, wire};

/// The source of our diagnostics.
pub(crate) const SOURCE: &str = "hunkwise";

/// The diagnostics of a document.
pub(crate) fn diagnostics(marks: &[Mark]) -> Vec<Value> {
    marks.iter().map(diagnostic).collect()
}

/// One mark as a diagnostic. `data.id` names what it is about.
pub(crate) fn diagnostic(mark: &Mark) -> Value {
    let (severity, code, id) = match &mark.kind {
        MarkKind::Directive => (INFORMATION, "directive", None),
        MarkKind::Working { proposal, .. } => (INFORMATION, "working", Some(proposal.to_string())),
        MarkKind::Hunk(hunk) => (INFORMATION, "hunk", Some(hunk.id.to_string())),
        MarkKind::Stale(hunk) => (WARNING, "stale", Some(hunk.id.to_string())),
        MarkKind::Decided { proposal, .. } => (INFORMATION, "decided", Some(proposal.to_string())),
        MarkKind::Failed { proposal, notice } => {
            let severity = match notice.level {
                Level::Info => INFORMATION,
                Level::Warning | Level::Error => WARNING,
            };
            (severity, "failed", Some(proposal.to_string()))
        }
    };
    let mut diagnostic = json!({
        "range": wire::range(mark.range),
        "severity": severity,
        "code": code,
        "source": SOURCE,
        "message": titles::mark(&mark.kind),
    });
    if let Some(id) = id {
        diagnostic["data"] = json!({ "id": id });
    }
    diagnostic
}

const WARNING: u8 = 2;
const INFORMATION: u8 = 3;
