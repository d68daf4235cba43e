//! What other servers report about documents, as a client forwards it: shown for `@diagnostics`, and told to the model where it
//! is new on lines that were accepted.
//!
//! Must never take a report that stood there before the proposal for a consequence of it.

use std::ops::Range;

use edit::Status;
use text::Text;
use workspace::Uri;

use crate::message::ForeignDiagnostic;

use super::Session;
use super::mentionable::Reported;
use super::proposal::Proposal;

/// Reports without their places, which move: who says what.
pub(super) type Said = Vec<(Option<String>, String)>;

impl Session {
    /// A client says all that other servers report about a document.
    pub(super) fn diagnosed(&mut self, uri: &Uri, version: Option<i32>, diagnostics: &[ForeignDiagnostic]) {
        // Nothing of it is shown, so nothing that is shown changes.
        self.published.settle();
        let Some(document) = self.workspace.document(uri) else { return };
        // The client sends them again when the servers have seen the newer text.
        if version.is_some_and(|version| version != document.version) {
            return;
        }
        let found = self.placed(&document.text, diagnostics);
        self.instructions.mentionable.hear_all(uri, found);
    }

    pub(super) fn placed(&self, text: &Text, diagnostics: &[ForeignDiagnostic]) -> Vec<Reported> {
        let reported = |found: &ForeignDiagnostic| Reported {
            range: text.offsets(found.range, self.workspace.encoding()),
            source: found.source.clone(),
            message: found.message.clone(),
        };
        diagnostics.iter().map(reported).collect()
    }

    /// What is reported about a document, for a later look at what is new; none where the client does not say all.
    pub(super) fn said_before(&self, uri: &Uri) -> Option<Said> {
        let all = self.instructions.mentionable.all_of(uri)?;
        Some(all.iter().map(Reported::said).collect())
    }

    /// What the model is told of a proposal so far: what checks say of its hunks, and what other servers report on accepted
    /// lines and did not before the first request.
    pub(super) fn findings_of(&self, proposal: &Proposal) -> Vec<String> {
        let mut findings = proposal.open_findings();
        findings.extend(self.new_reports(proposal).unwrap_or_default());
        findings
    }

    fn new_reports(&self, proposal: &Proposal) -> Option<Vec<String>> {
        let mut before = proposal.said_before.clone()?;
        let all = self.instructions.mentionable.all_of(&proposal.uri)?;
        let text = &self.workspace.document(&proposal.uri)?.text;
        let accepted: Vec<Range<usize>> = proposal
            .hunks
            .hunks()
            .filter(|hunk| hunk.status == Status::Accepted)
            .map(|hunk| text.whole_lines(hunk.range.clone()))
            .collect();
        let is_on = |reported: &&Reported| {
            accepted
                .iter()
                .any(|lines| lines.start <= reported.range.start && reported.range.start < lines.end)
        };
        // A line that was replaced may have had the same report; so those elsewhere are taken off first.
        let (on, elsewhere): (Vec<&Reported>, Vec<&Reported>) = all.iter().partition(is_on);
        let mut is_new = |reported: &&Reported| {
            let same = before.iter().position(|said| *said == reported.said());
            same.map(|idx| before.swap_remove(idx)).is_none()
        };
        elsewhere.iter().for_each(|reported| {
            is_new(reported);
        });
        let new = on.into_iter().filter(is_new);
        Some(new.map(|reported| format!("new on accepted text, {}", reported.in_words(text))).collect())
    }
}

impl Reported {
    fn said(&self) -> (Option<String>, String) {
        (self.source.clone(), self.message.clone())
    }

    /// "line 3 (mypy): …"
    pub(super) fn in_words(&self, text: &Text) -> String {
        let line = text.line_of(self.range.start) + 1;
        let source = self.source.as_ref().map_or_else(String::new, |source| format!(" ({source})"));
        format!("line {line}{source}: {}", self.message.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}
