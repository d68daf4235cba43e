// Publishes packages with ovsx to a registry on this machine, which takes them and compares the bytes: as far as publishing can
// be tried without the network and a token.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(import.meta.dirname, "..");
const ovsx = JSON.parse(readFileSync(`${root}/node_modules/ovsx/package.json`, "utf8")).bin;
const published = [];
const registry = createServer((request, response) => {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    if (request.method === "POST") published.push(Buffer.concat(pieces));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ namespace: "hunkwise", name: "hunkwise", version: "0.1.0" }));
  });
});
await new Promise((listening) => registry.listen(0, "127.0.0.1", listening));
const address = `http://127.0.0.1:${registry.address().port}`;
for (const file of process.argv.slice(2)) {
  const args = [
    resolve(root, "node_modules/ovsx", ovsx.ovsx ?? ovsx),
    "publish",
    file,
    "--registryUrl",
    address,
    "--pat",
    "no-token",
  ];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  const sent = published.pop();
  if (!sent || !sent.includes(readFileSync(file))) throw new Error(`${file} was not sent: ${stdout}${stderr}`);
  console.log(`ovsx sends ${file}: ${sent.length} bytes`);
}
registry.close();
