//! What the user reads: titles of actions and lenses, messages of diagnostics, text of hovers.

use session::{
    ActionKind, HunkView, LensKind, MarkKind, NeedView, Now, ProposalState, Spending, Status, StatusView,
};

/// How much of an instruction or message stands in a title, in characters.
const TITLE_CHARS: usize = 60;

/// The message of a mark's diagnostic.
pub(crate) fn mark(kind: &MarkKind) -> String {
    match kind {
        MarkKind::Directive => "AI instruction: run it from the code actions".to_owned(),
        MarkKind::Working { n_hunks: 0, .. } => "AI working…".to_owned(),
        MarkKind::Working { n_hunks, .. } => format!("AI working… {n_hunks} hunks so far"),
        MarkKind::Hunk(hunk) if hunk.status == Status::Provisional => {
            format!("AI {} (arriving): {}", hunk.number, hunk.summary)
        }
        MarkKind::Hunk(hunk) => {
            format!("AI {}: {}{}", number(hunk), hunk.summary, behind(" ", &hunk.badge_in_full()))
        }
        MarkKind::Stale(_) => "AI hunk no longer fits: you changed this text".to_owned(),
        MarkKind::Decided { n_accepted, n_rejected, .. } => {
            format!("AI: all hunks decided ({n_accepted} accepted, {n_rejected} rejected)")
        }
        MarkKind::Failed { notice, .. } => format!("AI: {notice}"),
    }
}

/// The title of a code action.
pub(crate) fn action(kind: &ActionKind) -> String {
    match kind {
        ActionKind::Run { text, .. } => format!("AI: Run: «{}»", shortened(text)),
        ActionKind::Preview(_) => "AI: Preview what would be sent".to_owned(),
        ActionKind::Ask(_) => "AI: Ask AI…".to_owned(),
        ActionKind::Recipe { title, .. } => format!("AI: {title}"),
        ActionKind::Fix { message, .. } => format!("AI: Fix with AI: «{}»", shortened(message)),
        ActionKind::NoProvider(_) => "AI: no model is set up (what to do)".to_owned(),
        ActionKind::Cancel(_) => "AI: Cancel".to_owned(),
        ActionKind::AcceptHunk { hunk, .. } => {
            format!("AI: Accept hunk {}/{}{}", hunk.number, hunk.of, but(&hunk.needs))
        }
        ActionKind::AcceptWith { hunk, n_hunks, n_findings } => {
            let findings = match n_findings {
                0 => String::new(),
                1 => ", 1 finding".to_owned(),
                n => format!(", {n} findings"),
            };
            let (number, of) = (hunk.number, hunk.of);
            format!("AI: Accept hunk {number}/{of} with what it needs ({n_hunks} hunks{findings})")
        }
        ActionKind::RejectHunk(hunk) => format!("AI: Reject hunk {}/{}", hunk.number, hunk.of),
        ActionKind::RefineHunk(hunk) => format!("AI: Refine hunk {}/{}…", hunk.number, hunk.of),
        ActionKind::AcceptFile { n_hunks, needs_outside: true, .. } => {
            format!(
                "AI: Accept all {n_hunks} hunks in this file (does not parse without those outside scope)"
            )
        }
        ActionKind::AcceptFile { n_hunks, needs, .. } => {
            format!("AI: Accept all {n_hunks} hunks in this file{}", but(needs))
        }
        ActionKind::Review(_) => "AI: Open review".to_owned(),
        ActionKind::AcceptAll { n_hunks, needs } => {
            format!("AI: Accept all {n_hunks} hunks in all files{}", but(needs))
        }
        ActionKind::RejectAll(id) => format!("AI: Reject all hunks of {id}"),
        ActionKind::DropNoise { n_hunks: 1, .. } => "AI: Drop 1 noise hunk".to_owned(),
        ActionKind::DropNoise { n_hunks, .. } => format!("AI: Drop {n_hunks} noise hunks"),
        ActionKind::More(_) => "AI: More…".to_owned(),
        ActionKind::AskAgain(_) => "AI: Ask again with my edit".to_owned(),
        ActionKind::Verify(_) => "AI: Check with the project's own commands".to_owned(),
        ActionKind::Undo(_) => "AI: Undo accepted".to_owned(),
        ActionKind::FollowUp(_) => "AI: Follow up…".to_owned(),
        ActionKind::Retry(_) => "AI: Try again".to_owned(),
        ActionKind::Dismiss(_) => "AI: Dismiss".to_owned(),
    }
}

/// The title of a lens.
pub(crate) fn lens(kind: &LensKind) -> String {
    let title = match kind {
        LensKind::Run(_) => "▶ Run",
        LensKind::Working(_) => "◌ working",
        LensKind::Cancel(_) => "✕ Cancel",
        LensKind::Accept(_) => "✓ Accept",
        LensKind::Reject(_) => "✗ Reject",
        LensKind::Refine(_) => "↻ Refine",
        LensKind::Review(_, spent, badge) => {
            let spent = self::spent(spent).unwrap_or_default();
            return format!("◧ Review{}{}", behind(" · ", &spent), behind(" · ", badge));
        }
        LensKind::AskAgain(_) => "↻ Ask again",
    };
    title.to_owned()
}

/// What a proposal has come to, in few words; nothing before the provider has counted.
pub(crate) fn spent(spent: &Spending) -> Option<String> {
    let tokens = spent.input_tokens + spent.output_tokens;
    let tokens = match tokens {
        0 => return None,
        1..1_000 => format!("{tokens} tokens"),
        1_000.. => format!("{}.{}k tokens", tokens / 1_000, tokens % 1_000 / 100),
    };
    Some(match (spent.cost, spent.n_unpriced) {
        (None, _) => tokens,
        (Some(cost), 0) => format!("{tokens}, {cost}"),
        (Some(cost), _) => format!("{tokens}, over {cost}"),
    })
}

/// What a status bar says.
pub(crate) fn status(status: &StatusView) -> String {
    let hunks = |n: usize| if n == 1 { "1 hunk".to_owned() } else { format!("{n} hunks") };
    let spent = behind(" · ", &spent(&status.spent).unwrap_or_default());
    match (status.now, &status.provider) {
        (Now::Working(state, 0), _) => format!("AI {}", work(state)),
        (Now::Working(state, n), _) => format!("AI {}, {} so far", work(state), hunks(n)),
        (Now::Pending(n), _) => format!("AI: {} to decide{spent}", hunks(n)),
        (Now::Idle, Err(_)) => "AI: no model".to_owned(),
        (Now::Idle, Ok(_)) => format!("AI{spent}"),
    }
}

fn work(state: ProposalState) -> &'static str {
    match state {
        ProposalState::Preparing => "preparing",
        ProposalState::Streaming => "streaming",
        ProposalState::Checking => "checking",
        ProposalState::Pending
        | ProposalState::Decided
        | ProposalState::Answered
        | ProposalState::Failed
        | ProposalState::Cancelled
        | ProposalState::Dismissed => "done",
    }
}

/// The Markdown of a hover over a hunk.
pub(crate) fn hover(hover: &session::Hover) -> String {
    let (hunk, instruction) = (&hover.hunk, quoted(&hover.instruction));
    format!("**AI {}**: {}\n\n{}\n\n{instruction}", number(hunk), hunk.summary, body(hunk))
}

/// The diff of a hunk with what checks say, as Markdown.
pub(crate) fn body(hunk: &HunkView) -> String {
    let mut text = session::fenced_diff(&hunk.old, &hunk.new);
    let badge = hunk.badge();
    if !badge.is_empty() {
        text.push_str(&format!("\n{badge}\n"));
    }
    for finding in hunk.findings.iter() {
        text.push_str(&format!("\n- {}", finding.replace('\n', "\n  ")));
    }
    for need in &hunk.needs {
        text.push_str(&format!("\n- {need}"));
    }
    text
}

pub(crate) fn number(hunk: &HunkView) -> String {
    format!("{}/{} (r{})", hunk.number, hunk.of, hunk.id.revision)
}

/// What is said behind something else; nothing where there is nothing to say.
fn behind(between: &str, said: &str) -> String {
    if said.is_empty() { String::new() } else { format!("{between}{said}") }
}

/// What an accept leaves open, behind its title.
fn but(needs: &[NeedView]) -> String {
    match needs {
        [] => String::new(),
        [need] => format!(" ({need})"),
        [need, rest @ ..] => format!(" ({need}; and {} more)", rest.len()),
    }
}

fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    if line.chars().count() <= TITLE_CHARS && line.len() == text.trim_end().len() {
        return line.to_owned();
    }
    line.chars().take(TITLE_CHARS - 1).chain(['…']).collect()
}

fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}\n")).collect()
}
