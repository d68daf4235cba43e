// Tests that run inside of the extension host of a real VS Code, in a workspace of two folders with a notebook.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");

const plan = JSON.parse(process.env.PLAN);
const seen = { version: vscode.version, passed: [], ms: {} };
const tests = [];
const test = (name, run) => tests.push([name, run]);

exports.run = async () => {
  const extension = vscode.extensions.getExtension("hunkwise.hunkwise");
  const { state, deactivate } = await extension.activate();
  await until("the model", () => state.standing?.provider);
  await until("both folders", () => vscode.workspace.workspaceFolders?.length === 2, 5_000);
  for (const [name, run] of tests) {
    await run({ extension, state }).catch((error) => {
      throw new Error(`${name}: ${error.stack}`);
    });
    seen.passed.push(name);
    console.log(`ok ${name}`);
  }
  await deactivate();
  fs.writeFileSync(path.join(process.env.OUT, "seen.json"), JSON.stringify(seen));
};

async function until(what, get, limit = 30_000) {
  const end = Date.now() + limit;
  for (;;) {
    const found = get();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function open(folder, name) {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[folder].uri, name);
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  return editor.document;
}

/** Asks by the code action that every editor has. */
async function ask(document, line, instruction) {
  const at = new vscode.Range(line, 0, line, 0);
  const place = await untilAsync("the action", async () => {
    const found = await vscode.commands.executeCommand("vscode.executeCodeActionProvider", document.uri, at);
    return found.find((action) => action.command?.command === "hunkwise.ask")?.command.arguments[0];
  });
  await vscode.commands.executeCommand("hunkwise.ask", place, instruction);
}

async function untilAsync(what, get) {
  for (let tries = 0; tries < 200; tries++) {
    const found = await get();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not come`);
}

/** Puts the caret into a line, and waits until the editor says so: until then commands go by where it was. */
async function caretTo(editor, line) {
  if (editor.selection.isEmpty && editor.selection.active.line === line) return;
  const said = new Promise((resolve) => {
    const listener = vscode.window.onDidChangeTextEditorSelection(() => {
      listener.dispose();
      resolve();
    });
  });
  editor.selection = new vscode.Selection(line, 0, line, 0);
  await said;
}

const pending = (state, n) =>
  until(`${n} hunks`, () => {
    const open = state.open();
    return open.length === n && open.every(({ hunk }) => hunk.status === "pending") ? open : undefined;
  });

/** Runs a command and gives the milliseconds until an event. */
async function timed(event, command, isMeant = () => true) {
  const start = performance.now();
  const happened = new Promise((resolve) => {
    const listener = event((happening) => {
      if (!isMeant(happening)) return;
      listener.dispose();
      resolve(performance.now() - start);
    });
  });
  await vscode.commands.executeCommand(command);
  return happened;
}

/** Whether something happens within two seconds of an act. */
async function happens(event, act, isMeant) {
  let listener, timer;
  const happened = new Promise((resolve) => {
    timer = setTimeout(() => resolve(false), 2000);
    listener = event(() => isMeant() && resolve(true));
  });
  await act();
  const answer = await happened;
  clearTimeout(timer);
  listener.dispose();
  return answer;
}

const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];

test("hunks are gone to, accepted and brought back by undo, byte for byte", async ({ state }) => {
  const document = await open(0, "shop.py");
  const before = document.getText();
  await ask(document, 5, plan.instruction);
  await pending(state, 3);
  const editor = vscode.window.activeTextEditor;
  await caretTo(editor, 4);
  await caretTo(editor, 6);
  // VS Code drops the request when it learns something new about the document meanwhile: then a person presses the key again,
  // and not while an answer may still be on its way: VS Code would make both edits.
  await untilAsync("the accepted text", async () => {
    const press = () =>
      vscode.commands.executeCommand("editor.action.codeAction", { kind: "quickfix", apply: "first" });
    return happens(vscode.workspace.onDidChangeTextDocument, press, () => document.getText() !== before);
  });
  assert.equal(document.getText(), plan.accepted);
  await pending(state, 2);
  await vscode.commands.executeCommand("undo");
  await pending(state, 3);
  await caretTo(editor, 4);
  const isHere = (change) => change.document === document && change.contentChanges.length > 0;
  const times = { next: [], previous: [], accept: [] };
  for (let round = 0; round < 15; round++) {
    times.next.push(await timed(vscode.window.onDidChangeTextEditorSelection, "hunkwise.ui.next"));
    assert.equal(editor.selection.active.line, 6);
    times.previous.push(await timed(vscode.window.onDidChangeTextEditorSelection, "hunkwise.ui.previous"));
    assert.equal(editor.selection.active.line, 4);
  }
  // Of a selection over several hunks the one at the caret is meant.
  editor.selection = new vscode.Selection(4, 0, 6, 0);
  await timed(vscode.workspace.onDidChangeTextDocument, "hunkwise.ui.accept", isHere);
  assert.equal(document.getText(), plan.accepted);
  await pending(state, 2);
  await vscode.commands.executeCommand("undo");
  await pending(state, 3);
  await caretTo(editor, 4);
  await caretTo(editor, 6);
  for (let round = 0; round < 10; round++) {
    times.accept.push(await timed(vscode.workspace.onDidChangeTextDocument, "hunkwise.ui.accept", isHere));
    assert.equal(document.getText(), plan.accepted);
    await pending(state, 2);
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), before);
    await pending(state, 3);
    await caretTo(editor, 6);
  }
  for (const [name, all] of Object.entries(times)) seen.ms[name] = { median: median(all), most: Math.max(...all) };
});

test("the proposed document is the file with all pending hunks, and follows decisions", async ({ state }) => {
  const [first] = await pending(state, 3);
  const uri = vscode.Uri.parse(first.file.proposed);
  const proposed = await vscode.workspace.openTextDocument(uri);
  assert.equal(proposed.getText(), plan.all);
  assert.equal(proposed.languageId, "python");
  await vscode.commands.executeCommand("hunkwise.reject", first.hunk.id);
  await until("the refreshed text", () => proposed.getText() === plan.withoutFirst);
  const document = await open(0, "shop.py");
  await vscode.commands.executeCommand("hunkwise.ui.acceptAll");
  await until("the accepted text", () => document.getText() === plan.withoutFirst);
  await pending(state, 0);
});

test("a recipe is chosen by its name, in the second folder of the workspace", async ({ state }) => {
  const document = await open(1, "area.py");
  await ask(document, 1, "/simplify");
  await pending(state, 1);
  await vscode.commands.executeCommand("hunkwise.ui.acceptAll");
  await until("the accepted text", () => document.getText() === plan.areaAfter);
});

test("a cell of a notebook is a document like any other", async ({ state }) => {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[1].uri, "cells.ipynb");
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  await vscode.window.showNotebookDocument(notebook);
  const { document } = notebook.cellAt(0);
  await ask(document, 1, "multiply in the cell");
  const [{ hunk }] = await pending(state, 1);
  await vscode.commands.executeCommand("hunkwise.accept", hunk.id);
  await until("the accepted text", () => document.getText() === plan.cellAfter);
  await pending(state, 0);
});

test("in a file of CRLF a hunk has its hover and lenses, and the whole file is accepted, undone and rejected", async ({
  state,
}) => {
  const document = await open(1, "crlf.py");
  const before = document.getText();
  await ask(document, 1, "make it short");
  const [{ hunk }] = await pending(state, 1);
  const at = new vscode.Position(hunk.range.start.line, 4);
  const hovers = await vscode.commands.executeCommand("vscode.executeHoverProvider", document.uri, at);
  const said = hovers.flatMap(({ contents }) => contents.map(({ value }) => value)).join("\n");
  for (const part of ["AI 1/1", "+    return w * h", "✓ parses", "make it short"]) assert.ok(said.includes(part), said);
  const lenses = await vscode.commands.executeCommand("vscode.executeCodeLensProvider", document.uri, 100);
  const titles = lenses.map(({ command }) => command?.title);
  for (const part of ["Accept", "Reject", "Refine", "Review"])
    assert.ok(
      titles.some((title) => title?.includes(part)),
      titles.join(),
    );
  await vscode.commands.executeCommand("hunkwise.accept", `file@${document.uri.toString()}`);
  await until("the accepted text", () => document.getText() === plan.crlfAfter);
  assert.equal(document.eol, vscode.EndOfLine.CRLF);
  await pending(state, 0);
  await vscode.commands.executeCommand("undo");
  await pending(state, 1);
  assert.equal(document.getText(), before);
  await vscode.commands.executeCommand("hunkwise.reject", "all");
  await pending(state, 0);
  assert.equal(document.getText(), before);
});

test("what other extensions report is forwarded, and stands in the preview of a request", async () => {
  const document = await open(1, "area.py");
  const others = vscode.languages.createDiagnosticCollection("other");
  others.set(document.uri, [new vscode.Diagnostic(new vscode.Range(1, 4, 1, 11), "a line that says little")]);
  const at = { line: 1, character: 4 };
  const place = { uri: document.uri.toString(), range: { start: at, end: at } };
  await untilAsync("the diagnostic", async () => {
    await vscode.commands.executeCommand("hunkwise.preview", place, "@diagnostics mend it");
    const preview = vscode.workspace.textDocuments.find(({ fileName }) => path.basename(fileName).includes("preview"));
    return preview && fs.readFileSync(preview.fileName, "utf8").includes("a line that says little");
  });
  others.dispose();
});

test("work is cancelled, and the text is as it was", async ({ state }) => {
  const document = await open(0, "shop.py");
  const before = document.getText();
  await ask(document, 5, "something that never ends");
  await until("the stream", () => state.standing.text.startsWith("AI streaming"));
  await vscode.commands.executeCommand("hunkwise.ui.cancel");
  await until("the end of the work", () => state.standing.state !== "working");
  await pending(state, 0);
  assert.equal(document.getText(), before);
});

test("a workspace cannot say where requests go, nor which program is the server", async ({ extension }) => {
  const configuration = vscode.workspace.getConfiguration("hunkwise");
  // The workspace's file and the .vscode/settings.json of its first folder try both.
  assert.equal(configuration.get("provider.base_url"), null);
  assert.equal(configuration.get("server.path"), process.env.SERVER_PATH);
  const update = configuration.update("provider.base_url", "http://evil", vscode.ConfigurationTarget.Workspace);
  await assert.rejects(update);
  const properties = Object.entries(extension.packageJSON.contributes.configuration.properties);
  const open = properties.filter(([, { scope }]) => scope === "window").map(([name]) => name);
  const harmless = ["context_tokens", "recipes", "run_on_save", "style", "trace.server"].map(
    (name) => `hunkwise.${name}`,
  );
  assert.deepEqual(open.sort(), harmless);
});

test("a workspace's recipe is there without another start", async () => {
  const document = await open(1, "area.py");
  const recipe = { name: "simplify", title: "Shorten", instruction: "Shorten it." };
  const target = vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration("hunkwise").update("recipes", [recipe], target);
  await untilAsync("the recipe", async () => {
    const at = new vscode.Range(1, 0, 1, 0);
    const found = await vscode.commands.executeCommand("vscode.executeCodeActionProvider", document.uri, at);
    return found.some(({ title }) => title.includes("Shorten"));
  });
});

test("no key is one that VS Code or Cursor has", async ({ extension }) => {
  const uri = vscode.Uri.parse("vscode://defaultsettings/keybindings.json");
  const text = (await vscode.workspace.openTextDocument(uri)).getText();
  const own = extension.packageJSON.contributes.keybindings;
  for (const { key, mac } of own) {
    assert.doesNotMatch(`${key} ${mac}`, /\b(ctrl|cmd)\+(shift\+)?(k|l|i|y|n|enter)\b/);
    // What others have on the same key has to be for other places than the text of an editor.
    for (const [entry] of text.matchAll(/\{[^{}]*\}/g)) {
      if (!entry.includes(`"key": "${key}"`) || entry.includes("hunkwise.ui.")) continue;
      assert.match(
        entry,
        /"when": "[^"]*(inChat|inlineSuggestionVisible|inlineEditIsVisible|notebook|terminal|quickInput|search|findWidget|Widget|view)/i,
        entry,
      );
    }
  }
});

// The last: it takes the recorded model away.
test("the editor lends its own model where the user says so", async ({ state }) => {
  for (const name of ["PROTOCOL", "BASE_URL", "MODEL", "API_KEY"]) delete process.env[`HUNKWISE_${name}`];
  const settings = vscode.workspace.getConfiguration("hunkwise.provider");
  await settings.update("model", "lent-1", vscode.ConfigurationTarget.Global);
  await settings.update("context_tokens", 9000, vscode.ConfigurationTarget.Global);
  await settings.update("editor", true, vscode.ConfigurationTarget.Global);
  await until("the editor's model", () => state.standing?.provider?.startsWith("lent-1"));
  const document = await open(1, "area.py");
  await ask(document, 1, "the other way round");
  await pending(state, 1);
  await vscode.commands.executeCommand("hunkwise.ui.acceptAll");
  await until("the accepted text", () => document.getText() === plan.areaAfter.replace("w * h", "h * w"));
});
