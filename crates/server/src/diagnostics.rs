//! Marks as diagnostics.

use serde_json::{Value, json};
use session::{ForeignDiagnostic, Level, Mark, MarkKind};
use tower_lsp::gen_lsp_types::{Diagnostic, Message};

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

/// Those of other servers, with their places in the list; ours are known.
pub(crate) fn foreign(diagnostics: &[Diagnostic]) -> Vec<ForeignDiagnostic> {
    let theirs = diagnostics.iter().enumerate();
    let theirs = theirs.filter(|(_, diagnostic)| diagnostic.source.as_deref() != Some(SOURCE));
    let foreign = theirs.map(|(index, diagnostic)| ForeignDiagnostic {
        index,
        range: wire::to_range(diagnostic.range),
        message: match &diagnostic.message {
            Message::String(text) => text.clone(),
            Message::MarkupContent(markup) => markup.value.clone(),
        },
        source: diagnostic.source.clone(),
    });
    foreign.collect()
}

const WARNING: u8 = 2;
const INFORMATION: u8 = 3;
