// The user's settings, apart by who may set them. Which these are is in package.json, made from the server's own schema.
import * as vscode from "vscode";
import { nested, type Json } from "./nested";

interface Declared {
  scope?: string;
  enum?: string[];
  enumDescriptions?: string[];
}

/** The settings as package.json declares them, by their full names. */
export function declared(extension: vscode.Extension<unknown>): Record<string, Declared> {
  const manifest = extension.packageJSON as {
    contributes: { configuration: { properties: Record<string, Declared> } };
  };
  return manifest.contributes.configuration.properties;
}

/** Settings of the extension alone; the server does not know them. */
const OWN = ["server.path", "trace.server"];

/**
 * The settings that only the user may set ("application"), or the others; what is not set is left out, so that the server's
 * own files go on.
 */
export function collect(extension: vscode.Extension<unknown>, wanted: "application" | "others"): Json {
  const configuration = vscode.workspace.getConfiguration("hunkwise");
  const values: [string, unknown][] = [];
  for (const [name, { scope }] of Object.entries(declared(extension))) {
    const key = name.replace(/^hunkwise\./, "");
    if (OWN.includes(key) || (scope === "application") !== (wanted === "application")) continue;
    const found = configuration.inspect(key);
    const value: unknown =
      wanted === "application"
        ? found?.globalValue
        : (found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue);
    if (value !== undefined && value !== null) values.push([key, value]);
  }
  return nested(values);
}
