// The custom methods of the server, as crates/server/lsp-extensions.md describes them.
import type { Range } from "vscode-languageclient/node";

export type Status = "provisional" | "pending" | "accepted" | "rejected" | "stale";

export interface Hunk {
  id: string;
  label: string;
  range: Range;
  newText: string;
  status: Status;
  findings: string[];
  summary: string;
  body: string;
}

export interface FileUpdate {
  uri: string;
  version: number;
  proposed: string;
  hunks: Hunk[];
}

export interface Update {
  seq: number;
  proposal: string;
  revision: string;
  state: string;
  instruction: string;
  spent: string;
  notice: string | null;
  files: FileUpdate[];
}

export interface Provider {
  provider: string | null;
  problem: string | null;
}

export interface PromptParams {
  title: string;
  value: string;
  placeholder: string;
  history: string[];
  choices: string[];
}

export interface ModelParams {
  id: string;
  model: string | null;
  system: string;
  messages: { role: "user" | "assistant"; text: string }[];
}

export interface ModelResult {
  end: "complete";
  deltas: number;
}

export const METHODS = {
  prompt: "hunkwise/prompt",
  didUpdate: "hunkwise/didUpdate",
  provider: "hunkwise/provider",
  model: "hunkwise/model",
  modelDelta: "hunkwise/modelDelta",
  place: "hunkwise/place",
  diagnostics: "hunkwise/diagnostics",
} as const;
