import assert from "node:assert/strict";
import { test } from "node:test";
import { nested, secretName } from "../../src/nested.ts";
import { State, summary } from "../../src/state.ts";
import type { Hunk, Update } from "../../src/wire.ts";

const URI = "file:///w/shop.py";

/** `2-4 pending` is a hunk over lines 2 and 3. */
function hunk(text: string, idx: number): Hunk {
  const [, from, to, status] = /^(\d+)-(\d+) (\w+)$/.exec(text) ?? [];
  const range = { start: { line: Number(from), character: 0 }, end: { line: Number(to), character: 0 } };
  const id = `p1.r1.h${String(idx + 1)}`;
  return { id, label: "", range, newText: "", status: status as Hunk["status"], findings: [], summary: "", body: "" };
}

function update(seq: number, state: Update["state"], hunks: string[], spent = ""): Update {
  const file = { uri: URI, version: 1, proposed: "", hunks: hunks.map(hunk) };
  return { seq, proposal: "p1", revision: "p1.r1", state, instruction: "", spent, notice: null, files: [file] };
}

function check(updates: Update[], expected: string): void {
  const state = new State();
  state.provider = { provider: "m at h", problem: null };
  const taken = updates.map((each) => state.take(each)).join(" ");
  assert.equal(`${taken}: ${summary(state).text}`, expected);
}

test("an update that is older than the last is not taken", () => {
  const newer = update(2, "pending", ["1-2 pending"]);
  check([newer, update(1, "pending", [])], "true false: $(diff) AI: 1 hunk to decide");
});

test("the status bar shows work, then what is to decide and its cost, then nothing to do", () => {
  check([update(1, "preparing", [])], "true: $(loading~spin) AI preparing $(close) Cancel");
  const arriving = update(1, "streaming", ["1-2 provisional", "3-4 provisional"]);
  check([arriving], "true: $(loading~spin) AI streaming, 2 hunks so far $(close) Cancel");
  const hunks = ["1-2 pending", "3-4 accepted", "5-6 stale"];
  check(
    [update(1, "pending", hunks, "1.2k tokens, $0.01")],
    "true: $(diff) AI: 2 hunks to decide · 1.2k tokens, $0.01",
  );
  check([update(1, "decided", ["1-2 accepted"])], "true: $(diff) AI");
});

test("a dismissed proposal is forgotten", () => {
  check([update(1, "pending", ["1-2 stale"]), update(2, "dismissed", [])], "true true: $(diff) AI");
});

test("without a model the status bar says so", () => {
  const state = new State();
  state.provider = { provider: null, problem: "no model is set up" };
  assert.deepEqual(summary(state), {
    text: "$(warning) AI: no model",
    command: "hunkwise.ui.chooseModel",
    warns: true,
  });
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
