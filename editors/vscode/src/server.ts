// Starts and stops the server: which program, with which settings and key, for which documents.
import * as fs from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import {
  DidChangeConfigurationNotification,
  ExecuteCommandRequest,
  LanguageClient,
  type Position,
  State as ClientState,
  TextDocumentContentRequest,
} from "vscode-languageclient/node";
import { lend, lends } from "./lent";
import { secretName } from "./nested";
import { prompt } from "./prompt";
import { collect } from "./settings";
import type { State } from "./state";
import type { DidUpdateParams, Place, PromptParams, StatusParams } from "./wire";

/** A client whose failed start is told by the extension, with what to do. */
class Client extends LanguageClient {
  hasStarted = false;

  override error(message: string, data?: unknown, shows: boolean | "force" = true): void {
    super.error(message, data, this.hasStarted && shows);
  }
}

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private startedWith = "";
  private turn: Promise<void> = Promise.resolve();
  private isHeld = false;
  private readonly telling = new Set<string>();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly state: State,
    /** What is known has changed. */
    private readonly changed: () => void,
    /** The caret was put where the server wants it. */
    private readonly shown: (uri: string, position: Position) => void,
  ) {
    context.subscriptions.push(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("hunkwise")) void this.restart(false).then(() => this.reconfigure());
      }),
      context.secrets.onDidChange(() => void this.restart(false)),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => uris.forEach((uri) => this.forward(uri.toString()))),
    );
  }

  /** What several settings in a row are changed by: the server starts again once, behind it. */
  async hold(change: () => Promise<void>): Promise<void> {
    this.isHeld = true;
    await change().finally(() => (this.isHeld = false));
    await this.restart(false);
  }

  /** Starts the server again, one start after the other; only where something changed, unless it is forced. */
  restart(isForced: boolean): Promise<void> {
    if (this.isHeld) return this.turn;
    this.turn = this.turn.then(async () => {
      const environment = await this.environment();
      const command = this.program();
      const wanted = JSON.stringify([command, environment]);
      if (!isForced && wanted === this.startedWith) return;
      this.startedWith = wanted;
      await this.stop();
      await this.start(command, environment);
    });
    return this.turn.catch((error: unknown) => {
      this.turn = Promise.resolve();
      this.state.failure = String(error);
      this.changed();
    });
  }

  /** Runs a command of the server's; without a client nothing happens. */
  async run(command: string, target: Place | string, ...text: string[]): Promise<void> {
    const params = { command: `hunkwise.${command}`, arguments: [target, ...text] };
    await this.client?.sendRequest(ExecuteCommandRequest.type, params);
  }

  /** The caret, or the selection around it, in the form that commands take. */
  here(isCaret = true): Place | undefined {
    const editor = vscode.window.activeTextEditor;
    if (!editor || !this.client) return undefined;
    const { active } = editor.selection;
    const range = isCaret ? new vscode.Range(active, active) : editor.selection;
    return { uri: editor.document.uri.toString(), range: this.client.code2ProtocolConverter.asRange(range) };
  }

  /** What is shown of the server's own documents is read again. */
  private refresh(uri: string): void {
    const shown = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
    const feature = this.client?.getFeature(TextDocumentContentRequest.method);
    if (shown) for (const { onDidChangeEmitter } of feature?.getProviders() ?? []) onDidChangeEmitter.fire(shown.uri);
  }

  /** Tells the server what others say about an open document, as often as once in a while. */
  private forward(uri: string): void {
    if (this.telling.has(uri)) return;
    this.telling.add(uri);
    const tell = (): void => {
      this.telling.delete(uri);
      const document = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
      if (!document || !this.client?.isRunning()) return;
      const others = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source !== "hunkwise");
      const { code2ProtocolConverter: converter } = this.client;
      const diagnostics = others.map((diagnostic) => converter.asDiagnostic(diagnostic));
      void this.client.sendNotification("hunkwise/diagnostics", { uri, version: document.version, diagnostics });
    };
    setTimeout(tell, 300);
  }

  /** Has the server ask again for the settings that do not need another start. */
  private async reconfigure(): Promise<void> {
    await this.client?.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  }

  dispose(): void {
    void this.stop();
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.stopped();
    await client?.dispose();
  }

  private stopped(): void {
    this.state.clear();
    this.changed();
  }

  private async start(command: string, environment: Record<string, string>): Promise<void> {
    const executable = { command, args: ["lsp"], options: { env: { ...process.env, ...environment } } };
    const { extension } = this.context;
    const client = new Client("hunkwise", "Hunkwise", executable, {
      // A notebook's cells are documents, too; the server's own documents are not for it.
      documentSelector: ["file", "untitled", "vscode-notebook-cell"].map((scheme) => ({ scheme })),
      initializationOptions: { client: { prompt: true, didUpdate: true, model: lends() } },
      middleware: {
        workspace: {
          configuration: (params) =>
            params.items.map(({ section }) => (section === "hunkwise" ? collect(extension, "others") : null)),
        },
        window: {
          showDocument: (params, token, next) => {
            // Before the document is shown: two that are under way may end in another order than they came.
            if (params.selection) this.shown(params.uri, params.selection.start);
            return next(params, token);
          },
        },
        handleDiagnostics: (uri, diagnostics, next) => {
          // A hunk has its thread and its decoration: it needs no squiggle and no entry among problems.
          for (const diagnostic of diagnostics)
            if (diagnostic.code === "hunk") diagnostic.severity = vscode.DiagnosticSeverity.Hint;
          next(uri, diagnostics);
        },
      },
    });
    client.onRequest("hunkwise/prompt", async (params: PromptParams) => ({ value: await prompt(params) }));
    lend(client);
    client.onNotification("hunkwise/didUpdate", (update: DidUpdateParams) => {
      if (!this.state.take(update)) return;
      update.files.forEach((file) => this.refresh(file.proposed));
      this.changed();
    });
    client.onNotification("hunkwise/status", (standing: StatusParams) => {
      this.state.standing = standing;
      this.changed();
    });
    // One that died is started again by itself, and counts its updates anew.
    client.onDidChangeState(({ newState }) => {
      if (newState === ClientState.Stopped) this.stopped();
    });
    this.client = client;
    await client.start();
    client.hasStarted = true;
  }

  /** The program of the settings, of this package, or on the path. */
  private program(): string {
    const configured = vscode.workspace.getConfiguration("hunkwise").get<string>("server.path", "");
    if (configured) return configured;
    const name = process.platform === "win32" ? "hunkwise.exe" : "hunkwise";
    const packed = path.join(this.context.extensionPath, "server", name);
    return fs.existsSync(packed) ? packed : name;
  }

  /** The settings that only the user may set, and the key, for this run of the server. */
  private async environment(): Promise<Record<string, string>> {
    const application = collect(this.context.extension, "application");
    const key = await this.context.secrets.get(secretName(application));
    return { HUNKWISE_SETTINGS: JSON.stringify(application), ...(key ? { HUNKWISE_API_KEY: key } : {}) };
  }
}
