//! Effects as lines of a transcript.

use session::{
    Action, ActionKind, Answer, DocumentEdit, EdgeEffect, Effect, HunkId, HunkView, Job, Lens, LensKind,
    Level, Mark, MarkKind, NeedView, Notice, Progress, ProjectLevel, ProposalView, Record, Status, Uri,
};
use text::{Position, PositionRange};

/// The lines that an effect is; none for what only asks an edge to look again.
pub fn effect(effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::Answer(Answer::Done) => "done".to_owned(),
        Effect::Answer(Answer::Proposal(id)) => format!("answer {id}"),
        Effect::Answer(Answer::Refused(notice)) => format!("refused: {}", told(notice)),
        Effect::Answer(other) => format!("answer {other:?}"),
        Effect::Start(id, job) => format!("start {} {}", id.0, self::job(job)),
        Effect::Stop(id) => format!("stop {}", id.0),
        Effect::Index(_) => return None,
        Effect::Watch(uris) => {
            format!("watch {}", or_none(&uris.iter().map(name).collect::<Vec<_>>().join(", ")))
        }
        Effect::Edge(EdgeEffect::Publish { uri, version, marks }) => {
            let marks: Vec<String> = marks.iter().map(mark).collect();
            format!("marks {}@{version}: {}", name(uri), or_none(&marks.join(", ")))
        }
        Effect::Edge(EdgeEffect::Apply { token, label, edit }) => {
            format!("apply #{} {label:?}: {}", token.0, self::edit(edit))
        }
        Effect::Edge(EdgeEffect::Show { uri, range }) => format!("show {} {}", name(uri), at(*range)),
        Effect::Edge(EdgeEffect::Tell(notice)) => format!("tell {}", told(notice)),
        Effect::Edge(EdgeEffect::Choose { token, title, choices }) => {
            format!("choose #{} {title:?}: {}", token.0, choices.join(" | "))
        }
        Effect::Edge(EdgeEffect::Prompt { token, title, history, .. }) => {
            format!("prompt #{} {title:?} history {history:?}", token.0)
        }
        Effect::Edge(EdgeEffect::Progress(id, progress)) => match progress {
            Progress::Begin(what) => format!("{id} begins: {what}"),
            Progress::Report(what) => format!("{id} goes on: {what}"),
            Progress::End(what) => format!("{id} ends: {}", what.split(';').next().unwrap_or(what)),
        },
        Effect::Edge(EdgeEffect::Previewed(Ok(preview))) => {
            let lines = |shown: &session::ShownLines| {
                format!("{} {}-{} {}", shown.path, shown.lines.start + 1, shown.lines.end, shown.why)
            };
            let shown: Vec<String> = preview.shown.iter().map(lines).collect();
            format!("preview of {:?}: {}", preview.instruction, shown.join(", "))
        }
        Effect::Edge(EdgeEffect::Previewed(Err(notice))) => format!("no preview: {}", told(notice)),
        Effect::Edge(EdgeEffect::Updated(_, view)) => self::view(view),
        Effect::Edge(EdgeEffect::Status(status)) => format!("status {:?}", status.now),
        Effect::Edge(EdgeEffect::RefreshLenses) => return None,
    })
}

fn told(notice: &Notice) -> String {
    let level = match notice.level {
        Level::Info => "info",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    format!("{level}: {notice}")
}

fn job(job: &Job) -> String {
    match job {
        Job::Parse(job) => format!("parse {}", name(&job.uri)),
        Job::Gather(job) => format!("gather for {} {:?}", name(&job.uri), job.scope),
        Job::Names(job) => format!("names for {}", name(&job.uri)),
        Job::Complete { model: None, request } => format!("question of {} messages", request.messages.len()),
        Job::Complete { model: Some(name), request } => {
            format!("question of {} messages to `{name}`", request.messages.len())
        }
        Job::Connect { name, .. } => format!("connection of `{name}`"),
        Job::Settle(job) => format!("settling of {} blocks", job.blocks.len()),
        Job::Check(job) => format!("check of {} edits", job.edits.len()),
        Job::Recheck(job) => format!("recheck of {} edits", job.edits.len()),
        Job::LookUp(job) => format!("look up checks for {}", job.file.display()),
        Job::Warm(job) => format!(
            "{} of no edits",
            job.commands.iter().map(|command| command.name.as_str()).collect::<Vec<_>>().join(", ")
        ),
        Job::Verify(job) => {
            let names: Vec<&str> = job.commands.iter().map(|command| command.name.as_str()).collect();
            format!("{} of {} edits", names.join(", "), job.edits.len())
        }
        Job::Trust(folder, word) => format!("trust in {}: {word:?}", folder.display()),
        Job::Wait { after_ms } => format!("wait {after_ms} ms"),
        Job::Record(Record::Document { name, .. }) => format!("write {name}"),
        Job::Record(Record::Receipt(receipt)) => format!("receipt {} {}", receipt.revision, receipt.end),
        Job::Record(Record::Proposals(_)) => "write proposals".to_owned(),
        Job::Record(Record::NoProposals) => "remove proposals".to_owned(),
        Job::Take(job) => format!("look for proposals in {}", job.path),
        Job::Limits(_) => "question of limits".to_owned(),
        Job::Today => "question of today".to_owned(),
        Job::Compare(_, uris) => {
            format!("compare {}", uris.iter().map(name).collect::<Vec<_>>().join(", "))
        }
    }
}

fn mark(mark: &Mark) -> String {
    let line = mark.range.start.line + 1;
    match &mark.kind {
        MarkKind::Directive => format!("directive in line {line}"),
        MarkKind::Working { proposal, .. } => format!("{proposal} works in line {line}"),
        MarkKind::Hunk(hunk) => format!("{} {}/{} {}", hunk.id, hunk.number, hunk.of, hunk.summary),
        MarkKind::Stale(hunk) => format!("{} stale", hunk.id),
        MarkKind::Decided { proposal, n_accepted, n_rejected } => {
            format!("{proposal} decided +{n_accepted} -{n_rejected}")
        }
        MarkKind::Failed { proposal, .. } => format!("{proposal} failed"),
    }
}

pub fn view(view: &ProposalView) -> String {
    let mut out = format!("{} of {} {:?}", view.revision, view.n_revisions, view.state).to_lowercase();
    if !view.prose.trim().is_empty() {
        out.push_str(&format!(", prose {:?}", view.prose.trim()));
    }
    for line in view.checks.iter().chain(&view.tried) {
        out.push_str(&format!("\n  {line}"));
    }
    for hunk in &view.hunks {
        out.push_str(&format!("\n  {}", self::hunk(hunk)));
    }
    out
}

fn hunk(hunk: &HunkView) -> String {
    let status = match &hunk.status {
        Status::Provisional => "arriving".to_owned(),
        Status::Pending => "pending".to_owned(),
        Status::Accepted => "accepted".to_owned(),
        Status::Rejected { reason: None } => "rejected".to_owned(),
        Status::Rejected { reason: Some(reason) } => format!("rejected because {reason:?}"),
        Status::Stale => "stale".to_owned(),
    };
    let mut out = format!("h{} {status} {} {:?} -> {:?}", hunk.id.hunk, at(hunk.range), hunk.old, hunk.new);
    for finding in hunk.findings.iter() {
        out.push_str(&format!(" ({finding})"));
    }
    for need in &hunk.needs {
        out.push_str(&format!(" ({need})"));
    }
    match &hunk.levels.project {
        ProjectLevel::None => {}
        ProjectLevel::Running => out.push_str(" [checks run]"),
        ProjectLevel::Passed { n_not_run: 0 } => out.push_str(" [checks pass]"),
        ProjectLevel::Passed { n_not_run } => out.push_str(&format!(" [checks pass, {n_not_run} not run]")),
        ProjectLevel::Found { what, n_findings } => {
            out.push_str(&format!(" [{what}, {n_findings} of these]"))
        }
        ProjectLevel::NotRun => out.push_str(" [checks not run]"),
    }
    if hunk.is_outside {
        out.push_str(if hunk.is_on { " (outside, on)" } else { " (outside)" });
    }
    out
}

pub fn edit(edit: &DocumentEdit) -> String {
    let edits: Vec<String> =
        edit.edits.iter().map(|(range, text)| format!("{} {text:?}", at(*range))).collect();
    format!("{}@{} {}", name(&edit.uri), edit.version, edits.join("; "))
}

pub fn action(action: &Action) -> String {
    let of = |id: &HunkId| id.to_string();
    match &action.kind {
        ActionKind::Run { text, .. } => format!("run {text:?}"),
        ActionKind::Preview(_) => "preview".to_owned(),
        ActionKind::Ask(_) => "ask".to_owned(),
        ActionKind::Recipe { title, .. } => format!("recipe {title:?}"),
        ActionKind::Fix { message, .. } => format!("fix {message:?}"),
        ActionKind::NoProvider(notice) => format!("no provider: {notice}"),
        ActionKind::Cancel(id) => format!("cancel {id}"),
        ActionKind::AcceptHunk { hunk, edit } => format!("accept {}: {}", hunk.id, self::edit(edit)),
        ActionKind::AcceptWith { hunk, n_hunks, .. } => {
            format!("accept {} with its needs ({n_hunks})", hunk.id)
        }
        ActionKind::RejectHunk(hunk) => format!("reject {}", hunk.id),
        ActionKind::RefineHunk(hunk) => format!("refine {}", hunk.id),
        ActionKind::AcceptFile { n_hunks, needs, needs_outside, .. } => {
            let outside = if *needs_outside { " (does not parse without the others)" } else { "" };
            format!("accept file ({n_hunks}){}{outside}", self::needs(needs))
        }
        ActionKind::Review(id) => format!("review {id}"),
        ActionKind::AcceptAll { n_hunks, needs } => format!("accept all ({n_hunks}){}", self::needs(needs)),
        ActionKind::RejectAll(id) => format!("reject all of {id}"),
        ActionKind::DropNoise { proposal, n_hunks } => format!("drop noise of {proposal} ({n_hunks})"),
        ActionKind::More(id) => format!("more {}", of(id)),
        ActionKind::AskAgain(id) => format!("ask again {}", of(id)),
        ActionKind::Verify(id) => format!("verify {id}"),
        ActionKind::Undo(id) => format!("undo {id}"),
        ActionKind::FollowUp(id) => format!("follow up {id}"),
        ActionKind::Retry(id) => format!("retry {id}"),
        ActionKind::Dismiss(id) => format!("dismiss {id}"),
    }
}

fn needs(needs: &[NeedView]) -> String {
    needs.iter().map(|need| format!(" ({need})")).collect()
}

pub fn lens(lens: &Lens) -> String {
    let what = match &lens.kind {
        LensKind::Run(_) => "run".to_owned(),
        LensKind::Working(id) => format!("working {id}"),
        LensKind::Cancel(id) => format!("cancel {id}"),
        LensKind::Accept(id) => format!("accept {id}"),
        LensKind::Reject(id) => format!("reject {id}"),
        LensKind::Refine(id) => format!("refine {id}"),
        LensKind::Review(id, ..) => format!("review {id}"),
        LensKind::AskAgain(id) => format!("ask again {id}"),
    };
    format!("{} {what}", lens.range.start.line + 1)
}

fn name(uri: &Uri) -> &str {
    let name = uri.as_str();
    name.rsplit(['/', ':']).next().unwrap_or(name)
}

fn at(range: PositionRange) -> String {
    let point = |position: Position| format!("{}:{}", position.line + 1, position.character + 1);
    if range.start == range.end {
        return point(range.start);
    }
    format!("{}-{}", point(range.start), point(range.end))
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}
