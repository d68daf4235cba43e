//! Text sync under load: order, cancellation, and requests in between.

use e2e::{Buffer, Client, Model, World, answer};
use fastrand::Rng;
use serde_json::json;
use text::Encoding;

fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}

/// Requests that this client leaves open at a time.
const MOST_IN_FLIGHT: usize = 900;

#[test]
fn twenty_thousand_changes_between_requests_arrive_in_order() {
    let n_changes = 20_000 * soak().min(5);
    let world = World::new("//- /a.py\nx = 1\n", None);
    let mut client = Client::initialized(&world, json!({ "general": { "positionEncodings": ["utf-16"] } }));
    client.taken.push("window/showMessage");
    let mut rng = Rng::with_seed(5);
    let mut buffer = Buffer::new(world.uri("a.py"), "x = 1\ny = 'é😀'\n", Encoding::Utf16);
    client.open(&buffer, "python");
    let mut asked = Vec::new();
    let mut n_asked = 0;
    for change in 0..n_changes {
        let start = buffer.text.floor(rng.usize(0..=buffer.text.len()));
        let end = buffer.text.floor((start + rng.usize(0..4)).min(buffer.text.len())).max(start);
        let piece = ["a", "\n", "é", "(", "😀", "", "x = 1\n"][rng.usize(0..7)];
        // The text stays small, so that its whole is what is compared.
        let piece = if buffer.text.len() > 4_000 { "" } else { piece };
        let end = if buffer.text.len() > 4_000 {
            buffer.text.floor((start + 40).min(buffer.text.len()))
        } else {
            end
        };
        let params = buffer.edit(start..end, piece);
        client.notify("textDocument/didChange", params);
        if change % 20 == 0 {
            let at = json!({ "line": 0, "character": 0 });
            asked.push(client.send_request("textDocument/codeAction", json!({
                "textDocument": { "uri": buffer.uri }, "range": { "start": at, "end": at }, "context": { "diagnostics": [] },
            })));
        }
        // The server takes a thousand at once; more would be refused, as they should.
        if asked.len() > MOST_IN_FLIGHT {
            n_asked += asked.len();
            for id in asked.drain(..) {
                client.response(id).expect("an answer");
            }
        }
    }
    n_asked += asked.len();
    for id in asked {
        client.response(id).expect("an answer");
    }
    let found = client.request("hunkwise/documentText", json!({ "uri": buffer.uri }));
    assert_eq!(found["version"], buffer.version);
    assert_eq!(found["text"].as_str(), Some(buffer.text.to_string().as_str()));
    assert_eq!(found["inversions"], 0);
    eprintln!("counts: changes over the protocol {n_changes}");
    eprintln!("counts: requests between changes {n_asked}");
    assert_eq!(client.shutdown(), 0);
}

#[test]
fn work_in_flight_holds_nothing_up() {
    let mut held = answer(&["go on"], "```python\nx = 2\n```\n");
    held.hold = Some(1);
    let model = Model::new(vec![held]);
    let world = World::new("//- /a.py\n# ai: go on\nx = 1\n", Some(&model));
    let mut client = Client::initialized(&world, json!({ "window": { "workDoneProgress": true } }));
    let mut buffer = Buffer::new(world.uri("a.py"), "# ai: go on\nx = 1\n", Encoding::Utf16);
    client.open(&buffer, "python");
    client.diagnostics(&buffer.uri.clone(), |found| !found.is_empty());
    let at = buffer.find("ai:");
    let run = client.action(&buffer, &at, "Run");
    client.run(&run);
    model.wait_held(1);
    let mut in_flight = Vec::new();
    for _ in 0..200 {
        let place =
            json!({ "textDocument": { "uri": buffer.uri }, "position": { "line": 0, "character": 0 } });
        in_flight.push(client.send_request("textDocument/hover", place));
    }
    client.notify("$/cancelRequest", json!({ "id": in_flight[150] }));
    let typed = buffer.replace("x = 1", "x = 1  # typed");
    client.notify("textDocument/didChange", typed);
    let actions = client.actions(&buffer, &at);
    assert!(actions.iter().any(|action| action["title"] == "AI: Cancel"), "{actions:#?}");
    for id in in_flight {
        // A cancelled request is answered too, with an error or, if it was faster, a result.
        let _ = client.response(id);
    }
    let found = client.request("hunkwise/documentText", json!({ "uri": buffer.uri }));
    assert_eq!(found["text"].as_str(), Some(buffer.text.to_string().as_str()));
    let cancel = client.action(&buffer, &at, "Cancel");
    client.run(&cancel);
    model.wait_closed();
    assert_eq!(client.shutdown(), 0);
}
