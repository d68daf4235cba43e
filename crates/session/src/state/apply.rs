//! Edits that the client applies: sent with a version, followed until the text shows them.

use edit::{HunkId, Status};
use workspace::Uri;

use crate::effect::EdgeEffect;
use crate::job::Job;
use crate::message::Token;
use crate::notice::Notice;

use super::Session;
use super::effects::Purpose;
use super::ledger::{Sent, SentFor};

/// How long an acknowledged edit may take to show in the text: editors debounce `didChange` by up to half a second.
const LANDING_MS: u64 = 2_000;

impl Session {
    pub(super) fn send(&mut self, sent: Sent) {
        let token = self.effects.token();
        let label = match &sent.purpose {
            SentFor::Accept(hunks) if hunks.len() == 1 => "Hunkwise: accept hunk".to_owned(),
            SentFor::Accept(hunks) => format!("Hunkwise: accept {} hunks", hunks.len()),
            SentFor::Undo => "Hunkwise: undo accepted".to_owned(),
            SentFor::TakeBack { .. } => "Hunkwise: take back a misplaced edit".to_owned(),
            SentFor::Directive { .. } => "Hunkwise: instruction".to_owned(),
        };
        let edit = sent.edit.clone();
        let sent = match self.workspace.document(&edit.uri) {
            Some(document) => sent.made_for(&document.text, self.workspace.encoding()),
            None => sent,
        };
        self.ledger.add(token, sent);
        self.effects.edge(EdgeEffect::Apply { token, label, edit });
    }

    /// The document changed: which of the edits sent to it does the text show now?
    ///
    /// `arrived` is the one that the change is exactly, `misplaced` one that was applied to a text it was not made for.
    pub(super) fn landed(&mut self, uri: &Uri, arrived: Option<Token>, misplaced: Option<Token>) {
        for token in self.ledger.open(uri) {
            let Some(sent) = self.ledger.get_mut(token) else { continue };
            let hunks = match &sent.purpose {
                SentFor::Accept(hunks) => hunks.clone(),
                SentFor::Undo | SentFor::TakeBack { .. } | SentFor::Directive { .. } => Vec::new(),
            };
            if arrived == Some(token) || hunks.iter().all(|hunk| self.is_accepted(*hunk)) {
                self.set_landed(token);
            } else if misplaced == Some(token) {
                self.misplaced(token, &hunks);
            }
        }
    }

    fn is_accepted(&self, hunk: HunkId) -> bool {
        let found = self.proposals.get(&hunk.proposal).and_then(|proposal| proposal.hunks.hunk(hunk));
        found.is_some_and(|hunk| hunk.status == Status::Accepted)
    }

    fn set_landed(&mut self, token: Token) {
        if let Some(sent) = self.ledger.get_mut(token) {
            sent.has_landed = true;
            if sent.is_answered {
                self.settle(token);
            }
        }
    }

    /// An edit was applied to a text that had moved on: take it back, try once more.
    fn misplaced(&mut self, token: Token, hunks: &[HunkId]) {
        let Some(sent) = self.ledger.remove(token) else { return };
        self.forget_expected(hunks);
        let again = if sent.is_retry { Vec::new() } else { hunks.to_vec() };
        let what = if again.is_empty() {
            "The hunks stay pending; accept them again"
        } else {
            "The accept is tried once more"
        };
        self.effects.tell(Notice::warning(format!(
            "the editor applied an edit to a text that had changed; it is taken back exactly. {what}"
        )));
        let done = self.take_back(&sent.edit.uri, again);
        if let Err(notice) = done {
            self.effects.tell(notice);
        }
    }

    /// The client answered. What it says is only a hint; the text decides.
    pub(super) fn edit_answered(&mut self, token: Token, applied: Option<bool>, failure: Option<String>) {
        let Some(sent) = self.ledger.get_mut(token) else { return };
        sent.is_answered = true;
        // Of an edit that accepts nothing, any change may have been taken for it.
        let is_sure = applied != Some(false) || matches!(sent.purpose, SentFor::Accept(_));
        if sent.has_landed && is_sure {
            return self.settle(token);
        }
        if applied == Some(false) {
            let reason = failure.map_or_else(String::new, |reason| format!(" ({reason})"));
            return self.give_up(token, &format!("the editor did not apply the edit{reason}"));
        }
        let timer = self.effects.start(Purpose::Edit(token), Job::Wait { after_ms: LANDING_MS });
        if let Some(sent) = self.ledger.get_mut(token) {
            sent.timer = Some(timer);
        }
    }

    pub(super) fn elapsed(&mut self, purpose: Purpose) {
        if let Purpose::Limits(name) = &purpose {
            self.stop_waiting_for_limits(name.as_deref());
        }
        match purpose {
            Purpose::Edit(token) => {
                self.give_up(token, "the editor reports the edit as applied, but the text does not show it");
            }
            Purpose::ProjectWait(id) => self.project_waited(id),
            Purpose::Keep => {
                self.keep_now();
                self.published.settle();
            }
            Purpose::TakeAgain(uri, n_tries) => self.take_waited(&uri, n_tries),
            _ => {}
        }
    }

    /// An edit did not arrive: say so, keep its hunks pending, stop the files behind it.
    fn give_up(&mut self, token: Token, why: &str) {
        let Some(sent) = self.ledger.remove(token) else { return };
        let kept = match &sent.purpose {
            SentFor::Accept(hunks) => {
                self.forget_expected(hunks);
                "the hunks stay pending. Accept them again"
            }
            SentFor::Undo => "the accepted text stays. Undo again, or use the editor's own undo",
            SentFor::TakeBack { .. } => "use the editor's undo to take the misplaced edit back",
            SentFor::Directive { .. } => "write an `ai:` comment by hand and run it",
        };
        let done = match sent.done.as_slice() {
            [] => String::new(),
            done => format!(
                "; done before: {}",
                done.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            ),
        };
        self.effects.tell(Notice::warning(format!("{why}; {kept}{done}")));
    }

    /// An edit is acknowledged and shows in the text: what comes next?
    fn settle(&mut self, token: Token) {
        let Some(sent) = self.ledger.remove(token) else { return };
        if let Some(timer) = sent.timer {
            self.effects.stop(timer);
        }
        match sent.purpose {
            SentFor::Accept(_) => {
                let mut done = sent.done;
                done.push(sent.edit.uri);
                let result = self.accept_files(sent.rest, done.clone(), false);
                if let Err(notice) = result {
                    let names = done.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                    self.effects.tell(Notice::warning(format!("{notice}. Done before: {names}")));
                }
            }
            SentFor::Undo => {}
            SentFor::TakeBack { again } if again.is_empty() => {}
            SentFor::TakeBack { again } => {
                let result = self.accept_files(vec![(sent.edit.uri, again)], sent.done, true);
                if let Err(notice) = result {
                    self.effects.tell(notice);
                }
            }
            SentFor::Directive { caret } => {
                self.effects.edge(EdgeEffect::Show { uri: sent.edit.uri, range: caret })
            }
        }
    }

    fn forget_expected(&mut self, hunks: &[HunkId]) {
        for hunk in hunks {
            if let Some(proposal) = self.proposals.get_mut(&hunk.proposal) {
                proposal.hunks.clear_expectation();
            }
        }
    }
}
