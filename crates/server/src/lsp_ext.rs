//! The custom methods. All are sugar: everything works without them.
//!
//! A change here changes the hash in `lsp-extensions.md`, which has to say what changed.

mod shapes;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use session::driver::IndexStatus;
use session::{Now, ProposalView, Status, StatusView, Uri};
use tower_lsp::gen_lsp_types::Diagnostic;

use crate::titles;
pub use shapes::{HunkStatus, Place, Position, Range, Standing, UpdateState, messages};

/// Server to client, request: ask the user for an instruction.
pub const PROMPT: &str = "hunkwise/prompt";

/// Server to client, notification: the whole state of a proposal.
pub const DID_UPDATE: &str = "hunkwise/didUpdate";

/// Client to server, request: the text of an open document as the server has it.
pub const DOCUMENT_TEXT: &str = "hunkwise/documentText";

/// Client to server, request: how far the indexes of the folders are, and what they hold.
pub const INDEX_STATUS: &str = "hunkwise/indexStatus";

/// Server to client, request: ask the model that the editor lends.
pub const MODEL: &str = "hunkwise/model";

/// Client to server, notification: a piece of the answer to [`MODEL`].
pub const MODEL_DELTA: &str = "hunkwise/modelDelta";

/// Parameters of `hunkwise/model`. The answer is that of the model, or an error whose message says why there is none.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelParams {
    /// Names the answer in its pieces.
    pub id: String,
    /// The model, in the editor's word; null for the one that the editor chooses.
    pub model: Option<String>,
    /// Standing instructions.
    pub system: String,
    /// The conversation, oldest first.
    pub messages: Vec<ModelMessage>,
    /// Most tokens of an answer.
    pub max_output_tokens: u32,
    /// How much it reasons: `minimal`, `low`, `medium`, `high` or `max`; null where nothing is said of it.
    pub effort: Option<&'static str>,
}

/// One turn of a conversation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ModelMessage {
    /// Whose turn it is.
    pub role: ModelRole,
    /// What is said.
    pub text: String,
}

/// Whose turn it is in a conversation.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ModelRole {
    /// The user's.
    User,
    /// The model's.
    Assistant,
}

/// Parameters of `hunkwise/modelDelta`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ModelDeltaParams {
    /// The answer that it belongs to.
    pub id: String,
    /// Its number, from 0.
    pub seq: u64,
    /// The next piece of the answer's text.
    pub text: String,
}

/// The answer to `hunkwise/model`, once the model's has ended.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelResult {
    /// Why it ended.
    pub end: ModelEnd,
    /// How many pieces were sent.
    pub deltas: u64,
    /// The model's words where it refused.
    #[serde(default)]
    pub message: String,
    /// Tokens of the prompt, where the editor knows.
    #[serde(default)]
    pub input_tokens: Option<u64>,
    /// Tokens of the answer, where the editor knows.
    #[serde(default)]
    pub output_tokens: Option<u64>,
}

/// Why the model's answer ended.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ModelEnd {
    /// The model was done.
    Complete,
    /// A limit of tokens.
    MaxTokens,
    /// The model declined.
    Refused,
    /// A filter held the answer back.
    Filtered,
}

/// Client to server, notification: all that other servers say about a document.
pub const DIAGNOSTICS: &str = "hunkwise/diagnostics";

/// Parameters of [`DIAGNOSTICS`].
#[derive(Debug, Deserialize)]
pub struct DiagnosticsParams {
    /// The document.
    pub uri: String,
    /// The version that the ranges are of.
    #[serde(default)]
    pub version: Option<i32>,
    /// The diagnostics; those with our source are left out.
    pub diagnostics: Vec<Diagnostic>,
}

/// Server to client, notification: who is asked and what goes on.
pub const STATUS: &str = "hunkwise/status";

/// The answer to `hunkwise/prompt`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct PromptResult {
    /// What was typed or chosen; null where the prompt was dismissed.
    pub value: Option<String>,
}

/// Parameters of `hunkwise/prompt`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PromptParams {
    /// The question.
    pub title: String,
    /// Text to begin with.
    pub value: String,
    /// Shown while nothing is typed.
    pub placeholder: String,
    /// Instructions given before, newest first.
    pub history: Vec<String>,
    /// Names of recipes.
    pub choices: Vec<String>,
}

/// Parameters of `hunkwise/didUpdate`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DidUpdateParams {
    /// Grows by one with each update of a server.
    pub seq: u64,
    /// `p7`
    pub proposal: String,
    /// `p7.r3`
    pub revision: String,
    /// Where it stands.
    pub state: UpdateState,
    /// The newest instruction.
    pub instruction: String,
    /// What its requests came to, such as `1.2k tokens, $0.01`; empty before the provider has counted.
    pub spent: String,
    /// Why it failed and what to do.
    pub notice: Option<String>,
    /// The documents with hunks.
    pub files: Vec<FileUpdate>,
}

/// The hunks of one document.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FileUpdate {
    /// The document.
    pub uri: String,
    /// The version that the ranges refer to.
    pub version: i32,
    /// The document with all pending hunks in it, to be had by `workspace/textDocumentContent`.
    pub proposed: String,
    /// Its hunks, in order.
    pub hunks: Vec<HunkUpdate>,
}

/// One hunk.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HunkUpdate {
    /// `p7.r3.h2`
    pub id: String,
    /// `2/5 (r3)`
    pub label: String,
    /// Where it stands.
    pub range: Range,
    /// What it proposes.
    pub new_text: String,
    /// What was decided.
    pub status: HunkStatus,
    /// What checks say, and which hunks it needs that are not accepted.
    pub findings: Vec<String>,
    /// Ids of these hunks.
    pub needs: Vec<String>,
    /// It changes text outside of what was asked about, and is not accepted with the others.
    pub outside: bool,
    /// "replaces 4 lines"
    pub summary: String,
    /// Its diff with what checks say, as Markdown.
    pub body: String,
    /// Its lines, for a client that wants them; only of a provisional or pending hunk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<HunkLines>,
}

/// The whole lines that a hunk is about, from the line on where it starts. Each line is its pieces, without its ending.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HunkLines {
    /// As they are.
    pub removed: Vec<Vec<LinePiece>>,
    /// As they would be.
    pub added: Vec<Vec<LinePiece>>,
}

/// A piece of a line.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LinePiece {
    /// Its text, never empty.
    pub text: String,
    /// The other side has nothing in its place, or something else. False in all pieces where the sides have little in common.
    pub changed: bool,
}

/// Parameters of `hunkwise/status`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StatusParams {
    /// What goes on.
    pub state: Standing,
    /// `AI: 2 hunks to decide · 1.2k tokens, $0.01`
    pub text: String,
    /// Model and host.
    pub provider: Option<String>,
    /// Why there is none, and what to do.
    pub problem: Option<String>,
}

/// How things stand as parameters.
pub fn status(status: &StatusView) -> StatusParams {
    StatusParams {
        state: match (status.now, &status.provider) {
            (Now::Working(..), _) => Standing::Working,
            (Now::Pending(_), _) => Standing::Pending,
            (Now::Idle, Err(_)) => Standing::NoModel,
            (Now::Idle, Ok(_)) => Standing::Idle,
        },
        text: titles::status(status),
        provider: status.provider.as_ref().ok().map(ToString::to_string),
        problem: status.provider.as_ref().err().map(ToString::to_string),
    }
}

/// The URI of a document as a proposal would have it. Its path is the document's, so that clients know the language and do
/// not take a comparison for a renaming.
fn proposed_uri(view: &ProposalView) -> String {
    let uri = view.uri.to_string();
    let uri = uri.split(['?', '#']).next().unwrap_or_default();
    let path = uri.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    let path = path.map_or_else(|| uri.rsplit(':').next().unwrap_or_default(), |(_, path)| path);
    format!("hunkwise:/{path}?{}", view.proposal)
}

/// The id of the proposal in such a URI.
pub(crate) fn proposed(uri: &str) -> Option<&str> {
    uri.strip_prefix("hunkwise:")?.rsplit_once('?').map(|(_, id)| id)
}

/// A view of a proposal as parameters. `lines` are those of each hunk, or empty for a client that does not want them.
pub fn did_update(seq: u64, view: &ProposalView, lines: Vec<Option<HunkLines>>) -> DidUpdateParams {
    let lines = lines.into_iter().chain(std::iter::repeat(None));
    let hunks = view.hunks.iter().zip(lines).map(|(hunk, lines)| HunkUpdate {
        id: hunk.id.to_string(),
        label: titles::number(hunk),
        range: hunk.range.into(),
        new_text: hunk.new.to_string(),
        status: match hunk.status {
            Status::Provisional => HunkStatus::Provisional,
            Status::Pending => HunkStatus::Pending,
            Status::Accepted => HunkStatus::Accepted,
            Status::Rejected { .. } => HunkStatus::Rejected,
            Status::Stale => HunkStatus::Stale,
        },
        findings: hunk.findings.iter().cloned().chain(hunk.needs.iter().map(ToString::to_string)).collect(),
        needs: hunk.needs.iter().map(|need| need.hunk.to_string()).collect(),
        outside: hunk.is_outside && !hunk.is_on,
        summary: hunk.summary.to_string(),
        body: titles::body(hunk),
        lines,
    });
    DidUpdateParams {
        seq,
        proposal: view.proposal.to_string(),
        revision: view.revision.to_string(),
        state: view.state.into(),
        instruction: view.instruction.clone(),
        spent: titles::spent(&view.spent).unwrap_or_default(),
        notice: view.notice.as_ref().map(ToString::to_string),
        files: vec![FileUpdate {
            uri: view.uri.to_string(),
            version: view.version,
            proposed: proposed_uri(view),
            hunks: hunks.collect(),
        }],
    }
}

/// The answer to [`INDEX_STATUS`].
#[derive(Debug, Serialize)]
pub struct IndexStatusResult {
    /// Documents whose newest text is on its way into an index.
    pub waiting: usize,
    /// The folders.
    pub folders: Vec<FolderIndex>,
}

/// The index of one folder.
#[derive(Debug, Serialize)]
pub struct FolderIndex {
    /// The folder.
    pub uri: String,
    /// All files have been seen once.
    pub complete: bool,
    /// It holds all that it was told of.
    pub quiet: bool,
    /// The system tells of changes on disk.
    pub watched: bool,
    /// How many files it holds.
    pub files: usize,
    /// How many definitions.
    pub definitions: usize,
    /// What is left out and why.
    pub notice: Option<String>,
    /// What stands for its contents; only where it was asked for.
    #[serde(flatten)]
    pub contents: Option<Contents>,
}

/// What stands for the contents of an index.
#[derive(Debug, Serialize)]
pub struct Contents {
    /// The same for two indexes that say the same.
    pub fingerprint: String,
    /// The same for each file, by its path.
    pub contents: serde_json::Map<String, serde_json::Value>,
}

/// The state of the indexes as an answer.
pub fn index_status(status: IndexStatus) -> IndexStatusResult {
    let folders = status.folders.into_iter().map(|folder| FolderIndex {
        uri: Uri::from_path(&folder.root).map(|uri| uri.to_string()).unwrap_or_default(),
        complete: folder.is_complete,
        quiet: folder.is_quiet,
        watched: folder.is_watched,
        files: folder.n_files,
        definitions: folder.n_definitions,
        notice: folder.notice,
        contents: folder.contents.map(|contents| Contents {
            fingerprint: contents.fingerprint,
            contents: contents.files.into_iter().map(|(path, print)| (path, print.into())).collect(),
        }),
    });
    IndexStatusResult { waiting: status.n_waiting, folders: folders.collect() }
}
