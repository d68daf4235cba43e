// The server's messages. Made by `npm run wire` from editors/messages.schema.json.

export interface Messages {
  "hunkwise/didUpdate"?: DidUpdateParams;
  "hunkwise/model"?: ModelParams;
  "hunkwise/modelDelta"?: ModelDeltaParams;
  "hunkwise/modelResult"?: ModelResult;
  "hunkwise/prompt"?: PromptParams;
  "hunkwise/promptResult"?: PromptResult;
  "hunkwise/status"?: StatusParams;
  place?: Place;
}
/**
 * Parameters of `hunkwise/didUpdate`.
 */
export interface DidUpdateParams {
  /**
   * The documents with hunks.
   */
  files: FileUpdate[];
  /**
   * The newest instruction.
   */
  instruction: string;
  /**
   * Why it failed and what to do.
   */
  notice: string | null;
  /**
   * `p7`
   */
  proposal: string;
  /**
   * `p7.r3`
   */
  revision: string;
  /**
   * Grows by one with each update of a server.
   */
  seq: number;
  /**
   * What its requests came to, such as `1.2k tokens, $0.01`; empty before the provider has counted.
   */
  spent: string;
  /**
   * Where it stands.
   */
  state:
    "preparing" | "streaming" | "checking" | "pending" | "decided" | "answered" | "failed" | "cancelled" | "dismissed";
}
/**
 * The hunks of one document.
 */
export interface FileUpdate {
  /**
   * Its hunks, in order.
   */
  hunks: HunkUpdate[];
  /**
   * The document with all pending hunks in it, to be had by `workspace/textDocumentContent`.
   */
  proposed: string;
  /**
   * The document.
   */
  uri: string;
  /**
   * The version that the ranges refer to.
   */
  version: number;
}
/**
 * One hunk.
 */
export interface HunkUpdate {
  /**
   * Its diff with what checks say, as Markdown.
   */
  body: string;
  /**
   * What checks say, and which hunks it needs that are not accepted.
   */
  findings: string[];
  /**
   * `p7.r3.h2`
   */
  id: string;
  /**
   * `2/5 (r3)`
   */
  label: string;
  /**
   * Its lines, for a client that wants them; only of a provisional or pending hunk.
   */
  lines?: HunkLines | null;
  /**
   * Ids of these hunks.
   */
  needs: string[];
  /**
   * What it proposes.
   */
  newText: string;
  /**
   * It changes text outside of what was asked about, and is not accepted with the others.
   */
  outside: boolean;
  range: Range;
  /**
   * What was decided.
   */
  status: "provisional" | "pending" | "accepted" | "rejected" | "stale";
  /**
   * "replaces 4 lines"
   */
  summary: string;
}
/**
 * The whole lines that a hunk is about, from the line on where it starts. Each line is its pieces, without its ending.
 */
export interface HunkLines {
  /**
   * As they would be.
   */
  added: LinePiece[][];
  /**
   * As they are.
   */
  removed: LinePiece[][];
}
/**
 * A piece of a line.
 */
export interface LinePiece {
  /**
   * The other side has nothing in its place, or something else. False in all pieces where the sides have little in common.
   */
  changed: boolean;
  /**
   * Its text, never empty.
   */
  text: string;
}
/**
 * Where it stands.
 */
export interface Range {
  end: Position;
  start: Position1;
}
/**
 * The position behind the last.
 */
export interface Position {
  /**
   * From 0, in units of the encoding that was agreed on.
   */
  character: number;
  /**
   * From 0.
   */
  line: number;
}
/**
 * The first position.
 */
export interface Position1 {
  /**
   * From 0, in units of the encoding that was agreed on.
   */
  character: number;
  /**
   * From 0.
   */
  line: number;
}
/**
 * Parameters of `hunkwise/model`. The answer is that of the model, or an error whose message says why there is none.
 */
export interface ModelParams {
  /**
   * How much it reasons: `minimal`, `low`, `medium`, `high` or `max`; null where nothing is said of it.
   */
  effort: string | null;
  /**
   * Names the answer in its pieces.
   */
  id: string;
  /**
   * Most tokens of an answer.
   */
  maxOutputTokens: number;
  /**
   * The conversation, oldest first.
   */
  messages: ModelMessage[];
  /**
   * The model, in the editor's word; null for the one that the editor chooses.
   */
  model: string | null;
  /**
   * Standing instructions.
   */
  system: string;
}
/**
 * One turn of a conversation.
 */
export interface ModelMessage {
  /**
   * Whose turn it is.
   */
  role: "user" | "assistant";
  /**
   * What is said.
   */
  text: string;
}
/**
 * Parameters of `hunkwise/modelDelta`.
 */
export interface ModelDeltaParams {
  /**
   * The answer that it belongs to.
   */
  id: string;
  /**
   * Its number, from 0.
   */
  seq: number;
  /**
   * The next piece of the answer's text.
   */
  text: string;
}
/**
 * The answer to `hunkwise/model`, once the model's has ended.
 */
export interface ModelResult {
  /**
   * How many pieces were sent.
   */
  deltas: number;
  /**
   * Why it ended.
   */
  end: "complete" | "maxTokens" | "refused" | "filtered";
  /**
   * Tokens of the prompt, where the editor knows.
   */
  inputTokens?: number | null;
  /**
   * The model's words where it refused.
   */
  message?: string;
  /**
   * Tokens of the answer, where the editor knows.
   */
  outputTokens?: number | null;
}
/**
 * Parameters of `hunkwise/prompt`.
 */
export interface PromptParams {
  /**
   * Names of recipes.
   */
  choices: string[];
  /**
   * Instructions given before, newest first.
   */
  history: string[];
  /**
   * Shown while nothing is typed.
   */
  placeholder: string;
  /**
   * The question.
   */
  title: string;
  /**
   * Text to begin with.
   */
  value: string;
}
/**
 * The answer to `hunkwise/prompt`.
 */
export interface PromptResult {
  /**
   * What was typed or chosen; null where the prompt was dismissed.
   */
  value?: string | null;
}
/**
 * Parameters of `hunkwise/status`.
 */
export interface StatusParams {
  /**
   * Why there is none, and what to do.
   */
  problem: string | null;
  /**
   * Model and host.
   */
  provider: string | null;
  /**
   * What goes on.
   */
  state: "working" | "pending" | "noModel" | "idle";
  /**
   * `AI: 2 hunks to decide · 1.2k tokens, $0.01`
   */
  text: string;
}
/**
 * What stands at a range of an open document, as the first argument of a command.
 */
export interface Place {
  range: Range1;
  /**
   * The document.
   */
  uri: string;
}
/**
 * The caret or the selection.
 */
export interface Range1 {
  end: Position;
  start: Position1;
}
