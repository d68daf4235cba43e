//! Actions and lenses as the protocol has them. Command arguments are strings only.

use serde_json::{Value, json};
use session::{Action, ActionKind, Lens, LensKind};

use crate::{diagnostics, titles, wire};

/// Review actions are quickfixes tied to a diagnostic: some editors list nothing else there.
const REVIEW: &str = "quickfix";
/// Requests on free text.
const REWRITE: &str = "refactor.rewrite.hunkwise";

/// One action. `asked` are the diagnostics of the request, echoed where an action fixes one; with `only_commands` none has
/// an edit.
pub(crate) fn code_action(action: &Action, asked: &[Value], only_commands: bool) -> Value {
    let kind = match &action.kind {
        ActionKind::Ask(_) | ActionKind::Recipe { .. } => REWRITE,
        ActionKind::NoProvider(_) if action.mark.is_none() => REWRITE,
        _ => REVIEW,
    };
    let (command, arguments) = match &action.kind {
        ActionKind::AcceptHunk { hunk, .. } if only_commands => {
            ("hunkwise.accept", vec![hunk.id.to_string()])
        }
        kind => command(kind),
    };
    let title = titles::action(&action.kind);
    let mut value = json!({
        "title": title,
        "kind": kind,
        "command": { "title": title, "command": command, "arguments": arguments },
    });
    if let ActionKind::AcceptHunk { edit, .. } = &action.kind
        && !only_commands
    {
        value["edit"] = wire::workspace_edit(edit);
    }
    let tied = match (&action.kind, &action.mark) {
        (ActionKind::Fix { index, .. }, _) => asked.get(*index).cloned(),
        (_, Some(mark)) => Some(diagnostics::diagnostic(mark)),
        (_, None) => None,
    };
    if let Some(tied) = tied {
        value["diagnostics"] = json!([tied]);
    }
    value
}

/// The command behind an action and its string arguments.
fn command(kind: &ActionKind) -> (&'static str, Vec<String>) {
    match kind {
        ActionKind::Run { place, .. } => ("hunkwise.run", vec![place.to_string()]),
        ActionKind::Preview(place) => ("hunkwise.preview", vec![place.to_string()]),
        ActionKind::Ask(place) => ("hunkwise.ask", vec![place.to_string()]),
        ActionKind::Recipe { place, instruction, .. } | ActionKind::Fix { place, instruction, .. } => {
            ("hunkwise.ask", vec![place.to_string(), instruction.clone()])
        }
        ActionKind::NoProvider(_) => ("hunkwise.ask", Vec::new()),
        ActionKind::Cancel(id) => ("hunkwise.cancel", vec![id.to_string()]),
        ActionKind::AcceptHunk { hunk, .. } => ("hunkwise.applied", vec![hunk.id.to_string()]),
        ActionKind::AcceptWith { hunk, .. } => ("hunkwise.acceptWith", vec![hunk.id.to_string()]),
        ActionKind::RejectHunk(hunk) => ("hunkwise.reject", vec![hunk.id.to_string()]),
        ActionKind::RefineHunk(hunk) => ("hunkwise.refine", vec![hunk.id.to_string()]),
        ActionKind::AcceptFile { uri, .. } => ("hunkwise.accept", vec![format!("file@{uri}")]),
        ActionKind::Review(id) => ("hunkwise.review", vec![id.to_string()]),
        ActionKind::AcceptAll { .. } => ("hunkwise.accept", vec!["all".to_owned()]),
        ActionKind::RejectAll(id) => ("hunkwise.reject", vec![id.to_string()]),
        ActionKind::DropNoise { proposal, .. } => ("hunkwise.dropNoise", vec![proposal.to_string()]),
        ActionKind::More(id) => ("hunkwise.more", vec![id.to_string()]),
        ActionKind::AskAgain(id) => ("hunkwise.again", vec![id.to_string()]),
        ActionKind::Verify(id) => ("hunkwise.verify", vec![id.to_string()]),
        ActionKind::Undo(id) => ("hunkwise.undo", vec![id.to_string()]),
        ActionKind::FollowUp(id) => ("hunkwise.refine", vec![id.to_string()]),
        ActionKind::Retry(id) => ("hunkwise.again", vec![id.to_string()]),
        ActionKind::Dismiss(id) => ("hunkwise.dismiss", vec![id.to_string()]),
    }
}

/// One lens. It carries its command: no resolve.
pub(crate) fn code_lens(lens: &Lens) -> Value {
    let (command, argument) = match &lens.kind {
        LensKind::Run(place) => ("hunkwise.run", place.to_string()),
        LensKind::Working(id) | LensKind::Review(id, ..) => ("hunkwise.review", id.to_string()),
        LensKind::Cancel(id) => ("hunkwise.cancel", id.to_string()),
        LensKind::Accept(id) => ("hunkwise.accept", id.to_string()),
        LensKind::Reject(id) => ("hunkwise.reject", id.to_string()),
        LensKind::Refine(id) => ("hunkwise.refine", id.to_string()),
        LensKind::AskAgain(id) => ("hunkwise.again", id.to_string()),
    };
    json!({
        "range": wire::range(lens.range),
        "command": { "title": titles::lens(&lens.kind), "command": command, "arguments": [argument] },
    })
}
