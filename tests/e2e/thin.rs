//! What a thin client builds on: who is asked, places, what a hunk's thread shows, the document as proposed, settings of the
//! user's that an editor keeps.

use e2e::{Buffer, Client, Model, World, answer};
use serde_json::{Value, json};
use text::Encoding;

const CODE: &str = "def area(w, h):\n    # é in UTF-8\n    return w + h\n\n\ndef name():\n    return 'x'\n";
const ANSWER: &str = "```python\ndef area(w, h):\n    # é in UTF-8\n    return w * h\n```\n";

fn capabilities() -> Value {
    json!({
        "workspace": { "textDocumentContent": { "dynamicRegistration": false } },
        "experimental": { "hunkwise": { "prompt": true, "didUpdate": true } },
    })
}

fn start(world: &World) -> (Client, Buffer) {
    start_with(world, capabilities(), CODE)
}

fn start_with(world: &World, capabilities: Value, code: &str) -> (Client, Buffer) {
    let mut client = Client::initialized(world, capabilities);
    client.taken.retain(|method| !method.starts_with("hunkwise/"));
    let buffer = Buffer::new(world.uri("a.py"), code, Encoding::Utf16);
    client.open(&buffer, "python");
    (client, buffer)
}

/// A position as the place of a command.
fn place(buffer: &Buffer, part: &str) -> Value {
    let at = buffer.find(part);
    json!({ "uri": buffer.uri, "range": { "start": at, "end": at } })
}

fn update(client: &mut Client, state: &str) -> Value {
    loop {
        let update = client.incoming_notification("hunkwise/didUpdate");
        if update["state"] == state {
            return update;
        }
    }
}

#[test]
fn a_client_asks_at_a_caret_and_shows_a_hunk_with_what_it_is_told() {
    let model = Model::new(vec![answer(&["Simplify this code"], ANSWER)]);
    let world = World::new(&format!("//- /a.py\n{CODE}"), Some(&model));
    let (mut client, buffer) = start(&world);
    let provider = client.incoming_notification("hunkwise/status");
    assert!(provider["provider"].as_str().is_some_and(|name| name.starts_with("recorded at 127.0.0.1")));
    assert_eq!(provider["problem"], Value::Null);
    assert_eq!((&provider["state"], &provider["text"]), (&json!("idle"), &json!("AI")));
    client.taken.push("hunkwise/status");
    let at = place(&buffer, "return w");
    client.command_at("hunkwise.ask", &at, None);
    let (id, prompt) = client.incoming_request("hunkwise/prompt");
    assert_eq!(prompt["choices"], json!(["simplify", "document", "errors", "types"]));
    client.answer(&id, json!({ "value": "/simplify" }));
    let update = update(&mut client, "pending");
    let file = &update["files"][0];
    let hunk = &file["hunks"][0];
    assert_eq!((&hunk["label"], &hunk["summary"]), (&json!("1/1 (r1)"), &json!("changes 1 line in `area`")));
    let body = hunk["body"].as_str().unwrap_or_default();
    assert!(body.contains("-    return w + h\n+    return w * h"), "{body}");
    assert_eq!(hunk.get("lines"), None, "only for a client that wants them");
    assert!(update["spent"].as_str().is_some_and(|spent| spent.contains("tokens")), "{update:#}");
    let proposed = client.request("workspace/textDocumentContent", json!({ "uri": file["proposed"] }));
    assert_eq!(proposed["text"], CODE.replace("w + h", "w * h"));
    client.command("hunkwise.reject", &[hunk["id"].as_str().expect("an id")]);
    let proposed = client.request("workspace/textDocumentContent", json!({ "uri": file["proposed"] }));
    assert_eq!(proposed["text"], CODE);
    client.taken.push("hunkwise/didUpdate");
    assert_eq!(client.shutdown(), 0);
}

#[test]
fn a_client_that_wants_words_gets_the_lines_of_a_hunk_in_pieces() {
    let (code, answer_text) = (CODE.replace('\n', "\r\n"), ANSWER.replace("w * h", "w * h\n    # é"));
    let model = Model::new(vec![answer(&["multiply"], &answer_text)]);
    let world = World::new(&format!("//- /a.py\n{code}"), Some(&model));
    let mut wanted = capabilities();
    wanted["experimental"]["hunkwise"]["words"] = json!(true);
    let (mut client, buffer) = start_with(&world, wanted, &code);
    client.taken.push("hunkwise/status");
    let at = place(&buffer, "return w");
    client.command_at("hunkwise.ask", &at, Some("multiply"));
    let pending = update(&mut client, "pending");
    let hunk = &pending["files"][0]["hunks"][0];
    let same = |text: &str| json!({ "text": text, "changed": false });
    let new = |text: &str| json!({ "text": text, "changed": true });
    assert_eq!(hunk["range"]["start"]["line"], 2);
    assert_eq!(
        hunk["lines"],
        json!({
            "removed": [[same("    return w "), new("+"), same(" h")]],
            "added": [[same("    return w "), new("*"), same(" h")], [new("    # é")]],
        })
    );
    client.command("hunkwise.reject", &["all"]);
    let decided = update(&mut client, "decided");
    assert_eq!(decided["files"][0]["hunks"][0].get("lines"), None, "{decided:#}");
    assert_eq!(client.shutdown(), 0);
}

#[test]
fn a_dismissed_proposal_is_told_once_more() {
    let model = Model::new(vec![answer(&["multiply"], ANSWER)]);
    let world = World::new(&format!("//- /a.py\n{CODE}"), Some(&model));
    let (mut client, buffer) = start(&world);
    client.taken.push("hunkwise/status");
    let at = place(&buffer, "return w");
    client.command_at("hunkwise.ask", &at, Some("multiply"));
    let pending = update(&mut client, "pending");
    client.command("hunkwise.reject", &["all"]);
    client.command("hunkwise.dismiss", &["p1"]);
    let gone = update(&mut client, "dismissed");
    assert_eq!((&gone["proposal"], &gone["files"][0]["hunks"]), (&pending["proposal"], &json!([])));
    assert_eq!(client.shutdown(), 0);
}

#[test]
fn who_starts_the_server_says_by_a_variable_where_requests_go() {
    let model = Model::new(vec![answer(&["multiply"], ANSWER)]);
    let mut world = World::new(&format!("//- /a.py\n{CODE}"), None);
    let settings = json!({ "provider": { "protocol": model.protocol(), "base_url": model.base_url(), "model": "m", "context_tokens": 8192 } });
    world.set("HUNKWISE_SETTINGS", &settings.to_string());
    world.set("HUNKWISE_API_KEY", "a-key-for-the-recorded-model");
    world.write(".hunkwise.toml", "[provider]\nbase_url = 'http://evil'\n");
    let (mut client, buffer) = start(&world);
    let warning = client.incoming_notification("window/showMessage");
    assert!(warning["message"].as_str().is_some_and(|text| text.contains("`provider.base_url` is ignored")));
    let provider = client.incoming_notification("hunkwise/status");
    assert!(
        provider["provider"].as_str().is_some_and(|name| name.starts_with("m at 127.0.0.1")),
        "{provider}"
    );
    client.taken.push("hunkwise/status");
    let at = place(&buffer, "return w");
    client.command_at("hunkwise.ask", &at, Some("multiply"));
    update(&mut client, "pending");
    assert_eq!(model.requests().len(), 1);
    client.taken.push("hunkwise/didUpdate");
    assert_eq!(client.shutdown(), 0);
}

#[test]
fn without_a_model_the_client_is_told_why() {
    let mut world = World::new(&format!("//- /a.py\n{CODE}"), None);
    world.set("HUNKWISE_SETTINGS", "{\"provider\":{\"base_url\":\"http://127.0.0.1:1\"}}");
    let (mut client, _) = start(&world);
    let provider = client.incoming_notification("hunkwise/status");
    assert_eq!(provider["provider"], Value::Null);
    assert!(provider["problem"].as_str().is_some_and(|text| text.contains("`model`")), "{provider}");
    assert_eq!(client.shutdown(), 0);
}
