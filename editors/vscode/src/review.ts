// Shows hunks in the editor: a comment thread each, and decorations of the lines that they change.
import * as vscode from "vscode";
import { lastLine, type Placed, type State } from "./state";

/** A thread that knows its hunk. */
export interface HunkThread extends vscode.CommentThread {
  hunk: string;
  body: string;
}

const AUTHOR = { name: "AI" };

const themed = (color: string): vscode.ThemeColor => new vscode.ThemeColor(color);

export class Review implements vscode.Disposable {
  private readonly controller = vscode.comments.createCommentController("hunkwise", "AI hunks");
  private readonly threads = new Map<string, HunkThread>();
  private readonly marks: Record<"replaced" | "inserted" | "stale", vscode.TextEditorDecorationType>;

  constructor(
    private readonly state: State,
    context: vscode.ExtensionContext,
  ) {
    this.controller.options = {
      prompt: "Reply to refine this hunk",
      placeHolder: "What should change in this hunk? The others stay as they are",
    };
    const mark = (color: string, look: vscode.DecorationRenderOptions): vscode.TextEditorDecorationType =>
      vscode.window.createTextEditorDecorationType({
        isWholeLine: true,
        gutterIconPath: context.asAbsolutePath("media/gutter.svg"),
        gutterIconSize: "contain",
        overviewRulerColor: themed(color),
        overviewRulerLane: vscode.OverviewRulerLane.Left,
        ...look,
      });
    const added = "editorGutter.addedBackground";
    this.marks = {
      replaced: mark("editorGutter.modifiedBackground", {
        backgroundColor: themed("diffEditor.removedLineBackground"),
      }),
      inserted: mark(added, { borderColor: themed(added), borderStyle: "solid", borderWidth: "1px 0 0 0" }),
      stale: mark("editorWarning.foreground", { backgroundColor: themed("diffEditor.unchangedRegionBackground") }),
    };
  }

  /** Brings threads and decorations to what the state says. */
  show(): void {
    const open = this.state.open();
    const ids = new Set(open.map(({ hunk }) => hunk.id));
    for (const [id, thread] of this.threads) {
      if (ids.has(id)) continue;
      thread.dispose();
      this.threads.delete(id);
    }
    open.forEach((placed) => this.showThread(placed));
    vscode.window.visibleTextEditors.forEach((editor) => this.decorate(editor));
  }

  decorate(editor: vscode.TextEditor): void {
    const uri = editor.document.uri.toString();
    const here = this.state.open().filter(({ file }) => file.uri === uri);
    const of = (kind: keyof Review["marks"]): vscode.Range[] =>
      here.filter((placed) => kindOf(placed) === kind).map(({ hunk }) => lines(hunk.range));
    for (const kind of ["replaced", "inserted", "stale"] as const) editor.setDecorations(this.marks[kind], of(kind));
  }

  /** Opens the thread of a hunk and closes the others of its document: one diff at a time is read. */
  expand(placed: Placed): void {
    const thread = this.threads.get(placed.hunk.id);
    if (!thread) return;
    for (const other of this.threads.values()) {
      const isOther = other !== thread && other.uri.toString() === thread.uri.toString();
      if (isOther) setCollapsed(other, true);
    }
    setCollapsed(thread, false);
  }

  dispose(): void {
    this.controller.dispose();
    Object.values(this.marks).forEach((mark) => mark.dispose());
  }

  private showThread({ hunk, file, update }: Placed): void {
    const range = lines(hunk.range);
    const label = `AI ${hunk.label}`;
    const body = new vscode.MarkdownString(
      `${hunk.summary}\n\n${hunk.body}\n\n> ${update.instruction.replace(/\n/g, "\n> ")}`,
    );
    const known = this.threads.get(hunk.id);
    if (!known?.range.isEqual(range) && known) known.range = range;
    if (known?.body === body.value && known.contextValue === hunk.status && known.label === label) return;
    const comment = { author: AUTHOR, body, mode: vscode.CommentMode.Preview, contextValue: hunk.status };
    const made = known ?? this.controller.createCommentThread(vscode.Uri.parse(file.uri), range, [comment]);
    const thread = Object.assign(made, { hunk: hunk.id, body: body.value });
    if (known) thread.comments = [comment];
    else setCollapsed(thread, this.threads.size > 0);
    thread.label = label;
    thread.contextValue = hunk.status;
    thread.canReply = hunk.status !== "provisional";
    this.threads.set(hunk.id, thread);
  }
}

function setCollapsed(thread: vscode.CommentThread, isCollapsed: boolean): void {
  const { Collapsed, Expanded } = vscode.CommentThreadCollapsibleState;
  const wanted = isCollapsed ? Collapsed : Expanded;
  if (thread.collapsibleState !== wanted) thread.collapsibleState = wanted;
}

function kindOf({ hunk }: Placed): keyof Review["marks"] {
  if (hunk.status === "stale") return "stale";
  const { start, end } = hunk.range;
  return start.line === end.line && start.character === end.character ? "inserted" : "replaced";
}

/** The lines of a hunk. */
function lines(range: Placed["hunk"]["range"]): vscode.Range {
  const last = lastLine(range);
  return new vscode.Range(range.start.line, 0, last, last < range.end.line ? 0 : range.end.character);
}
