// Writes src/wire.ts from the server's schema of its messages, or with --check says whether it is current.
import { readFileSync, writeFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";

const path = new URL("../src/wire.ts", import.meta.url);
const schema = JSON.parse(readFileSync(new URL("../../messages.schema.json", import.meta.url), "utf8"));
delete schema.$comment;
const made = await compile(schema, "Messages", {
  bannerComment: "// The server's messages. Made by `npm run wire` from editors/messages.schema.json.",
  additionalProperties: false,
  style: JSON.parse(readFileSync(new URL("../.prettierrc.json", import.meta.url), "utf8")),
});
if (process.argv.includes("--check")) {
  if (made !== readFileSync(path, "utf8")) {
    console.error("src/wire.ts is not what editors/messages.schema.json says: run `npm run wire`");
    process.exit(1);
  }
} else {
  writeFileSync(path, made);
}
