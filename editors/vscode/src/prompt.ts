// The box in which an instruction is typed: free text, recipes by `/name`, earlier instructions.
import * as vscode from "vscode";
import type { PromptParams } from "./wire";

interface Item extends vscode.QuickPickItem {
  value?: string;
}

/** The instruction, or null if the box was dismissed. */
export function prompt(params: PromptParams): Promise<string | null> {
  const box = vscode.window.createQuickPick<Item>();
  box.title = params.title;
  box.placeholder = params.placeholder || "Say it in a sentence, or choose a recipe";
  box.value = params.value;
  box.ignoreFocusOut = true;
  const show = (): void => {
    box.items = items(params, box.value);
  };
  show();
  return new Promise((resolve) => {
    box.onDidChangeValue(show);
    box.onDidAccept(() => {
      resolve(box.selectedItems[0]?.value ?? (box.value.trim() || null));
      box.dispose();
    });
    box.onDidHide(() => {
      resolve(null);
      box.dispose();
    });
    box.show();
  });
}

/** What was typed comes first, so that Enter always means it. */
export function items(params: PromptParams, typed: string): Item[] {
  const text = typed.trim();
  const recipes = params.choices.map((name) => ({ label: `/${name}`, value: `/${name}` }));
  const history = params.history.map((value) => ({ label: value, value }));
  const group = (label: string, of: Item[]): Item[] =>
    of.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...of];
  const isListed = [...recipes, ...history].some(({ value }) => value === text);
  return [
    ...(text && !isListed ? [{ label: text, value: text, detail: "Enter to ask", alwaysShow: true }] : []),
    ...group("recipes", recipes),
    ...group("asked before", history),
  ];
}
