//! Work that the driver runs outside the session, and what it reports back.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use context::rank::Answered;
use syntax::{Stop, Tree};
use text::{Bias, ChangeSet, Edit, Text};
use workspace::{Document, Indexer, OnDisk, ParseJob, Parsed, Snapshot, Uri};

use crate::kept::{TakeJob, Taken, ToKeep};
use crate::level::NamesLevel;
use crate::project::{LookUpJob, LookedUp, Verified, VerifyJob};
use crate::provider::ProviderState;

/// How long the text with an answer may take to parse before nothing is looked up from it.
const ANSWER_PARSE_LIMIT: Duration = Duration::from_millis(500);

/// So much of a document shows whether a program wrote it.
const HEAD_BYTES: usize = 4_096;

/// In a longer document secrets are looked for only where it is shown.
const MAX_SEARCHED: usize = 1 << 20;

/// Names one job. Results of a job that was stopped, or that nobody waits for, are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u64);

/// Work outside the session.
#[derive(Debug)]
pub enum Job {
    /// Reparse a document. Not tied to a proposal.
    Parse(ParseJob),
    /// Gather what the model is shown besides the scope.
    Gather(Box<GatherJob>),
    /// Make the names that an instruction can mention. Not tied to a proposal.
    Names(NamesJob),
    /// Ask a model and report what it streams.
    Complete {
        /// Its name in the settings; none for the usual one.
        model: Option<String>,
        /// What is asked.
        request: Box<model::Request>,
    },
    /// Make a named model ready to be asked. Not tied to a proposal.
    Connect {
        /// Its name in the settings.
        name: String,
        /// Its settings.
        own: Box<model::Settings>,
        /// Those of the usual one.
        usual: Box<model::Settings>,
    },
    /// Find what a whole answer means.
    Settle(Box<SettleJob>),
    /// Check hunks on the text with them applied.
    Check(CheckJob),
    /// Check hunks again of which it is known what else there is to say.
    Recheck(CheckJob),
    /// Find which of the project's own checks there are for a document, and whether they may run.
    LookUp(Box<LookUpJob>),
    /// Make the project's own checks of hunks.
    Verify(Box<VerifyJob>),
    /// Make these checks without hunks, so that those of the hunks have less to do. Given up for any other check of the folder.
    Warm(Box<VerifyJob>),
    /// Keep what the user said of the checkout of a folder.
    Trust(PathBuf, TrustWord),
    /// Wait.
    Wait {
        /// Milliseconds.
        after_ms: u64,
    },
    /// Write to the state directory.
    Record(Record),
    /// Take over what runs that are gone have left of a document. Not tied to a proposal.
    Take(Box<TakeJob>),
    /// Compare open documents with their files.
    Compare(Snapshot, Vec<Uri>),
    /// Ask the server of a model, by its name in the settings, what that takes. Not tied to a proposal.
    Limits(Option<String>),
    /// Look up what the requests of today came to.
    Today,
}

/// What the user said of the checkout of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrustWord {
    /// It is trusted, and so are these commands of its own settings.
    Trusted(Vec<String>),
    /// It is not trusted.
    NotTrusted,
    /// These commands of its own settings may run, or may not.
    Commands(Vec<String>, bool),
}

/// What gathering needs.
#[derive(Debug)]
pub struct GatherJob {
    /// All documents as they are.
    pub snapshot: Snapshot,
    /// The document asked about.
    pub uri: Uri,
    /// The scope in its text.
    pub scope: std::ops::Range<usize>,
    /// Hunks of the last answer that wait for a decision: what they name is looked up.
    pub pending: Vec<Edit>,
    /// The index of the document's folder; none where it lies in none.
    pub indexer: Option<Arc<Indexer>>,
    /// Whether the index has read the document's text from its file just now.
    pub is_as_on_disk: bool,
    /// What the user wants, in all rounds.
    pub instruction: String,
    /// What the user wrote before.
    pub recent: context::rank::Recent,
    /// What the instructions mention, as far as it is known without looking.
    pub mentions: context::Mentions,
    /// What the request before it showed: what is still so is shown again, first and as it was.
    pub sent: Vec<context::Excerpt>,
    /// Secrets that are known; none where nothing is sent and so nothing is hidden.
    pub secrets: Option<context::Redaction>,
    /// Kinds of rules files that the user wants to be read.
    pub rules: Vec<workspace::RulesKind>,
    /// Tokens to spend.
    pub budget_tokens: usize,
    /// How they are counted.
    pub count: fn(&str) -> usize,
}

impl GatherJob {
    /// Chooses what is shown: from the index, and from the open documents where there is none yet.
    pub fn run(&self) -> context::Context {
        // First of all: later, the keeper of the index may know a newer text.
        if let Some(indexer) = &self.indexer {
            let documents = self.snapshot.documents();
            documents.filter(|document| self.is_own_or_new(document, indexer)).for_each(|document| {
                index_document(indexer, document);
            });
        }
        // Files and git are read before the index is: who holds it keeps it from being brought up to date.
        let rules = workspace::rules_files(&self.snapshot, &self.uri, &self.rules);
        let mut mentions = self.mentions.clone();
        if mentions.wants_diff() {
            mentions.diff = self.root().map(|root| self.snapshot.uncommitted(root));
        }
        let answer = self.with_pending();
        let line =
            self.snapshot.document(&self.uri).map_or(0, |document| document.text.line_of(self.scope.start));
        let answered = answer.as_ref().map(|(tree, text, scope)| Answered {
            tree,
            text,
            scope: scope.clone(),
            others: Vec::new(),
            line,
        });
        let Some(indexer) = &self.indexer else {
            let index = context::index_of_open(&self.snapshot, &self.uri);
            return self.finished(self.gather(&index, answered.as_ref(), &mentions, &rules));
        };
        let context = self.gather(&indexer.index().read(), answered.as_ref(), &mentions, &rules);
        self.finished(context::Context { is_partial: !indexer.index().is_complete(), ..context })
    }

    /// The addresses whose pages are to be read for it, each once; none where pages are not to be read.
    pub(crate) fn addresses(&self) -> Vec<String> {
        let mut addresses: Vec<String> = match self.mentions.pages {
            Some(_) => self.mentions.addresses().map(str::to_owned).collect(),
            None => Vec::new(),
        };
        addresses.sort_unstable();
        addresses.dedup();
        addresses
    }

    fn finished(&self, context: context::Context) -> context::Context {
        let mut context = self.with_sent(context);
        let Some(mut secrets) = self.secrets.clone() else { return context };
        // A line of the document can give away what another line holds, also one outside of the scope.
        if let Some(document) = self.snapshot.document(&self.uri)
            && document.text.len() <= MAX_SEARCHED
        {
            secrets.learn(&document.text.to_string());
        }
        context.excerpts.iter().for_each(|excerpt| secrets.learn(&excerpt.text));
        context.redaction = secrets;
        context
    }

    fn with_sent(&self, context: context::Context) -> context::Context {
        if self.sent.is_empty() {
            return context;
        }
        let reuse = context::Reuse {
            snapshot: &self.snapshot,
            uri: &self.uri,
            scope: &self.scope,
            budget_tokens: self.budget_tokens,
            count: self.count,
        };
        let excerpts = reuse.excerpts(&self.sent, context.excerpts);
        let tokens = excerpts.iter().map(|excerpt| excerpt.tokens).sum();
        context::Context { excerpts, tokens, ..context }
    }

    /// Whether a document has to be put into the index first: the one asked about, as its lines count, and all that are open
    /// while the folder is still being read.
    fn is_own_or_new(&self, document: &Document, indexer: &Indexer) -> bool {
        !self.is_as_on_disk && (document.uri == self.uri || !indexer.index().is_complete())
    }

    fn gather(
        &self,
        index: &workspace::Index,
        answered: Option<&Answered<'_>>,
        mentions: &context::Mentions,
        rules: &[workspace::RulesFile],
    ) -> context::Context {
        context::gather(&context::Request {
            answered,
            instruction: &self.instruction,
            recent: &self.recent,
            mentions,
            rules,
            budget: self.budget_tokens,
            count: self.count,
            ..context::Request::new(&self.snapshot, index, &self.uri, self.scope.clone())
        })
    }

    /// The folder of the document.
    fn root(&self) -> Option<&std::path::Path> {
        self.snapshot.root_of(self.snapshot.document(&self.uri)?.path.as_deref()?)
    }
}

/// What making the names needs that an instruction can mention.
#[derive(Debug)]
pub struct NamesJob {
    /// All documents as they are.
    pub snapshot: Snapshot,
    /// The document that the instruction is about.
    pub uri: Uri,
    /// The index of its folder; none where it lies in none.
    pub indexer: Option<Arc<Indexer>>,
}

impl NamesJob {
    /// The names of its folder: from the index, or of the open documents where there is none.
    pub fn run(&self) -> context::Names {
        match &self.indexer {
            Some(indexer) => {
                let mut names = context::Names::of(&indexer.index().read());
                names.is_partial = !indexer.index().is_complete();
                names
            }
            None => context::Names::of(&context::index_of_open(&self.snapshot, &self.uri)),
        }
    }
}

impl GatherJob {
    /// The document with the pending hunks, and where the scope is in it; none where there are none, or no tree.
    fn with_pending(&self) -> Option<(Tree, Text, std::ops::Range<usize>)> {
        let document = self.snapshot.document(&self.uri).filter(|_| !self.pending.is_empty())?;
        let before = &document.text;
        let changes = ChangeSet::new(before.len(), self.pending.clone()).ok()?;
        let after = before.apply(&changes).ok()?;
        let tree = document.current_tree()?.edited(&changes, before, &after);
        let stop = Stop::new(Some(ANSWER_PARSE_LIMIT), None);
        let tree = tree.reparse(&after, &stop).ok()?;
        let start = changes.map_offset(self.scope.start, Bias::Before);
        Some((tree, after, start..changes.map_offset(self.scope.end, Bias::After).max(start)))
    }
}

/// Tells an index what an open document says. Without a tree there is nothing to tell.
pub(crate) fn index_document(indexer: &Indexer, document: &Document) {
    let place = document.path.as_deref().zip(document.language).zip(document.current_tree());
    if let Some(((path, language), tree)) = place {
        let head = document.text.slice(0..document.text.floor(HEAD_BYTES.min(document.text.len())));
        indexer.set_open(path, language, &head, syntax::Facts::of(tree, &document.text));
    }
}

/// What settling an answer needs.
#[derive(Debug)]
pub struct SettleJob {
    /// What the answer refers to.
    pub ground: edit::Ground,
    /// The part of the shown text that may change.
    pub scope: std::ops::Range<usize>,
    /// Language of the document, if known.
    pub language: Option<syntax::Language>,
    /// The tree of the document when the request was made.
    pub tree: Option<syntax::Tree>,
    /// The blocks that are not placed yet.
    pub blocks: Vec<edit::Block>,
    /// The edits of the others.
    pub placed: Vec<Edit>,
}

impl SettleJob {
    /// Places the blocks and looks at the whole. Without a tree before `stop` is due, by the lines alone.
    pub fn run(&self, stop: &syntax::Stop) -> edit::Settled {
        let tree = self.language.and_then(|language| match &self.tree {
            Some(tree) => self.ground.tree(tree, stop).ok(),
            None => syntax::Tree::parse(language, self.ground.shown(), stop).ok(),
        });
        edit::settle(
            &edit::Site::new(self.ground.shown(), &self.scope, tree),
            &self.blocks,
            self.placed.clone(),
        )
    }
}

/// What checking needs.
#[derive(Debug)]
pub struct CheckJob {
    /// Language of the document, if known.
    pub language: Option<syntax::Language>,
    /// The text that the hunks are placed on.
    pub text: Text,
    /// Its tree, if it is current.
    pub tree: Option<syntax::Tree>,
    /// The hunks' edits, sorted and disjoint.
    pub edits: Vec<Edit>,
    /// What was asked for, in all rounds.
    pub instructions: Vec<String>,
    /// All documents as they are.
    pub snapshot: Snapshot,
    /// The document.
    pub uri: Uri,
    /// For each of them, whether it lies outside of the scope.
    pub outside: Vec<bool>,
    /// Edits of hunks that were rejected and could still be made: others may need them.
    pub rejected: Vec<Edit>,
    /// The index of the document's folder; none where it lies in none.
    pub indexer: Option<Arc<Indexer>>,
}

/// What checks found about one hunk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// What it breaks.
    pub findings: Vec<verify::Finding>,
    /// What else a reviewer would want to be told.
    pub detections: Vec<edit::Detection>,
    /// The text with it alone was parsed, and parses no worse than before.
    pub parses: bool,
    /// How far its names were looked up.
    pub names: NamesLevel,
}

impl Checked {
    /// Whether there is nothing to say.
    pub fn is_quiet(&self) -> bool {
        self.findings.is_empty() && self.detections.is_empty()
    }

    /// Whether all there is to say is that the hunk changes nothing that counts.
    pub fn is_noise(&self) -> bool {
        self.findings.is_empty()
            && !self.detections.is_empty()
            && self.detections.iter().all(|detection| detection.kind.is_noise())
    }
}

/// What checks found about all hunks.
#[derive(Debug, Clone, Default)]
pub struct Checks {
    /// Per edit of the job.
    pub hunks: Vec<Checked>,
    /// What the edits need of each other, those of rejected hunks behind the others.
    pub needs: edit::Needs,
    /// Without what lies outside of the scope and is not needed, the rest does not parse.
    pub needs_outside: bool,
}

/// What to keep in the state directory.
#[derive(Debug)]
pub enum Record {
    /// A review or request document.
    Document {
        /// Its file name, such as `p7.md`.
        name: String,
        /// Its text.
        text: String,
    },
    /// A request that was sent to a provider; its name is unique among those of one session.
    Receipt(Box<store::Receipt>),
    /// Undecided proposals of this session, and those that need not be kept any more.
    Proposals(Box<ProposalRecord>),
    /// None of the proposals of this session, and of those that are gone.
    NoProposals,
}

/// Undecided proposals to be kept, and others not any more.
#[derive(Debug)]
pub struct ProposalRecord {
    pub(crate) put: Vec<(store::RowId, ToKeep)>,
    pub(crate) remove: Vec<store::RowId>,
}

impl ProposalRecord {
    /// The rows to be written, and those to be removed: one of what must not lie there is removed instead. `salt` keeps lines
    /// from being compared with those of other sessions.
    pub fn rows(self, salt: u64) -> (Vec<(store::RowId, Vec<u8>)>, Vec<store::RowId>) {
        let ProposalRecord { put, mut remove } = self;
        let mut rows = Vec::new();
        for (row, to_keep) in put {
            match to_keep.write(salt) {
                Some(content) => rows.push((row, content)),
                None => remove.push(row),
            }
        }
        (rows, remove)
    }
}

/// What a job reports.
#[derive(Debug)]
pub struct Report {
    /// The job.
    pub job: JobId,
    /// What it says.
    pub outcome: Outcome,
}

impl Outcome {
    /// Whether the job reports nothing after this.
    pub fn is_last(&self) -> bool {
        match self {
            Outcome::Streamed(event) => matches!(event, model::Event::End { .. }),
            Outcome::Verifying(..) => false,
            _ => true,
        }
    }
}

/// The content of a report. All but `Streamed` and `Verifying` end their job.
#[derive(Debug)]
pub enum Outcome {
    /// A tree for a document.
    Parsed(Box<Parsed>),
    /// The parse was stopped or ran out of time.
    ParseStopped(Uri),
    /// What the model may be shown.
    Gathered(Box<context::Context>),
    /// What an instruction can mention.
    Named(Arc<context::Names>),
    /// The model's stream moved on; `End` is its last event.
    Streamed(model::Event),
    /// The model's stream failed. Nothing that was not accepted may be kept.
    StreamFailed(model::Error),
    /// What the answer means.
    Settled(Box<edit::Settled>),
    /// What checks found.
    Checked(Checks),
    /// Which checks there are.
    LookedUp(Box<LookedUp>),
    /// A check begins: its name, its number from 1, and how many there are.
    Verifying(String, usize, usize),
    /// What the checks said.
    Verified(Box<Verified>),
    /// Checks without hunks were made, or given up.
    Warmed,
    /// It is kept what the user said of the checkout of a folder.
    TrustKept(PathBuf, TrustWord),
    /// The time is up.
    Elapsed,
    /// Something was written; the path of a review document.
    Recorded(Option<PathBuf>),
    /// Nothing could be written; the text says what and why.
    NotRecorded(String),
    /// What was left of a document.
    Taken(Box<Taken>),
    /// Documents and what their files hold.
    Compared(Vec<(Uri, OnDisk)>),
    /// What the model takes and costs, given what the server says; none without a provider.
    Limits(Option<model::Limits>),
    /// A named model can be asked, or why not.
    Connected(ProviderState),
    /// What the requests of today came to; none where nothing is kept.
    Spent(Option<store::Spent>),
    /// The job panicked; the text says where.
    Panicked(String),
}
