//! How a server ends, and what does not end it.

use std::time::Duration;

use e2e::{Buffer, Client, Model, World, answer};
use serde_json::{Value, json};
use text::Encoding;

/// On a quiet machine half a second is kept with much to spare; a loaded one may take longer to schedule three threads.
const GENEROUS: Duration = Duration::from_secs(10);

fn busy(model: &Model, world: &World) -> Client {
    let mut client = Client::initialized(world, json!({}));
    let buffer = Buffer::new(world.uri("a.py"), "# ai: go on\nx = 1\n", Encoding::Utf16);
    client.open(&buffer, "python");
    client.diagnostics(&buffer.uri.clone(), |found| !found.is_empty());
    let run = client.action(&buffer, &buffer.find("ai:"), "Run");
    client.run(&run);
    model.wait_held(1);
    client
}

fn held() -> Model {
    let mut held = answer(&["go on"], "```python\nx = 2\n```\n");
    held.hold = Some(1);
    Model::new(vec![held])
}

fn world(model: &Model) -> World {
    World::new("//- /a.py\n# ai: go on\nx = 1\n", Some(model))
}

#[test]
fn a_client_that_hangs_up_ends_the_server_with_work_in_flight() {
    let model = held();
    let world = world(&model);
    let (code, took) = busy(&model, &world).hang_up();
    eprintln!("ended {took:?} after the input did");
    assert_eq!(code, 1);
    assert!(took < GENEROUS, "{took:?}");
    model.wait_closed();
}

#[test]
fn exit_without_shutdown_is_a_failure_and_at_once() {
    let model = held();
    let world = world(&model);
    let mut client = busy(&model, &world);
    let start = std::time::Instant::now();
    client.notify("exit", Value::Null);
    assert_eq!(client.wait(), 1);
    eprintln!("ended {:?} after exit", start.elapsed());
    assert!(start.elapsed() < GENEROUS);
}

#[test]
fn shutdown_and_exit_with_work_in_flight_is_a_success() {
    let model = held();
    let world = world(&model);
    let client = busy(&model, &world);
    assert_eq!(client.shutdown(), 0);
    model.wait_closed();
}

#[test]
fn malformed_messages_are_answered_and_survived() {
    let world = World::new("//- /a.py\nx = 1\n", None);
    let mut client = Client::initialized(&world, json!({}));
    client.taken.push("window/showMessage");
    client.send_raw(b"Content-Length: 5\r\n\r\n{bad}");
    client.send_raw(b"this is no header\r\n\r\n");
    client.send_raw(b"content-length: 2\r\n\r\n[]");
    for _ in 0..2 {
        let broken = client.error_without_id();
        assert!(broken["code"].as_i64().is_some_and(|code| code == -32700 || code == -32600), "{broken}");
    }
    let unknown = client.try_request("hunkwise/unknown", json!({})).expect_err("no such method");
    assert_eq!(unknown["code"], -32601);
    let wrong =
        client.try_request("textDocument/hover", json!({ "nonsense": true })).expect_err("wrong parameters");
    assert!(wrong["code"].is_i64(), "{wrong}");
    let refused = client
        .try_request("workspace/executeCommand", json!({ "command": "hunkwise.accept", "arguments": [7] }))
        .expect_err("no id");
    assert!(refused["message"].as_str().is_some_and(|text| text.contains("expected an id")), "{refused}");
    let gone = client.request(
        "workspace/executeCommand",
        json!({ "command": "hunkwise.accept", "arguments": ["p9.r1.h1"] }),
    );
    assert!(gone["refused"].as_str().is_some_and(|text| text.contains("nothing was changed")), "{gone}");
    client.drop_errors();
    assert_eq!(client.shutdown(), 0);
}

#[test]
fn without_a_model_the_action_says_what_to_do() {
    let world = World::new("//- /a.py\n# ai: go on\nx = 1\n", None);
    let mut client = Client::initialized(&world, json!({}));
    let buffer = Buffer::new(world.uri("a.py"), "# ai: go on\nx = 1\n", Encoding::Utf16);
    client.open(&buffer, "python");
    client.diagnostics(&buffer.uri.clone(), |found| !found.is_empty());
    let action = client.action(&buffer, &buffer.find("ai:"), "no model is set up");
    client.run(&action);
    let told = client.incoming_notification("window/showMessage");
    assert!(told["message"].as_str().is_some_and(|text| text.contains("hunkwise init")), "{told}");
    assert_eq!(client.shutdown(), 0);
}

#[test]
fn a_repository_cannot_redirect_requests() {
    let model = held();
    let mut world = world(&model);
    world.write(".hunkwise.toml", "style = 'short'\n[provider]\nbase_url = 'http://127.0.0.1:9'\n");
    world.set("HUNKWISE_BASE_URL", &model.base_url());
    let mut client = busy(&model, &world);
    let told = client.incoming_notification("window/showMessage");
    assert!(
        told["message"].as_str().is_some_and(|text| text.contains("`provider.base_url` is ignored")),
        "{told}"
    );
    assert_eq!(client.shutdown(), 0);
}
