#!/usr/bin/env node
// Starts the program out of the package for this system, and ends as it ends.
"use strict";

const { spawn } = require("node:child_process");

const name = `@hunkwise/${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/hunkwise${process.platform === "win32" ? ".exe" : ""}`);
} catch {
  console.error(`hunkwise: the package ${name} is not installed: was npm told to leave out optional packages, or is there none for this system?`);
  process.exit(5);
}
const child = spawn(program, process.argv.slice(2), { stdio: "inherit", windowsHide: true });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`hunkwise: ${error.message}`);
  process.exit(5);
});
child.on("exit", (code, signal) => {
  if (!signal) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
