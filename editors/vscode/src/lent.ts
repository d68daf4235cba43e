// Lends the editor's own model to the server, which asks for it only where the user's settings say so.
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { ModelParams, ModelResult } from "./wire";

/** Whether this editor has models to lend. */
export const lends = (): boolean => typeof (vscode as { lm?: unknown }).lm === "object";

/** Answers the server's questions to the editor's model, piece by piece. */
export function lend(client: LanguageClient): void {
  client.onRequest(
    "hunkwise/model",
    async (params: ModelParams, token: vscode.CancellationToken): Promise<ModelResult> => {
      const model = await chosen(params.model);
      const Message = vscode.LanguageModelChatMessage;
      // The editor's models have no place of their own for standing instructions.
      const turns = params.messages.map(({ role, text }) =>
        role === "user" ? Message.User(text) : Message.Assistant(text),
      );
      const answer = await model.sendRequest([Message.User(params.system), ...turns], {}, token);
      let deltas = 0;
      for await (const text of answer.text)
        await client.sendNotification("hunkwise/modelDelta", { id: params.id, seq: deltas++, text });
      return { end: "complete", deltas };
    },
  );
}

/** The model of that id or family; any one where none is named. */
async function chosen(name: string | null): Promise<vscode.LanguageModelChat> {
  const all = await vscode.lm.selectChatModels();
  const found = all.find(({ id, family }) => name === null || id === name || family === name);
  if (found) return found;
  const names = all.map(({ id }) => id).join(", ");
  throw new Error(`the editor lends no ${name ?? "model"}; it has ${names || "none"}`);
}
