//! The review document: a proposal as Markdown, in the state directory, with a place for the next instruction.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::PathBuf;

use edit::{ProposalId, Status};
use workspace::Uri;

use crate::effect::{Answer, EdgeEffect};
use crate::job::{Job, Record};
use crate::notice::Notice;
use crate::place::Target;
use crate::sent::Spending;

use super::effects::Purpose;
use super::instruct::DocumentPurpose;
use super::{Done, Session};

impl Session {
    pub(super) fn open_review(&mut self, target: &Target) -> Done {
        let id = self.proposal_of(target)?;
        self.open_review_of(id)
    }

    pub(super) fn open_review_of(&mut self, id: ProposalId) -> Done {
        let Some(text) = self.review_text(id) else { return Err(super::decide::gone(&id.to_string())) };
        let record = Record::Document { name: format!("{id}.md"), text };
        self.effects.start(Purpose::Open(DocumentPurpose::Review(id)), Job::Record(record));
        Ok(Answer::Proposal(id))
    }

    /// Shows a text of the edge's, to be read.
    pub(super) fn show_text(&mut self, name: String, text: String) {
        let record = Record::Document { name, text };
        self.effects.start(Purpose::Open(DocumentPurpose::Reading), Job::Record(record));
    }

    /// A document was written to the state directory: open it.
    pub(super) fn recorded(&mut self, purpose: Purpose, path: Option<PathBuf>) {
        if purpose == Purpose::Kept {
            return self.published.settle();
        }
        let Purpose::Open(purpose) = purpose else { return };
        let Some(uri) = path.as_deref().and_then(Uri::from_path) else {
            return self.effects.tell(Notice::warning(
                "there is no state directory to write the document to; set HUNKWISE_STATE_DIR",
            ));
        };
        let line = match &purpose {
            DocumentPurpose::Request(_) => 2,
            DocumentPurpose::Review(_) | DocumentPurpose::Reading => 0,
        };
        self.instructions.opened(uri.clone(), purpose);
        let at = text::Position { line, character: 0 };
        self.effects.edge(EdgeEffect::Show { uri, range: text::PositionRange { start: at, end: at } });
    }

    /// The review document of a proposal. It is written to a file, so what is hidden from the model is hidden in it.
    pub(super) fn review_text(&self, id: ProposalId) -> Option<String> {
        let proposal = self.proposals.get(&id)?;
        let view = self.view(id)?;
        let mut out = String::new();
        let _ = writeln!(out, "# {id} · revision {} of {}\n", view.revision.revision, view.n_revisions);
        for (idx, round) in proposal.rounds.iter().enumerate() {
            let _ = writeln!(out, "{}. {}", idx + 1, round.instruction.replace('\n', " "));
        }
        let usual = || self.sending.to(None).identity().map(ToString::to_string);
        let model = proposal.asked_of.clone().or_else(usual).unwrap_or_else(|| "no model".to_owned());
        let _ = writeln!(
            out,
            "\nScope: {} in {}",
            proposal.scope_label,
            self.workspace.display_path(&proposal.uri)
        );
        let _ = writeln!(out, "Model: {model} · {}", spent(&view.spent));
        if let Some(today) = &self.sending.today {
            let _ = writeln!(out, "Today (UTC): {}", spent_today(today));
        }
        match proposal.redaction.n_secrets() {
            0 => {}
            n => {
                let secrets = if n == 1 { "secret" } else { "secrets" };
                let _ = writeln!(out, "Hidden from the model, and here: {n} {secrets}");
            }
        }
        for line in rule_lines(&proposal.rules) {
            let _ = writeln!(out, "Rules: {line}");
        }
        for line in &view.checks {
            let _ = writeln!(out, "Checks: {}", line.replace('\n', " "));
        }
        if let Some(tried) = &view.tried {
            let _ = writeln!(out, "Tried: {tried}");
        }
        if let Some(notice) = &view.notice {
            let _ = writeln!(out, "\n> {notice}");
        }
        if !view.prose.trim().is_empty() {
            let _ = writeln!(out, "\n{}", view.prose.trim());
        }
        for hunk in &view.hunks {
            let status = match &hunk.status {
                Status::Provisional => "arriving".to_owned(),
                Status::Pending => "pending".to_owned(),
                Status::Accepted => "accepted".to_owned(),
                Status::Rejected { reason: None } => "rejected".to_owned(),
                Status::Rejected { reason: Some(reason) } => format!("rejected: {reason}"),
                Status::Stale => "stale: the text at its place was changed".to_owned(),
            };
            let line = hunk.range.start.line + 1;
            let _ = writeln!(out, "\n## Hunk {} · line {line} · {} · {status}\n", hunk.id, hunk.summary);
            let badge = hunk.badge();
            if !badge.is_empty() {
                let _ = writeln!(out, "{badge}\n");
            }
            for finding in hunk.findings.iter() {
                let _ = writeln!(out, "- {}", finding.replace('\n', "\n  "));
            }
            for need in &hunk.needs {
                let _ = writeln!(out, "- {need}");
            }
            out.push_str(&fenced_diff(&hunk.old, &hunk.new));
        }
        out.push_str("\n## Follow-up\n\n\n");
        Some(proposal.redaction.hide(&out))
    }
}

/// Tokens and money; of what has no known price the tokens alone.
fn spent(spent: &Spending) -> String {
    let cached = match spent.cached_tokens {
        0 => String::new(),
        n => format!(" ({n} from the cache)"),
    };
    let tokens = format!("{} tokens in{cached}, {} out", spent.input_tokens, spent.output_tokens);
    match (spent.cost, spent.n_unpriced) {
        (None, _) => tokens,
        (Some(cost), 0) => format!("{tokens}, {cost}"),
        (Some(cost), n) => format!("{tokens}, {cost} and {n} requests of unknown price"),
    }
}

/// The same for all requests of a day.
fn spent_today(today: &store::Spent) -> String {
    let requests = if today.n_requests == 1 { "request" } else { "requests" };
    let tokens = format!(
        "{} {requests}, {} tokens in, {} out",
        today.n_requests, today.input_tokens, today.output_tokens
    );
    match (model::Dollars::new(today.cost), today.n_unpriced) {
        (Some(cost), 0) => format!("{tokens}, {cost}"),
        (Some(cost), n) if n < today.n_requests => format!("{tokens}, {cost} and {n} of unknown price"),
        (Some(_) | None, _) => tokens,
    }
}

/// What the model was told of each rules file.
fn rule_lines(rules: &context::Rules) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for rule in &rules.files {
        let lines = format!("lines {}-{} of {}", rule.lines.start + 1, rule.lines.end, rule.n_lines);
        let invisible = match rule.n_invisible {
            0 => String::new(),
            n => format!(", less {n} invisible characters"),
        };
        told.push(format!("{} {lines}, {} tokens{invisible}", rule.path, rule.tokens));
    }
    if !rules.layout.is_empty() {
        told.push(format!("{}: {}", rules.layout_paths.join(", "), rules.layout));
    }
    told
}

/// A diff of a hunk in a fence that nothing inside can close.
pub fn fenced_diff(old: &str, new: &str) -> String {
    let longest = old.lines().chain(new.lines()).map(|line| line.chars().filter(|c| *c == '`').count()).max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    let mut out = format!("{fence}diff\n");
    for (sign, text) in [('-', old), ('+', new)] {
        for line in text::split_lines(text) {
            let _ = writeln!(out, "{sign}{}", line.trim_end_matches(['\r', '\n']));
        }
    }
    out.push_str(&fence);
    out.push('\n');
    out
}

/// The text under `heading`, up to the next heading, without comments; none when it is blank.
pub(super) fn section(text: &str, heading: &str) -> Option<(Range<usize>, String)> {
    let mut offset = 0;
    let mut start = None;
    let mut body = String::new();
    for line in text::split_lines(text) {
        let trimmed = line.trim();
        if start.is_some() && trimmed.starts_with("## ") {
            break;
        }
        if start.is_some() && !trimmed.starts_with("<!--") {
            body.push_str(trimmed);
            body.push('\n');
        }
        if trimmed == heading {
            start = Some(offset);
        }
        offset += line.len();
    }
    let body = body.trim().to_owned();
    let start = start?;
    (!body.is_empty()).then_some((start..offset, body))
}
