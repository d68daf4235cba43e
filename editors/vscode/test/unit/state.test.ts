import assert from "node:assert/strict";
import { test } from "node:test";
import { nested, secretName } from "../../src/nested.ts";
import { State, summary } from "../../src/state.ts";
import type { DidUpdateParams as Update, HunkUpdate as Hunk, StatusParams as Standing } from "../../src/wire.ts";

const URI = "file:///w/shop.py";

/** `2-4 pending` is a hunk over lines 2 and 3. */
function hunk(text: string, idx: number): Hunk {
  const [, from, to, status] = /^(\d+)-(\d+) (\w+)$/.exec(text) ?? [];
  const range = { start: { line: Number(from), character: 0 }, end: { line: Number(to), character: 0 } };
  const id = `p1.r1.h${String(idx + 1)}`;
  const rest = { label: "", newText: "", findings: [], needs: [], outside: false, summary: "", body: "" };
  return { id, range, status: status as Hunk["status"], ...rest };
}

function update(seq: number, state: Update["state"], hunks: string[]): Update {
  const file = { uri: URI, version: 1, proposed: "", hunks: hunks.map(hunk) };
  return { seq, proposal: "p1", revision: "p1.r1", state, instruction: "", spent: "", notice: null, files: [file] };
}

function check(updates: Update[], expected: string): void {
  const state = new State();
  const taken = updates.map((each) => state.take(each)).join(" ");
  const open = state.open().map(({ hunk }) => hunk.id);
  assert.equal(`${taken}: ${open.join(" ")}`, expected);
}

test("an update that is older than the last is not taken", () => {
  check([update(2, "pending", ["1-2 pending"]), update(1, "pending", [])], "true false: p1.r1.h1");
});

test("hunks are open until they are decided", () => {
  check([update(1, "pending", ["1-2 provisional", "3-4 accepted", "5-6 stale"])], "true: p1.r1.h1 p1.r1.h3");
});

test("a dismissed proposal is forgotten", () => {
  check([update(1, "pending", ["1-2 stale"]), update(2, "dismissed", [])], "true true: ");
});

test("the status bar says what the server says, with what a click does", () => {
  const shown = (state: Standing["state"], text: string): string => {
    const known = new State();
    known.standing = { state, text, provider: null, problem: null };
    return Object.values(summary(known)).join(" | ");
  };
  assert.equal(shown("idle", "AI"), "$(diff) AI | hunkwise.ui.ask | false");
  assert.equal(
    shown("working", "AI streaming"),
    "$(loading~spin) AI streaming $(close) Cancel | hunkwise.ui.cancel | false",
  );
  assert.equal(shown("pending", "AI: 1 hunk to decide"), "$(diff) AI: 1 hunk to decide | hunkwise.ui.next | false");
  assert.equal(shown("noModel", "AI: no model"), "$(warning) AI: no model | hunkwise.ui.chooseModel | true");
});

test("a server that does not run is named before anything else", () => {
  const state = new State();
  state.failure = "spawn hunkwise ENOENT";
  assert.equal(summary(state).text, "$(error) AI: no server");
  state.clear();
  assert.equal(summary(state).text, "$(loading~spin) AI");
});

test("a hunk has its lines, and one that only inserts the line it stands before", () => {
  const state = new State();
  state.take(update(1, "pending", ["2-4 pending", "6-6 pending", "8-9 rejected"]));
  const at = [1, 2, 3, 4, 5, 6, 7, 8].map((line) => state.at(URI, { line, character: 3 })?.hunk.id ?? "-");
  assert.equal(at.join(" "), "- p1.r1.h1 p1.r1.h1 - - p1.r1.h2 - -");
  assert.equal(state.at("file:///w/other.py", { line: 2, character: 0 }), undefined);
});

test("settings with dots are objects in objects", () => {
  const values: [string, unknown][] = [
    ["provider.model", "m"],
    ["provider.timeouts.idle_ms", 5],
    ["rules", false],
  ];
  assert.deepEqual(nested(values), { provider: { model: "m", timeouts: { idle_ms: 5 } }, rules: false });
});

test("a key belongs to one address", () => {
  const names = [{}, { provider: { base_url: "http://a" } }, { provider: { base_url: "http://b" } }].map(secretName);
  assert.equal(new Set(names).size, 3);
});
