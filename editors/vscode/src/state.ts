// What the server last said of each proposal, and questions about that. No editor in here.
import type { Position } from "vscode-languageclient/node";
import type { DidUpdateParams, FileUpdate, HunkUpdate, StatusParams } from "./wire";

/** A hunk with the document and the proposal that it belongs to. */
export interface Placed {
  hunk: HunkUpdate;
  file: FileUpdate;
  update: DidUpdateParams;
}

export class State {
  /** How things stand; not known before the server has said who is asked. */
  standing: StatusParams | undefined;
  /** Why the server does not run. */
  failure: string | undefined;
  private readonly updates = new Map<string, DidUpdateParams>();
  private seq = 0;

  /** Takes an update; false for one that is older than what is known. */
  take(update: DidUpdateParams): boolean {
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
    this.standing = undefined;
  }

  /** The hunks that wait for a decision or still arrive. */
  open(): Placed[] {
    const all = [...this.updates.values()];
    return all.flatMap((update) =>
      update.files.flatMap((file) => file.hunks.filter(isOpen).map((hunk) => ({ hunk, file, update }))),
    );
  }

  /** The proposal that changed last. */
  latest(): DidUpdateParams | undefined {
    return [...this.updates.values()].at(-1);
  }

  /** The open hunk at a position of a document. */
  at(uri: string, position: Position): Placed | undefined {
    const isHere = (range: HunkUpdate["range"]): boolean =>
      range.start.line <= position.line && position.line <= lastLine(range);
    return this.open().find(({ file, hunk }) => file.uri === uri && isHere(hunk.range));
  }
}

function isOpen(hunk: HunkUpdate): boolean {
  return hunk.status === "provisional" || hunk.status === "pending" || hunk.status === "stale";
}

/** The last line of a hunk: its range ends where the next line begins. One that only inserts has the line it stands before. */
export function lastLine({ start, end }: HunkUpdate["range"]): number {
  return end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
}

const LOOKS: Record<StatusParams["state"], [icon: string, command: string]> = {
  idle: ["diff", "ask"],
  working: ["loading~spin", "cancel"],
  pending: ["diff", "next"],
  noModel: ["warning", "chooseModel"],
};

/** What the status bar says: a text with icons, and the command behind it. */
export function summary({ failure, standing }: State): { text: string; command: string; warns: boolean } {
  if (failure) return { text: "$(error) AI: no server", command: "hunkwise.ui.restart", warns: true };
  if (!standing) return { text: "$(loading~spin) AI", command: "hunkwise.ui.ask", warns: false };
  const [icon, command] = LOOKS[standing.state];
  const text = `$(${icon}) ${standing.text}${command === "cancel" ? " $(close) Cancel" : ""}`;
  return { text, command: `hunkwise.ui.${command}`, warns: icon === "warning" };
}
