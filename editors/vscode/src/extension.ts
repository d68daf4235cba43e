// The editor's half of Hunkwise: shows what the server says and sends it what the user does. It decides nothing.
import * as vscode from "vscode";
import { Review, type HunkThread } from "./review";
import { Server } from "./server";
import { chooseModel, setKey } from "./setup";
import { State, summary, type Placed } from "./state";
import type { Place } from "./wire";

type Reply = vscode.CommentReply & { thread: HunkThread };

/** VS Code loses what happens to a thread while it opens or closes: of several steps in a row only the last opens one. */
const OPENING_MS = 150;
/** From one that was opened to the next. */
const SETTLING_MS = 500;

let server: Server | undefined;

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}

export function activate(context: vscode.ExtensionContext): { state: State; deactivate: typeof deactivate } {
  const state = new State();
  const review = new Review(state, context);
  const status = vscode.window.createStatusBarItem("hunkwise.status", vscode.StatusBarAlignment.Left, 10);
  status.name = "Hunkwise";
  let told: string | undefined;
  let opening: NodeJS.Timeout | undefined;
  let opened = 0;
  const contexts = new Map<string, boolean>();

  const changed = (): void => {
    review.show();
    showStatus(status, state);
    setContexts();
    const wrong = state.failure ?? state.standing?.problem ?? undefined;
    if (wrong && wrong !== told) void (state.failure ? offerPath(wrong) : offerModel(wrong));
    // A server that starts has not said anything yet.
    if (wrong ?? state.standing) told = wrong;
  };
  const running = new Server(context, state, changed, (uri, position) => {
    clearTimeout(opening);
    const pause = Math.max(OPENING_MS, opened + SETTLING_MS - Date.now());
    opening = setTimeout(() => {
      opened = Date.now();
      const here = state.at(uri, position);
      if (here) review.expand(here);
    }, pause);
  });
  server = running;

  // Where the caret is now, not what a context key says: that may still be on its way to the keyboard's conditions.
  const current = (): Placed | undefined => {
    const editor = vscode.window.activeTextEditor;
    return editor && state.at(editor.document.uri.toString(), editor.selection.active);
  };
  const setContexts = (): void => {
    const set = (key: string, value: boolean): void => {
      if (contexts.get(key) !== value) void vscode.commands.executeCommand("setContext", key, value);
      contexts.set(key, value);
    };
    const here = current();
    set("hunkwise.hasHunks", state.open().length > 0);
    set("hunkwise.atHunk", here !== undefined);
    set("hunkwise.isWorking", state.standing?.state === "working");
  };
  const onHere = (command: string, target: Place | string | undefined, ...text: string[]): Thenable<unknown> =>
    target
      ? running.run(command, target, ...text)
      : vscode.window.showInformationMessage("Hunkwise: open a file first; nothing was done.");
  /** Runs a command on the hunk of a thread, else on what is at the caret. */
  const onHunk =
    (command: string) =>
    async (argument?: HunkThread | Reply): Promise<void> => {
      const [thread, text] = argument && "thread" in argument ? [argument.thread, [argument.text]] : [argument, []];
      await onHere(command, thread?.hunk ?? running.here(), ...text);
    };
  const walk = (command: string) => (): Promise<void> => running.run(command, running.here() ?? "all");
  const proposal = (argument?: HunkThread): string | undefined =>
    (argument?.hunk ?? current()?.hunk.id ?? state.latest()?.proposal)?.split(".")[0];

  const commands: Record<string, (argument?: HunkThread & Reply) => unknown> = {
    ask: () => onHere("ask", running.here(false)),
    instruct: () => vscode.commands.executeCommand(current() ? "hunkwise.ui.refine" : "hunkwise.ui.ask"),
    next: walk("next"),
    previous: walk("previous"),
    accept: onHunk("accept"),
    reject: onHunk("reject"),
    refine: onHunk("refine"),
    more: onHunk("more"),
    acceptAll: () => running.run("accept", "all"),
    cancel: () => running.run("cancel", "all"),
    review: onHunk("review"),
    diff: (argument) => showDiff(filesOf(state, proposal(argument))),
    changes: () => vscode.commands.executeCommand("vscode.changes", "AI proposals", filesOf(state)),
    chooseModel: () => running.hold(() => chooseModel(context)),
    setKey: () => setKey(context),
    restart: () => running.restart(true),
  };
  for (const [name, run] of Object.entries(commands))
    context.subscriptions.push(vscode.commands.registerCommand(`hunkwise.ui.${name}`, run));
  context.subscriptions.push(
    running,
    review,
    status,
    vscode.window.onDidChangeTextEditorSelection(setContexts),
    vscode.window.onDidChangeActiveTextEditor(setContexts),
    vscode.window.onDidChangeVisibleTextEditors((editors) => editors.forEach((editor) => review.decorate(editor))),
  );
  void running.restart(true);
  return { state, deactivate };
}

async function offerModel(problem: string): Promise<void> {
  const [choose, why] = ["Choose a model…", "Why?"];
  const chosen = await vscode.window.showWarningMessage("Hunkwise has no model to ask yet.", choose, why);
  if (chosen === choose) await vscode.commands.executeCommand("hunkwise.ui.chooseModel");
  if (chosen === why) await vscode.window.showInformationMessage(problem, { modal: true });
}

async function offerPath(why: string): Promise<void> {
  const choose = "Set the path…";
  const message = `Hunkwise: the server did not start (${why}). Install the package for this system, or name the program.`;
  if ((await vscode.window.showErrorMessage(message, choose)) === choose)
    await vscode.commands.executeCommand("workbench.action.openSettings", "hunkwise.server.path");
}

function showStatus(item: vscode.StatusBarItem, state: State): void {
  const { text, command, warns } = summary(state);
  item.text = text;
  item.command = command;
  item.backgroundColor = warns ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  item.tooltip = [state.failure, state.standing?.provider ?? state.standing?.problem, state.latest()?.notice]
    .filter(Boolean)
    .join("\n\n");
  item.show();
}

/** The files that have hunks to decide, of a proposal or of all: as they stand in lists, as they are, as they would be. */
function filesOf(state: State, id?: string): [vscode.Uri, vscode.Uri, vscode.Uri][] {
  const open = state.open().filter(({ update }) => id === undefined || update.proposal === id);
  const files = new Map(open.map(({ file }) => [file.proposed, file.uri]));
  return [...files].map(([proposed, uri]) => [
    vscode.Uri.parse(uri),
    vscode.Uri.parse(uri),
    vscode.Uri.parse(proposed),
  ]);
}

async function showDiff(files: [vscode.Uri, vscode.Uri, vscode.Uri][]): Promise<void> {
  for (const [name, uri, proposed] of files) {
    const title = `${vscode.workspace.asRelativePath(name)} ↔ ${proposed.query}`;
    await vscode.commands.executeCommand("vscode.diff", uri, proposed, title);
  }
}
