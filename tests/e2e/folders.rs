//! A workspace of several folders, and diagnostics of other servers.

use e2e::{Buffer, Client, Model, World, answer};
use serde_json::{Value, json};
use text::Encoding;

const CODE: &str = "def f(a):\n    x = a\n    return x\n";
const ANSWER: &str = "```python\ndef f(a):\n    y = a\n    return y\n```\n";

fn folder(world: &World, name: &str) -> Value {
    json!({ "uri": world.uri(name), "name": name })
}

/// A server with the folder `one`.
fn started(world: &World) -> Client {
    let mut client = Client::start(world);
    client.initialize(json!({
        "processId": std::process::id(),
        "workspaceFolders": [folder(world, "one")],
        "capabilities": { "workspace": { "workspaceFolders": true } },
    }));
    client
}

fn opened(client: &mut Client, world: &World, name: &str) -> Buffer {
    let buffer = Buffer::new(world.uri(name), CODE, Encoding::Utf16);
    client.open(&buffer, "python");
    buffer
}

/// Asks for an edit at `x = a` as the code action of this title does, with an instruction where it has none.
fn ask(client: &mut Client, buffer: &Buffer, diagnostics: &Value, title: &str) {
    let at = buffer.find("x = a");
    let params = json!({
        "textDocument": { "uri": buffer.uri },
        "range": { "start": at, "end": at },
        "context": { "diagnostics": diagnostics },
    });
    let actions = client.request("textDocument/codeAction", params);
    let is_it = |action: &&Value| action["title"].as_str().is_some_and(|found| found.contains(title));
    let action = actions.as_array().and_then(|actions| actions.iter().find(is_it)).expect("the action");
    let command = &action["command"];
    let arguments = command["arguments"].as_array().expect("arguments");
    let instruction = json!("Handle it");
    let arguments: Vec<&Value> = arguments.iter().chain([&instruction]).take(2).collect();
    let params = json!({ "command": command["command"], "arguments": arguments });
    client.request("workspace/executeCommand", params);
}

/// Waits for a whole answer, and gives the number of its hunks.
fn n_hunks(client: &mut Client, buffer: &Buffer) -> usize {
    let found = client.diagnostics(&buffer.uri, |found| {
        found.iter().any(|d| d["code"] == "hunk") && found.iter().all(|d| d["code"] != "working")
    });
    found.iter().filter(|d| d["code"] == "hunk").count()
}

#[test]
fn each_folder_says_what_of_it_is_sent() {
    let model = Model::new(vec![answer(&["Handle"], ANSWER), answer(&["Handle"], ANSWER)]);
    let files = format!(
        "//- /one/a.py\n{CODE}\n//- /two/.aiignore\nb.py\n//- /two/a.py\n{CODE}\n//- /two/b.py\n{CODE}"
    );
    let world = World::new(&files, Some(&model));
    let mut client = started(&world);
    let event = json!({ "added": [folder(&world, "two")], "removed": [] });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    for name in ["one/a.py", "two/a.py"] {
        let buffer = opened(&mut client, &world, name);
        ask(&mut client, &buffer, &json!([]), "Ask AI");
        assert_eq!(n_hunks(&mut client, &buffer), 1, "{name}");
    }
    let withheld = opened(&mut client, &world, "two/b.py");
    ask(&mut client, &withheld, &json!([]), "Ask AI");
    let refused = client.incoming_notification("window/showMessage")["message"].to_string();
    assert!(refused.contains(".aiignore"), "{refused}");
    assert_eq!(client.shutdown(), 0);
}

#[test]
fn what_another_server_reports_is_asked_to_be_fixed() {
    let model = Model::new(vec![answer(&["Fix this problem, reported at line 2 (other): bad name"], ANSWER)]);
    let world = World::new(&format!("//- /one/a.py\n{CODE}"), Some(&model));
    let mut client = started(&world);
    let buffer = opened(&mut client, &world, "one/a.py");
    let at = buffer.find("x = a");
    let range = json!({ "start": at, "end": at });
    let reported = json!([{ "range": range, "message": "bad name", "source": "other" }]);
    ask(&mut client, &buffer, &reported, "Fix with AI: «bad name»");
    assert_eq!(n_hunks(&mut client, &buffer), 1);
    assert_eq!(client.shutdown(), 0);
}
