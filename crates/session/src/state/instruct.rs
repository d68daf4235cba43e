//! Getting an instruction from the user: a prompt where the client has one, a directive comment, or a request document.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use text::{Bias, ChangeSet};
use workspace::Uri;

use crate::effect::{Answer, DocumentEdit, EdgeEffect};
use crate::job::{Job, Record, TrustWord};
use crate::message::{EdgeReply, Token};
use crate::notice::Notice;
use crate::place::Place;

use super::directives::BoundTo;
use super::effects::Purpose;
use super::ledger::{Sent, SentFor};
use super::mentionable::Mentionable;
use super::proposal::{Mode, RequestKind};
use super::{Done, Session};

/// How many earlier instructions a prompt offers.
const HISTORY: usize = 20;

/// What an instruction is wanted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A first request at a place.
    Ask(Place),
    /// The next revision of a proposal or hunk.
    Refine(BoundTo),
}

/// What a document in the state directory is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DocumentPurpose {
    /// Shows a proposal; its `## Follow-up` refines it.
    Review(edit::ProposalId),
    /// Holds the `## Instruction` of a first request.
    Request(Place),
    /// Only to be read.
    Reading,
}

/// Instructions that are being waited for, and the given ones.
#[derive(Debug, Default)]
pub(super) struct Instructions {
    wanted: BTreeMap<Token, Wanted>,
    choosing: BTreeMap<Token, Vec<Choice>>,
    documents: BTreeMap<Uri, DocumentPurpose>,
    history: Vec<String>,
    pub(super) mentionable: Mentionable,
}

/// An entry of a message with choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// Run this command.
    Command(Box<crate::message::Command>),
    /// Send the held request of a proposal.
    Send(edit::ProposalId),
    /// Do not.
    DoNotSend(edit::ProposalId),
    /// This is the word on the checkout of a folder.
    Trust(PathBuf, TrustWord),
}

impl Instructions {
    /// Remembers an instruction for later prompts.
    pub(super) fn given(&mut self, instruction: &str) {
        self.history.retain(|known| known != instruction);
        self.history.insert(0, instruction.to_owned());
        self.history.truncate(HISTORY);
    }

    /// What a document of ours is for.
    pub(super) fn document(&self, uri: &Uri) -> Option<&DocumentPurpose> {
        self.documents.get(uri)
    }

    pub(super) fn opened(&mut self, uri: Uri, purpose: DocumentPurpose) {
        self.documents.insert(uri, purpose);
    }

    pub(super) fn choose(&mut self, token: Token, choices: Vec<Choice>) {
        self.choosing.insert(token, choices);
    }

    /// A document changed: places that wait for an instruction move.
    pub(super) fn on_change(&mut self, uri: &Uri, changes: &ChangeSet) {
        self.mentionable.on_change(uri, changes);
        let waiting = self.wanted.values_mut().filter_map(|wanted| match wanted {
            Wanted::Ask(place) => Some(place),
            Wanted::Refine(_) => None,
        });
        let requests = self.documents.values_mut().filter_map(|purpose| match purpose {
            DocumentPurpose::Request(place) => Some(place),
            DocumentPurpose::Review(_) | DocumentPurpose::Reading => None,
        });
        for place in waiting.chain(requests).filter(|place| place.uri == *uri) {
            let start = changes.map_offset(place.range.start, Bias::Before);
            place.range = start..changes.map_offset(place.range.end, Bias::After).max(start);
        }
    }
}

impl Session {
    /// Makes the edge ask for an instruction.
    pub(super) fn want_instruction(&mut self, wanted: Wanted) -> Done {
        if self.config.client.prompt {
            let token = self.effects.token();
            let title = match &wanted {
                Wanted::Ask(_) => "What should change here?",
                Wanted::Refine(BoundTo::Proposal(_)) => "What should the next revision change?",
                Wanted::Refine(BoundTo::Hunk(_)) => "What should change in this hunk?",
            };
            self.instructions.wanted.insert(token, wanted);
            self.effects.edge(EdgeEffect::Prompt {
                token,
                title: title.to_owned(),
                value: String::new(),
                history: self.instructions.history.clone(),
                choices: self.config.all_recipes().into_iter().map(|recipe| recipe.name).collect(),
            });
            return Ok(Answer::Done);
        }
        self.insert_directive(wanted)
    }

    /// Puts an empty directive above the node, or opens a request document where comments do not exist.
    fn insert_directive(&mut self, wanted: Wanted) -> Done {
        let (uri, at) = self.directive_place(&wanted)?;
        let Some(document) = self.workspace.document(&uri) else {
            return Err(Notice::warning(format!("{uri} is not open; open it and ask again")));
        };
        let line = document.text.line_of(at);
        let start = document.text.line_start(line);
        let content = document.text.line(line);
        let indent: String = content.chars().take_while(|c| *c == ' ' || *c == '\t').collect();
        let comment = document.language.and_then(|language| syntax::comment_line(language, &indent, "ai: "));
        let Some(comment) = comment else { return self.open_request(wanted) };
        let ending = document.text.ending_of(line).unwrap_or_else(|| document.text.line_ending());
        let caret = start + caret_in(&comment);
        let text = format!("{comment}{}", ending.as_str());
        let encoding = self.workspace.encoding();
        let position = document.text.position(start, encoding);
        let after = ChangeSet::single(document.text.len(), text::Edit::new(start..start, text.as_str()))
            .and_then(|change| document.text.apply(&change))
            .map_err(|error| Notice::error(error.to_string()))?;
        let caret = after.position(caret, encoding);
        let edit = DocumentEdit {
            uri: uri.clone(),
            version: document.version,
            edits: vec![(text::PositionRange { start: position, end: position }, text)],
        };
        if let Wanted::Refine(to) = wanted {
            self.directives.bind(&uri, start..start, to);
        }
        let shown = text::PositionRange { start: caret, end: caret };
        self.send(Sent::new(edit, SentFor::Directive { caret: shown }));
        Ok(Answer::Done)
    }

    /// The line above which a directive for `wanted` belongs.
    fn directive_place(&self, wanted: &Wanted) -> Result<(Uri, usize), Notice> {
        match wanted {
            Wanted::Ask(place) => {
                let place = self.current_place(place)?;
                let scope = self.scope_at(&place.uri, &place.range);
                let at = match scope {
                    Some(scope) if place.range.is_empty() => scope.range.start,
                    Some(_) | None => place.range.start,
                };
                Ok((place.uri, at))
            }
            Wanted::Refine(BoundTo::Hunk(id)) => {
                let proposal = self.known(id.proposal)?;
                let hunk = proposal.hunks.hunk(*id).ok_or_else(|| super::decide::gone(&id.to_string()))?;
                Ok((proposal.uri.clone(), hunk.range.start))
            }
            Wanted::Refine(BoundTo::Proposal(id)) => {
                let proposal = self.known(*id)?;
                Ok((proposal.uri.clone(), proposal.scope.start))
            }
        }
    }

    fn open_request(&mut self, wanted: Wanted) -> Done {
        let place = match wanted {
            Wanted::Ask(place) => place,
            Wanted::Refine(BoundTo::Proposal(id)) => return self.open_review_of(id),
            Wanted::Refine(BoundTo::Hunk(id)) => return self.open_review_of(id.proposal),
        };
        let text = format!(
            "## Instruction\n\n\n\n<!-- For {place}. Write above, then run it from the code actions. -->\n"
        );
        let token = self.effects.token();
        let name = format!("request-{}.md", token.0);
        let record = Record::Document { name, text };
        self.effects.start(Purpose::Open(DocumentPurpose::Request(place)), Job::Record(record));
        Ok(Answer::Done)
    }

    pub(super) fn replied(&mut self, token: Token, reply: EdgeReply) {
        match reply {
            EdgeReply::Applied { applied, failure } => self.edit_answered(token, applied, failure),
            EdgeReply::Prompted(text) => {
                let wanted = self.instructions.wanted.remove(&token);
                let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
                if let (Some(wanted), Some(text)) = (wanted, text) {
                    self.instructed(wanted, text);
                }
            }
            EdgeReply::PromptUnsupported => {
                self.config.client.prompt = false;
                if let Some(wanted) = self.instructions.wanted.remove(&token) {
                    let done = self.insert_directive(wanted);
                    self.tell_refusal(done);
                }
            }
            EdgeReply::Chosen(choice) => self.chosen(token, choice),
        }
    }

    fn chosen(&mut self, token: Token, choice: Option<usize>) {
        let choices = self.instructions.choosing.remove(&token).unwrap_or_default();
        let first = choices.first().cloned();
        match (choice.and_then(|idx| choices.into_iter().nth(idx)), first) {
            (Some(Choice::Command(command)), _) => {
                if let Answer::Refused(notice) = self.command(*command) {
                    self.effects.tell(notice);
                }
            }
            (Some(Choice::Send(id)), _) => self.released(id, token, true),
            (Some(Choice::DoNotSend(id)), _) | (None, Some(Choice::Send(id) | Choice::DoNotSend(id))) => {
                self.released(id, token, false);
            }
            (Some(Choice::Trust(folder, word)), _) => self.keep_trust(folder, word),
            // No answer is none: the next session asks again.
            (None, Some(Choice::Command(_) | Choice::Trust(..)) | None) => {}
        }
    }

    fn instructed(&mut self, wanted: Wanted, text: String) {
        let done = match wanted {
            Wanted::Ask(place) => self.start(&place, None, text, Mode::Edit),
            Wanted::Refine(BoundTo::Proposal(id)) => self.follow_up(id, RequestKind::FollowUp, text),
            Wanted::Refine(BoundTo::Hunk(id)) => self.follow_up(id.proposal, RequestKind::OneHunk(id), text),
        };
        self.tell_refusal(done);
    }

    pub(super) fn tell_refusal(&mut self, done: Done) {
        if let Err(notice) = done {
            self.effects.tell(notice);
        }
    }

    /// The instruction written in a review or request document.
    pub(super) fn written_instruction(&self, uri: &Uri) -> Option<(Range<usize>, String)> {
        let heading = match self.instructions.document(uri)? {
            DocumentPurpose::Review(_) => "## Follow-up",
            DocumentPurpose::Request(_) => "## Instruction",
            DocumentPurpose::Reading => return None,
        };
        let text = self.workspace.document(uri)?.text.to_string();
        super::review::section(&text, heading)
    }

    /// Runs the instruction written in a review or request document.
    pub(super) fn run_document(&mut self, uri: &Uri) -> Option<Done> {
        let purpose = self.instructions.document(uri)?.clone();
        let Some((_, text)) = self.written_instruction(uri) else {
            return Some(Err(Notice::info(
                "there is no instruction yet; write one under the heading and run it again",
            )));
        };
        Some(match purpose {
            DocumentPurpose::Review(id) => self.follow_up(id, RequestKind::FollowUp, text),
            DocumentPurpose::Request(place) => self.start(&place, None, text, Mode::Edit),
            DocumentPurpose::Reading => return None,
        })
    }
}

/// Offset in a directive line at which the user types: behind `ai: `.
fn caret_in(comment: &str) -> usize {
    comment.find("ai: ").map_or(comment.len(), |offset| offset + "ai: ".len())
}
