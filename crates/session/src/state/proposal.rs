//! One thing the user asked for: its hunks over all revisions, the rounds so far, and where it stands.

use std::collections::BTreeMap;
use std::ops::Range;

use edit::{AnswerParser, Block, Format, Ground, HunkId, ProposalId, RevisionId, Round, Turn};
use text::{ChangeSet, Edit, Text};
use workspace::Uri;

use crate::job::{Checked, JobId};
use crate::level::NamesLevel;
use crate::message::Token;
use crate::notice::Notice;
use crate::project::ProjectFinding;
use crate::sent::{ShownLines, Spending};
use crate::view::ProposalState;

use super::early::Early;
use super::project::Project;
use super::repair::Attempt;
use super::reports::Said;
use super::route::Route;
use super::ties::Ties;

/// A request of the user and what came of it.
pub(super) struct Proposal {
    pub(super) uri: Uri,
    /// Scope in the current text; moves with it.
    pub(super) scope: Range<usize>,
    /// Name of the scope for messages, such as "function total".
    pub(super) scope_label: String,
    pub(super) mode: Mode,
    /// Which model is asked, unless an instruction says otherwise.
    pub(super) route: Route,
    /// Who was asked last, and in whose place.
    pub(super) asked_of: Option<String>,
    /// The newest instruction.
    pub(super) asked: String,
    /// Instructions and what became of their revisions, oldest first.
    pub(super) rounds: Vec<Round>,
    pub(super) hunks: edit::Proposal,
    pub(super) phase: Phase,
    pub(super) remarks: BTreeMap<HunkId, Remarks>,
    pub(super) ties: Ties,
    pub(super) project: Project,
    /// Revisions of the newest request that were not offered at first.
    pub(super) attempts: Vec<Attempt>,
    /// Prose of the newest answer.
    pub(super) prose: String,
    /// What its requests came to, over all rounds.
    pub(super) spent: Spending,
    /// The text when its document was closed.
    pub(super) parked: Option<Text>,
    /// Rules files that the newest request told the model of.
    pub(super) rules: context::Rules,
    /// What the newest request showed besides the scope.
    pub(super) excerpts: Vec<context::Excerpt>,
    /// What its requests hid from the model.
    pub(super) redaction: context::Redaction,
    /// What other servers reported about its document before its first request; none where the client does not say all.
    pub(super) said_before: Option<Said>,
    /// What the user changed since the newest revision was finished.
    pub(super) since_revision: Option<SinceRevision>,
}

/// What checks say about a hunk.
pub(super) struct Remarks {
    pub(super) texts: Vec<String>,
    /// Whether it changes nothing that counts.
    pub(super) is_noise: bool,
    checked: Checked,
    /// Whether anything looked at the hunk since this session has it.
    is_checked: bool,
    /// What the project's own checks say.
    pub(super) project: Vec<ProjectFinding>,
}

/// What the model is to answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// An edit of the scope.
    Edit,
    /// Prose: an explanation.
    Answer,
}

/// The text at a revision's end, to tell the next round what the user did since.
pub(super) struct SinceRevision {
    pub(super) text: Text,
    pub(super) scope: Range<usize>,
}

/// Where a proposal stands; each state holds what only it needs.
pub(super) enum Phase {
    /// The document's tree is behind; the request waits for it.
    Waiting(NextRequest),
    /// Something has to be known, or said by the user, before the request goes on.
    Held { request: NextRequest, by: Hold },
    /// Context is being gathered.
    Gathering { job: JobId, request: NextRequest },
    /// An answer streams.
    Streaming(Box<Stream>),
    /// The answer is whole; its hunks are checked. With the answer, unless it was the user's own text.
    Checking { job: JobId, revision: RevisionId, hunks: Vec<HunkId>, stream: Option<Box<Stream>> },
    /// The project's own checks run before hunks are offered, until the timer ends.
    Verifying { revision: RevisionId, stream: Option<Box<Stream>>, timer: Option<JobId> },
    /// Hunks can be decided, or all are.
    Ready,
    /// The model answered in prose.
    Answered,
    /// It ended without an answer.
    Failed(Notice),
    /// The user stopped it.
    Cancelled,
}

/// What is going to be asked.
#[derive(Debug, Clone)]
pub(super) struct NextRequest {
    pub(super) instruction: String,
    pub(super) kind: RequestKind,
    /// Which model is asked.
    pub(super) route: Route,
    /// Tokens up to which the user said that it may be sent though it is over a limit.
    pub(super) approved: Option<u64>,
    /// Whether what today's requests came to was looked up for it.
    pub(super) knows_day: bool,
}

impl NextRequest {
    pub(super) fn new(instruction: String, kind: RequestKind, route: Route) -> NextRequest {
        NextRequest { instruction, kind, route, approved: None, knows_day: false }
    }
}

/// What a request is held by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Hold {
    /// What today's requests came to is looked up.
    Day(JobId),
    /// The user is asked.
    Person {
        /// Of the question.
        token: Token,
        /// Why.
        why: String,
    },
}

/// What a request may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RequestKind {
    /// The scope, for the first time.
    First,
    /// The scope, from the last proposal on.
    FollowUp,
    /// One hunk; every other stays byte-identical.
    OneHunk(HunkId),
}

/// An answer under way.
pub(super) struct Stream {
    pub(super) job: JobId,
    pub(super) revision: RevisionId,
    pub(super) kind: RequestKind,
    /// Which model answers.
    pub(super) route: Route,
    /// Whether anything of an answer has come.
    pub(super) has_begun: bool,
    /// As [`NextRequest::approved`].
    pub(super) approved: Option<u64>,
    /// What the answer's places refer to.
    pub(super) ground: Ground,
    /// The document's tree when the request was made.
    pub(super) tree: Option<syntax::Tree>,
    /// The only part of the shown text that may change, for one hunk.
    pub(super) region: Option<Range<usize>>,
    /// Where the refined hunk stood in the document when the request was made.
    pub(super) refined: Option<Range<usize>>,
    /// What became of the document since the request was made.
    pub(super) since: ChangeSet,
    pub(super) format: Format,
    pub(super) parser: AnswerParser,
    pub(super) restore: context::Restore,
    /// Edits placed so far, in the shown text.
    pub(super) placed: Vec<Edit>,
    /// Edits outside of the scope, in the shown text.
    pub(super) outside: Vec<Edit>,
    /// Blocks that closed and have no place so far.
    pub(super) unplaced: Vec<Block>,
    /// Why blocks could not be placed.
    pub(super) refusals: Vec<edit::Refusal>,
    /// Why the whole of them should not be offered as it is.
    pub(super) unfit: Option<edit::Refusal>,
    /// The conversation so far, redacted, for repair turns.
    pub(super) system: String,
    pub(super) turns: Vec<Turn>,
    /// Which lines of which files are in them.
    pub(super) shown: Vec<ShownLines>,
    /// The request while it is under way.
    pub(super) sent: Option<UnderWay>,
    /// The answer so far, with its secrets back in.
    pub(super) answer: String,
    pub(super) n_repairs: u32,
    /// Changes that are placed and cannot be offered.
    pub(super) left_out: LeftOut,
    /// A check of the blocks that closed so far.
    pub(super) early: Option<Early>,
}

/// A request that was sent and has no end yet.
pub(super) struct UnderWay {
    pub(super) receipt: store::Receipt,
    /// Estimated tokens of the prompt, before any model's factor.
    pub(super) estimated: usize,
}

/// How many changes of an answer cannot be offered, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct LeftOut {
    /// The user was there meanwhile.
    pub(super) edited: usize,
    /// Text of this proposal that the user accepted lies there, or another of its hunks.
    pub(super) taken: usize,
    /// It would touch a secret that the model was not shown.
    pub(super) secret: usize,
    /// It has a placeholder for a secret that there is not.
    pub(super) unknown: usize,
}

impl LeftOut {
    /// Counts others as well.
    pub(super) fn add(&mut self, other: LeftOut) {
        let LeftOut { edited, taken, secret, unknown } = other;
        self.edited += edited;
        self.taken += taken;
        self.secret += secret;
        self.unknown += unknown;
    }

    /// What the user is told; nothing when nothing is left out.
    pub(super) fn notice(self) -> Option<String> {
        let changes = |n: usize, touch: &str| match n {
            0 => None,
            1 => Some(format!("1 change touches {touch} and is left out")),
            n => Some(format!("{n} changes touch {touch} and are left out")),
        };
        let edited = changes(self.edited, "text that you edited meanwhile");
        let taken = changes(self.taken, "text that you accepted from this proposal");
        let secret = changes(self.secret, "a line with a secret that the model was not shown");
        let unknown = changes(self.unknown, "text with a placeholder for a secret that there is not");
        let said: Vec<String> = [edited, taken, secret, unknown].into_iter().flatten().collect();
        (!said.is_empty())
            .then(|| format!("{}. Ask there again to change the text as it is now", said.join("; ")))
    }
}

impl Remarks {
    pub(super) fn new(checked: Checked) -> Remarks {
        Remarks::of(checked, Vec::new())
    }

    /// Of a hunk that another session has offered, and this one has not looked at.
    pub(super) fn unchecked() -> Remarks {
        Remarks { is_checked: false, ..Remarks::new(Checked::default()) }
    }

    fn of(checked: Checked, project: Vec<ProjectFinding>) -> Remarks {
        let findings = checked.findings.iter().map(ToString::to_string);
        let detections = checked.detections.iter().map(ToString::to_string);
        let project_texts = project.iter().map(|finding| finding.text.clone());
        Remarks {
            texts: findings.chain(detections).chain(project_texts).collect(),
            is_noise: checked.is_noise() && project.is_empty(),
            checked,
            is_checked: true,
            project,
        }
    }

    /// These with what a later check finds. What detectors say stays.
    pub(super) fn rechecked(self, checked: &Checked) -> Remarks {
        let detections = self.checked.detections;
        Remarks::of(Checked { detections, ..checked.clone() }, self.project)
    }

    /// Whether anything looked at the hunk since this session has it.
    pub(super) fn is_checked(&self) -> bool {
        self.is_checked
    }

    /// Whether the text with the hunk alone parses, as far as it was looked at.
    pub(super) fn parses(&self) -> bool {
        self.checked.parses
    }

    /// How far the names of the hunk were looked up.
    pub(super) fn names(&self) -> NamesLevel {
        self.checked.names
    }

    /// These with what the project's own checks say now.
    pub(super) fn with_project(self, project: Vec<ProjectFinding>) -> Remarks {
        Remarks::of(self.checked, project)
    }

    /// What has to be put right before anything else is worth a look.
    pub(super) fn errors(&self) -> impl Iterator<Item = &verify::Finding> {
        self.checked.findings.iter().filter(|finding| finding.severity == verify::Severity::Error)
    }

    /// Names that may be made up: worth asking again, but no reason against offering.
    pub(super) fn inventions(&self) -> impl Iterator<Item = &verify::Finding> {
        self.checked.findings.iter().filter(|finding| finding.kind == verify::FindingKind::Name)
    }

    /// What a model is told of them.
    pub(super) fn told(&self) -> impl Iterator<Item = String> {
        let findings = self.checked.findings.iter().map(ToString::to_string);
        let detections = self.checked.detections.iter().map(ToString::to_string);
        findings.chain(detections).chain(self.project.iter().map(|finding| finding.told.clone()))
    }
}

impl SinceRevision {
    /// What differs in the scope since, as a unified diff; empty for nothing.
    pub(super) fn user_edits(&self, text: &Text, scope: &Range<usize>) -> String {
        let (before, after) = (self.text.slice(self.scope.clone()), text.slice(scope.clone()));
        text::unified_diff(&before, &after, "before", "now", 2)
    }
}

impl Phase {
    /// The answer that it works on, from its first word until its hunks are offered.
    pub(super) fn stream_mut(&mut self) -> Option<&mut Stream> {
        match self {
            Phase::Streaming(stream) => Some(stream),
            Phase::Checking { stream, .. } | Phase::Verifying { stream, .. } => stream.as_deref_mut(),
            Phase::Waiting(_)
            | Phase::Held { .. }
            | Phase::Gathering { .. }
            | Phase::Ready
            | Phase::Answered
            | Phase::Failed(_)
            | Phase::Cancelled => None,
        }
    }
}

impl Proposal {
    pub(super) fn new(
        id: ProposalId,
        uri: Uri,
        scope: Range<usize>,
        mode: Mode,
        request: NextRequest,
    ) -> Proposal {
        Proposal {
            uri,
            scope,
            scope_label: String::new(),
            mode,
            route: request.route.clone(),
            asked_of: None,
            asked: request.instruction.clone(),
            rounds: Vec::new(),
            hunks: edit::Proposal::new(id),
            phase: Phase::Waiting(request),
            remarks: BTreeMap::new(),
            ties: Ties::default(),
            project: Project::default(),
            attempts: Vec::new(),
            prose: String::new(),
            spent: Spending::default(),
            parked: None,
            rules: context::Rules::default(),
            excerpts: Vec::new(),
            redaction: context::Redaction::new(),
            said_before: None,
            since_revision: None,
        }
    }

    /// What was asked for, in all rounds.
    pub(super) fn instructions(&self) -> Vec<String> {
        let rounds = self.rounds.iter().map(|round| &round.instruction);
        rounds.chain([&self.asked]).cloned().collect()
    }

    /// Whether a hunk changes nothing that counts.
    pub(super) fn is_noise(&self, hunk: HunkId) -> bool {
        self.remarks.get(&hunk).is_some_and(|remarks| remarks.is_noise)
    }

    /// Whether a model or a check works on it.
    pub(super) fn is_working(&self) -> bool {
        match self.phase {
            Phase::Waiting(_)
            | Phase::Held { .. }
            | Phase::Gathering { .. }
            | Phase::Streaming(_)
            | Phase::Checking { .. }
            | Phase::Verifying { .. } => true,
            Phase::Ready | Phase::Answered | Phase::Failed(_) | Phase::Cancelled => false,
        }
    }

    /// The jobs that work on it.
    pub(super) fn jobs(&self) -> Vec<JobId> {
        match &self.phase {
            Phase::Gathering { job, .. }
            | Phase::Checking { job, .. }
            | Phase::Held { by: Hold::Day(job), .. } => vec![*job],
            Phase::Streaming(stream) => {
                stream.early.iter().map(|early| early.job).chain([stream.job]).collect()
            }
            Phase::Verifying { timer, .. } => timer.iter().copied().collect(),
            Phase::Waiting(_)
            | Phase::Held { by: Hold::Person { .. }, .. }
            | Phase::Ready
            | Phase::Answered
            | Phase::Failed(_)
            | Phase::Cancelled => Vec::new(),
        }
    }

    /// Where it stands, as shown.
    pub(super) fn state(&self) -> ProposalState {
        match self.phase {
            Phase::Waiting(_) | Phase::Held { .. } | Phase::Gathering { .. } => ProposalState::Preparing,
            Phase::Streaming(_) => ProposalState::Streaming,
            Phase::Checking { .. } | Phase::Verifying { .. } => ProposalState::Checking,
            Phase::Ready if self.hunks.has_undecided() => ProposalState::Pending,
            Phase::Ready => ProposalState::Decided,
            Phase::Answered => ProposalState::Answered,
            Phase::Failed(_) => ProposalState::Failed,
            Phase::Cancelled => ProposalState::Cancelled,
        }
    }
}
