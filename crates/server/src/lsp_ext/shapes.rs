//! The small values in custom messages, and the JSON schema of all of them.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use session::ProposalState;

use super::{
    DID_UPDATE, DidUpdateParams, MODEL, MODEL_DELTA, ModelDeltaParams, ModelParams, ModelResult, PROMPT,
    PromptParams, PromptResult, STATUS, StatusParams,
};

/// A position in a document, as the protocol counts.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub struct Position {
    /// From 0.
    pub line: u32,
    /// From 0, in units of the encoding that was agreed on.
    pub character: u32,
}

/// A range in a document.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub struct Range {
    /// The first position.
    pub start: Position,
    /// The position behind the last.
    pub end: Position,
}

/// What stands at a range of an open document, as the first argument of a command.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Place {
    /// The document.
    pub uri: String,
    /// The caret or the selection.
    pub range: Range,
}

/// Where a proposal stands.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum UpdateState {
    /// Nothing came yet.
    Preparing,
    /// An answer streams.
    Streaming,
    /// The answer is complete and is being checked.
    Checking,
    /// Hunks wait for a decision.
    Pending,
    /// All hunks are decided.
    Decided,
    /// The model answered without an edit.
    Answered,
    /// It ended without an answer.
    Failed,
    /// The user stopped it.
    Cancelled,
    /// It is forgotten; the last that is told of it.
    Dismissed,
}

/// What was decided about a hunk.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum HunkStatus {
    /// It still arrives.
    Provisional,
    /// It waits for a decision.
    Pending,
    /// Its text stands in the document.
    Accepted,
    /// It is not wanted.
    Rejected,
    /// The text at its place was changed.
    Stale,
}

/// What goes on over all proposals.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// A model works.
    Working,
    /// Hunks wait for a decision.
    Pending,
    /// No model can be asked.
    NoModel,
    /// Nothing.
    Idle,
}

impl From<text::Position> for Position {
    fn from(position: text::Position) -> Position {
        Position { line: position.line, character: position.character }
    }
}

impl From<text::PositionRange> for Range {
    fn from(range: text::PositionRange) -> Range {
        Range { start: range.start.into(), end: range.end.into() }
    }
}

impl From<Range> for text::PositionRange {
    fn from(range: Range) -> text::PositionRange {
        let position = |at: Position| text::Position { line: at.line, character: at.character };
        text::PositionRange { start: position(range.start), end: position(range.end) }
    }
}

impl From<ProposalState> for UpdateState {
    fn from(state: ProposalState) -> UpdateState {
        match state {
            ProposalState::Preparing => UpdateState::Preparing,
            ProposalState::Streaming => UpdateState::Streaming,
            ProposalState::Checking => UpdateState::Checking,
            ProposalState::Pending => UpdateState::Pending,
            ProposalState::Decided => UpdateState::Decided,
            ProposalState::Answered => UpdateState::Answered,
            ProposalState::Failed => UpdateState::Failed,
            ProposalState::Cancelled => UpdateState::Cancelled,
            ProposalState::Dismissed => UpdateState::Dismissed,
        }
    }
}

/// The JSON schema of the messages that a client of its own kind sends and gets: parameters by their method, answers by
/// their method with `Result` behind it.
pub fn messages() -> Value {
    // What the server writes has all its keys; what it reads may leave out those with a default.
    let mut written = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut read = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    let mut properties = Map::new();
    let mut add = |name: String, schema: schemars::Schema| properties.insert(name, schema.to_value());
    add(PROMPT.to_owned(), written.subschema_for::<PromptParams>());
    add(format!("{PROMPT}Result"), read.subschema_for::<PromptResult>());
    add(DID_UPDATE.to_owned(), written.subschema_for::<DidUpdateParams>());
    add(STATUS.to_owned(), written.subschema_for::<StatusParams>());
    add(MODEL.to_owned(), written.subschema_for::<ModelParams>());
    add(format!("{MODEL}Result"), read.subschema_for::<ModelResult>());
    add(MODEL_DELTA.to_owned(), read.subschema_for::<ModelDeltaParams>());
    add("place".to_owned(), read.subschema_for::<Place>());
    let definitions = |mut generator: SchemaGenerator| generator.take_definitions(true);
    let mut all = definitions(read);
    all.extend(definitions(written));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Messages",
        "type": "object",
        "properties": properties,
        "$defs": all,
    })
}
