// Settings as one object, and what that says of the key. No editor in here.
export type Json = Record<string, unknown>;

/** `a.b` and a value as an object in an object. */
export function nested(values: [string, unknown][]): Json {
  const root: Json = {};
  for (const [key, value] of values) {
    const parts = key.split(".");
    const last = parts.pop() ?? key;
    let at = root;
    for (const part of parts) at = (at[part] ??= {}) as Json;
    at[last] = value;
  }
  return root;
}

/** The name of the secret that holds the key: a key is for the address that it was given for, and no other. */
export function secretName(application: Json): string {
  const provider = (application.provider ?? {}) as Json;
  const part = (name: string): string => {
    const value = provider[name];
    return typeof value === "string" ? value : "";
  };
  return `key ${part("protocol")} ${part("base_url")}`;
}
