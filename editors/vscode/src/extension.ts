// The editor's half of Hunkwise: shows what the server says and sends it what the user does. It decides nothing.
import * as vscode from "vscode";
import { prompt } from "./prompt";
import { Review, type HunkThread } from "./review";
import { Server } from "./server";
import { chooseModel, setKey } from "./setup";
import { State, summary, type Placed } from "./state";

type Reply = vscode.CommentReply & { thread: HunkThread };

/** VS Code loses what happens to a thread while it opens or closes: of several steps in a row only the last opens one. */
const OPENING_MS = 150;

let server: Server | undefined;

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}

export function activate(context: vscode.ExtensionContext): { state: State; deactivate: typeof deactivate } {
  const state = new State();
  const review = new Review(state, context);
  const status = vscode.window.createStatusBarItem("hunkwise.status", vscode.StatusBarAlignment.Left, 10);
  status.name = "Hunkwise";
  let told: string | null = null;
  let opening: NodeJS.Timeout | undefined;
  const contexts = new Map<string, boolean>();

  const refresh = (): void => {
    review.show();
    showStatus(status, state);
    setContexts();
  };
  const running = new Server(context, {
    prompt,
    updated: (update) => {
      if (!state.take(update)) return;
      update.files.forEach((file) => running.refresh(file.proposed));
      refresh();
    },
    provider: (provider) => {
      state.provider = provider;
      refresh();
      if (provider.problem && provider.problem !== told) void offerModel(provider.problem);
      told = provider.problem;
    },
    shown: (uri, position) => {
      clearTimeout(opening);
      opening = setTimeout(() => {
        const here = state.at(uri, position);
        if (here) review.expand(here);
      }, OPENING_MS);
    },
    stopped: () => {
      state.clear();
      refresh();
    },
    failed: (why) => {
      state.failure = why;
      refresh();
      void offerPath(why);
    },
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
    set("hunkwise.isWorking", state.working() !== undefined);
  };
  /** Runs a command on the hunk of a thread, else on the one at the caret. */
  const onHunk =
    (command: string) =>
    async (argument?: HunkThread | Reply): Promise<void> => {
      const thread = argument && "thread" in argument ? argument.thread : argument;
      const id = thread?.hunk ?? current()?.hunk.id;
      if (id === undefined)
        return void vscode.window.showInformationMessage("Hunkwise: there is no hunk at the cursor.");
      const text = argument && "thread" in argument ? [argument.text] : [];
      await running.run(command, id, ...text);
    };
  const walk = (command: string) => async (): Promise<void> => running.run(command, (await here()) ?? "all");
  const here = async (): Promise<string | null> => {
    const editor = vscode.window.activeTextEditor;
    return editor ? running.place(editor.document.uri, editor.selection) : null;
  };
  const proposal = (argument?: HunkThread): string | undefined =>
    (argument?.hunk ?? current()?.hunk.id ?? state.latest()?.proposal)?.split(".")[0];

  const commands: Record<string, (argument?: HunkThread & Reply) => unknown> = {
    ask: async () => {
      const place = await here();
      if (place === null) return vscode.window.showInformationMessage("Hunkwise: open a file to ask about it.");
      return running.run("hunkwise.ask", place);
    },
    instruct: () => vscode.commands.executeCommand(current() ? "hunkwise.ui.refine" : "hunkwise.ui.ask"),
    next: walk("hunkwise.next"),
    previous: walk("hunkwise.previous"),
    accept: onHunk("hunkwise.accept"),
    reject: onHunk("hunkwise.reject"),
    refine: onHunk("hunkwise.refine"),
    more: onHunk("hunkwise.more"),
    acceptAll: () => running.run("hunkwise.accept", "all"),
    cancel: () => running.run("hunkwise.cancel", state.working()?.proposal ?? "all"),
    review: (argument) => running.run("hunkwise.review", proposal(argument) ?? "all"),
    diff: (argument) => showDiff(filesOf(state, proposal(argument)), proposal(argument)),
    changes: (argument) => showChanges(filesOf(state, proposal(argument)), proposal(argument)),
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
  item.tooltip = [state.failure, state.provider.provider ?? state.provider.problem, state.latest()?.notice]
    .filter(Boolean)
    .join("\n\n");
  item.show();
}

/** A proposal's files as they are and as they would be. */
function filesOf(state: State, id: string | undefined): [vscode.Uri, vscode.Uri][] {
  const open = state.open().filter(({ update }) => update.proposal === id);
  const files = new Map(open.map(({ file }) => [file.uri, file.proposed]));
  return [...files].map(([uri, proposed]) => [vscode.Uri.parse(uri), vscode.Uri.parse(proposed)]);
}

async function showDiff(files: [vscode.Uri, vscode.Uri][], id: string | undefined): Promise<void> {
  for (const [uri, proposed] of files) {
    const title = `${vscode.workspace.asRelativePath(uri)} ↔ ${id ?? ""}`;
    await vscode.commands.executeCommand("vscode.diff", uri, proposed, title);
  }
}

async function showChanges(files: [vscode.Uri, vscode.Uri][], id: string | undefined): Promise<void> {
  const changes = files.map(([uri, proposed]) => [uri, uri, proposed]);
  await vscode.commands.executeCommand("vscode.changes", `AI proposal ${id ?? ""}`, changes);
}
