// From nothing to a model: which provider, which model, which key.
import * as vscode from "vscode";
import { secretName } from "./nested";
import { collect, declared } from "./settings";

const KEPT = "Kept in the editor's secret storage, given to the server while it runs; leave empty ";
const QUESTIONS: Record<string, vscode.InputBoxOptions> = {
  base_url: {
    prompt: "Address of the API; leave empty for the vendor's own",
    placeHolder: "http://localhost:11434",
  },
  model: { prompt: "The model, in the provider's word" },
  key: { prompt: `${KEPT}where none is needed`, password: true },
};

/** Asks for protocol, address, model and key, and writes them to the user's settings and the secret storage. */
export async function chooseModel(context: vscode.ExtensionContext): Promise<void> {
  const settings = vscode.workspace.getConfiguration("hunkwise.provider");
  const { enum: protocols = [], enumDescriptions = [] } =
    declared(context.extension)["hunkwise.provider.protocol"] ?? {};
  const protocol = await vscode.window.showQuickPick(
    protocols.map((label, idx) => ({ label, detail: enumDescriptions[idx] ?? "" })),
    {
      title: "Choose a model (1/4): how is it asked?",
      placeHolder: "The wire format of your provider or local server",
      ignoreFocusOut: true,
    },
  );
  if (!protocol) return;
  const answers = new Map([["protocol", protocol.label]]);
  for (const [name, options] of Object.entries(QUESTIONS)) {
    const title = `Choose a model (${String(answers.size + 1)}/4): ${name}`;
    const value = options.password ? "" : (settings.get<string | null>(name) ?? "");
    const answer = await vscode.window.showInputBox({ title, value, ignoreFocusOut: true, ...options });
    if (answer === undefined) return;
    answers.set(name, answer.trim());
  }
  const key = answers.get("key");
  answers.delete("key");
  for (const [name, value] of answers)
    await settings.update(name, value || undefined, vscode.ConfigurationTarget.Global);
  if (key) await storeKey(context, key);
}

/** Asks for the key of the provider that is set. */
export async function setKey(context: vscode.ExtensionContext): Promise<void> {
  const options = { title: "Key of the provider", prompt: `${KEPT}to forget it`, password: true, ignoreFocusOut: true };
  const key = await vscode.window.showInputBox(options);
  if (key !== undefined) await storeKey(context, key.trim());
}

async function storeKey({ extension, secrets }: vscode.ExtensionContext, key: string): Promise<void> {
  const name = secretName(collect(extension, "application"));
  await (key ? secrets.store(name, key) : secrets.delete(name));
}
