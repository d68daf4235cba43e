//! What detectors say about hunks, over the protocol: shown, told to the model, and noise dropped by one action.

use e2e::{Buffer, Client, Model, World, answer};
use serde_json::{Value, json};
use text::Encoding;

const CODE: &str = "def f():\n    # ai: let x be 2\n    x = 1\n    mid()\n    y = 'a'\n    mid()\n    # keep in sync with g\n    return y\n";

const REWRITE: &str =
    "```python\ndef f():\n    x = 2\n    mid()\n    y = \"a\"\n    mid()\n    return y\n```\n";

const AGAIN: &str = "```python\ndef f():\n    x = 2\n    mid()\n    y = 'a'\n    mid()\n    # keep in sync with g\n    return y\n```\n";

/// Waits until nobody works and `n` hunks are pending, and gives their messages.
fn pending(client: &mut Client, uri: &str, n: usize) -> Vec<String> {
    let count = |found: &[Value], code: &str| found.iter().filter(|d| d["code"] == code).count();
    let found = client.diagnostics(uri, |found| count(found, "hunk") == n && count(found, "working") == 0);
    let hunks = found.iter().filter(|d| d["code"] == "hunk");
    hunks.filter_map(|d| d["message"].as_str()).map(str::to_owned).collect()
}

#[test]
fn remarks_are_shown_and_told_to_the_model_and_noise_is_dropped() {
    let model = Model::new(vec![
        answer(&["bring it back", "removes the comment `# keep in sync with g`"], AGAIN),
        answer(&["let x be 2"], REWRITE),
    ]);
    let world = World::new(&format!("//- /a.py\n{CODE}"), Some(&model));
    let capabilities = json!({ "general": { "positionEncodings": ["utf-16"] } });
    let mut client = Client::initialized(&world, capabilities);
    let mut buffer = Buffer::new(world.uri("a.py"), CODE, Encoding::Utf16);
    client.open(&buffer, "python");
    client.indexed();
    client.diagnostics(&buffer.uri, |found| found.iter().any(|d| d["code"] == "directive"));
    let at = buffer.find("ai:");
    let run = client.action(&buffer, &at, "Run");
    let proposal = client.run(&run)["proposal"].as_str().expect("a proposal").to_owned();
    assert_eq!(
        pending(&mut client, &buffer.uri, 3),
        [
            "AI 1/3 (r1): changes 1 line in `f` ✓ parses · ✓ names",
            "AI 2/3 (r1): changes 1 line in `f` ✓ parses · ✓ names · ⚠ changes only the style of quotes",
            "AI 3/3 (r1): removes 1 line in `f` ✓ parses · ✓ names · ⚠ removes the comment `# keep in sync with g`",
        ]
    );

    let at = buffer.find("    y = ");
    let drop = client.action(&buffer, &at, "Drop 1 noise hunk");
    client.perform(&mut buffer, &drop);
    assert_eq!(pending(&mut client, &buffer.uri, 2).len(), 2);
    let again = json!({ "command": "hunkwise.dropNoise", "arguments": [proposal.as_str()] });
    let _ = client.try_request("workspace/executeCommand", again);
    let told = client.incoming_notification("window/showMessage");
    assert!(
        told["message"].as_str().is_some_and(|text| text.contains("no pending hunk of p1 is noise")),
        "{told}"
    );
    assert_eq!(buffer.text.to_string(), CODE, "nothing is touched before an accept");

    client.command("hunkwise.refine", &[&proposal, "bring it back"]);
    assert_eq!(
        pending(&mut client, &buffer.uri, 1),
        ["AI 1/1 (r2): changes 1 line in `f` ✓ parses · ✓ names"]
    );
    assert_eq!(client.shutdown(), 0);
}
