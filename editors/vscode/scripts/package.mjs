// Packs the extension: `package.mjs OUT [TARGET SERVER]`. With a target (such as linux-x64) the server's program goes in;
// without one the package has none and uses `hunkwise` on the path.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";

const [out, target, server] = process.argv.slice(2);
if (!out) throw new Error("usage: package.mjs OUT [TARGET SERVER]");
const root = resolve(import.meta.dirname, "..");
const run = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
mkdirSync(out, { recursive: true });
const file = join(resolve(out), `hunkwise-${target ?? "any"}.vsix`);
rmSync(join(root, "server"), { recursive: true, force: true });
if (target) {
  mkdirSync(join(root, "server"));
  const program = join(root, "server", basename(server));
  copyFileSync(server, program);
  chmodSync(program, 0o755);
}
for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(join(root, "../..", name), join(root, name));
run("scripts/build.mjs", "--package");
const flags = ["--no-dependencies", "--out", file, ...(target ? ["--target", target] : [])];
run("node_modules/@vscode/vsce/vsce", "package", ...flags);
console.log(file);
