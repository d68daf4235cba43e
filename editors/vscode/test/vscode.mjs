// Starts the real VS Code (its web server out of the code-server package) and a browser on it, in a profile of their own.
//
// VSCODE_TOOLS is what `cargo xtask e2e vscode` installs; OUT gets the profile, the log and the pictures.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { chromium } from "playwright-core";

export const tools = process.env.VSCODE_TOOLS;
export const out = process.env.OUT;
const vscode = join(tools, "app/node_modules/code-server/lib/vscode/out/server-main.js");

/** What a test machine has otherwise than a person's: no telemetry, no updates, nothing that pops up by itself. */
const SETTINGS = {
  "workbench.startupEditor": "none",
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.commandCenter.enabled": false,
  "chat.disableAIFeatures": true,
  "workbench.tips.enabled": false,
  "remote.autoForwardPorts": false,
  "editor.minimap.enabled": false,
  "git.openRepositoryInParentFolders": "never",
};

/** Starts the server with extensions; gives its address and a way to end it. */
export async function startServer(extensions, { flags: more = [], settings = {}, folders = [] } = {}) {
  const data = join(out, "profile");
  for (const dir of ["data/Machine", "extensions", "home"]) mkdirSync(join(data, dir), { recursive: true });
  writeFileSync(join(data, "data/Machine/settings.json"), JSON.stringify({ ...SETTINGS, ...settings }));
  // What lies there at the first start counts as installed.
  for (const folder of folders) cpSync(folder, join(data, "extensions", basename(folder)), { recursive: true });
  const options = { env: { ...process.env, HOME: join(data, "home") } };
  const common = ["--accept-server-license-terms", "--server-data-dir", data];
  common.push("--extensions-dir", join(data, "extensions"), "--telemetry-level", "off");
  for (const extension of extensions) {
    const install = spawnSync(process.execPath, [vscode, ...common, "--install-extension", extension], options);
    if (install.status !== 0) throw new Error(`install ${extension}: ${install.stdout}${install.stderr}`);
  }
  const flags = ["--host", "127.0.0.1", "--port", "0", "--without-connection-token"];
  flags.push("--disable-workspace-trust", ...more);
  const server = spawn(process.execPath, [vscode, ...common, ...flags], { ...options, detached: true });
  const log = createWriteStream(join(out, "server.log"));
  server.stderr.pipe(log);
  const port = await new Promise((resolve, reject) => {
    let said = "";
    server.stdout.on("data", (chunk) => {
      said += chunk;
      log.write(chunk);
      const found = /listening on (\d+)/.exec(said);
      if (found) resolve(found[1]);
    });
    server.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
  const stop = () => {
    server.removeAllListeners("exit");
    process.kill(-server.pid, "SIGTERM");
  };
  return { authority: `127.0.0.1:${port}`, stop };
}

/** A browser page; nothing but this machine can be reached from it. */
export async function openBrowser(viewport) {
  const context = await chromium.launchPersistentContext(join(out, "browser"), {
    executablePath: join(tools, "bin/chromium"),
    headless: true,
    viewport,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  await context.route("**/*", (route) => {
    const { hostname, protocol } = new URL(route.request().url());
    const isHere = hostname === "127.0.0.1" || protocol === "data:" || protocol === "blob:";
    return isHere ? route.continue() : route.abort();
  });
  return { context, page: context.pages()[0] };
}

/** Waits until a function gives something; VS Code tells nobody when it has drawn. */
export async function until(what, get, limit = 60_000) {
  const start = performance.now();
  for (;;) {
    const found = await get();
    if (found) return found;
    if (performance.now() - start > limit) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export const read = (path) => readFileSync(path, "utf8");
