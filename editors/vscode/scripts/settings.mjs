// Writes the settings of package.json from the server's schema, or with --check says whether they are current.
import { readFileSync, writeFileSync } from "node:fs";

const manifestPath = new URL("../package.json", import.meta.url);
const schema = JSON.parse(readFileSync(new URL("../../hunkwise.schema.json", import.meta.url), "utf8"));
const text = readFileSync(manifestPath, "utf8");
const manifest = JSON.parse(text);

/** What a client can do is not for a person to set. */
const LEFT_OUT = ["client"];
/** The server's own words for what no repository may set. */
const USER_ONLY = "Only in the user's file";

/** The settings of the extension itself. A repository may not name a program, so neither has a workspace's scope. */
const OWN = {
  "hunkwise.server.path": {
    type: "string",
    default: "",
    scope: "machine",
    markdownDescription:
      "The server's program. Left empty, the one in this package is used, or else `hunkwise` on the path.",
  },
  "hunkwise.trace.server": {
    type: "string",
    enum: ["off", "messages", "verbose"],
    default: "off",
    scope: "window",
    markdownDescription: "How much of what passes between the editor and the server is shown in the output.",
  },
};

function resolved(node) {
  const merged = node.$ref ? { ...schema.$defs[node.$ref.split("/").at(-1)], ...node, $ref: undefined } : node;
  const real = merged.anyOf?.filter((option) => option.type !== "null") ?? [];
  return real.length === 1 ? { ...resolved(real[0]), ...merged, anyOf: undefined } : merged;
}

/** What a setting is for, in one line. */
function words(node) {
  return (node.description ?? "").replace(/\s+/g, " ");
}

function settings(prefix, node, scope) {
  const found = {};
  for (const [name, raw] of Object.entries(node.properties)) {
    if (prefix === "hunkwise" && LEFT_OUT.includes(name)) continue;
    const property = resolved(raw);
    const key = `${prefix}.${name}`;
    const own = prefix === "hunkwise" && words(raw).includes(USER_ONLY) ? "application" : scope;
    if (property.properties) Object.assign(found, settings(key, property, own));
    else found[key] = setting(property, own);
  }
  return found;
}

function setting(property, scope) {
  const types = [property.type ?? property.anyOf?.map((option) => resolved(option).type)].flat(2);
  const choices = property.oneOf?.filter((option) => option.const !== undefined);
  const known = types.filter((type) => type && type !== "null");
  return {
    type: choices ? "string" : known.length === 1 ? known[0] : known,
    ...(choices && { enum: choices.map((c) => c.const), enumDescriptions: choices.map((c) => c.description ?? "") }),
    ...(property.items && { items: plain(property.items) }),
    default: property.default ?? (known[0] === "array" ? [] : known[0] === "object" ? {} : null),
    scope,
    markdownDescription: words(property).replace(USER_ONLY, "Only in your own settings"),
  };
}

/** A schema without references: package.json has no place for definitions. */
function plain(node) {
  const { $ref, ...rest } = resolved(node);
  const properties = rest.properties && Object.entries(rest.properties).map(([name, of]) => [name, plain(of)]);
  const items = rest.items && { items: plain(rest.items) };
  return { ...rest, ...(properties && { properties: Object.fromEntries(properties) }), ...items };
}

const properties = { ...OWN, ...settings("hunkwise", schema, "window") };
manifest.contributes.configuration = { title: "Hunkwise", properties };
const made = `${JSON.stringify(manifest, null, 2)}\n`;
if (process.argv.includes("--check")) {
  if (made !== text) {
    console.error("the settings in package.json are not those of hunkwise.schema.json: run `npm run settings`");
    process.exit(1);
  }
} else {
  writeFileSync(manifestPath, made);
}
