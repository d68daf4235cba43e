// One whole review with mouse and keyboard, in a profile that knows nothing: install, choose a model, ask, accept, reject,
// refine, compare side by side, undo. After every step the file on disk is compared byte for byte with what PLAN says.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openBrowser, out, read, startServer, until } from "../vscode.mjs";

const { WORKSPACE, VSIX, MODEL_URL, MODEL_PROTOCOL, MODEL_KEY, PLAN } = process.env;
const plan = JSON.parse(PLAN);
const file = join(WORKSPACE, plan.file);
const shots = join(out, "shots");
mkdirSync(shots, { recursive: true });

const { authority, stop } = await startServer([VSIX]);
const { context, page } = await openBrowser({ width: 1400, height: 860 });
const times = {};
const steps = [];
const toasts = [];

const key = (name) => page.keyboard.press(name);
const thread = (label) => page.locator(".review-widget", { hasText: label }).filter({ visible: true }).first();
const status = () => page.locator("#hunkwise\\.hunkwise\\.status, [id$='hunkwise.status']").first().innerText();

async function shot(name) {
  await page.mouse.move(700, 855);
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

async function step(name, act) {
  const start = performance.now();
  try {
    await act();
  } catch (error) {
    await page.screenshot({ path: join(shots, `failed.png`) });
    console.log(`${name}: ${error.message}`);
    throw error;
  }
  await shot(name);
  steps.push(name);
  toasts.push(...(await page.locator(".notification-toast .notification-list-item-message").allInnerTexts()));
  console.log(`${name}: ${Math.round(performance.now() - start)} ms`);
}

/** Saves, and waits until the file is what it should be: its last state is compared, whatever it was on the way. */
async function expectSaved(expected) {
  await key("Control+1");
  await key("Control+S");
  await until("the saved text", () => read(file) === expected, 10_000).catch(() => undefined);
  assert.equal(read(file), expected);
}

async function caretOn(text) {
  await page.locator(".editor-instance .view-line", { hasText: text }).first().click();
}

/** Goes to another hunk, and waits until the caret is there. */
async function walk(name, line) {
  await key(name);
  await page.locator(".statusbar-item", { hasText: `Ln ${line},` }).waitFor();
}

async function command(title) {
  await key("F1");
  const input = page.locator(".quick-input-widget input.input").first();
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator(".quick-input-widget .monaco-list-row", { hasText: title }).first().click();
}

async function type(text) {
  const input = page.locator(".quick-input-widget input.input").first();
  await input.waitFor();
  await input.fill(text);
}

try {
  await page.goto(`http://${authority}/?folder=${encodeURIComponent(WORKSPACE)}`);
  await step("01-no-model", async () => {
    await page.locator(".notification-toast", { hasText: "has no model to ask" }).waitFor({ timeout: 60_000 });
    await until("the status bar", async () => (await status()).includes("no model"));
  });
  await step("02-model", async () => {
    await page.locator(".notification-toast .monaco-button", { hasText: "Choose a model" }).click();
    await type(MODEL_PROTOCOL);
    await key("Enter");
    await page.locator(".quick-input-widget", { hasText: "(2/4)" }).waitFor();
    await type(MODEL_URL);
    await key("Enter");
    await page.locator(".quick-input-widget", { hasText: "(3/4)" }).waitFor();
    await type("recorded");
    await key("Enter");
    await page.locator(".quick-input-widget", { hasText: "(4/4)" }).waitFor();
    await type(MODEL_KEY);
    await key("Enter");
    await page.locator("[id$='hunkwise.status'] .codicon-diff").waitFor();
  });
  await step("03-ask", async () => {
    await page.locator(".explorer-folders-view .monaco-list-row", { hasText: plan.file }).first().dblclick();
    await caretOn(plan.caret);
    await key("Alt+i");
    await page.locator(".quick-input-widget", { hasText: "What should change here?" }).waitFor();
    await page.keyboard.type(plan.instruction);
    await page.locator(".quick-input-widget .monaco-list-row", { hasText: "Enter to ask" }).waitFor();
  });
  await step("04-hunks", async () => {
    const start = performance.now();
    await key("Enter");
    await thread("AI 1/3").waitFor();
    await until("three hunks", async () => (await status()).includes("3 hunks to decide"));
    times.hunks = performance.now() - start;
  });
  await step("05-accepted", async () => {
    await key("Control+j");
    await caretOn(plan.second);
    await key("Alt+y");
    await until("two hunks", async () => (await status()).includes("2 hunks to decide"));
    await expectSaved(plan.accepted);
  });
  await step("06-rejected", async () => {
    await caretOn(plan.first);
    await walk("Alt+BracketRight", 10);
    await walk("Alt+BracketLeft", 5);
    await thread("AI 1/3").locator(".action-label.codicon-close").click();
    await until("one hunk", async () => (await status()).includes("1 hunk to decide"));
    await expectSaved(plan.accepted);
  });
  await step("07-reply", async () => {
    await walk("Alt+BracketRight", 10);
    await thread("AI 3/3").locator(".review-thread-reply-button").click();
    await page.keyboard.type(plan.reply);
  });
  await step("08-refined", async () => {
    await thread("AI 3/3").locator(".form-actions .monaco-button", { hasText: "Refine" }).first().click();
    await thread("AI 3/3 (r2)").waitFor();
    await until("the refined hunk", async () => (await status()).includes("1 hunk to decide"));
    await expectSaved(plan.accepted);
  });
  await step("09-side-by-side", async () => {
    await caretOn(plan.third);
    await key("Alt+d");
    const side = page.locator(".monaco-diff-editor.side-by-side .editor.modified");
    await side.locator(".view-line", { hasText: plan.refinedLine }).first().waitFor();
  });
  await step("10-all-files", async () => {
    await page.locator(".tab.active").click({ button: "middle" });
    await command("Hunkwise: Show All Files with Hunks");
    await page
      .locator(".multi-diff-root-floating-menu, .multiDiffEntry, .monaco-component.multiDiffEditor")
      .first()
      .waitFor();
    await page.locator(".view-line", { hasText: plan.refinedLine }).first().waitFor();
  });
  await step("11-comments", async () => {
    await page.locator(".tab.active").click({ button: "middle" });
    await command("Comments: Focus on Comments View");
    await page.locator(".comments-panel", { hasText: "changes 1 line" }).waitFor();
  });
  await step("12-accepted-refinement", async () => {
    await key("Control+j");
    await caretOn(plan.third);
    await key("Alt+y");
    await until("no hunk", async () => !(await status()).includes("to decide"));
    await expectSaved(plan.refined);
  });
  await step("13-undone", async () => {
    await caretOn(plan.refinedLine);
    await key("Control+z");
    await thread("AI 3/3").waitFor();
    await expectSaved(plan.accepted);
  });
  writeFileSync(join(out, "seen.json"), JSON.stringify({ steps, times, toasts }));
} finally {
  await context.close();
  stop();
}
