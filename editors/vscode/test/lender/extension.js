// Another extension's model, as an editor with a subscription has it: answers the hunks of its own test.
const vscode = require("vscode");

exports.activate = (context) => {
  const model = {
    id: "lent-1",
    name: "Lent",
    family: "lent",
    version: "1",
    maxInputTokens: 9000,
    maxOutputTokens: 4000,
  };
  const provider = {
    provideLanguageModelChatInformation: async () => [{ ...model, capabilities: {} }],
    provideTokenCount: async () => 1,
    provideLanguageModelChatResponse: async (_model, _messages, _options, progress) => {
      for (const piece of ["```python\ndef area(w, h):\n", "    return h * w\n", "```\n"])
        progress.report(new vscode.LanguageModelTextPart(piece));
    },
  };
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider("test-lender", provider));
};
