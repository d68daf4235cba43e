// From nothing to a model: which provider, which model, which key.
import * as vscode from "vscode";
import { secretName } from "./nested";
import { collect } from "./settings";

const QUESTIONS: (vscode.InputBoxOptions & { name: string })[] = [
  {
    name: "base_url",
    prompt: "Address of the API; leave empty for the vendor's own",
    placeHolder: "http://localhost:11434",
  },
  { name: "model", prompt: "The model, in the provider's word" },
  {
    name: "key",
    prompt: "Kept in the editor's secret storage, given to the server while it runs; leave empty where none is needed",
    password: true,
  },
];

/** Asks for protocol, address, model and key, and writes them to the user's settings and the secret storage. */
export async function chooseModel(context: vscode.ExtensionContext): Promise<void> {
  const settings = vscode.workspace.getConfiguration("hunkwise.provider");
  const protocols = (
    context.extension.packageJSON as {
      contributes: { configuration: { properties: Record<string, { enum?: string[]; enumDescriptions?: string[] }> } };
    }
  ).contributes.configuration.properties["hunkwise.provider.protocol"];
  const choices = (protocols?.enum ?? []).map((label, idx) => ({
    label,
    detail: protocols?.enumDescriptions?.[idx] ?? "",
  }));
  const protocol = await vscode.window.showQuickPick(choices, {
    title: "Choose a model (1/4): how is it asked?",
    placeHolder: "The wire format of your provider or local server",
    ignoreFocusOut: true,
  });
  if (!protocol) return;
  const answers: Record<string, string> = { protocol: protocol.label };
  for (const [idx, { name, ...options }] of QUESTIONS.entries()) {
    const title = `Choose a model (${String(idx + 2)}/4): ${name}`;
    const value = options.password ? "" : (settings.get<string | null>(name) ?? "");
    const answer = await vscode.window.showInputBox({ title, value, ignoreFocusOut: true, ...options });
    if (answer === undefined) return;
    answers[name] = answer.trim();
  }
  for (const name of ["protocol", "base_url", "model"])
    await settings.update(name, answers[name] === "" ? undefined : answers[name], vscode.ConfigurationTarget.Global);
  if (answers.key) await storeKey(context, answers.key);
}

/** Asks for the key of the provider that is set. */
export async function setKey(context: vscode.ExtensionContext): Promise<void> {
  const key = await vscode.window.showInputBox({
    title: "Key of the provider",
    prompt: "Kept in the editor's secret storage, given to the server while it runs; leave empty to forget it",
    password: true,
    ignoreFocusOut: true,
  });
  if (key !== undefined) await storeKey(context, key);
}

async function storeKey(context: vscode.ExtensionContext, key: string): Promise<void> {
  const name = secretName(collect(context.extension, "application"));
  await (key.trim() ? context.secrets.store(name, key.trim()) : context.secrets.delete(name));
}
