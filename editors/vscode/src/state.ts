// What the server last said of each proposal, and questions about that. No editor in here.
import type { Position } from "vscode-languageclient/node";
import type { FileUpdate, Hunk, Provider, Update } from "./wire";

/** A hunk with the document and the proposal that it belongs to. */
export interface Placed {
  hunk: Hunk;
  file: FileUpdate;
  update: Update;
}

export class State {
  provider: Provider = { provider: null, problem: null };
  /** Why the server does not run. */
  failure: string | undefined;
  private readonly updates = new Map<string, Update>();
  private seq = 0;

  /** Takes an update; false for one that is older than what is known. */
  take(update: Update): boolean {
    if (update.seq <= this.seq) return false;
    this.seq = update.seq;
    this.updates.delete(update.proposal);
    if (update.state !== "dismissed") this.updates.set(update.proposal, update);
    return true;
  }

  /** Forgets all of a server that has gone. */
  clear(): void {
    this.updates.clear();
    this.seq = 0;
    this.failure = undefined;
    this.provider = { provider: null, problem: null };
  }

  /** The hunks that wait for a decision or still arrive. */
  open(): Placed[] {
    const all = [...this.updates.values()];
    return all.flatMap((update) =>
      update.files.flatMap((file) => file.hunks.filter(isOpen).map((hunk) => ({ hunk, file, update }))),
    );
  }

  /** The newest proposal that works. */
  working(): Update | undefined {
    const works = (update: Update): boolean => ["preparing", "streaming", "checking"].includes(update.state);
    return [...this.updates.values()].reverse().find(works);
  }

  /** The proposal that changed last. */
  latest(): Update | undefined {
    return [...this.updates.values()].at(-1);
  }

  /** The open hunk at a position of a document. */
  at(uri: string, position: Position): Placed | undefined {
    const here = this.open().filter(({ file }) => file.uri === uri);
    return here.find(({ hunk }) => isWithin(position, hunk));
  }
}

function isOpen(hunk: Hunk): boolean {
  return hunk.status === "provisional" || hunk.status === "pending" || hunk.status === "stale";
}

/** Whether a caret is on the lines of a hunk; one that only inserts has the line that it stands before. */
function isWithin(position: Position, { range: { start, end } }: Hunk): boolean {
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return start.line <= position.line && position.line <= last;
}

/** What the status bar says: a text with icons, and the command behind it. */
export function summary(state: State): { text: string; command: string; warns: boolean } {
  const working = state.working();
  const open = state.open();
  if (state.failure) return { text: "$(error) AI: no server", command: "hunkwise.ui.restart", warns: true };
  if (working) {
    const n = working.files.reduce((sum, file) => sum + file.hunks.filter(isOpen).length, 0);
    const hunks = n === 0 ? "" : `, ${count(n)} so far`;
    const text = `$(loading~spin) AI ${working.state}${hunks} $(close) Cancel`;
    return { text, command: "hunkwise.ui.cancel", warns: false };
  }
  if (open.length > 0) {
    const spent = open[0]?.update.spent ?? "";
    const text = `$(diff) AI: ${count(open.length)} to decide${spent && ` · ${spent}`}`;
    return { text, command: "hunkwise.ui.next", warns: false };
  }
  if (state.provider.problem) {
    return { text: "$(warning) AI: no model", command: "hunkwise.ui.chooseModel", warns: true };
  }
  const spent = state.latest()?.spent ?? "";
  const icon = state.provider.provider ? "$(diff)" : "$(loading~spin)";
  const text = `${icon} AI${spent && ` · ${spent}`}`;
  return { text, command: "hunkwise.ui.ask", warns: false };
}

function count(n: number): string {
  return n === 1 ? "1 hunk" : `${String(n)} hunks`;
}
