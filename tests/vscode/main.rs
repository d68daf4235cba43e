//! The extension in a real VS Code: a review with mouse and keyboard in a browser, and tests inside of the extension host.
//!
//! `cargo xtask e2e vscode` installs what that needs and names it in `HUNKWISE_VSCODE`. A binary of its own, so that nothing
//! else runs beside it: it starts a server, an extension host and a browser.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stdout, reason = "what was measured is told")]

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use e2e::{Model, Wire, World, answer, binary};
use model::recorded::RecordedAnswer;
use serde_json::{Value, json};

const CODE: &str = "import os\n\n\ndef total(prices):\n    result = 0\n    for price in prices:\n        result += price\n    print(result)\n    return result\n";
const ACCEPTED: &str = "import os\n\n\ndef total(prices):\n    result = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    return result\n";
const REFINED: &str = "import os\n\n\ndef total(prices):\n    result = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    return round(result, 4)\n";
const REWRITE: &str = "Done.\n\n```python\ndef total(prices):\n    amount = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    return round(result, 2)\n```\n";
const REFINEMENT: &str =
    "<<<<<<< SEARCH\n    return round(result, 2)\n=======\n    return round(result, 4)\n>>>>>>> REPLACE\n";

const ALL: &str = "import os\n\n\ndef total(prices):\n    amount = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    return round(result, 2)\n";
const INSTRUCTION: &str = "sum only what is not None, round, and name the result";
const KEY: &str = "a-key-for-the-recorded-model";

/// The tools of a real VS Code. None, with a line that says so, on a person's machine without them; on Linux with `CI=true`
/// nothing may be left out.
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
fn tools() -> Option<PathBuf> {
    let found = std::env::var_os("HUNKWISE_VSCODE").map(PathBuf::from);
    if found.is_none() {
        eprintln!("skipped: there is no VS Code here; `cargo xtask e2e vscode` installs it");
    }
    found
}

fn model() -> Model {
    Model::new(vec![
        answer(&["sum only what is not None"], REWRITE),
        answer(&["two digits are not enough"], REFINEMENT),
    ])
}

/// Runs a script of the extension's tests; gives what it wrote down.
fn drive(tools: &Path, script: &str, world: &World, env: &[(&str, String)]) -> Value {
    let extension = Path::new(env!("CARGO_MANIFEST_DIR")).join("../editors/vscode");
    let name = Path::new(script).file_stem().expect("a script").to_string_lossy().into_owned();
    let out = tools.join("runs").join(name);
    let _ = std::fs::remove_dir_all(&out);
    std::fs::create_dir_all(&out).expect("a directory for the run");
    let node = tools.join("bin/node");
    let status = Command::new(node)
        .arg(extension.join(script))
        .envs(world.env().iter().map(|(name, value)| (name, value)))
        .envs(env.iter().map(|(name, value)| (name, value)))
        .env("VSCODE_TOOLS", tools)
        .env("OUT", &out)
        .env("WORKSPACE", world.root())
        .env("SERVER", binary())
        .stdin(Stdio::null())
        .status()
        .expect("node starts");
    let log = std::fs::read_to_string(out.join("server.log")).unwrap_or_default();
    assert!(status.success(), "{script}: {status}; pictures and logs are in {}\n{log}", out.display());
    let seen = std::fs::read_to_string(out.join("seen.json")).expect("what was seen");
    serde_json::from_str(&seen).expect("JSON")
}

#[test]
fn a_whole_review_in_a_fresh_profile() {
    let Some(tools) = tools() else { return };
    let model = model();
    let world = World::new(&format!("//- /shop.py\n{CODE}"), None);
    let plan = json!({
        "file": "shop.py",
        "caret": "for price in prices",
        "instruction": INSTRUCTION,
        "first": "result = 0",
        "second": "result += price",
        "third": "return result",
        "reply": "two digits are not enough",
        "refinedLine": "return round(result, 4)",
        "accepted": ACCEPTED,
        "refined": REFINED,
    });
    let env = [
        ("VSIX", tools.join("vsix/hunkwise-linux-x64.vsix").display().to_string()),
        ("MODEL_URL", model.base_url()),
        ("MODEL_PROTOCOL", model.protocol().to_owned()),
        ("MODEL_KEY", KEY.to_owned()),
        ("PLAN", plan.to_string()),
    ];
    let seen = drive(&tools, "test/ui/review.mjs", &world, &env);
    assert_eq!(world.read("shop.py"), ACCEPTED, "byte for byte");
    assert_eq!(model.requests().len(), 2, "nothing else was asked");
    // What a person does until the first hunk is accepted: choose a model, open the file, ask, go to a hunk, accept it.
    assert!(seen["steps"].as_array().is_some_and(|steps| steps.len() == 13), "{seen}");
    // What is wrong is said once, and nothing else.
    assert_eq!(seen["toasts"], json!(["Hunkwise has no model to ask yet."]));
    for dir in [world.state(), tools.join("runs/review/profile")] {
        assert_eq!(holds(&dir, KEY), None, "the key is written down");
    }
}

/// A file below a folder that holds a text.
fn holds(dir: &Path, text: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).find_map(|path| {
        if path.is_dir() {
            return holds(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(text.len()).any(|window| window == text.as_bytes()).then_some(path)
    })
}

#[test]
fn the_extension_in_its_host() {
    let Some(tools) = tools() else { return };
    let model = Model::new(vec![
        answer(&["sum only what is not None"], REWRITE),
        answer(&["Simplify this code"], "```python\ndef area(w, h):\n    return w * h\n```\n"),
        answer(&["make it short"], "```python\ndef area(w, h):\n    return w * h\n```\n"),
        answer(&["multiply in the cell"], "```python\ndef volume(w, h):\n    return w * h\n```\n"),
    ]);
    model.add(RecordedAnswer { hold: Some(2), ..answer(&["never ends"], REWRITE) });
    let world = World::new(
        &format!(
            "//- /a/shop.py\n{CODE}//- /b/area.py\ndef area(w, h):\n    product = w * h\n    return product\n"
        ),
        Some(&model),
    );
    world.write("b/crlf.py", "def area(w, h):\r\n    product = w * h\r\n    return product\r\n");
    world.write("b/cells.ipynb", &notebook("def volume(w, h):\n    return w + h").to_string());
    let evil = json!({ "hunkwise.provider.base_url": "http://evil", "hunkwise.server.path": "evil" });
    world.write("a/.vscode/settings.json", &evil.to_string());
    let folders = json!({ "folders": [{ "path": "a" }, { "path": "b" }], "settings": evil });
    world.write("two.code-workspace", &folders.to_string());
    let plan = json!({
        "instruction": INSTRUCTION,
        "accepted": ACCEPTED,
        "all": ALL,
        "withoutFirst": ALL.replace("amount = 0", "result = 0"),
        "areaAfter": "def area(w, h):\n    return w * h\n",
        "crlfAfter": "def area(w, h):\r\n    return w * h\r\n",
        "cellAfter": "def volume(w, h):\n    return w * h",
    });
    let (wire, server) = (world.state().join("wire.jsonl"), world.state().join("server.sh"));
    // Only the first server is listened to; the last test starts another.
    let script = format!(
        "#!/bin/sh\n[ -e '{wire}' ] && exec '{server}' \"$@\"\nexec '{tap}' '{wire}' '{server}' \"$@\"\n",
        wire = wire.display(),
        server = binary().display(),
        tap = env!("CARGO_BIN_EXE_wiretap"),
    );
    std::fs::write(&server, script).expect("a script");
    std::fs::set_permissions(&server, Permissions::from_mode(0o755)).expect("an own file");
    let env = [
        ("SERVER_PATH", server.display().to_string()),
        ("CODE_WORKSPACE", world.path("two.code-workspace").display().to_string()),
        ("PLAN", plan.to_string()),
    ];
    let seen = drive(&tools, "test/host.mjs", &world, &env);
    assert_eq!(seen["passed"].as_array().map(Vec::len), Some(11), "{seen}");
    println!("VS Code {}, latency in ms: {}", seen["version"], seen["ms"]);
    let row = format!("| VS Code 1.139 | {} |", Wire::read(&wire).facts().join(" | "));
    let readme = include_str!("../../editors/README.md");
    assert!(readme.contains(&row), "editors/README.md does not have this row:\n{row}");
}

/// A notebook of one cell, as Jupyter writes it.
fn notebook(source: &str) -> Value {
    json!({
        "cells": [{ "cell_type": "code", "id": "a", "execution_count": null, "metadata": {}, "outputs": [], "source": [source] }],
        "metadata": { "language_info": { "name": "python" } },
        "nbformat": 4,
        "nbformat_minor": 5,
    })
}
