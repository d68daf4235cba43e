// Runs test/host/index.js inside of the extension host of a real VS Code, and ends with its exit code.
import { join } from "node:path";
import { openBrowser, out, startServer } from "./vscode.mjs";

const extension = join(import.meta.dirname, "..");
const { authority, stop } = await startServer([], {
  flags: ["--enable-smoke-test-driver"],
  folders: [join(extension, "test/lender")],
  settings: { "hunkwise.server.path": process.env.SERVER_PATH },
});
const { context, page } = await openBrowser({ width: 1200, height: 800 });
let end;
await context.exposeFunction("codeAutomationExit", (code) => end(code));
let said = [];
await context.exposeFunction("codeAutomationLog", (_, lines) => said.push([lines].flat().join(" ")));
const remote = (path) => `vscode-remote://${authority}${path}`;
const payload = [
  ["extensionDevelopmentPath", remote(extension)],
  ["extensionTestsPath", remote(join(extension, "test/host/index.js"))],
  ["skipWelcome", "true"],
];
const query = new URLSearchParams({ workspace: process.env.CODE_WORKSPACE, payload: JSON.stringify(payload) });

/** Loads the workbench, which runs the tests; gives their exit code. */
async function load() {
  said = [];
  const ended = new Promise((resolve) => (end = resolve));
  await page.goto(`http://${authority}/?${query}`);
  const limit = new Promise((resolve) => setTimeout(() => resolve("nothing in two minutes"), 120_000));
  return Promise.race([ended, limit]);
}

let code = await load();
// The web workbench sometimes misses the folders of a workspace; a person would load the page again, too.
for (let tries = 0; tries < 5 && said.some((line) => line.includes("both folders did not come")); tries++)
  code = await load();
if (code !== 0) await page.screenshot({ path: join(out, "failed.png") });
await context.close();
stop();
// VS Code says much of itself, which matters only where something failed.
console.log(said.filter((line) => code !== 0 || line.startsWith("ok ")).join("\n"));
console.log(`the extension host's tests ended with ${code}`);
process.exit(code === 0 ? 0 : 1);
