//! Each recorded client: its own first message, then a round of review; the server asks only for what was announced.

use std::collections::BTreeSet;
use std::path::Path;

use e2e::{Buffer, Client, Model, World, answer};
use expect_test::expect;
use serde_json::{Value, json};
use text::Encoding;

const CODE: &str = "def total(prices):\n    # ai: 😀 sum and round\n    result = 0\n    for price in prices:\n        result += price\n    return result\n";

const ANSWER: &str = "```python\ndef total(prices):\n    amount = 0\n    for price in prices:\n        result += price\n    return round(result, 2)\n```\n";

/// The fixtures, sorted by name.
fn recorded() -> Vec<(String, Value)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/initialize");
    let mut found: Vec<(String, Value)> = std::fs::read_dir(dir)
        .expect("the fixtures")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).expect("a fixture");
            (name, serde_json::from_str(&text).expect("JSON"))
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// Puts a world's workspace where the recording has its own, and this process where it has the editor's.
fn moved(params: &mut Value, world: &World) {
    let uri = World::uri_of(&world.root());
    for pointer in ["/rootUri", "/workspaceFolders/0/uri"] {
        if let Some(place) = params.pointer_mut(pointer).filter(|place| place.is_string()) {
            *place = json!(uri);
        }
    }
    if params["rootPath"].is_string() {
        params["rootPath"] = json!(world.root().display().to_string());
    }
    params["processId"] = json!(std::process::id());
}

fn encoding(capabilities: &Value) -> Encoding {
    match capabilities["positionEncoding"].as_str() {
        Some("utf-8") => Encoding::Utf8,
        Some("utf-32") => Encoding::Utf32,
        _ => Encoding::Utf16,
    }
}

fn has_hunks(found: &[Value], n: usize) -> bool {
    let is_hunk = |d: &&Value| {
        d["code"] == "hunk" && !d["message"].as_str().is_some_and(|text| text.contains("arriving"))
    };
    found.iter().filter(is_hunk).count() == n && found.iter().all(|d| d["code"] != "working")
}

/// A round of review; returns how the client counts and which requests the server sent it.
fn round(name: &str, mut params: Value) -> String {
    let model = Model::new(vec![answer(&["sum and round"], ANSWER)]);
    let world = World::new(&format!("//- /shop.py\n{CODE}"), Some(&model));
    moved(&mut params, &world);
    let announced = params["capabilities"].clone();
    let mut client = Client::start(&world);
    client.initialize(params);
    let encoding = encoding(&client.capabilities);
    let mut buffer = Buffer::new(world.uri("shop.py"), CODE, encoding);
    client.open(&buffer, "python");
    let uri = buffer.uri.clone();

    if announced.pointer("/workspace/configuration") == Some(&Value::Bool(true)) {
        let (id, asked) = client.incoming_request("workspace/configuration");
        assert_eq!(asked["items"][0]["section"], "hunkwise", "{name}");
        client.answer(&id, json!([null]));
    }
    if announced.pointer("/workspace/didChangeWatchedFiles/dynamicRegistration") == Some(&Value::Bool(true)) {
        let (id, _) = client.incoming_request("client/registerCapability");
        client.answer(&id, Value::Null);
    }

    let directive = client.diagnostics(&uri, |found| found.iter().any(|d| d["code"] == "directive"));
    let end = buffer.at(CODE.find("round\n").expect("the directive") + "round".len());
    assert_eq!(directive[0]["range"]["end"], end, "{name}: an offset after a letter of four bytes");

    let at = buffer.find("ai:");
    let run = client.action(&buffer, &at, "Run");
    client.run(&run);
    client.diagnostics(&uri, |found| has_hunks(found, 2));
    let at = buffer.find("    return");
    let mut accept = client.action(&buffer, &at, "Accept hunk 2/2");
    // Where there is a command, ALE does not look for an edit; and it takes one from the server, whatever it announces.
    if name.starts_with("vim-ale") {
        accept.as_object_mut().expect("an action").remove("edit");
    }
    client.perform(&mut buffer, &accept);
    if accept["command"]["command"] == "hunkwise.accept" {
        client.apply_edit(&mut buffer);
    }
    client.diagnostics(&uri, |found| has_hunks(found, 1));
    let at = buffer.find("    result = 0");
    let reject = client.action(&buffer, &at, "Reject hunk 1/2");
    client.perform(&mut buffer, &reject);
    client.diagnostics(&uri, |found| found.iter().any(|d| d["code"] == "decided"));
    let after = "def total(prices):\n    result = 0\n    for price in prices:\n        result += price\n    return round(result, 2)\n";
    assert_eq!(buffer.text.to_string(), after, "{name}");

    let asked: BTreeSet<String> = client.asked.iter().cloned().collect();
    assert_eq!(client.shutdown(), 0, "{name}");
    let asked: Vec<String> = asked.into_iter().collect();
    format!("{name}: {encoding:?}, {}", asked.join(" "))
}

#[test]
fn every_recorded_client_reviews_and_is_asked_only_for_what_it_announced() {
    let lines: Vec<String> = recorded().into_iter().map(|(name, params)| round(&name, params)).collect();
    expect![[r#"
        emacs-28.2-eglot-1.9: Utf16, client/registerCapability workspace/configuration
        emacs-30.2-eglot: Utf32, client/registerCapability window/workDoneProgress/create workspace/configuration
        helix-25.07.1: Utf8, client/registerCapability window/workDoneProgress/create workspace/configuration
        kakoune-kak-lsp-22.0.0: Utf8, window/workDoneProgress/create workspace/codeLens/refresh workspace/configuration
        lsp4ij-0.20.2-SNAPSHOT.from-source: Utf16, client/registerCapability window/workDoneProgress/create workspace/codeLens/refresh workspace/configuration
        neovim-0.10.4: Utf16, window/workDoneProgress/create workspace/configuration
        neovim-0.12.4: Utf8, window/workDoneProgress/create workspace/codeLens/refresh workspace/configuration
        neovim-0.7.2: Utf16, window/workDoneProgress/create
        vim-ale-3.3.0: Utf16, workspace/applyEdit
        vscode-1.139.1-languageclient-11: Utf16, client/registerCapability window/workDoneProgress/create workspace/codeLens/refresh workspace/configuration"#]].assert_eq(&lines.join("\n"));
}

#[test]
fn misshapen_parts_of_a_first_message_count_as_absent() {
    let world = World::new("//- /shop.py\n", None);
    for params in [
        json!({}),
        json!({ "capabilities": null, "processId": "1", "rootUri": 7, "workspaceFolders": [{}, null] }),
        json!({ "processId": 1.5, "rootUri": null, "capabilities": {
            "general": { "staleRequestSupport": {}, "positionEncodings": [7, "utf-9", "utf-32"] },
            "window": { "workDoneProgress": "yes", "showDocument": true },
            "textDocument": { "codeAction": { "codeActionLiteralSupport": [] } },
            "workspace": [],
        } }),
    ] {
        let mut client = Client::start(&world);
        let wanted = if params["processId"] == 1.5 { "utf-32" } else { "utf-16" };
        client.initialize(params);
        assert_eq!(client.capabilities["positionEncoding"], wanted);
        assert_eq!(client.asked, Vec::<String>::new());
        assert_eq!(client.shutdown(), 0);
    }
}
